/** Makes types, or makes those that there are as they are defined. */
import * as z from "zod";
import { parsedAll, shareOfOneSchema, withoutUndefined } from "../asked.ts";
import type { RelationshipsContext, TypeRecord } from "../parts.ts";
import type { TypeDefinition } from "./define-relationship-type.ts";
import { attributesSchema, entitiesSchema, limitsSchema, variantsSchema } from "./type-schemas.ts";

const definitionSchema = () =>
  z.strictObject({
    key: z.string(),
    category: z.string().nullish(),
    shape: z.enum(["paired", "symmetric", "one_sided"]).optional(),
    name: z.string(),
    inverseName: z.string().nullish(),
    fromRole: z.string(),
    toRole: z.string().nullish(),
    variants: variantsSchema().optional(),
    fromEntities: entitiesSchema().nullish(),
    toEntities: entitiesSchema().nullish(),
    limits: limitsSchema().optional(),
    mayOverlap: z.boolean().optional(),
    mayReverse: z.boolean().optional(),
    mayRelateToSelf: z.boolean().optional(),
    attributes: attributesSchema().optional(),
    defaultStrength: shareOfOneSchema.nullish(),
  });

/**
 * By key, in the order given; one unit. What a definition leaves out is as it is where the type is there, and as it is by default where it is
 * new. One that is the same is left as it is, and one that is archived comes back.
 *
 * @throws `invalid_input`; `relationship_type_in_use` where relationships that there are would break it
 */
export async function defineTypes(
  context: RelationshipsContext,
  definitions: readonly TypeDefinition[],
): Promise<readonly TypeRecord[]> {
  const given = parsedAll("relationshipType", definitionSchema(), definitions);
  if (given.length === 0) return [];
  return context.transaction(async (tx) => {
    const defined: TypeRecord[] = [];
    for (const { record } of await tx.relationshipTypes.upsertMany(given.map(withoutUndefined), { by: "key" }))
      defined.push(record.archivedAt === null ? record : await tx.relationshipTypes.restore(record.id));
    return defined;
  });
}
