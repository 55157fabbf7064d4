/** The relationship type by which offices are held, unless they name another one. */
import type { OfficeRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import { defineRelationshipType } from "../type/define-relationship-type.ts";
import { defineTypes } from "../type/define-types.ts";

/** One of the standard types. A person holds an office, and so may an organisation: that of an auditor. */
export const officeHolderType = defineRelationshipType({
  ...{
    key: "office_holder",
    category: "governance",
    name: "holder of an office at",
    inverseName: "has as office holder",
  },
  ...{
    fromRole: "office_holder",
    toRole: "organisation",
    fromEntities: ["contact", "account"],
    toEntities: ["account"],
  },
  defaultStrength: "0.6",
});

/** Made where it is not there yet; one that is archived comes back, as it was. */
export async function requireTypeOf(tx: RelationshipsContext, { typeId }: OfficeRecord): Promise<TypeRecord> {
  if (typeId !== null) return tx.relationshipTypes.get(typeId);
  const found = await tx.relationshipTypes.find({ where: { key: officeHolderType.key }, archived: "include" });
  if (found) return found.archivedAt === null ? found : tx.relationshipTypes.restore(found.id);
  return (await defineTypes(tx, [officeHolderType]))[0]!;
}

/** The type of the relationships that hold an office; undefined where it would be `office_holder`, and that is not there. */
export async function typeIdOf(context: RelationshipsContext, { typeId }: OfficeRecord): Promise<string | undefined> {
  if (typeId !== null) return typeId;
  return (await context.relationshipTypes.known({ key: officeHolderType.key }))[0]?.id;
}
