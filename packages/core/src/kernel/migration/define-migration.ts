/** Written migrations: what a plugin or an application says about changes that nobody could guess. */
import type { AnyField } from "../entity/field.ts";
import type { AnyModel, EntityName, RecordOf, ValueOf } from "../entity/model.ts";

/**
 * One migration. Its parts are done in this order: `rename`, `change`, what is added automatically, `backfill`, `drop`. A part
 * whose object is not in the database does nothing, so that a new database takes every migration as done.
 */
export interface SchemaChanges {
  /** Unique within the plugin, and for ever: "2026-11-tier". */
  readonly id: string;
  /**
   * Stands for the text of the migration's functions in its checksum: for code that a build rewrites from one release to the next.
   * Counted up when a function is changed before it is published.
   */
  readonly version?: number;
  /** Old name to new name. Rows, references and history stay. */
  readonly rename?: {
    readonly entities?: { readonly [from: string]: string };
    /** By entity, as it is called after `entities` are renamed. */
    readonly fields?: { readonly [entity: string]: { readonly [from: string]: string } };
  };
  /** By entity and field: values that stand for something else from now on. See `convert`. */
  readonly change?: { readonly [entity: string]: { readonly [field: string]: Conversion } };
  /** What is deleted for good from the current records; what history has of it stays. */
  readonly drop?: {
    readonly entities?: readonly string[];
    readonly fields?: { readonly [entity: string]: readonly string[] };
  };
}

export interface Migration<in out M extends AnyModel, in out C> extends SchemaChanges {
  /**
   * By entity: ordinary writes to the records that exist, in batches, in the order of their ids, archived ones included. A batch and
   * the note of how far it went are one unit: what is interrupted goes on where it was.
   */
  readonly backfill?: {
    readonly [E in EntityName<M>]?: {
      /** Records in a batch; 500 unless said. */
      readonly batch?: number;
      run(context: C, records: readonly RecordOf<M, E>[]): Promise<void>;
    };
  };
}

/** A migration at run time, its types forgotten. */
export interface AnyMigration extends SchemaChanges {
  readonly backfill?: { readonly [entity: string]: AnyBackfill };
}

export interface AnyBackfill {
  readonly batch?: number;
  run(context: never, records: readonly never[]): Promise<void>;
}

/** Made by `convert`. */
export interface Conversion {
  readonly from: AnyField;
  readonly to: AnyField;
  readonly value: (before: never) => unknown;
}

/**
 * How values of a field that was declared as `from` become values of one that is declared as `to`. Both are written down here, as
 * the migration must mean the same when the field has changed again. Null is passed where `from` is optional.
 *
 * @example
 * ```ts
 * import { convert, integer, text } from "@relata/core/plugin";
 *
 * export const sizes = {
 *   id: "2026-11-size",
 *   change: { account: { size: convert(text().optional(), integer().optional(), (size) => (size ? Number(size) : null)) } },
 * };
 * ```
 */
export function convert<const From extends AnyField, const To extends AnyField>(
  from: From,
  to: To,
  value: (before: ValueOf<From>) => ValueOf<To>,
): Conversion {
  return { from, to, value };
}
