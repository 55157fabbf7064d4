/** How an entity is declared: its name, its plural, its fields. */
import type { Fields, OnDelete, OnMerge } from "./field.ts";

/** A pair of fields that refers to a record of any entity: one names the entity, the other has the record's id. */
export interface PolymorphicReference<Name extends string = string> {
  readonly type: Name;
  readonly id: Name;
  readonly onDelete: OnDelete;
  readonly onMerge?: OnMerge;
}

export interface Entity<N extends string = string, P extends string = string, F extends Fields = Fields> {
  readonly name: N;
  readonly plural: P;
  readonly fields: F;
  readonly ids: "generated" | "app";
  readonly written: "anyone" | "operations";
  readonly unique: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
  readonly history: boolean;
  readonly asOfIndexes: readonly (readonly string[])[];
  readonly polymorphic: readonly PolymorphicReference[];
  readonly searchFor: readonly string[];
  readonly mergeKeys: readonly (readonly string[])[];
}

type IndexedBaseField = "createdAt" | "updatedAt" | "archivedAt";

/**
 * Declares an entity. `name` is singular and in camel case; `plural` becomes the repository's name (`crm.accounts`).
 *
 * - `ids: "app"`: records take ids of the application's own, any text; otherwise ids are UUIDs, made where none is given.
 * - `written: "operations"`: only the operations, services and hooks of the plugin that declares it write its records.
 * - `unique`: rules over several fields together.
 * - `indexes`: orders and filters over several fields that lists need to be quick for; beside the entity's own fields, those of every
 *   record that tell a time.
 * - `asOfIndexes`: the same for lists of the past (`asOf`). Each makes every update dearer.
 * - `polymorphic`: pairs of text fields that refer to a record of any entity that is installed, but for the kernel's own. Both are given,
 *   or neither; what they name must be there (`reference_not_found`, `reference_archived`). `onDelete` and `onMerge` are as of a reference; a pair that
 *   detaches is optional. It is no relation: filters name the two fields. Lists of what refers to a record cost what they return. It has an
 *   index of its own, unless one is declared that begins with its id and holds its type, as for edges that `traverse` follows.
 * - `searchFor`: references. What a search finds in such a record, it finds for the record that the reference points to, as an e-mail
 *   address for its contact.
 * - `mergeKeys`: of records that agree in all of these fields, and meet because what they refer to is merged, the survivor's stays: the
 *   same e-mail address twice says nothing new. Empty fields agree too; archived records are left alone.
 * - `history: false`: superseded versions are not kept. The past cannot be read, and a delete is final.
 *
 * @example
 * ```ts
 * import { date, defineEntity, reference, text } from "@relata/core/plugin";
 *
 * export const visit = defineEntity("visit", {
 *   plural: "visits",
 *   fields: {
 *     accountId: reference("account", { inverse: "visits" }),
 *     day: date(),
 *     report: text().optional(),
 *   },
 *   unique: [["accountId", "day"]],
 * });
 * ```
 */
export function defineEntity<const N extends string, const P extends string, const F extends Fields>(
  name: N,
  definition: {
    readonly plural: P;
    readonly fields: F;
    readonly ids?: "generated" | "app";
    readonly written?: "anyone" | "operations";
    readonly unique?: readonly (readonly (keyof F & string)[])[];
    readonly indexes?: readonly (readonly ((keyof F & string) | IndexedBaseField)[])[];
    readonly asOfIndexes?: readonly (readonly (keyof F & string)[])[];
    readonly searchFor?: readonly (keyof F & string)[];
    readonly mergeKeys?: readonly (readonly (keyof F & string)[])[];
    readonly history?: boolean;
    readonly polymorphic?: readonly PolymorphicReference<keyof F & string>[];
  },
): Entity<N, P, F> {
  const { plural, fields, ids = "generated", written = "anyone", unique = [], indexes = [] } = definition;
  const { history = true, asOfIndexes = [], searchFor = [], mergeKeys = [], polymorphic = [] } = definition;
  const lists = { unique, indexes, asOfIndexes, searchFor, mergeKeys, polymorphic };
  return Object.freeze({ name, plural, fields, ids, written, history, ...lists });
}
