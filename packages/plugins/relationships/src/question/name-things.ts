/** Things that are asked about, and the names of those that are found. */
import { isUuid, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { thingSchema } from "../asked.ts";
import { namesOf, recordsOf } from "../names-of.ts";
import type { RelationshipsContext } from "../parts.ts";
import { thingKey } from "../things.ts";

export interface NamedThing extends RecordReference {
  /** What the record is called; its id, where it has no name or is gone. */
  readonly name: string;
}

/** As many things may be asked about at once. */
const MOST = 1_000;

/** One thing, or a list of them without repetitions. */
export const thingsSchema = z
  .union([thingSchema.transform((thing) => [thing]), z.array(thingSchema).min(1).max(MOST)])
  .transform((things) => [...new Map(things.map((thing) => [thingKey(thing), thing])).values()]);

/** One query for each entity and every thousand things. */
export async function nameThings(
  context: RelationshipsContext,
  things: readonly RecordReference[],
): Promise<(thing: RecordReference) => NamedThing> {
  const names = await namesOf(context, things);
  return ({ entityType, id }) => ({ entityType, id, name: names.get(thingKey({ entityType, id })) ?? id });
}

/** Archived ones are there. One query for each entity. @throws `not_found`; `invalid_query` for an entity that is not installed */
export async function requireThings(context: RelationshipsContext, things: readonly RecordReference[]): Promise<void> {
  const many = things.length > 1 ? things.filter(({ id }) => isUuid(id)) : [];
  const known = await recordsOf(context, many);
  // Users and teams have ids of the application's own.
  for (const thing of things) if (!known.has(thingKey(thing))) await context.repository(thing.entityType).get(thing.id);
}
