/** Opens engagements, and lets parties take part in them. */
import type { RecordReference } from "@relata/core/plugin";
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, keySchema, parsed, parsedAll, reasonSchema, thingSchema } from "../asked.ts";
import { engagementLock } from "../edge/edge-locks.ts";
import { endEdges } from "../edge/end-edges.ts";
import { type AnyRelateInput, relateMany } from "../edge/relate.ts";
import type { EngagementRecord, EngagementTypeRecord, RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf, isSameThing, thingKey } from "../things.ts";
import { type EngagementRole, engagementRolesSchema, roleTypeKey } from "./engagement-roles.ts";
import { type Participant, readParticipants } from "./participants.ts";

export interface EngagementTypeDefinition {
  readonly key: string;
  /** Its key unless given, where it is new. */
  readonly name?: string | undefined;
  readonly roles: readonly EngagementRole[];
}

const definitionSchema = () =>
  z.strictObject({ key: z.string(), name: z.string().optional(), roles: engagementRolesSchema() });

/** One unit. @throws as `defineEngagementType` */
export async function defineEngagementType(
  context: RelationshipsContext,
  definition: EngagementTypeDefinition,
): Promise<EngagementTypeRecord> {
  const { key, name, roles } = parsed("engagementType", definitionSchema(), definition);
  return context.transaction(async (tx) => {
    const found = await tx.engagementTypes.find({ where: { key }, archived: "include" });
    const given = { key, name: name ?? found?.name ?? key, roles };
    const { record } = await tx.engagementTypes.upsert(given, { by: "key" });
    return record.archivedAt === null ? record : tx.engagementTypes.restore(record.id);
  });
}

/** Who takes part, in which role; its days, how sure they are, where it is known from: whatever a relationship says of itself. */
export interface ParticipantInput extends Omit<AnyRelateInput, "type" | "from" | "to" | "officeId"> {
  readonly party: RecordReference;
  readonly role: string;
}

export interface EngagementInput {
  /** The key of its kind. */
  readonly type: string;
  readonly name: string;
  readonly validFrom?: string | null | undefined;
  readonly validUntil?: string | null | undefined;
  readonly notes?: string | null | undefined;
  readonly participants?: readonly ParticipantInput[] | undefined;
}

const participantSchema = z.looseObject({ party: thingSchema, role: keySchema });
const engagementSchema = z.strictObject({
  type: keySchema,
  name: z.string(),
  validFrom: daySchema.nullish(),
  validUntil: daySchema.nullish(),
  notes: z.string().nullish(),
  participants: z.array(z.unknown()).optional(),
});

/** One unit. @throws as `openEngagement` */
export async function openEngagement(
  context: RelationshipsContext,
  input: EngagementInput,
): Promise<{ readonly engagement: EngagementRecord; readonly participants: readonly RelationshipRecord[] }> {
  const { type, participants: _, validFrom, validUntil, notes, name } = parsed("engagement", engagementSchema, input);
  return context.transaction(async (tx) => {
    const [kind] = await typesByKey(tx, [type]);
    const days = { validFrom: validFrom ?? null, validUntil: validUntil ?? null, notes: notes ?? null };
    const engagement = await tx.engagements.create({ typeId: kind!.id, name, ...days });
    return { engagement, participants: await takePart(tx, { engagement, kind: kind! }, input.participants ?? []) };
  });
}

/** One unit. @throws as `joinEngagement` */
export async function joinEngagement(
  context: RelationshipsContext,
  engagementId: string,
  inputs: readonly ParticipantInput[],
): Promise<readonly RelationshipRecord[]> {
  const id = parsed("engagement", idSchema, engagementId);
  return context.transaction(async (tx) => {
    const { type, ...engagement } = await tx.engagements.get(id, { include: { type: true } });
    return takePart(tx, { engagement, kind: type! }, inputs);
  });
}

async function takePart(
  tx: RelationshipsContext,
  { engagement, kind }: { readonly engagement: EngagementRecord; readonly kind: EngagementTypeRecord },
  inputs: readonly ParticipantInput[],
): Promise<readonly RelationshipRecord[]> {
  parsedAll("engagement", participantSchema, inputs);
  const known = kind.roles.map(({ key }) => key);
  const issues = inputs.flatMap(({ role }, index) =>
    known.includes(role)
      ? []
      : [
          {
            field: "role",
            index,
            code: "not_allowed",
            message: `is no role of "${kind.key}": there are ${known.join(", ")}`,
          },
        ],
  );
  if (issues.length > 0) throw invalidInput("engagement", issues);
  const to = { entityType: "engagement", id: engagement.id };
  return relateMany(
    tx,
    inputs.map(({ party, role, ...values }) => ({ ...values, type: roleTypeKey(kind.key, role), from: party, to })),
  );
}

export interface LeaveInput {
  readonly party: RecordReference;
  /** In which it takes part no more; in all of its roles unless given. */
  readonly role?: string | undefined;
  /** The last day; today unless given. */
  readonly on?: string | undefined;
  readonly reason?: string | undefined;
}

const leaveSchema = z.strictObject({
  party: thingSchema,
  role: keySchema.optional(),
  on: daySchema.optional(),
  reason: reasonSchema,
});

/** One unit. @throws as `leaveEngagement` */
export async function leaveEngagement(
  context: RelationshipsContext,
  engagementId: string,
  input: LeaveInput,
): Promise<readonly RelationshipRecord[]> {
  const id = parsed("engagement", idSchema, engagementId);
  const { party, role, on, reason } = parsed("engagement", leaveSchema, input);
  return context.transaction(async (tx) => {
    await tx.lock(engagementLock(id));
    const engagement = await tx.engagements.get(id);
    const day = on ?? (await tx.settings.today());
    const isLeaving = (each: Participant) => isSameThing(each.party, party) && (!role || each.role === role);
    const leaving = (await participantsOfDay(tx, engagement, day)).filter(isLeaving);
    if (leaving.length === 0) {
      const facts = { entity: "engagement", id, name: engagement.name, field: "party" };
      throw tx.error("not_in_engagement", { ...facts, party: thingKey(party), day });
    }
    return endEdges(
      tx,
      leaving.map(({ edge }) => ({ id: edge.id, on: day, reason })),
    );
  });
}

/** One unit. @throws as `endEngagement` */
export async function endEngagement(
  context: RelationshipsContext,
  engagementId: string,
  input: Pick<LeaveInput, "on" | "reason"> = {},
): Promise<EngagementRecord> {
  const id = parsed("engagement", idSchema, engagementId);
  const { on, reason } = parsed("engagement", leaveSchema.pick({ on: true, reason: true }), input);
  return context.transaction(async (tx) => {
    await tx.lock(engagementLock(id));
    const engagement = await tx.engagements.get(id);
    const day = on ?? (await tx.settings.today());
    const leaving = (await participantsOfDay(tx, engagement, day)).filter(
      ({ validUntil }) => validUntil === null || validUntil > day,
    );
    await endEdges(
      tx,
      leaving.map(({ edge }) => ({ id: edge.id, on: day, reason })),
    );
    return tx.engagements.update(id, { validUntil: day });
  });
}

async function participantsOfDay(tx: RelationshipsContext, engagement: EngagementRecord, day: string) {
  const days = { from: day, until: day };
  return (await readParticipants(tx, [engagement], { days, certainty: "stated" })).of(engagement.id);
}

/** In the order of the keys. @throws `unknown_engagement_type` */
export async function typesByKey(
  context: RelationshipsContext,
  keys: readonly string[],
): Promise<readonly EngagementTypeRecord[]> {
  const found = new Map<string, EngagementTypeRecord>();
  for (const part of chunksOf([...new Set(keys)]))
    for await (const type of context.engagementTypes.iterate({ where: { key: { in: part } } }))
      found.set(type.key, type);
  const absent = keys.find((key) => !found.has(key));
  if (absent === undefined) return keys.map((key) => found.get(key)!);
  const all = await Array.fromAsync(context.engagementTypes.iterate({ orderBy: [{ key: "asc" }] }));
  const known = all.map(({ key }) => key).join(", ") || "none yet";
  throw context.error("unknown_engagement_type", { entity: "engagementType", field: "type", type: absent, known });
}
