/** What is known of a party, from whom, what it was used for, and who has read it. */
import { CrmError, count, max, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { certaintySchema, daySchema, parsed, thingSchema } from "../asked.ts";
import type { Certainty } from "../edge/edge-days.ts";
import { type Inferred, inferFrom } from "../inference/infer.ts";
import { inferenceOf } from "../inference/inference-services.ts";
import { displayName } from "../names-of.ts";
import type { RelationshipsContext } from "../parts.ts";
import { thingKey } from "../things.ts";
import { readTypes } from "../type/read-types.ts";
import { compareStatements, countsOn, type StatementRecord } from "./decide.ts";
import { type KnownEdge, knownEdges, type NamedParty } from "./known-edges.ts";
import {
  type KnownField,
  type KnownRecord,
  type KnownReferences,
  knownFields,
  knownRecords,
  knownReferences,
} from "./known-records.ts";
import { type Audience, type Verdict, verdictOf, visibilityFor } from "./may-use.ts";
import { noteReading, type ReadingRecord, readingsOf } from "./readings.ts";
import { requireParty, statementsOf } from "./statements.ts";

export interface ExplainOptions {
  /** To whom it is shown; "staff" unless given. The party is shown all but restricted relationships. */
  readonly audience?: Exclude<Audience, "public"> | undefined;
  /** The day on which statements count and things follow by rules; today unless given. */
  readonly on?: string | undefined;
  readonly certainty?: Certainty | undefined;
  /** How many of the latest readings are told, 0 to 1,000; 100 unless given. */
  readonly readings?: number | undefined;
  /** What it is asked for: noted as the purpose of this reading, where readings are logged. */
  readonly purpose?: string | undefined;
}

/** A field, and what the party said of it. */
export interface ExplainedField extends KnownField {
  /** The latest statements of the party about this field that count on the day: a correction, a refusal. */
  readonly statements: readonly StatementRecord[];
}

export interface ExplainedEdge extends KnownEdge {
  readonly statements: readonly StatementRecord[];
}

/** Follows by a rule, and is not recorded: its ways are what it rests on. */
export interface ExplainedInference extends Omit<Inferred, "far"> {
  readonly far: NamedParty;
  readonly statements: readonly StatementRecord[];
}

/** What readings were for. */
export interface ExplainedPurpose {
  readonly purpose: string;
  readonly readings: number;
  readonly lastReadAt: Date | null;
  /** What the party's statements say of it on the day. */
  readonly verdict: Verdict;
}

export interface Explanation {
  readonly party: NamedParty;
  readonly on: string;
  readonly audience: Exclude<Audience, "public">;
  readonly fields: readonly ExplainedField[];
  readonly records: readonly KnownRecord[];
  /** What else refers to the party, in core and in all plugins: how much of each entity, and for staff which. */
  readonly references: readonly KnownReferences[];
  readonly relationships: readonly ExplainedEdge[];
  /** Relationships that are not shown to this audience. */
  readonly withheld: number;
  readonly inferred: readonly ExplainedInference[];
  /** Why nothing is told by rules, where they lead too far; null otherwise. */
  readonly notInferred: string | null;
  /** All statements, the latest first. */
  readonly statements: readonly StatementRecord[];
  readonly purposes: readonly ExplainedPurpose[];
  /** The latest readings; this one is not among them. */
  readonly readings: readonly ReadingRecord[];
  /** Whether this reading was noted. */
  readonly noted: boolean;
}

const optionsSchema = z.strictObject({
  audience: z.enum(["staff", "party"]).optional(),
  on: daySchema.optional(),
  certainty: certaintySchema.optional(),
  readings: z.int().min(0).max(1_000).optional(),
  purpose: z.string().trim().min(1).max(200).optional(),
});

export interface Logging {
  /** Explanations and exports are noted as readings. */
  readonly logReading: boolean;
}

export async function explain(
  context: RelationshipsContext,
  given: RecordReference,
  { options, logReading }: { readonly options: ExplainOptions } & Logging,
): Promise<Explanation> {
  const party = parsed("partyStatement", thingSchema, given);
  const {
    audience = "staff",
    certainty,
    readings = 100,
    purpose = "explanation",
    ...asked
  } = parsed("partyStatement", optionsSchema, options);
  const on = asked.on ?? (await context.settings.today());
  await requireParty(context, party);
  const record = await context.repository(party.entityType).get(party.id);
  const visibility = visibilityFor(audience);
  const types = await readTypes(context);
  const { edges, withheld, names } = await knownEdges(context, party, {
    types,
    visibility,
    isParty: audience === "party",
  });
  const { inferred, notInferred } = await followed(context, party, { on, certainty, visibility });
  const statements = await statementsOf(context, party);
  const counting = statements.filter((each) => countsOn(each, on)).toSorted(compareStatements);
  const about = (isIt: (statement: StatementRecord) => boolean) => counting.filter(isIt);
  const latest = readings === 0 ? [] : (await readingsOf(context, party, { limit: readings })).items;
  const explanation = {
    ...{ party: { ...party, name: displayName(record) }, on, audience, withheld, notInferred, statements },
    fields: (await knownFields(context, party, record)).map((field) => ({
      ...field,
      statements: about((each) => each.field === field.field),
    })),
    records: await knownRecords(context, party),
    references: await knownReferences(context, party, { isParty: audience === "party" }),
    relationships: edges.map((edge) => ({
      ...edge,
      statements: about((each) => each.relationshipId === edge.relationshipId || each.type === edge.type),
    })),
    inferred: inferred.map((each) => ({
      ...each,
      far: { ...each.far, name: names.get(thingKey(each.far)) ?? null },
      statements: about(({ type }) => type === each.rule),
    })),
    purposes: await purposesOf(context, party, { statements, on }),
    readings: latest,
  };
  const noted = logReading && (await noteReading(context, party, { purpose, what: ["explanation"] }));
  return { ...explanation, noted };
}

/** A party that stands in the middle of very much is explained all the same. */
async function followed(
  context: RelationshipsContext,
  party: RecordReference,
  options: Pick<Parameters<typeof inferenceOf>[1], "on" | "certainty" | "visibility">,
): Promise<{ readonly inferred: readonly Inferred[]; readonly notInferred: string | null }> {
  try {
    return { inferred: await inferFrom(context, party, await inferenceOf(context, options)), notInferred: null };
  } catch (error) {
    if (!CrmError.is(error) || !error.code.startsWith("inference_")) throw error;
    return { inferred: [], notInferred: error.message };
  }
}

/** Those of readings, and those that were stated. One query. */
async function purposesOf(
  context: RelationshipsContext,
  { entityType, id }: RecordReference,
  { statements, on }: { readonly statements: readonly StatementRecord[]; readonly on: string },
): Promise<readonly ExplainedPurpose[]> {
  const read = await context.partyReadings.aggregate({
    where: { partyId: id, partyType: entityType },
    groupBy: { purpose: "purpose" },
    measures: { readings: count(), lastReadAt: max("createdAt") },
    limit: 1_000,
  });
  const byPurpose = new Map(read.map((row) => [row.purpose as string, row]));
  for (const { purpose } of statements)
    if (purpose !== null && !byPurpose.has(purpose)) byPurpose.set(purpose, undefined as never);
  return [...byPurpose]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([purpose, row]) => ({
      ...{ purpose, readings: row?.readings ?? 0, lastReadAt: row?.lastReadAt ?? null },
      verdict: verdictOf(statements, { purpose }, on),
    }));
}
