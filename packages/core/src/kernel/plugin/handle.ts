/** What applications and plugins hold: repositories, services, and the ways to other handles. */
import type { CrmError, CrmErrorDetails } from "../../errors.ts";
import type { IntersectOf } from "../entity/model.ts";
import type { Emitting, Listening } from "../event/event.ts";
import type { TreeProblem } from "../repository/check-trees.ts";
import type { OperationRepository, Repository } from "../repository/repository.ts";
import type { Searching } from "../repository/search-hit.ts";
import type { Attempt, UnitOptions } from "../unit-of-work/unit-options.ts";
import type { AnyRepository, EntityDescription } from "./any-repository.ts";
import type { AnyPlugin } from "./plugin.ts";
import type { TimelineSources } from "./timeline-part.ts";

export type ModelOf<Ps extends readonly AnyPlugin[]> = IntersectOf<Ps, "$model"> & IntersectOf<Ps, "$extend">;
export type OperationsOf<Ps extends readonly AnyPlugin[]> = IntersectOf<Ps, "$operations">;
export type ServicesOf<Ps extends readonly AnyPlugin[]> = IntersectOf<Ps, "$services">;

export type NamesOf<Ps extends readonly AnyPlugin[]> = IntersectOf<Ps, "$names">;
export type OperationOf<O, E> = E extends keyof O ? O[E] : unknown;
type Repositories<in out Ps extends readonly AnyPlugin[]> = {
  readonly [P in keyof NamesOf<Ps>]: Repository<Model<Ps>, NamesOf<Ps>[P] & keyof ModelOf<Ps>> &
    OperationOf<OperationsOf<Ps>, NamesOf<Ps>[P]>;
};
export type OperationRepositories<in out Ps extends readonly AnyPlugin[]> = {
  readonly [P in keyof NamesOf<Ps>]: OperationRepository<Model<Ps>, NamesOf<Ps>[P] & keyof ModelOf<Ps>> &
    OperationOf<OperationsOf<Ps>, NamesOf<Ps>[P]>;
};

export interface Model<in out Ps extends readonly AnyPlugin[]> {
  readonly entities: ModelOf<Ps>;
  readonly events: IntersectOf<Ps, "$events">;
}

/** What every handle has: the ways to make another one of the same type. */
export interface Handle<out C> {
  /**
   * Runs `work` as one unit: it happens whole, or, when `work` throws, not at all. Inside of a unit: a savepoint.
   * Use only the handle that `work` receives. Where there are several attempts, `work` is run anew in each, and told which one it is.
   *
   * @throws `outer_handle` when another handle of this CRM is used inside; `unit_failed` when a statement has failed and
   * `work` went on nevertheless; `outcome_unknown` when the reply to the commit was lost; `result_not_storable` for what cannot be stored
   * with an `idempotencyKey`.
   */
  transaction<T>(work: (tx: C, attempt: Attempt) => Promise<T>, options?: UnitOptions): Promise<T>;
  /** The same CRM, acting for another tenant or as another actor. */
  as(binding: { readonly tenantId?: string; readonly actorId?: string }): C;
  /** The same CRM, whose writes are dated `instant`: for imports, which tell what happened in its order. */
  at(instant: Date): C;
  /**
   * The same CRM, whose reads, of every shape and by operations too, see the state at `instant`, and whose writes are refused with
   * `past_is_read_only`. A page that a unit which is still open may change says `unsettled`.
   */
  asOf(instant: Date): C;
  /**
   * The newest instant that no open unit can still change: what is read as of then stays so, but for imports. It knows the units of
   * this process, and those of the others where the storage does, as a database server may. With a `clock` of the caller's own,
   * whose instants are not the storage's, it knows this process only.
   */
  settled(): Promise<Date>;
}

/** What a plugin's operations, services and hooks see: core, what the plugin requires, and the plugin itself. */
export type Context<Ps extends readonly AnyPlugin[]> = OperationRepositories<Ps> &
  ServicesOf<Ps> &
  Handle<Context<Ps>> &
  Emitting<Model<Ps>> &
  Searching<Model<Ps>> &
  ContextBase;

/** How a plugin makes the errors that it declares. */
export interface ErrorMaker<in Code extends string> {
  /**
   * The error of a code that this plugin declares, to be thrown. Its message is the declared one, with `{name}` replaced by the
   * detail of that name; the plugin is added to the details.
   */
  error(code: Code, details?: CrmErrorDetails): CrmError;
}

export interface ContextBase {
  /** The instant that this handle's writes are dated: the clock's, or the one given to `at`; of `asOf`, the instant that is read. */
  now(): Date;
  /** Whether this handle comes of `asOf`: what its reads lack, no write can add. */
  readonly readsPast: boolean;
  readonly actorId: string | null;
  /** An id for a new record: a UUIDv7 of the CRM's own generator. */
  newId(): string;
  /**
   * Waits until no other unit of the tenant holds one of these names, and holds them until its own unit ends: for rules that decide by what
   * several records say, which units side by side would break together. Name what the rule is about (`opportunity:<id>`), all that are needed
   * in one call, before anything is read to decide by. Storages whose units run one after another wait for nobody.
   *
   * @throws `unit_required` outside of a unit; `lock_timeout`, `deadlock`
   */
  lock(...names: readonly string[]): Promise<void>;
  /** The same, and other units may hold the names too as long as they share them: waits only for who holds one alone, and the other way round. */
  lockShared(...names: readonly string[]): Promise<void>;
  /**
   * The same, and the names need not be held before the unit reads or writes: for who relies on something that its own write would break, and
   * does nothing else meanwhile. Where the write is the unit's first statement, the wait costs no statement of its own.
   */
  lockSharedAtWrite(...names: readonly string[]): Promise<void>;
  /** Whether the tenant has such a record. @throws `invalid_query` for an entity that is not installed. */
  exists(record: { readonly entityType: string; readonly id: string }): Promise<boolean>;
  /** What all plugins add to the timelines of records. */
  readonly timelineSources: TimelineSources;
  /** The entities that are installed, those of other plugins and of the application too, as data. */
  entities(): readonly EntityDescription[];
  /**
   * The repository of an entity by name, for rules over records of any entity. @throws `invalid_query` for an entity that is not
   * installed.
   */
  repository(entityType: string): AnyRepository;
}

/** What an application sees. */
export type Crm<Ps extends readonly AnyPlugin[], Native = unknown> = Repositories<Ps> &
  ServicesOf<Ps> &
  Handle<Crm<Ps, Native>> &
  Emitting<Model<Ps>> &
  Searching<Model<Ps>> &
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
   * Compares the paths that are kept of trees (`tree: "paths"`) with the references of the tenant's records, and with `repair` makes them
   * right: after references were written by other ways than the SDK, or by a process that did not know the tree. One unit, in which nobody
   * else moves records of these trees. Returns what was wrong; a circle of references with its path, which nothing repairs: clear one of them.
   *
   * @throws `past_is_read_only`
   */
  checkTrees(options?: { readonly repair?: boolean }): Promise<readonly TreeProblem[]>;
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
