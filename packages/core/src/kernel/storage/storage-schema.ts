/** What a storage adapter is told to store: tables, columns and rules, resolved from entities, with the logical names beside. */

/**
 * A value as adapters see it. How each kind of column arrives and must be returned:
 *
 * | column kind | value |
 * |---|---|
 * | `text`, `uuid`, `date`, `json` | `string` (a uuid in lower case, a date as YYYY-MM-DD, JSON as text) |
 * | `integer` | `number`, a safe integer |
 * | `instant` | `number`, milliseconds since 1970-01-01 UTC, a safe integer |
 * | `bigint` | `bigint` within 64 bits (minor units of money, scaled decimals) |
 * | `boolean` | `boolean` |
 *
 * and `null` for any nullable column.
 */
export type Storable = string | number | bigint | boolean | null;

export type ColumnKind = "text" | "uuid" | "date" | "json" | "integer" | "instant" | "bigint" | "boolean";

export interface ColumnSchema {
  readonly name: string;
  readonly kind: ColumnKind;
  /** What the values stand for ("decimal(2)", "reference(account)"), to be kept beside the column: its kind alone does not tell. */
  readonly meaning: string;
  readonly nullable: boolean;
  /** Given to rows that exist when the column is added, and to rows that are inserted without it. */
  readonly default?: Storable;
  /** The only values allowed, for a `text` column of a `oneOf` field. */
  readonly values?: readonly string[];
  /** The field that the column belongs to, for messages. */
  readonly field: string;
  /** There only while a migration converts values: what keeps a version in history, or reads the past, leaves it out. */
  readonly passing?: true;
}

/** Columns in order; the first is always `tenant_id`. A unique rule does not hold between rows with a null in it. */
export interface IndexSchema {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
}

/** (tenant_id, column) refers to (tenant_id, id) of the target: NO ACTION, checked when the list of steps of a `write` ends. */
export interface ForeignKeySchema {
  readonly column: string;
  readonly target: string;
}

/** The column refers to a table that is not the SDK's, where the storage can check it: NO ACTION. */
export interface AppReferenceSchema {
  readonly column: string;
  readonly target: string;
  readonly targetColumn: string;
}

/** Every table has the columns `tenant_id`, `id` and `version`, in this order, first. */
export interface TableSchema {
  readonly name: string;
  /** The entity stored here, for messages. */
  readonly entity: string;
  /** `tenant_id` and `id`; in a history table `version` too. */
  readonly primaryKey: readonly string[];
  readonly columns: readonly ColumnSchema[];
  readonly indexes: readonly IndexSchema[];
  readonly foreignKeys: readonly ForeignKeySchema[];
  /**
   * The table that superseded and deleted versions move to, where they are kept. It has the same columns, and `ended_at` and
   * `ended_by`; a version was valid from its `updated_at` up to, and not at, its `ended_at`.
   */
  readonly history?: string;
  readonly appReferences?: readonly AppReferenceSchema[];
}

export interface StorageSchema {
  readonly tables: ReadonlyMap<string, TableSchema>;
}
