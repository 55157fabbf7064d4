/** Types, as services. */
import type { RelationshipsContext, TypeRecord } from "../parts.ts";
import type { TypeDefinition } from "./define-relationship-type.ts";
import { defineTypes } from "./define-types.ts";

export const typeServices = (context: RelationshipsContext) => ({
  /**
   * Makes types, or makes those of these keys as they are defined; in the order given. One unit. One that is archived comes back.
   *
   * @throws `invalid_input`; `relationship_type_in_use` where relationships that there are would break it
   */
  defineTypes: (types: readonly TypeDefinition[]): Promise<readonly TypeRecord[]> => defineTypes(context, types),
});
