/** The storage contract: what a database must do for the SDK. Everything else is derived in core, once. */
import type { Capabilities, NativeResult, NativeStatement } from "./native-statement.ts";
import type { AggregateQuery, Bindings, FindQuery, Row, TraverseQuery, WriteStep } from "./query.ts";
import type { ShowStatement } from "./shown-statement.ts";
import type {
  ColumnSchema,
  ForeignKeySchema,
  IndexSchema,
  Storable,
  StorageSchema,
  TableSchema,
} from "./storage-schema.ts";

/** What an application passes as `storage`: a database that is not opened yet. `Native` is its own query builder. */
export interface StorageAdapter<Native = unknown> {
  /** For messages: "memory", "sqlite", "postgres", … */
  readonly name: string;
  /** @throws `CrmError` `storage_unavailable` or `storage_corrupt`, naming the database. */
  open(options: StorageOptions): Promise<Storage<Native>>;
}

export interface StorageOptions {
  readonly schema: StorageSchema;
  /** How long a call may wait for its turn on a connection before it fails with `unit_wait_timeout`. */
  readonly waitTimeoutMs: number;
  /** Told of every statement, in the order in which they end. Never throws. */
  readonly onQuery?: ShowStatement | undefined;
}

/**
 * Reads and writes outside of any unit: each call is atomic, and sees only what is committed. Failures are `CrmError`s with
 * logical names (`not_unique`, `reference_not_found`, `guard_failed` …): see `storage-errors.ts`.
 */
export interface StorageSession {
  find(query: FindQuery, bindings: Bindings): Promise<readonly Row[]>;
  /** One row a group: the group keys, then the measures. In no particular order. */
  aggregate(query: AggregateQuery, bindings: Bindings): Promise<readonly Row[]>;
  /** Sees one state of the database, however many levels it goes. `traverseByLevels` does it by way of `find`. */
  traverse(query: TraverseQuery, bindings: Bindings): Promise<readonly Row[]>;
  /**
   * All steps, in order, or none. References are checked when the list ends, so that parents and children may come in any order;
   * unique rules may be checked row by row. A `guard_failed` names the ids of exactly the rows that failed.
   *
   * Before the first step it waits for `locks`, as `StorageTransaction.lock` does; outside of a transaction they are held until the list is
   * written. The steps see what was committed before they were had. Given only where `unitsInTurn` is not declared.
   */
  write(tenantId: string, steps: readonly WriteStep[], locks?: readonly NameLock[]): Promise<void>;
  /**
   * Runs a statement of the application's own. Outside of a unit it only reads. With row-level security it sees the tenant only.
   * It neither begins nor ends a transaction. @throws `native_unavailable`, `native_refused`
   */
  execute(tenantId: string, statement: NativeStatement): Promise<NativeResult>;
}

export interface Storage<Native = unknown> extends StorageSession {
  readonly capabilities: Capabilities;
  /** The tenants that have rows in a table, in no particular order: for work that goes over all of them. */
  tenants(table: string): Promise<readonly string[]>;
  /** Milliseconds since 1970 by the clock that every process on this database shares (a server's own), or the system's. */
  now(): number;
  /**
   * The newest instant that no transaction of any process which is open now can still change, by the same clock; undefined where only
   * this process is known. Core asks while it has transactions open, too. What a transaction writes may be dated before it begins: by
   * what core has waited for its turn (`waitTimeoutMs` at most), and by what it has read and asked before.
   */
  settledAt(): Promise<number | undefined>;
  /**
   * Tells whoever listens, in every process that can be reached on this database, that there may be something to do: later than
   * the call, perhaps twice, perhaps never. Never throws, also when it cannot be told or the storage is closed. See `createHints`.
   */
  hint(): void;
  /** `listener` never throws. The result stops it. */
  onHint(listener: () => void): () => void;
  /** Waits for its turn; until it ends, no other write and no other unit runs on the same connection. */
  begin(options?: TransactionOptions): Promise<StorageTransaction>;
  /**
   * Takes part in a transaction that the application has begun on a handle of its own. Committing and rolling back are not ours: core
   * calls `commit` or `rollback` when the application has done it. @throws `using_unavailable`; `commit` throws `unit_open` where the
   * transaction is seen to be open still.
   */
  join(transaction: unknown): StorageTransaction;
  /** The database's own query builder, which sends what it makes to `execute`. @throws `native_unavailable` */
  native(execute: (statement: NativeStatement) => Promise<NativeResult>): Native;
  readonly migrator: Migrator;
  /** Waits for what is under way, an open transaction included. Idempotent; later calls fail with `storage_unavailable`. */
  close(): Promise<void>;
}

/** What a transaction is begun with. A storage whose transactions run one after another gives more than each asks for. */
export interface TransactionOptions {
  /** "read committed" unless said. */
  readonly isolation?: Isolation;
  /** How long one statement of the transaction may take. */
  readonly statementTimeoutMs?: number;
  /** How long a statement of the transaction may wait for one lock. */
  readonly lockTimeoutMs?: number;
  /** How long the transaction may do nothing between two statements. */
  readonly idleTimeoutMs?: number;
}

export type LockMode = "shared" | "exclusive";

/** Names of a tenant's that a write waits for. */
export interface NameLock {
  readonly names: readonly string[];
  readonly mode: LockMode;
}

export type Isolation = "read committed" | "repeatable read" | "serializable";

/**
 * One open transaction. Core never calls two of its methods at once, ends it exactly once, and nests savepoints properly
 * (the last one made is the first one ended). A call that fails leaves nothing of itself, and the transaction fit only for being
 * rolled back, whole or to a savepoint made before the call.
 */
export interface StorageTransaction extends StorageSession {
  savepoint(): Promise<Savepoint>;
  /**
   * Waits until no other transaction holds one of these names of the tenant, and holds them until the transaction ends, or until a
   * savepoint made before is undone. Names that it holds are passed over. They are taken in the order in which they are given. Several
   * transactions may hold a name as "shared", while none holds it as "exclusive", which it is unless said.
   */
  lock(tenantId: string, names: readonly string[], mode?: LockMode): Promise<void>;
  /** @throws when nothing was committed; the transaction has ended all the same. */
  commit(): Promise<void>;
  /** Never throws for a transaction that the database has ended already. */
  rollback(): Promise<void>;
}

export interface Savepoint {
  release(): Promise<void>;
  rollback(): Promise<void>;
}

export interface Migrator {
  /** The type that the database declares for a column, as `LiveColumn.type` gives it back. */
  columnType(column: ColumnSchema): string;
  /**
   * Carries out ahead of a transaction what a table that is in use can take only outside of one: new indexes on tables with rows, of those
   * that `plan` asks for, and the new columns that they need, which stand before them. Interrupted at any point, it can be called again.
   * Under the same lock as `begin`.
   */
  ahead(plan: (live: LiveSchema) => readonly MigrationStep[]): Promise<readonly AppliedStep[]>;
  /**
   * Waits for the database's lock for migrations, which other processes wait for too, and holds it until the transaction ends. One that is
   * only a rehearsal will be rolled back: steps whose cost grows with the rows that exist may be told, and not done.
   */
  begin(options?: { readonly rehearsal?: boolean }): Promise<SchemaTransaction>;
  /** Calls `plan` with what exists, applies its steps and returns them: in a transaction of its own. See `migrateAtOnce`. */
  migrate(plan: (live: LiveSchema) => readonly MigrationStep[]): Promise<readonly MigrationStep[]>;
}

/** A step that was carried out, and the statements that were run for it. */
export interface AppliedStep {
  readonly step: MigrationStep;
  readonly statements: readonly string[];
}

/** A transaction that changes tables as well as rows: all or nothing. Statements name what `StorageOptions.schema` names. */
export interface SchemaTransaction extends StorageTransaction {
  /** What exists now, the steps applied so far included. */
  liveSchema(): Promise<LiveSchema>;
  /** The tenants that have rows in a table, in order. */
  tenants(table: string): Promise<readonly string[]>;
  /** Returns the statements that were run for it; none where the database has no language of its own. */
  apply(step: MigrationStep): Promise<readonly string[]>;
}

/** The SDK's tables as they are in the database. Other tables are not listed. */
export interface LiveSchema {
  readonly tables: ReadonlyMap<string, LiveTable>;
}

export interface LiveTable {
  readonly columns: ReadonlyMap<string, LiveColumn>;
  /** By name. */
  readonly indexes: ReadonlyMap<string, IndexSchema>;
  readonly foreignKeys: readonly ForeignKeySchema[];
  /** Where row-level security is not as the storage was opened with; absent where it is, and for storages that have none. */
  readonly policies?: "missing" | "left over";
}

export interface LiveColumn {
  readonly type: string;
  /** As the column was created or added with; absent for a column that no migration has made. */
  readonly meaning?: string;
  readonly nullable: boolean;
  /** Whether the database gives a value to rows that are inserted without one. */
  readonly hasDefault: boolean;
  /** The only values that the database allows; absent when it has no such rule. */
  readonly values?: readonly string[];
}

/**
 * Tables come in any order, also where they refer to each other in a ring; their indexes are steps of their own.
 *
 * - A widened column allows from then on what `column` says of null and values, which includes all that it allowed before; its
 *   default and its meaning stay.
 * - `allow_null` and `forbid_null` are for a column as it is in the database; all else of it stays. Null is forbidden where no row has it.
 * - A renamed table or column keeps its rows, its rules and the references to it. No index names a column that is renamed or dropped.
 * - A dropped table or column takes its foreign keys with it, a table also those of other tables that refer to it.
 * - `create_policies` and `drop_policies` answer `LiveTable.policies`; a table is created with what it needs.
 * - `insert_row` is for what is to be printed among the statements: a row with all of its values, the tenant's first.
 */
export type MigrationStep =
  | { readonly kind: "create_table"; readonly table: TableSchema }
  | { readonly kind: "add_column" | "widen_column"; readonly table: TableSchema; readonly column: ColumnSchema }
  | { readonly kind: "create_index"; readonly table: TableSchema; readonly index: IndexSchema }
  | { readonly kind: "insert_row"; readonly table: TableSchema; readonly values: readonly Storable[] }
  | ExistingTableStep;

/** A step on a table that the schema need not have any more. */
export type ExistingTableStep =
  | { readonly kind: "drop_index"; readonly table: TableName; readonly index: IndexSchema }
  | { readonly kind: "rename_table"; readonly table: TableName; readonly to: TableName }
  | { readonly kind: "drop_table" | "create_policies" | "drop_policies"; readonly table: TableName }
  | { readonly kind: "rename_column"; readonly table: TableName; readonly column: string; readonly to: ColumnName }
  | { readonly kind: "set_meaning"; readonly table: TableName; readonly column: string; readonly meaning: string }
  | {
      readonly kind: "allow_null" | "forbid_null" | "drop_column";
      readonly table: TableName;
      readonly column: string;
    };

/** A table or a column with its logical name, for messages. */
export type TableName = Pick<TableSchema, "name" | "entity">;
export type ColumnName = Pick<ColumnSchema, "name" | "field">;
