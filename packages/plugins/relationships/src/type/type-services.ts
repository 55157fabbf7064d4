/** Types, as services. */
import type { RelationshipsContext, TypeRecord } from "../parts.ts";
import type { TypeDefinition } from "./define-relationship-type.ts";
import { defineTypes } from "./define-types.ts";

export const typeServices = (context: RelationshipsContext) => ({
  /**
   * Makes types, or makes those of these keys as they are defined; in the order given. One unit. One that is archived comes back.
   *
   * @throws `invalid_input`; `relationship_type_in_use` where relationships that there are would break it
   * @example
   * ```ts run with relationships
   * const mentoring = {
   *   ...{ key: "mentoring", category: "business", name: "mentor of", inverseName: "mentored by" },
   *   ...{ fromRole: "mentor", toRole: "mentee", fromEntities: ["contact"], toEntities: ["contact"] },
   * } as const;
   * await crm.relationships.defineTypes([mentoring]); // standardTypes are ready to be given, too
   * await crm.relationships.relate({ type: "mentoring", from: anna, to: bela });
   * ```
   */
  defineTypes: (types: readonly TypeDefinition[]): Promise<readonly TypeRecord[]> => defineTypes(context, types),
});
