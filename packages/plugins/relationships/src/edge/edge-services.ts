/** Relationships, as services. */
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import type { TypeDefinition } from "../type/define-relationship-type.ts";
import { type AnyRelateInput, type RelateInput, relateMany } from "./relate.ts";

export const edgeServices = (context: RelationshipsContext) => ({
  /**
   * Relates one thing to another. @throws as `relateMany`
   */
  async relate<const T extends string | TypeDefinition>(input: RelateInput<T>): Promise<RelationshipRecord> {
    const [record] = await relateMany(context, [input as AnyRelateInput]);
    return record!;
  },

  /**
   * Relates many, in one unit; in the order given. One whose key is there already, of the same type and between the same two, is left as it is, and
   * given.
   *
   * @throws `invalid_input` with the `index` of each that is wrong, `unknown_relationship_type`, `relationship_type_archived`, `relationship_key_taken`;
   * `relationship_overlap`, `relationship_reversed`, `too_many_relationships`
   */
  relateMany: (inputs: readonly AnyRelateInput[]): Promise<readonly RelationshipRecord[]> =>
    relateMany(context, inputs),
});
