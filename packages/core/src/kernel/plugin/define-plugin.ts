/** The plugin interface: what a plugin declares, and the types that follow from what is installed. */
import type { Entity } from "../entity/define-entity.ts";
import type { Fields } from "../entity/field.ts";
import type {
  AnyModel,
  At,
  EntityName,
  EntityShapes,
  ExtensionField,
  ExtensionOf,
  Intersect,
  PatchInput,
  PluralsOf,
  RecordOf,
} from "../entity/model.ts";
import type { OperationRepository, Repository } from "../repository/repository.ts";

/** A plugin as its types are published. The `$` slots exist in types only. */
export interface Plugin<
  Id extends string = string,
  M = {},
  X = {},
  O = {},
  S = {},
  R extends readonly AnyPlugin[] = readonly AnyPlugin[],
  N = {},
> {
  readonly id: Id;
  readonly requires: R;
  readonly definition: PluginDefinition;
  readonly $model: M;
  readonly $extend: X;
  readonly $operations: O;
  readonly $services: S;
  readonly $names: N;
}

export interface AnyPlugin {
  readonly id: string;
  readonly requires: readonly AnyPlugin[];
  readonly definition: PluginDefinition;
  readonly $model: unknown;
  readonly $extend: unknown;
  readonly $operations: unknown;
  readonly $services: unknown;
  readonly $names: unknown;
}

type Api = { readonly [name: string]: unknown };
type Apis = { readonly [entity: string]: Api };

/** A plugin at run time, its types forgotten. */
export interface PluginDefinition {
  readonly id: string;
  readonly requires?: readonly AnyPlugin[];
  readonly entities?: readonly Entity[];
  readonly extend?: { readonly [entity: string]: Fields };
  readonly hooks?: { readonly [entity: string]: HooksOf };
  readonly operations?: (context: never) => Apis;
  readonly services?: (context: never) => Api;
}

/** The hooks of one entity at run time, their types forgotten. */
export interface HooksOf {
  before?(
    context: never,
    batch: readonly ProposedChange[],
  ): Promise<readonly (object | undefined)[] | undefined | void>;
  after?(context: never, batch: readonly object[]): Promise<void>;
}

/** The hooks that one plugin has on one entity. */
export interface InstalledHook extends HooksOf {
  readonly plugin: string;
}

export interface ProposedChange {
  readonly input: object;
  readonly before?: object;
}

export type ModelOf<Ps extends readonly AnyPlugin[]> = Intersect<Ps[number]["$model"]> &
  Intersect<Ps[number]["$extend"]>;
export type OperationsOf<Ps extends readonly AnyPlugin[]> = Intersect<Ps[number]["$operations"]>;
export type ServicesOf<Ps extends readonly AnyPlugin[]> = Intersect<Ps[number]["$services"]>;

export type NamesOf<Ps extends readonly AnyPlugin[]> = Intersect<Ps[number]["$names"]>;
type OperationOf<O, E> = E extends keyof O ? O[E] : unknown;
type Repositories<in out Ps extends readonly AnyPlugin[]> = {
  readonly [P in keyof NamesOf<Ps>]: Repository<Model<Ps>, NamesOf<Ps>[P] & keyof ModelOf<Ps>> &
    OperationOf<OperationsOf<Ps>, NamesOf<Ps>[P]>;
};
type OperationRepositories<in out Ps extends readonly AnyPlugin[]> = {
  readonly [P in keyof NamesOf<Ps>]: OperationRepository<Model<Ps>, NamesOf<Ps>[P] & keyof ModelOf<Ps>> &
    OperationOf<OperationsOf<Ps>, NamesOf<Ps>[P]>;
};

export interface Model<in out Ps extends readonly AnyPlugin[]> {
  readonly entities: ModelOf<Ps>;
}

/** What every handle has: the ways to make another one of the same type. */
export interface Handle<out C> {
  /**
   * Runs `work` as one unit: it happens whole, or, when `work` throws, not at all. Inside of a unit: a savepoint.
   * Use only the handle that `work` receives.
   *
   * @throws `outer_handle` when another handle of this CRM is used inside; `unit_failed` when a statement has failed and
   * `work` went on nevertheless.
   */
  transaction<T>(work: (tx: C) => Promise<T>): Promise<T>;
  /** The same CRM, acting for another tenant or as another actor. */
  as(binding: { readonly tenantId?: string; readonly actorId?: string }): C;
  /** The same CRM, whose writes are dated `instant`: for imports, which tell what happened in its order. */
  at(instant: Date): C;
}

/** What a plugin's operations, services and hooks see: core, what the plugin requires, and the plugin itself. */
export type Context<Ps extends readonly AnyPlugin[]> = OperationRepositories<Ps> &
  ServicesOf<Ps> &
  Handle<Context<Ps>> &
  ContextBase;

export interface ContextBase {
  /** The instant that this handle's writes are dated: the clock's, or the one given to `at`. */
  now(): Date;
  readonly actorId: string | null;
  /** Whether the tenant has such a record. @throws `invalid_query` for an entity that is not installed. */
  exists(record: { readonly entityType: string; readonly id: string }): Promise<boolean>;
}

/** What an application sees. */
export type Crm<Ps extends readonly AnyPlugin[], Native = unknown> = Repositories<Ps> &
  ServicesOf<Ps> &
  Handle<Crm<Ps, Native>> &
  CrmBase<Crm<Ps, Native>, Native>;

export interface CrmBase<out C, out Native> {
  /**
   * The database's own query builder, for the application's own tables. From `tx` its statements are part of the unit: they commit or
   * fail with the CRM's, and one that fails, fails the unit. From a handle outside of a unit they only read. They pass by tenants,
   * hooks and history, so that a handle bound to a tenant by `as` has it only where the database itself keeps tenants apart.
   *
   * @throws `native_unavailable`; its statements: `native_refused`, `unit_closed`, `unit_failed`
   */
  native(): Native;
  /**
   * Takes part in a transaction that the application has begun on its own handle. Each write of the unit is a savepoint in it. When
   * the application has committed, it calls `committed()`; when it has rolled back, `rolledBack()`.
   *
   * @throws `using_unavailable` when it is no open transaction on the CRM's database, or is used by another unit already
   */
  using(transaction: unknown): C & JoinedHandle;
  /** Waits for what is under way and closes the storage. Idempotent. */
  close(): Promise<void>;
}

/** What the handle has that `using` gives: only the application knows how its transaction ends. */
export interface JoinedHandle {
  /** After the commit: what follows from it (events, `committed` hooks) happens now. @throws `unit_open`, `unit_closed` */
  committed(): Promise<void>;
  /** After the rollback: nothing follows. @throws `unit_closed` */
  rolledBack(): Promise<void>;
}

export type PluginContext<
  Core extends readonly AnyPlugin[],
  R extends readonly AnyPlugin[],
  Es extends readonly Entity[],
  X,
  O,
> = Context<readonly [...Core, ...R, Plugin<"", EntityShapes<Es>, ExtensionOf<X>, O, {}, [], PluralsOf<Es>>]>;

/** A write of one record, as a hook that runs before it sees it. */
export interface ProposedChangeOf<in out M extends AnyModel, in out E extends EntityName<M>> {
  /** What is about to be written. */
  readonly input: PatchInput<M, E> & { readonly id: string };
  /** The record as it is; absent for a new one. */
  readonly before?: RecordOf<M, E>;
}

/** A write of one record, as a hook that runs after it sees it. */
export interface ChangeOf<in out M extends AnyModel, in out E extends EntityName<M>> {
  /** Absent for a new record. */
  readonly before?: RecordOf<M, E>;
  /** Absent for a deleted record. */
  readonly after?: RecordOf<M, E>;
}

/** Hooks receive batches: all records of one write. */
export type Hooks<M extends AnyModel, C> = {
  readonly [E in EntityName<M>]?: {
    /** Before the write, in its unit. May throw to refuse it, or return a patch for each record (undefined for none). */
    before?(
      context: C,
      batch: readonly ProposedChangeOf<M, E>[],
    ): Promise<readonly (PatchInput<M, E> | undefined)[] | undefined | void>;
    /** After the write, in its unit. What it throws undoes the write. */
    after?(context: C, batch: readonly ChangeOf<M, E>[]): Promise<void>;
  };
};

type MissingOf<Ps extends readonly AnyPlugin[], P> = P extends {
  readonly requires: infer R extends readonly AnyPlugin[];
}
  ? Exclude<R[number]["id"], Ps[number]["id"]>
  : never;

/** Yields a sentence where a plugin is installed without what it requires. */
export type CheckRequires<Ps extends readonly AnyPlugin[]> = {
  readonly [I in keyof Ps]: [MissingOf<Ps, Ps[I]>] extends [never]
    ? Ps[I]
    : `plugin "${At<Ps[I], "id"> & string}" requires "${MissingOf<Ps, Ps[I]> & string}"`;
};

/** Yields a sentence where an extension names no entity, or adds a field that existing records could not have. */
export type CheckExtend<M, X> = {
  readonly [E in keyof X]: E extends keyof M
    ? {
        readonly [K in keyof X[E]]: X[E][K] extends ExtensionField
          ? X[E][K]
          : `"${K & string}" must be optional() or have a default(): records exist already`;
      }
    : `no entity "${E & string}"`;
};

type TargetsOf<F> = { [K in keyof F]: F[K] extends { readonly to: infer To extends string } ? To : never }[keyof F];
type UnknownTarget<M, E> = Exclude<TargetsOf<At<E, "fields">>, keyof M>;

/** Yields a sentence where a reference names no entity. */
export type CheckTargets<M, Es extends readonly Entity[]> = {
  readonly [I in keyof Es]: [UnknownTarget<M, Es[I]>] extends [never]
    ? Es[I]
    : `no entity "${UnknownTarget<M, Es[I]> & string}" to refer to`;
};

type Wrap<Id extends string, S> = [keyof S] extends [never] ? {} : { readonly [K in Id]: S };

/** `definePlugin` for a given core. Core's own domain is defined with an empty one. */
export interface DefinePlugin<Core extends readonly AnyPlugin[]> {
  <
    const Id extends string,
    const R extends readonly AnyPlugin[] = [],
    const Es extends readonly Entity[] = [],
    const X = {},
    O = {},
    S = {},
  >(definition: {
    readonly id: Id;
    /** The plugins whose entities and services this one uses, as values. They must be installed too. */
    readonly requires?: R;
    readonly entities?: Es & CheckTargets<ModelOf<readonly [...Core, ...R]> & EntityShapes<Es>, Es>;
    /** Columns on entities of core and of required plugins. */
    readonly extend?: X & CheckExtend<ModelOf<readonly [...Core, ...R]>, X>;
    readonly hooks?: NoInfer<
      Hooks<
        Model<readonly [...Core, ...R, Plugin<"", EntityShapes<Es>, ExtensionOf<X>, {}, {}, [], PluralsOf<Es>>]>,
        PluginContext<Core, R, Es, X, {}>
      >
    >;
    /** By entity: what stands beside the repository's own methods. Made anew for each handle. */
    readonly operations?: (context: PluginContext<Core, R, Es, X, {}>) => O;
    /** The plugin's API, `crm.<id>`. Made anew for each handle. */
    readonly services?: (context: PluginContext<Core, R, Es, X, O>) => S;
  }): Plugin<Id, EntityShapes<Es>, ExtensionOf<X>, O, Wrap<Id, S>, R, PluralsOf<Es>>;
}

/** The one implementation behind every `definePlugin`: the definition, kept as data. */
export function definePluginFor<Core extends readonly AnyPlugin[]>(): DefinePlugin<Core> {
  return ((definition: PluginDefinition) =>
    Object.freeze({ id: definition.id, requires: definition.requires ?? [], definition })) as never;
}
