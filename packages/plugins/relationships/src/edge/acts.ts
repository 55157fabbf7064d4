/** What is done to a relationship that is there: an end is no correction, and neither is a retraction. Each leaves a record of itself. */
import { addDays, invalidInput, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { boundSchema, daySchema, idSchema, parsed, reasonSchema, thingSchema, withoutUndefined } from "../asked.ts";
import { firstDay } from "../interval/day-interval.ts";
import type { RecordIn, RelationshipRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import type { TypeDefinition } from "../type/define-relationship-type.ts";
import { typesOfKeys } from "../type/read-types.ts";
import { turnOf } from "./edge-locks.ts";
import { type EdgeValues, edgeValueFields, typeSchema } from "./relate.ts";

export type ActRecord = RecordIn<"relationshipActs">;

export interface ActOptions {
  readonly reason?: string | undefined;
  /** The version that was read: if it has changed since, the act is refused with `stale_version`. */
  readonly version?: number | undefined;
}

export interface EndInput extends ActOptions {
  /** The last day; today unless given. */
  readonly on?: string | undefined;
  /** How that day is meant; "exact" unless given. */
  readonly is?: RelationshipRecord["validUntilIs"] | undefined;
}

export interface CorrectInput extends EdgeValues, ActOptions {
  readonly attributes?: RelationshipRecord["attributes"] | undefined;
}

/** Its first day is `on`. */
export interface SupersedeInput extends Omit<CorrectInput, "validFrom"> {
  /** The first day of what stands in its place; today unless given. */
  readonly on?: string | undefined;
  readonly type?: string | TypeDefinition | undefined;
  readonly from?: RecordReference | undefined;
  readonly to?: RecordReference | undefined;
}

export interface Superseded {
  readonly superseded: RelationshipRecord;
  readonly record: RelationshipRecord;
}

const options = { reason: reasonSchema, version: z.int().optional() };
const endSchema = z.strictObject({ ...options, on: daySchema.optional(), is: boundSchema.default("exact") });
const correctSchema = z.strictObject({ ...options, ...edgeValueFields });
const { validFrom: _, ...supersedingFields } = edgeValueFields;
const supersedeSchema = z.strictObject({
  ...{ ...options, ...supersedingFields, on: daySchema.optional() },
  ...{ type: typeSchema.optional(), from: thingSchema.optional(), to: thingSchema.optional() },
});
const optionsSchema = z.strictObject(options);

/**
 * It was true until a day, and is no more. An end that is there already stays, where it is the same; one that is later, or "at the earliest", makes
 * room for this one.
 *
 * @throws `relationship_ended`, `relationship_retracted`; `invalid_input` for a day before the first one
 */
export async function endRelationship(context: RelationshipsContext, id: string, input: EndInput) {
  const { on: given, is, ...how } = parsed("relationship", endSchema, input);
  return acting(context, id, async (tx, edge) => {
    const on = given ?? (await tx.settings.today());
    requireStanding(tx, edge, on);
    const record = await tx.relationships.update(id, { validUntil: on, validUntilIs: is }, versionOf(edge, how));
    if (record.version !== edge.version) await noteAct(tx, { relationshipId: id, act: "ended", on, ...how });
    return record;
  });
}

/** What was recorded was wrong. Type and ends stay: of others, it never was (`retract`). @throws as a new one, `relationship_retracted` */
export async function correctRelationship(context: RelationshipsContext, id: string, input: CorrectInput) {
  const { reason, version, ...values } = parsed("relationship", correctSchema, input);
  return acting(context, id, async (tx, edge) => {
    requireRecorded(tx, edge);
    const record = await tx.relationships.update(id, withoutUndefined(values), versionOf(edge, { version }));
    if (record.version !== edge.version) await noteAct(tx, { relationshipId: id, act: "corrected", reason });
    return record;
  });
}

/**
 * From a day on, another one stands in its place: with its values where none are given, and its attributes where it is of the same type. It ends the day
 * before.
 *
 * @throws `invalid_input` for a day that is not after its first one; `relationship_ended`, `relationship_retracted`, and as a new one
 */
export async function supersedeRelationship(context: RelationshipsContext, id: string, input: SupersedeInput) {
  const { on: given, reason, version, type: key, from, to, ...values } = parsed("relationship", supersedeSchema, input);
  return acting(context, id, async (tx, edge): Promise<Superseded> => {
    const on = given ?? (await tx.settings.today());
    requireStanding(tx, edge, on);
    const first = firstDay(edge);
    if (first >= on) {
      const message = `is ${on}, and what is superseded began on ${first}: give a later day, or correct it`;
      throw invalidInput("relationship", [{ field: "on", code: "out_of_range", message }]);
    }
    const type = key === undefined ? undefined : (await typesOfKeys(tx, [key])).get(key)!;
    const last = addDays(on, -1);
    const patch = { validUntil: last, validUntilIs: "exact" } as const;
    const superseded = await tx.relationships.update(id, patch, versionOf(edge, { version }));
    const record = await tx.relationships.create({
      ...carriedOver(edge, { type, on }),
      ...(from ? { fromType: from.entityType, fromId: from.id } : {}),
      ...(to ? { toType: to.entityType, toId: to.id } : {}),
      ...withoutUndefined(values),
      ...{ validFrom: on, supersedesId: id },
    });
    await noteAct(tx, { relationshipId: id, act: "superseded", on: last, reason });
    return { superseded, record };
  });
}

/** It never was: it is archived, counts for nothing, and is told in lists that ask for archived ones. */
export async function retractRelationship(context: RelationshipsContext, id: string, input: ActOptions) {
  const { reason, version } = parsed("relationship", optionsSchema, input);
  return acting(context, id, async (tx, edge) => {
    await requireVersion(tx, edge, version);
    if (edge.archivedAt !== null) return edge;
    const record = await tx.relationships.archive(id);
    await noteAct(tx, { relationshipId: id, act: "retracted", reason });
    return record;
  });
}

/** Takes back a retraction, or else an end. @throws `relationship_not_ended`, and as a new one */
export async function reopenRelationship(context: RelationshipsContext, id: string, input: ActOptions) {
  const { reason, version } = parsed("relationship", optionsSchema, input);
  return acting(context, id, async (tx, edge) => {
    await requireVersion(tx, edge, version);
    if (edge.archivedAt === null && edge.validUntil === null)
      throw tx.error("relationship_not_ended", { entity: "relationship", field: "validUntil", id });
    const record =
      edge.archivedAt === null
        ? await tx.relationships.update(id, { validUntil: null, validUntilIs: "exact" })
        : await tx.relationships.restore(id);
    await noteAct(tx, { relationshipId: id, act: "reopened", reason });
    return record;
  });
}

/** One act after another, and none while all of its office or engagement are ended. @throws `not_found` */
function acting<T>(
  context: RelationshipsContext,
  given: string,
  act: (tx: RelationshipsContext, edge: RelationshipRecord) => Promise<T>,
): Promise<T> {
  const id = parsed("relationship", idSchema, given);
  return context.transaction(async (tx) => {
    const turn = turnOf(await tx.relationships.get(id));
    await tx.lock(turn);
    const edge = await tx.relationships.get(id);
    // What it belongs to can have been merged into another one meanwhile.
    if (turnOf(edge) !== turn) await tx.lock(turnOf(edge));
    return act(tx, edge);
  });
}

function versionOf(edge: RelationshipRecord, { version }: Pick<ActOptions, "version">) {
  return { version: version ?? edge.version };
}

/** @throws `stale_version` */
async function requireVersion(tx: RelationshipsContext, edge: RelationshipRecord, version: number | undefined) {
  if (version !== undefined && version !== edge.version) await tx.relationships.update(edge.id, {}, { version });
}

function requireRecorded(tx: RelationshipsContext, { id, archivedAt }: RelationshipRecord): void {
  if (archivedAt !== null)
    throw tx.error("relationship_retracted", { entity: "relationship", field: "archivedAt", id });
}

/** It has not ended before that day. */
function requireStanding(tx: RelationshipsContext, edge: RelationshipRecord, on: string): void {
  requireRecorded(tx, edge);
  const { id, validUntil, validUntilIs } = edge;
  if (validUntil === null || validUntil >= on || validUntilIs === "at_earliest") return;
  throw tx.error("relationship_ended", { entity: "relationship", field: "validUntil", id, on: validUntil });
}

/** What the one in its place has from it. */
function carriedOver(
  edge: RelationshipRecord,
  { type, on }: { readonly type: TypeRecord | undefined; readonly on: string },
) {
  const { fromType, fromId, toType, toId, officeId, isPrimary } = edge;
  // What was there until a day at the earliest, and is there on a later one, ends nobody knows when.
  const isPast = edge.validUntil !== null && edge.validUntil < on;
  const { validUntil, validUntilIs } = isPast ? ({ validUntil: null, validUntilIs: "exact" } as const) : edge;
  const { strength, confidence, basis, source, notes, visibility, attributes } = edge;
  return {
    ...{ typeId: type?.id ?? edge.typeId, fromType, fromId, toType, toId, officeId, isPrimary },
    ...{ validUntil, validUntilIs, strength, confidence, basis, source, notes, visibility },
    ...(type === undefined || type.id === edge.typeId ? { attributes } : {}),
  };
}

interface NewAct {
  readonly relationshipId: string;
  readonly act: ActRecord["act"];
  readonly on?: string;
  readonly reason?: string | undefined;
  readonly version?: number | undefined;
}

async function noteAct(tx: RelationshipsContext, { version: _, ...act }: NewAct): Promise<void> {
  await tx.relationshipActs.create(withoutUndefined(act));
}
