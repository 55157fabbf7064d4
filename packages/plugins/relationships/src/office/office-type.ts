/** The relationship type by which offices are held, unless they name another one. */
import type { OfficeRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import { defineTypes } from "../type/define-types.ts";
import { officeHolderType } from "../type/standard-types.ts";

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
