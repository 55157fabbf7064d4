/** Who takes part in activities: added many at once, and found again when an address turns out to be somebody's. */
import * as z from "zod";
import { CrmError, type InputIssue } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { PatchInput, RecordOf } from "../../kernel/entity/model.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { lockEach } from "../lock-each.ts";

export type ActivityParticipantRecord = RecordOf<DomainModel, "activityParticipant">;

/** Exactly one of the first four. */
export interface ParticipantInput {
  readonly contactId?: string;
  readonly accountId?: string;
  readonly userId?: string;
  /** An e-mail address or a phone number of somebody who is none of them yet. */
  readonly address?: string;
  /** "attendee", unless given. */
  readonly role?: ActivityParticipantRecord["role"];
  readonly response?: "accepted" | "tentative" | "declined";
}

const PARTIES = ["contactId", "accountId", "userId", "address"] as const;
/** So many are resolved with one list of statements. */
const BATCH = 1_000;

/** Those who take part with the role already are not added again. In the order of the inputs. */
export async function addParticipants(
  context: DomainContext,
  activityId: string,
  given: readonly ParticipantInput[],
): Promise<readonly ActivityParticipantRecord[]> {
  const inputs = checkedInputs(given);
  return context.transaction(async (tx) => {
    await tx.lock(`activity:${activityId}`);
    await tx.activities.get(activityId, { select: ["id"] });
    const known = new Map<string, ActivityParticipantRecord>();
    for await (const participant of tx.activityParticipants.iterate({ where: { activityId }, archived: "include" }))
      known.set(identityOf(participant), participant);
    const adding = new Map(inputs.map((input) => [identityOf(input), input]));
    for (const identity of known.keys()) adding.delete(identity);
    const added = await tx.activityParticipants.createMany(
      [...adding.values()].map((input) => ({ ...input, activityId })),
    );
    for (const participant of added) known.set(identityOf(participant), participant);
    return inputs.map((input) => known.get(identityOf(input))!);
  });
}

/** An address that was nobody's is a contact's now: whoever took part by it is that contact, once in each role. All at once, archived ones too. */
export async function resolveParticipants(
  context: DomainContext,
  given: { readonly address: string; readonly contactId: string },
): Promise<number> {
  const parsed = resolutionSchema.safeParse(given);
  if (!parsed.success) throw invalidInput("activityParticipant", inputIssues(parsed.error.issues, given));
  const { address, contactId } = parsed.data;
  return context.transaction(async (tx) => {
    if (!(await tx.exists({ entityType: "contact", id: contactId }))) throw noContact(contactId);
    let resolved = 0;
    for (;;) {
      const { items, next } = await tx.activityParticipants.list({
        where: { address: { eq: address, fold: true } },
        archived: "include",
        limit: BATCH,
      });
      await lockEach(
        tx,
        "activity",
        items.map(({ activityId }) => activityId),
      );
      const turned = await notYetTaking(tx, contactId, items);
      await tx.activityParticipants.updateMany(turned.map(({ id }) => ({ id, contactId, address: null })));
      for (const twice of items) if (!turned.includes(twice)) await tx.activityParticipants.delete(twice.id);
      resolved += items.length;
      if (next === undefined) return resolved;
    }
  });
}

/** Those in whose activity the contact does not have that role already, by itself or by another of these addresses. */
async function notYetTaking(
  tx: DomainContext,
  contactId: string,
  participants: readonly ActivityParticipantRecord[],
): Promise<readonly ActivityParticipantRecord[]> {
  const roleOf = ({ activityId, role }: ActivityParticipantRecord) => `${activityId} ${role}`;
  const where = { contactId, activityId: { in: participants.map(({ activityId }) => activityId) } };
  const taken = new Set<string>();
  for await (const participant of tx.activityParticipants.iterate({ where })) taken.add(roleOf(participant));
  return participants.filter((participant) => {
    if (taken.has(roleOf(participant))) return false;
    if (participant.archivedAt === null) taken.add(roleOf(participant));
    return true;
  });
}

export interface Proposed {
  readonly input: PatchInput<DomainModel, "activityParticipant"> & { readonly id: string };
  readonly before?: ActivityParticipantRecord;
}

/** The `before` hook of participants: each is exactly one party. @throws `invalid_input`, naming each field that is one too many. */
export async function requireOneParty(_context: DomainContext, batch: readonly Proposed[]): Promise<void> {
  const issues = batch.flatMap(({ input, before }, index) =>
    partyProblems({ ...before, ...input }).map((issue) => (batch.length > 1 ? { ...issue, index } : issue)),
  );
  if (issues.length > 0) throw invalidInput("activityParticipant", issues);
}

function partyProblems(participant: PatchInput<DomainModel, "activityParticipant">): InputIssue[] {
  const named = PARTIES.filter((party) => (participant[party] ?? null) !== null);
  if (named.length === 1) return [];
  const rule = `a participant is one of ${PARTIES.join(", ")}`;
  if (named.length === 0) return [{ field: "contactId", code: "missing_field", message: `is not given: ${rule}` }];
  return named.slice(1).map((field) => ({ field, code: "not_allowed", message: `stands beside ${named[0]}: ${rule}` }));
}

const resolutionSchema = z.strictObject({ address: z.string().min(1), contactId: z.string() });
/** Their values are checked where they are written. */
const inputSchema = z.strictObject({
  ...Object.fromEntries(PARTIES.map((party) => [party, z.unknown().optional()])),
  role: z.unknown().optional(),
  response: z.unknown().optional(),
});

function checkedInputs(given: readonly ParticipantInput[]): readonly ParticipantInput[] {
  if (!Array.isArray(given))
    throw invalidInput("activityParticipant", [
      { field: "", code: "invalid_type", message: "must be a list of participants" },
    ]);
  const issues = given.flatMap((input: unknown, index): InputIssue[] => {
    const parsed = inputSchema.safeParse(input);
    return parsed.success ? [] : inputIssues(parsed.error.issues, input, index);
  });
  if (issues.length > 0) throw invalidInput("activityParticipant", issues);
  return given;
}

/** What makes two of them the same: the party and its role. Case does not count in an address. */
function identityOf({ contactId, accountId, userId, address, role = "attendee" }: Identified): string {
  const written = typeof address === "string" ? address.normalize("NFC").toLowerCase() : null;
  return JSON.stringify([contactId ?? null, accountId ?? null, userId ?? null, written, role]);
}

type Identified = {
  readonly [P in (typeof PARTIES)[number]]?: string | null;
} & { readonly role?: string };

function noContact(id: string): CrmError {
  return new CrmError("reference_not_found", `There is no contact "${id.slice(0, 100)}" that could take part.`, {
    details: { entity: "activityParticipant", field: "contactId", reference: id },
  });
}
