/** The plugin interface: what a plugin declares, and the types that follow from what is installed. */
import type { ZodType } from "zod";
import type { CrmError, CrmErrorCode, CrmErrorDetails } from "../../errors.ts";
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
import type { CheckEvents, Emitting, EventDataOf, EventName, EventOf, Listening } from "../event/event.ts";
import type { AnyMigration, Migration } from "../migration/define-migration.ts";
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
  V = {},
> {
  readonly id: Id;
  readonly requires: R;
  readonly definition: PluginDefinition;
  readonly $model: M;
  readonly $extend: X;
  readonly $operations: O;
  readonly $services: S;
  readonly $names: N;
  readonly $events: V;
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
  readonly $events: unknown;
}

type Api = { readonly [name: string]: unknown };
type Apis = { readonly [entity: string]: Api };

/** A plugin at run time, its types forgotten. */
export interface PluginDefinition {
  readonly id: string;
  readonly version?: string;
  readonly requires?: readonly AnyPlugin[];
  readonly optional?: readonly AnyPlugin[];
  readonly entities?: readonly Entity[];
  readonly extend?: { readonly [entity: string]: Fields };
  readonly migrations?: readonly AnyMigration[];
  readonly hooks?: { readonly [entity: string]: HooksOf };
  readonly events?: { readonly [name: string]: ZodType };
  readonly subscribers?: { readonly [id: string]: SubscriberDefinition };
  readonly operations?: (context: never) => Apis;
  readonly services?: (context: never) => Api;
  readonly errors?: { readonly [code: string]: string };
  readonly dispose?: (context: never) => Promise<void> | void;
}

/** Who gets certain events for sure, at run time, the types forgotten. */
export interface SubscriberDefinition {
  readonly on: readonly string[];
  deliver(context: never, event: never): Promise<void> | void;
}

export const hookPhases = ["before", "beforeDelete", "after", "committed"] as const;
export type HookPhase = (typeof hookPhases)[number];

/** The hooks of one entity at run time, their types forgotten. */
export interface HooksOf {
  before?(
    context: never,
    batch: readonly ProposedChange[],
  ): Promise<readonly (object | undefined)[] | undefined | void>;
  beforeDelete?(context: never, batch: readonly object[]): Promise<void>;
  after?(context: never, batch: readonly object[]): Promise<void>;
  committed?(context: never, batch: readonly object[]): Promise<void>;
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
  readonly events: Intersect<Ps[number]["$events"]>;
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
  /**
   * The same CRM, whose reads, of every shape and by operations too, see the state at `instant`, and whose writes are refused with
   * `past_is_read_only`. A page that a unit which is still open may change says `unsettled`.
   */
  asOf(instant: Date): C;
  /** The newest instant that no open unit of this process can still change: what is read as of then stays so, but for imports. */
  settled(): Promise<Date>;
}

/** What a plugin's operations, services and hooks see: core, what the plugin requires, and the plugin itself. */
export type Context<Ps extends readonly AnyPlugin[]> = OperationRepositories<Ps> &
  ServicesOf<Ps> &
  Handle<Context<Ps>> &
  Emitting<Model<Ps>> &
  ContextBase;

/** A context that has more, and whose handles have it too. It can stand wherever the narrower one is asked for. */
type Extended<More, C> = More & Handle<Extended<More, C>> & C;

/** The parts of optional plugins: undefined where the plugin is not installed. */
type OptionalParts<Ps extends readonly AnyPlugin[], Q extends readonly AnyPlugin[]> = {
  readonly [P in keyof OperationRepositories<Q>]?: OperationRepositories<readonly [...Ps, ...Q]>[P &
    keyof OperationRepositories<readonly [...Ps, ...Q]>];
} & Partial<ServicesOf<Q>>;

/** A plugin's own operations, beside the repositories that its services see. */
type OwnOperations<Ps extends readonly AnyPlugin[], O> = {
  readonly [P in keyof NamesOf<Ps> as NamesOf<Ps>[P] extends keyof O ? P : never]: OperationOf<O, NamesOf<Ps>[P]>;
};

/** How a plugin makes the errors that it declares. */
export interface ErrorMaker<in Code extends string> {
  /**
   * The error of a code that this plugin declares, to be thrown. Its message is the declared one, with `{name}` replaced by the
   * detail of that name; the plugin is added to the details.
   */
  error(code: Code, details?: CrmErrorDetails): CrmError;
}

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
  Emitting<Model<Ps>> &
  Listening<Model<Ps>> &
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
  /**
   * Disposes of the plugins, the last first, waits for what is under way, and closes the storage. Idempotent.
   *
   * @throws `dispose_failed` where a plugin could not be disposed of; the others were, and the storage is closed.
   */
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
  Q extends readonly AnyPlugin[] = readonly [],
  E = {},
  V = {},
> = [keyof O] extends [never]
  ? LeanContext<WithOwn<Core, R, Es, X, V>, Q, keyof E & string>
  : Extended<
      OwnOperations<WithOwn<Core, R, Es, X, V>, O>,
      LeanContext<WithOwn<Core, R, Es, X, V>, Q, keyof E & string>
    >;

type LeanContext<Ps extends readonly AnyPlugin[], Q extends readonly AnyPlugin[], Code extends string> = [
  Q,
  Code,
] extends [readonly [], never]
  ? Context<Ps>
  : Extended<OptionalParts<Ps, Q> & ErrorMaker<Code>, Context<Ps>>;

/** Core, the required plugins, and what a plugin declares of its own. */
type WithOwn<
  Core extends readonly AnyPlugin[],
  R extends readonly AnyPlugin[],
  Es extends readonly Entity[],
  X,
  V,
> = readonly [...Core, ...R, Own<Es, X, V>];

/** The plugin that is being defined, as far as its own context sees it. */
export type Own<Es extends readonly Entity[], X, V> = Plugin<
  "",
  EntityShapes<Es>,
  ExtensionOf<X>,
  {},
  {},
  [],
  PluralsOf<Es>,
  EventDataOf<V>
>;

/** The parts of a plugin that decide what its context has, as they are given to `definePlugin`. */
export interface PluginParts {
  readonly requires?: readonly AnyPlugin[];
  readonly optional?: readonly AnyPlugin[];
  readonly entities?: readonly Entity[];
  readonly extend?: unknown;
  readonly errors?: unknown;
  readonly events?: unknown;
}

type Listed<T> = T extends readonly unknown[] ? T : readonly [];
type Given<P, K> = K extends keyof P ? P[K] : {};

/** The context of a plugin whose parts stand in a file of their own. */
export type ContextOfParts<Core extends readonly AnyPlugin[], P extends PluginParts> = PluginContext<
  Core,
  Listed<P["requires"]>,
  Listed<P["entities"]>,
  Given<P, "extend">,
  {},
  Listed<P["optional"]>,
  Given<P, "errors">,
  Given<P, "events">
>;

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

/** A record about to be deleted. */
export interface DeletionOf<in out M extends AnyModel, in out E extends EntityName<M>> {
  readonly before: RecordOf<M, E>;
}

/**
 * Hooks receive batches: all records of one write. What each of them gets is its own. One that takes longer than
 * `hookTimeoutMs` fails with `hook_timeout`, one that throws something else than a `CrmError` with `hook_failed`.
 */
export type Hooks<M extends AnyModel, C> = {
  readonly [E in EntityName<M>]?: {
    /** Before the write, in its unit. May throw to refuse it, or return a patch for each record (undefined for none). */
    before?(
      context: C,
      batch: readonly ProposedChangeOf<M, E>[],
    ): Promise<readonly (PatchInput<M, E> | undefined)[] | undefined | void>;
    /** Before a deletion, in its unit, also one that follows from another record's. May throw to refuse it. */
    beforeDelete?(context: C, batch: readonly DeletionOf<M, E>[]): Promise<void>;
    /** After the write, in its unit. What it throws undoes the write. */
    after?(context: C, batch: readonly ChangeOf<M, E>[]): Promise<void>;
    /**
     * After the commit, outside of any unit: once for all writes of the unit, never for what was undone. The write's promise
     * waits for it. What it throws goes to `onError`, and to nobody else.
     */
    committed?(context: C, batch: readonly ChangeOf<M, E>[]): Promise<void>;
  };
};

/** By id: who gets certain events for sure, at least once, and in order for each record. `Names` are those that each asks for. */
export type Subscribers<Ps extends readonly AnyPlugin[], Names> = {
  readonly [I in keyof Names]: {
    readonly on: readonly (Names[I] & EventName<Model<Ps>>)[];
    /** The context is bound to the event's tenant and actor. What it throws has the event delivered again, later. */
    deliver(context: Context<Ps>, event: EventOf<Model<Ps>, Names[I] & EventName<Model<Ps>>>): Promise<void> | void;
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

/** Yields a sentence where a code is none, or is one of core's. */
export type CheckErrors<E> = {
  readonly [C in keyof E]: C extends CrmErrorCode ? `"${C}" is a code of core` : string;
};

/** `definePlugin` for a given core. Core's own domain is defined with an empty one. */
export interface DefinePlugin<Core extends readonly AnyPlugin[]> {
  <
    const Id extends string,
    const R extends readonly AnyPlugin[] = [],
    const Es extends readonly Entity[] = [],
    const X = {},
    O = {},
    S = {},
    const Q extends readonly AnyPlugin[] = [],
    const E = {},
    const V = {},
    const Names = {},
  >(definition: {
    readonly id: Id;
    /** For people: errors about this plugin name it. */
    readonly version?: string;
    /** The plugins whose entities and services this one uses, as values. They must be installed too. */
    readonly requires?: R;
    /** Plugins that this one uses where they are installed. Their parts are possibly undefined in its context. */
    readonly optional?: Q;
    readonly entities?: Es & CheckTargets<ModelOf<readonly [...Core, ...R]> & EntityShapes<Es>, Es>;
    /** Columns on entities of core and of required plugins. */
    readonly extend?: X & CheckExtend<ModelOf<readonly [...Core, ...R]>, X>;
    /** In the order in which they are applied. A published one is never edited or moved: new ones go to the end. */
    readonly migrations?: NoInfer<
      readonly Migration<Model<WithOwn<Core, R, Es, X, V>>, PluginContext<Core, R, Es, X, {}, Q, E, V>>[]
    >;
    /** By code: the message of an error that `context.error` makes. `{name}` stands for the detail of that name. */
    readonly errors?: E & CheckErrors<E>;
    /** `noun.past_tense`, about an entity that is installed, to a zod schema of the data: a JSON value. */
    readonly events?: V & CheckEvents<ModelOf<readonly [...Core, ...R]> & EntityShapes<Es>, V>;
    readonly hooks?: NoInfer<Hooks<Model<WithOwn<Core, R, Es, X, V>>, PluginContext<Core, R, Es, X, {}, Q, E, V>>>;
    readonly subscribers?: Subscribers<WithOwn<Core, R, Es, X, V>, Names>;
    /** By entity: what stands beside the repository's own methods. Made anew for each handle. */
    readonly operations?: (context: PluginContext<Core, R, Es, X, {}, Q, E, V>) => O;
    /**
     * The plugin's API, `crm.<id>`. Made anew for each handle. Where the id is the plural of an entity of its own, it stands beside
     * the repository's methods.
     */
    readonly services?: (context: PluginContext<Core, R, Es, X, O, Q, E, V>) => S;
    /** Called once by `crm.close()`, while the storage is still open: the place to end what the plugin has begun. */
    readonly dispose?: (context: NoInfer<PluginContext<Core, R, Es, X, {}, Q, E, V>>) => Promise<void> | void;
  }): Plugin<Id, EntityShapes<Es>, ExtensionOf<X>, O, Wrap<Id, S>, R, PluralsOf<Es>, EventDataOf<V>>;
}

/** The one implementation behind every `definePlugin`: the definition, kept as data. */
export function definePluginFor<Core extends readonly AnyPlugin[]>(): DefinePlugin<Core> {
  return ((definition: PluginDefinition) =>
    Object.freeze({ id: definition.id, requires: definition.requires ?? [], definition })) as never;
}
