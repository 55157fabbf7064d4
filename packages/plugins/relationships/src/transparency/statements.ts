/** What parties state: recorded with what core's restrictions make of it, ended, and taken back where it was never said. */
import { CrmError, dayIn, type InputIssue, invalidInput, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, keySchema, parsed, thingSchema, withoutUndefined } from "../asked.ts";
import type { RelationshipsContext } from "../parts.ts";
import { isSameThing } from "../things.ts";
import { compareStatements, dimensions, type StatementRecord } from "./decide.ts";
import { statementKinds } from "./party-statement.ts";

export interface StatementInput {
  readonly kind: StatementRecord["kind"];
  /** Of a term, a preference or a correction that allows or denies something. A permission allows, a refusal denies. */
  readonly effect?: "allow" | "deny" | undefined;
  /** What it is about; what is left out stands for any. */
  readonly purpose?: string | undefined;
  readonly channel?: string | undefined;
  /** A field of the party's record. */
  readonly field?: string | undefined;
  readonly relationshipId?: string | undefined;
  /** The key of a type of relationships, or of a rule of inference. */
  readonly type?: string | undefined;
  /** In the party's own words. */
  readonly words?: string | undefined;
  /** Now, unless given. */
  readonly statedAt?: Date | undefined;
  readonly statedThrough?: string | undefined;
  /** The first day on which it counts: that on which it was stated, unless given; null: it always did. */
  readonly validFrom?: string | null | undefined;
  readonly validUntil?: string | undefined;
  readonly evidence?: RecordReference | undefined;
}

const word = (max: number) => z.string().trim().min(1).max(max);

const statementSchema = z.strictObject({
  kind: z.enum(statementKinds),
  effect: z.enum(["allow", "deny"]).optional(),
  purpose: word(200).optional(),
  channel: word(100).optional(),
  field: word(100).optional(),
  relationshipId: idSchema.optional(),
  type: keySchema.optional(),
  words: z.string().min(1).max(100_000).optional(),
  statedAt: z.date().optional(),
  statedThrough: z.string().min(1).max(500).optional(),
  validFrom: daySchema.nullish(),
  validUntil: daySchema.optional(),
  evidence: thingSchema.optional(),
});

type Stated = z.output<typeof statementSchema>;

/** @throws `invalid_input`, `reference_not_found` */
export async function recordStatement(
  context: RelationshipsContext,
  given: RecordReference,
  input: StatementInput,
): Promise<StatementRecord> {
  const party = parsed("partyStatement", thingSchema, given);
  const stated = parsed("partyStatement", statementSchema, input);
  return context.transaction(async (tx) => {
    const { timeZone } = await tx.settings.current();
    const statedAt = stated.statedAt ?? tx.now();
    const validFrom = stated.validFrom === undefined ? dayIn(statedAt, timeZone) : stated.validFrom;
    const issues = await issuesOf(tx, party, { ...stated, statedAt, validFrom });
    if (issues.length > 0) throw invalidInput("partyStatement", issues);
    const { evidence, ...values } = stated;
    const record = await tx.partyStatements.create({
      ...withoutUndefined(values),
      ...{ statedAt, validFrom, partyType: party.entityType, partyId: party.id },
      ...(evidence ? { evidenceType: evidence.entityType, evidenceId: evidence.id } : {}),
      ...withoutUndefined({ effect: effectOf(stated) }),
    });
    await restrict(tx, record);
    return record;
  });
}

/** It counts until a day, that day included; yesterday unless given. @throws `not_found`, `invalid_input` */
export async function endStatement(
  context: RelationshipsContext,
  id: string,
  given: { readonly on?: string | undefined },
): Promise<StatementRecord> {
  const { on } = parsed("partyStatement", z.strictObject({ on: daySchema }), given);
  return context.transaction(async (tx) => {
    const statement = await tx.partyStatements.get(parsed("partyStatement", idSchema, id));
    const wrong = (message: string) => invalidInput("partyStatement", [{ field: "on", code: "out_of_range", message }]);
    if (statement.validFrom !== null && on < statement.validFrom)
      throw wrong(`is before its first day, ${statement.validFrom}: where it was never said, retract it`);
    if (isRestriction(statement) && on >= (await tx.settings.today()))
      throw wrong(
        "is not over yet, and core's restrictions know no end: end it when it is, or record a permission then",
      );
    const ended = await tx.partyStatements.update(statement.id, { validUntil: on });
    await lift(tx, statement);
    return ended;
  });
}

/** It was never said: it is archived. @throws `not_found` */
export async function retractStatement(context: RelationshipsContext, id: string): Promise<StatementRecord> {
  return context.transaction(async (tx) => {
    const statement = await tx.partyStatements.get(parsed("partyStatement", idSchema, id));
    await lift(tx, statement);
    return tx.partyStatements.archive(statement.id);
  });
}

/** The latest first. One query for every thousand. */
export async function statementsOf(
  context: RelationshipsContext,
  { entityType, id }: RecordReference,
): Promise<readonly StatementRecord[]> {
  const all = await Array.fromAsync(context.partyStatements.iterate({ where: { partyType: entityType, partyId: id } }));
  return all.toSorted(compareStatements);
}

function effectOf({ kind, effect }: Pick<Stated, "kind" | "effect">): "allow" | "deny" | undefined {
  return kind === "permission" ? "allow" : kind === "refusal" ? "deny" : effect;
}

async function issuesOf(
  tx: RelationshipsContext,
  party: RecordReference,
  stated: Stated & { readonly statedAt: Date },
): Promise<readonly InputIssue[]> {
  const { kind, effect, field, relationshipId, type, validFrom, validUntil, statedAt } = stated;
  const issues: InputIssue[] = [];
  const wrong = (name: string, code: string, message: string) => issues.push({ field: name, code, message });
  const own = effectOf(stated);
  if (effect !== undefined && own !== effect)
    wrong("effect", "not_allowed", `is "${effect}", and a ${kind} says "${own}": leave it out, or choose another kind`);
  if (kind === "correction" && field === undefined && relationshipId === undefined && type === undefined)
    wrong("field", "missing_field", "or relationshipId or type is required: what the correction is of");
  if (validFrom && validUntil && validUntil < validFrom)
    wrong("validUntil", "out_of_range", `is before the first day, ${validFrom}`);
  if (statedAt.getTime() > tx.now().getTime()) wrong("statedAt", "out_of_range", "is in the future");
  const entity = tx.entities().find(({ name }) => name === party.entityType);
  if (field !== undefined && entity && !entity.fields.some(({ name }) => name === field))
    wrong("field", "invalid_value", `names no field of ${party.entityType}`);
  if (relationshipId !== undefined && !(await isOwn(tx, party, relationshipId)))
    wrong("relationshipId", "invalid_value", "names no relationship of the party");
  if (type !== undefined && !(await isType(tx, type)))
    wrong("type", "invalid_value", `names neither a type of relationships nor a rule, by the key "${type}"`);
  return issues;
}

async function isOwn(tx: RelationshipsContext, party: RecordReference, id: string): Promise<boolean> {
  const edge = await tx.relationships.find({ where: { id: { in: [id] } }, archived: "include" });
  if (!edge) return false;
  const ends = [
    { entityType: edge.fromType, id: edge.fromId },
    { entityType: edge.toType, id: edge.toId },
  ];
  return ends.some((end) => isSameThing(end, party));
}

async function isType(tx: RelationshipsContext, key: string): Promise<boolean> {
  const query = { where: { key }, archived: "include", select: ["id"] } as const;
  return Boolean((await tx.relationshipTypes.find(query)) ?? (await tx.inferenceRules.find(query)));
}

/** What core can say too: a contact is not to be approached by a channel, or at all, from a day on. */
function isRestriction(statement: StatementRecord): boolean {
  const { partyType, effect, validUntil } = statement;
  const isGeneral = dimensions.every((each) => each === "channel" || statement[each] === null);
  return partyType === "contact" && effect !== null && validUntil === null && isGeneral;
}

/** A refusal restricts in core, so that whoever asks core alone hears of it; a permission lifts what is no more general than itself. */
async function restrict(tx: RelationshipsContext, statement: StatementRecord): Promise<void> {
  const today = await tx.settings.today();
  const since = statement.validFrom ?? today;
  if (!isRestriction(statement) || since > today) return;
  const channel = statement.channel === null ? {} : { channel: statement.channel };
  if (statement.effect === "allow") await tx.contacts.mayContactAgain(statement.partyId, channel);
  else await tx.contacts.doNotContact(statement.partyId, { ...channel, since, source: sourceOf(statement) });
}

async function lift(tx: RelationshipsContext, statement: StatementRecord): Promise<void> {
  if (!isRestriction(statement) || statement.effect === "allow") return;
  const channel = statement.channel ?? "all";
  const where = { contactId: statement.partyId, channel, source: sourceOf(statement) };
  if (await tx.contactRestrictions.find({ where, archived: "include" }))
    await tx.contacts.mayContactAgain(statement.partyId, { channel });
}

const sourceOf = ({ id }: StatementRecord) => `stated by the party (statement ${id})`;

/** @throws `not_found` */
export async function requireParty(context: RelationshipsContext, { entityType, id }: RecordReference): Promise<void> {
  const isInstalled = context.entities().some(({ name }) => name === entityType);
  if (isInstalled && (await context.repository(entityType).find({ where: { id: { in: [id] } }, archived: "include" })))
    return;
  const message = `There is no ${entityType} "${id.slice(0, 100)}".`;
  throw new CrmError("not_found", message, { details: { entity: entityType, id } });
}
