/** When two contacts, or two accounts, become one, so do their memberships of one program. */
import { lockMemberships } from "../chain/lock-memberships.ts";
import { byMembership } from "../chain/read-chain.ts";
import { rewriteSpans } from "../chain/rewrite-spans.ts";
import { standingTerms } from "../chain/spans.ts";
import type { MembershipRecord, MembershipsContext, OrderRecord, TermRecord } from "../parts.ts";
import { giveCredit, voidOrder } from "../payment/make-order.ts";
import { LAST_DAY } from "../status/day-offset.ts";
import { type JoinedChains, joinChains } from "./join-chains.ts";

interface Merge {
  readonly survivor: { readonly id: string };
  readonly other: { readonly id: string };
}

export interface Pair {
  readonly survivor: MembershipRecord;
  readonly other: MembershipRecord;
}

/**
 * The `merging` hooks of contacts and accounts: in each program of which both have a membership, the survivor's gets the terms, events, orders and
 * payments of the other's, by the rule of `joinChains`; `membership.chains_joined` tells of the days that both had. The other membership stays, without
 * a member and without days. Undone with the merge.
 */
export const mergeMembers = {
  contacts: (context: MembershipsContext, batch: readonly Merge[]) => mergeAll(context, batch, "contactId"),
  accounts: (context: MembershipsContext, batch: readonly Merge[]) => mergeAll(context, batch, "accountId"),
} as const;

export type PartyField = "contactId" | "accountId";

async function mergeAll(context: MembershipsContext, batch: readonly Merge[], field: PartyField): Promise<void> {
  for (const { survivor, other } of batch) {
    const party = field === "contactId" ? "contact" : "account";
    await context.lock(`${party}:${survivor.id}`, `${party}:${other.id}`);
    const pairs = await pairsOf(context, { survivorId: survivor.id, otherId: other.id, field });
    const ids = pairs.flatMap((pair) => [pair.survivor.id, pair.other.id]);
    await lockMemberships(context, ids);
    for (const pair of await pairsOf(context, { survivorId: survivor.id, otherId: other.id, field }))
      await mergePair(context, pair);
    await rewriteSpans(context, ids);
  }
}

/** By the ids of the programs. */
export async function pairsOf(
  context: MembershipsContext,
  { survivorId, otherId, field }: { readonly survivorId: string; readonly otherId: string; readonly field: PartyField },
): Promise<readonly Pair[]> {
  const where =
    field === "contactId" ? { contactId: { in: [survivorId, otherId] } } : { accountId: { in: [survivorId, otherId] } };
  const all = await Array.fromAsync(
    context.memberships.iterate({ where, archived: "include", orderBy: [{ programId: "asc" }] }),
  );
  return all
    .filter((each) => each[field] === survivorId)
    .flatMap((survivor) => {
      const other = all.find((each) => each[field] === otherId && each.programId === survivor.programId);
      return other ? [{ survivor, other }] : [];
    });
}

export interface PlannedMerge extends JoinedChains {
  /** Open orders of the other membership, which the survivor's has no use for. */
  readonly ordersGivenUp: readonly OrderRecord[];
  /** Whether the next renewal follows the other's: its terms last longer. */
  readonly renewsAsOther: boolean;
}

/** Three queries. */
export async function planMerge(context: MembershipsContext, { survivor, other }: Pair): Promise<PlannedMerge> {
  const where = { membershipId: { in: [survivor.id, other.id] } };
  const terms = byMembership(await Array.fromAsync(context.membershipTerms.iterate({ where })));
  const events = byMembership(await Array.fromAsync(context.membershipEvents.iterate({ where })));
  const orders = byMembership(
    await Array.fromAsync(context.membershipOrders.iterate({ where: { ...where, state: "open" } })),
  );
  const chainOf = ({ id }: MembershipRecord) => ({ terms: terms.get(id) ?? [], events: events.get(id) ?? [] });
  const joined = joinChains(chainOf(survivor), chainOf(other));
  const today = await context.settings.today();
  const ends = { survivor: endOf(chainOf(survivor).terms), other: endOf(chainOf(other).terms) };
  const isMember = Object.values(ends).some((end) => end >= today) || orders.has(survivor.id);
  const renewsAsOther = ends.other > ends.survivor;
  return { ...joined, ordersGivenUp: isMember ? (orders.get(other.id) ?? []) : [], renewsAsOther };
}

async function mergePair(context: MembershipsContext, { survivor, other }: Pair): Promise<void> {
  const plan = await planMerge(context, { survivor, other });
  const today = await context.settings.today();
  for (const order of plan.ordersGivenUp) await voidOrder(context, order, today);
  await writeTerms(context, plan, { survivor, today });
  await writeEvents(context, plan, { survivor, today });
  await moveRest(context, { survivor, other });
  const { renewalPlanId, autoRenew, paymentMethod } = plan.renewsAsOther ? other : survivor;
  const { credit } = await context.memberships.get(other.id, { select: ["credit"] });
  await context.memberships.updateMany([
    { id: other.id, contactId: null, accountId: null, mergedIntoId: survivor.id, autoRenew: false, credit: null },
    { id: survivor.id, renewalPlanId, autoRenew, paymentMethod },
  ]);
  if (credit) await giveCredit(context, survivor.id, credit);
  await context.emit("membership.chains_joined", survivor.id, {
    programId: survivor.programId,
    mergedId: other.id,
    overlaps: plan.overlaps.map((overlap) => ({ ...overlap })),
    ordersGivenUp: plan.ordersGivenUp.map(({ id }) => id),
  });
}

interface Writing {
  readonly survivor: MembershipRecord;
  readonly today: string;
}

const REASON = "on days of a term of the membership that it was merged into";

async function writeTerms(context: MembershipsContext, { terms }: PlannedMerge, { survivor, today }: Writing) {
  const membershipId = survivor.id;
  const changes = terms.map(({ record, pieces: [first] }) => ({
    id: record.id,
    membershipId,
    ...(first ?? { voidedOn: today, voidReason: REASON }),
  }));
  const added = terms.flatMap(({ record, pieces }) =>
    pieces.slice(1).map((piece) => ({ ...copyOfTerm(record), ...piece, membershipId })),
  );
  if (changes.length > 0) await context.membershipTerms.updateMany(changes);
  if (added.length > 0) await context.membershipTerms.createMany(added);
}

function copyOfTerm({ levelId, planId, orderId, origin, anchorOn, position, startsOn, endsOn, ...term }: TermRecord) {
  const { countsFrom, chainStartsOn, price, complimentary } = term;
  return {
    ...{ levelId, planId, orderId, origin, anchorOn, position, startsOn, endsOn },
    ...{ countsFrom, chainStartsOn, price, complimentary },
  };
}

async function writeEvents(context: MembershipsContext, { events }: PlannedMerge, { survivor, today }: Writing) {
  const membershipId = survivor.id;
  const changes = events.map(({ record: { id }, pieces: [first] }) => ({
    ...{ id, membershipId },
    ...(first ?? { voidedOn: today }),
  }));
  const added = events.flatMap(({ record: { kind, status, reason, validFrom }, pieces }) =>
    pieces.slice(1).map((piece) => ({ kind, status, reason, validFrom, ...piece, membershipId })),
  );
  if (changes.length > 0) await context.membershipEvents.updateMany(changes);
  if (added.length > 0) await context.membershipEvents.createMany(added);
}

/** What is voided, what tells of a death, orders with their payments, applications, and what was used of benefits. */
async function moveRest(context: MembershipsContext, { survivor, other }: Pair): Promise<void> {
  const where = { membershipId: other.id };
  const membershipId = survivor.id;
  for (const records of [
    context.membershipTerms,
    context.membershipEvents,
    context.membershipOrders,
    context.membershipApplications,
    context.membershipBenefitUses,
  ] as const) {
    const repository = records as unknown as Movable;
    const ids: string[] = [];
    for await (const { id } of repository.iterate({ where, archived: "include" })) ids.push(id);
    if (ids.length > 0) await repository.updateMany(ids.map((id) => ({ id, membershipId })));
  }
}

/** Records that belong to a membership, whatever they are. */
interface Movable {
  iterate(query: object): AsyncIterable<{ readonly id: string }>;
  updateMany(changes: readonly { readonly id: string; readonly membershipId: string }[]): Promise<unknown>;
}

/** The last day that it has a term for; "" where it has none. */
function endOf(terms: readonly TermRecord[]): string {
  const last = standingTerms(terms).at(-1);
  return last ? (last.endsOn ?? LAST_DAY) : "";
}
