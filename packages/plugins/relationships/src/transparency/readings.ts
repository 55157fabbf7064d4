/** Who has read what of a party, and for what. */
import { CrmError, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { parsed, thingSchema } from "../asked.ts";
import type { RecordIn, RelationshipsContext } from "../parts.ts";

export type ReadingRecord = RecordIn<"partyReadings">;

export interface ReadingInput {
  /** "credit check", "support call": any word. */
  readonly purpose: string;
  /** Names of fields, keys of types, or other words for what was read. */
  readonly what?: readonly string[] | undefined;
  /** Somebody outside to whom it was given. */
  readonly recipient?: string | undefined;
}

const readingSchema = z.strictObject({
  purpose: z.string().trim().min(1).max(200),
  what: z.array(z.string().min(1).max(200)).max(1_000).optional(),
  recipient: z.string().min(1).max(500).optional(),
});

/** One write for all of them: a list that was shown is a reading of each. @throws `invalid_input`, `reference_not_found` */
export async function recordReading(
  context: RelationshipsContext,
  parties: RecordReference | readonly RecordReference[],
  given: ReadingInput,
): Promise<readonly ReadingRecord[]> {
  const all = parsed("partyReading", z.array(thingSchema).max(10_000), Array.isArray(parties) ? parties : [parties]);
  const { purpose, what = [], recipient } = parsed("partyReading", readingSchema, given);
  if (all.length === 0) return [];
  return context.partyReadings.createMany(
    all.map(({ entityType, id }) => ({
      ...{ partyType: entityType, partyId: id, purpose, what },
      ...(recipient === undefined ? {} : { recipient }),
    })),
  );
}

export interface ReadingsQuery {
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface ReadingsPage {
  readonly items: readonly ReadingRecord[];
  readonly next: string | undefined;
}

const pageSchema = z.strictObject({
  limit: z.int().min(1).max(1_000).default(50),
  after: z.string().optional(),
});

/** The latest first, in pages. @throws `invalid_input`, `invalid_cursor` */
export async function readingsOf(
  context: RelationshipsContext,
  given: RecordReference,
  query: ReadingsQuery = {},
): Promise<ReadingsPage> {
  const { entityType, id } = parsed("partyReading", thingSchema, given);
  const { limit, after } = parsed("partyReading", pageSchema, query);
  const where = { partyId: id, partyType: entityType };
  return context.partyReadings.list({
    where,
    orderBy: [{ createdAt: "desc" }],
    limit,
    ...(after === undefined ? {} : { after }),
  });
}

/** Whether it could be noted: a handle of the past writes nothing. */
export async function noteReading(
  context: RelationshipsContext,
  party: RecordReference,
  reading: ReadingInput,
): Promise<boolean> {
  try {
    await recordReading(context, party, reading);
    return true;
  } catch (error) {
    if (CrmError.is(error, "past_is_read_only")) return false;
    throw error;
  }
}
