/** Types are few, and read whole. */
import { invalidInput } from "@relata/core/plugin";
import type { RelationshipsContext, TypeRecord } from "../parts.ts";
import { roleAt } from "./type-ends.ts";

/** All types by id, the archived ones too: one query for every thousand. By a handle of the past, as they were. */
export async function readTypes(
  context: Pick<RelationshipsContext, "relationshipTypes">,
): Promise<ReadonlyMap<string, TypeRecord>> {
  const types = new Map<string, TypeRecord>();
  for await (const type of context.relationshipTypes.iterate({ archived: "include" })) types.set(type.id, type);
  return types;
}

/**
 * Those of these keys, in the order of the keys: for what is about to be written.
 *
 * @throws `unknown_relationship_type`, `relationship_type_archived`
 */
export async function typesOfKeys(
  context: RelationshipsContext,
  keys: readonly string[],
): Promise<ReadonlyMap<string, TypeRecord>> {
  const found = new Map<string, TypeRecord>();
  const where = { key: { in: [...new Set(keys)] } };
  for await (const type of context.relationshipTypes.iterate({ where, archived: "include" })) found.set(type.key, type);
  const facts = { entity: "relationshipType", field: "type" };
  for (const [index, key] of keys.entries()) {
    const place = keys.length > 1 ? { index } : {};
    const type = found.get(key);
    if (type === undefined) {
      const known = await someKeys(context);
      throw context.error("unknown_relationship_type", { ...facts, ...place, type: key, known });
    }
    if (type.archivedAt !== null)
      throw context.error("relationship_type_archived", { ...facts, ...place, type: key, id: type.id });
  }
  return found;
}

/** A role that no type has would find nothing, and not tell why. @throws `invalid_input` */
export function refuseUnknownRoles(types: ReadonlyMap<string, TypeRecord>, roles: readonly string[] = []): void {
  const known = new Set([...types.values()].flatMap((type) => [roleAt(type, "from"), roleAt(type, "to")]));
  const issues = roles.flatMap((role, at) => {
    const message = `is "${role}", and no type of relationships has such a role`;
    return known.has(role) ? [] : [{ field: `roles.${at}`, code: "invalid_value", message }];
  });
  if (issues.length > 0) throw invalidInput("relationship", issues);
}

/** Of those that are read, by their keys, also of archived ones: for questions. @throws `unknown_relationship_type` */
export function typeIdsOf(
  context: RelationshipsContext,
  types: ReadonlyMap<string, TypeRecord>,
  keys: readonly string[],
): readonly string[] {
  const byKey = new Map([...types.values()].map(({ key, id }) => [key, id]));
  return keys.map((key) => {
    const id = byKey.get(key);
    if (id !== undefined) return id;
    const known = [...byKey.keys()].toSorted().slice(0, 20).join(", ") || "none yet";
    const facts = { entity: "relationshipType", field: "types", type: key, known };
    throw context.error("unknown_relationship_type", facts);
  });
}

async function someKeys(context: RelationshipsContext): Promise<string> {
  const { items } = await context.relationshipTypes.list({ orderBy: [{ key: "asc" }], limit: 21 });
  const keys = items.map(({ key }) => key);
  if (keys.length === 0) return "none yet";
  return keys.length > 20 ? `${keys.slice(0, 20).join(", ")}, …` : keys.join(", ");
}
