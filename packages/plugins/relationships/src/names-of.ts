/** What things are called, for sentences, pages and reports. */
import type { AnyRecord, RecordReference } from "@relata/core/plugin";
import type { RelationshipsContext } from "./parts.ts";
import { chunksOf, thingKey } from "./things.ts";

/** The first of these that a record has is its name. */
const NAMES = ["fullName", "name", "title", "subject", "label", "key"] as const;

/**
 * By `thingKey`: the name of each thing, or its id where it has none. Those that are gone, or of an entity that is not installed, are not in it. One query for
 * every thousand things of an entity.
 */
export async function namesOf(
  context: RelationshipsContext,
  things: readonly RecordReference[],
): Promise<ReadonlyMap<string, string>> {
  const records = await recordsOf(context, things);
  return new Map([...records].map(([key, record]) => [key, displayName(record)]));
}

/** By `thingKey`: the records, the archived ones too; without those that are gone. */
export async function recordsOf(
  context: RelationshipsContext,
  things: readonly RecordReference[],
): Promise<ReadonlyMap<string, AnyRecord>> {
  const found = new Map<string, AnyRecord>();
  const plurals = new Map(context.entities().map(({ name, plural }) => [name, plural]));
  for (const [entityType, those] of Map.groupBy(things, (thing) => thing.entityType)) {
    if (!plurals.has(entityType)) continue;
    for (const ids of chunksOf([...new Set(those.map(({ id }) => id))])) {
      const records = context.repository(entityType).iterate({ where: { id: { in: ids } }, archived: "include" });
      for await (const record of records) found.set(thingKey({ entityType, id: record.id }), record);
    }
  }
  return found;
}

/** What a record is called: its full name, its name, its title …; its id where it has none. */
export function displayName(record: AnyRecord): string {
  for (const field of NAMES) {
    const name = record[field];
    if (typeof name === "string" && name !== "") return name;
  }
  return record.id;
}
