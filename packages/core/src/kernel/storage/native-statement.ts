/** Statements of the application's own, beside the SDK's: what a query builder sends, and what it gets back. */

export interface NativeStatement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

export interface NativeResult {
  /** By the names of the columns. */
  readonly rows: readonly object[];
  /** How many rows were changed, where the database says so. */
  readonly changed?: number;
  /** The key that the database gave to the last row inserted, where it gives one. */
  readonly insertedKey?: bigint;
}

/** What a storage can do beyond what all of them do. Without it, what is told here fails or is left out, as each says. */
export interface Capabilities {
  /** `native` gives the database's own query builder. Without it: `native_unavailable`. */
  readonly native: boolean;
  /** Statements of a query builder see the bound tenant only. Without it a handle that is bound to a tenant offers none. */
  readonly rowLevelSecurity: boolean;
  /** `join` takes part in transactions of the application's own. Without it: `using_unavailable`. */
  readonly join: boolean;
  /** Transactions run one after another: nobody else reads what one of them has read before it ends. Without it, units lock names. */
  readonly unitsInTurn: boolean;
  /** References to tables of the application's own are foreign keys. Without it they are stored and not checked. */
  readonly appReferences: boolean;
}
