/** What `onQuery` is shown of each statement. */

/**
 * One statement that has been sent to the database, or, where there is no language for it, one call of the storage. The values that it
 * was run with are never in it.
 */
export interface ShownStatement {
  readonly kind:
    | "find"
    | "aggregate"
    | "traverse"
    | "write"
    | "begin"
    | "commit"
    | "rollback"
    | "savepoint"
    | "release"
    | "lock"
    | "migrate"
    /** Tells the database whose rows the next statement may see: with row-level security. */
    | "tenant"
    | "native";
  /** SQL with placeholders; from a storage without SQL, a description. */
  readonly text: string;
  readonly timeMs: number;
  /** Rows read, or rows written. */
  readonly rows: number;
  /** Whose rows; absent for what concerns all tenants. */
  readonly tenantId: string | undefined;
  /** The statement has failed. Its caller knows why. */
  readonly failed: boolean;
}

export type ShowStatement = (statement: ShownStatement) => void;
