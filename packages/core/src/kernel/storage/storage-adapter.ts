/** The storage contract: what a database must do for the SDK. Everything else is derived in core, once. */
import type { Capabilities, NativeResult, NativeStatement } from "./native-statement.ts";
import type { AggregateQuery, Bindings, FindQuery, Row, WriteStep } from "./query.ts";
import type { ShowStatement } from "./shown-statement.ts";
import type { ColumnSchema, IndexSchema, StorageSchema, TableSchema } from "./storage-schema.ts";

/** What an application passes as `storage`: a database that is not opened yet. `Native` is its own query builder. */
export interface StorageAdapter<Native = unknown> {
  /** For messages: "memory", "sqlite", … */
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
  /**
   * All steps, in order, or none. References are checked when the list ends, so that parents and children may come in any order;
   * unique rules may be checked row by row. A `guard_failed` names the ids of exactly the rows that failed.
   */
  write(tenantId: string, steps: readonly WriteStep[]): Promise<void>;
  /**
   * Runs a statement of the application's own. Outside of a unit it only reads. With row-level security it sees the tenant only.
   * It neither begins nor ends a transaction. @throws `native_unavailable`, `native_refused`
   */
  execute(tenantId: string, statement: NativeStatement): Promise<NativeResult>;
}

export interface Storage<Native = unknown> extends StorageSession {
  readonly capabilities: Capabilities;
  /** Waits for its turn; until it ends, no other write and no other unit runs on the same connection. */
  begin(): Promise<StorageTransaction>;
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

/**
 * One open transaction. Core never calls two of its methods at once, ends it exactly once, and nests savepoints properly
 * (the last one made is the first one ended).
 */
export interface StorageTransaction extends StorageSession {
  savepoint(): Promise<Savepoint>;
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
  /** Calls `plan` with what exists, applies its steps and returns them: alone, under the database's lock, all or nothing. */
  migrate(plan: (live: LiveSchema) => readonly MigrationStep[]): Promise<readonly MigrationStep[]>;
}

/** The SDK's tables as they are in the database. Other tables are not listed. */
export interface LiveSchema {
  readonly tables: ReadonlyMap<string, LiveTable>;
}

export interface LiveTable {
  readonly columns: ReadonlyMap<string, LiveColumn>;
  /** By name. */
  readonly indexes: ReadonlyMap<string, IndexSchema>;
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
 * Tables come in any order, also where they refer to each other in a ring; their indexes are steps of their own. A widened column
 * allows from then on what `column` says of null and values, which includes all that it allowed before; its default and its meaning
 * stay. `allow_null` is for a column of the table in the database that `table` does not have: null is allowed, all else stays.
 */
export type MigrationStep =
  | { readonly kind: "create_table"; readonly table: TableSchema }
  | { readonly kind: "add_column" | "widen_column"; readonly table: TableSchema; readonly column: ColumnSchema }
  | { readonly kind: "allow_null"; readonly table: TableSchema; readonly column: string }
  | { readonly kind: "create_index" | "drop_index"; readonly table: TableSchema; readonly index: IndexSchema };
