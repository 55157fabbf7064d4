/** The roles of a kind of engagement are relationship types, whoever writes the kind. */
import type { EngagementTypeRecord, RelationshipsContext } from "../parts.ts";
import { defineTypes } from "../type/define-types.ts";
import { roleTypeKey } from "./engagement-roles.ts";

interface Changed {
  readonly before?: EngagementTypeRecord;
  readonly after?: EngagementTypeRecord;
}

/**
 * The `after` hook: each role has its type, one that is left out has none any more, and a kind that is deleted takes its types along.
 *
 * @throws `engagement_role_in_use` for a role that is left out and that somebody has or had; `relationship_type_in_use` for one that some
 * have who may not have it any more
 */
export async function followEngagementTypes(context: RelationshipsContext, batch: readonly Changed[]): Promise<void> {
  for (const { before, after } of batch) {
    const left = before?.roles.filter(({ key }) => !after?.roles.some((role) => role.key === key)) ?? [];
    for (const { key } of left) await dropRole(context, before!, key);
    if (!after || after.roles === before?.roles) continue;
    await defineTypes(
      context,
      after.roles.map(({ key, name = key, entities, most, defaultStrength = 0.4 }) => ({
        ...{
          key: roleTypeKey(after.key, key),
          category: "engagement",
          shape: "one_sided" as const,
          name,
          fromRole: key,
        },
        ...{ fromEntities: entities ?? null, toEntities: ["engagement"] },
        defaultStrength,
        limits: most === undefined ? [] : [{ end: "to" as const, most }],
      })),
    );
  }
}

async function dropRole(context: RelationshipsContext, { key, id }: EngagementTypeRecord, role: string): Promise<void> {
  const type = await context.relationshipTypes.find({ where: { key: roleTypeKey(key, role) }, archived: "include" });
  if (!type) return;
  const count = await context.relationships.count({ where: { typeId: type.id }, archived: "include" });
  if (count > 0)
    throw context.error("engagement_role_in_use", {
      entity: "engagementType",
      field: "roles",
      id,
      type: key,
      role,
      count,
    });
  await context.relationshipTypes.delete(type.id);
}
