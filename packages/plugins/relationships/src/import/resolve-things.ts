/** Finds the records that rows name. */
import { CrmError, isUuid, type RecordReference } from "@relata/core/plugin";
import type { RelationshipsContext } from "../parts.ts";
import { chunksOf, thingKey } from "../things.ts";
import type { CheckedOptions } from "./import-options.ts";
import type { NamedThing } from "./read-row.ts";

/** Gives the live record of a thing, or what is wrong with its name. */
export type ThingOf = (thing: NamedThing, end: "from" | "to") => RecordReference | string;

interface Asked {
  readonly thing: NamedThing;
  readonly end: "from" | "to";
}

/** Queries for every thousand different names of one entity and source. */
export async function resolveThings(
  context: RelationshipsContext,
  asked: readonly Asked[],
  options: CheckedOptions,
): Promise<ThingOf> {
  const named = new Map<string, RecordReference>();
  const entities = new Set(context.entities().map(({ name }) => name));
  const distinct = new Map(asked.map((each) => [nameOf(each), each]));
  for (const [, group] of Map.groupBy(
    [...distinct.values()],
    ({ thing, end }) => `${end} ${thing.isId} ${thing.entity}`,
  )) {
    const { thing, end } = group[0]!;
    const keys = group.map((each) => each.thing.key);
    const { by } = options[end];
    const found = await lookUp(context, keys, { entity: thing.entity, by: thing.isId ? "id" : by, entities });
    for (const each of group) {
      const record = found.get(each.thing.key);
      if (record) named.set(nameOf(each), record);
    }
  }
  const live = await liveAmong(context, [...named.values()], entities);
  return (thing, end) => {
    if (thing.entity !== undefined && !entities.has(thing.entity))
      return `is of "${thing.entity}", and there is no such entity`;
    const { by } = options[end];
    if (thing.entity === undefined && (thing.isId || !isResolver(by)))
      return `names no entity: say ${end}.entity, or name the column of ${end}Entity`;
    const record = named.get(nameOf({ thing, end }));
    if (record && live.has(thingKey(record))) return record;
    return `"${thing.key}" is no live ${thing.entity ?? "record"}: bring it in first, or correct the row`;
  };
}

function nameOf({ thing, end }: Asked): string {
  return `${end} ${thing.isId} ${thing.entity} ${thing.key}`;
}

function isResolver(by: CheckedOptions["from"]["by"]) {
  return typeof by === "object" && "resolve" in by;
}

interface LookUp {
  readonly entity: string | undefined;
  readonly by: CheckedOptions["from"]["by"];
  readonly entities: ReadonlySet<string>;
}

async function lookUp(
  context: RelationshipsContext,
  keys: readonly string[],
  { entity, by, entities }: LookUp,
): Promise<ReadonlyMap<string, RecordReference>> {
  const found = new Map<string, RecordReference>();
  if (typeof by === "object" && "resolve" in by) {
    for (const part of chunksOf(keys)) for (const [key, record] of await by.resolve(part)) found.set(key, record);
    return found;
  }
  if (entity === undefined || !entities.has(entity)) return found;
  if (by === "id") {
    for (const key of keys) found.set(key, { entityType: entity, id: key });
    return found;
  }
  const resolve = async (possible: readonly string[]) => [
    ...(await context.externalIds.resolve({ source: by.source, entityType: entity, keys: possible })),
  ];
  for (const [key, id] of await ofPossible(keys, resolve)) found.set(key, { entityType: entity, id });
  return found;
}

/** The keys of those that are there and not archived. */
async function liveAmong(
  context: RelationshipsContext,
  records: readonly RecordReference[],
  entities: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const live = new Set<string>();
  for (const [entityType, group] of Map.groupBy(records, (record) => record.entityType)) {
    if (!entities.has(entityType)) continue;
    const repository = context.repository(entityType);
    const all = [...new Set(group.map(({ id }) => id))];
    // Users and teams have ids of the application's own.
    const ids = entityType === "user" || entityType === "team" ? all : all.filter(isUuid);
    for (const part of chunksOf(ids)) {
      const list = (possible: readonly string[]) =>
        repository.list({ where: { id: { in: possible } }, limit: possible.length }).then(({ items }) => items);
      for (const { id } of await ofPossible(part, list)) live.add(thingKey({ entityType, id }));
    }
  }
  return live;
}

/** What is found without the keys that cannot be, such as one with a NUL character: nobody has such a key. */
async function ofPossible<T>(
  keys: readonly string[],
  find: (keys: readonly string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  if (keys.length === 0) return [];
  try {
    return await find(keys);
  } catch (error) {
    if (!CrmError.is(error, "invalid_query")) throw error;
    const middle = Math.floor(keys.length / 2);
    if (middle === 0) return [];
    const before = await ofPossible(keys.slice(0, middle), find);
    return [...before, ...(await ofPossible(keys.slice(middle), find))];
  }
}
