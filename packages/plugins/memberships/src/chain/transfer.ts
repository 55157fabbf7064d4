/** What is left of a membership goes to somebody else. */
import * as z from "zod";
import { daySchema, idSchema, type Party, parsed, reasonSchema, requireParty } from "../asked.ts";
import type { MembershipRecord, MembershipsContext, TermRecord } from "../parts.ts";
import { voidOpenOrders } from "../payment/make-order.ts";
import { moneyForDays } from "../payment/money-amounts.ts";
import { endOldChain } from "./end-old-chain.ts";
import { requireNoOpenOrder } from "./join.ts";
import { lockMemberships } from "./lock-memberships.ts";
import { requireMayJoin } from "./may-join.ts";
import { type ReadChain, readChain, readPlan } from "./read-chain.ts";
import { rewriteSpans } from "./rewrite-spans.ts";
import { daysOf, pricedDays } from "./term-days.ts";
import { endTerms, requireApart } from "./write-terms.ts";

export interface TransferInput extends Party {
  /** The new member's first day; today unless given. */
  readonly on?: string | undefined;
  readonly reason?: string | undefined;
}

export interface Transferred {
  readonly from: MembershipRecord;
  readonly to: MembershipRecord;
  /** The new member's. */
  readonly terms: readonly TermRecord[];
}

const transferSchema = z.strictObject({
  contactId: idSchema.nullish(),
  accountId: idSchema.nullish(),
  on: daySchema.optional(),
  reason: reasonSchema,
});

/**
 * One unit. From the day on the running term and those after it are the new member's, with their days, their place in the chain and their prices,
 * the first one's by the days that are left; the old membership is cancelled from then on. Nothing is paid, and nothing goes back. What was left
 * of a membership that the new member had cancelled is given up.
 *
 * @throws `membership_ended` for one without a running term, `already_member`, `order_open` for a new member who has ordered one, `may_not_join`, `terms_overlap`, `invalid_input`, `not_found`
 */
export async function transfer(context: MembershipsContext, id: string, given: TransferInput): Promise<Transferred> {
  const input = parsed("membership", transferSchema, given);
  const party = requireParty(input);
  return context.transaction(async (tx) => {
    const on = input.on ?? (await tx.settings.today());
    await tx.lock(party.contactId ? `contact:${party.contactId}` : `account:${party.accountId}`);
    const { programId } = await tx.memberships.get(id, { select: ["programId"] });
    const found = await tx.memberships.find({ where: { programId, ...party }, archived: "include" });
    await lockMemberships(tx, found ? [id, found.id] : [id]);
    const chain = await readChain(tx, id);
    const running = requireRunning(tx, chain, on);
    const read = await readPlan(tx, running.planId);
    const receiver = found ? await readChain(tx, found.id) : undefined;
    if (found?.id === id || receiver?.statusOn(on)?.counts) {
      const member = party.contactId ? `Contact ${party.contactId}` : `Account ${party.accountId}`;
      throw tx.error("already_member", {
        entity: "membership",
        id: found!.id,
        member,
        program: read.program.key,
        day: on,
      });
    }
    if (receiver) requireNoOpenOrder(tx, receiver.orders, found!.id);
    const moved = chain.terms.filter(({ countsFrom }) => countsFrom >= running.countsFrom);
    await endTerms(tx, moved, { on, reason: "transferred" });
    await voidOpenOrders(tx, id, { on });
    await tx.membershipEvents.create({
      membershipId: id,
      kind: "cancelled",
      validFrom: on,
      reason: input.reason ?? "transferred",
    });
    await tx.memberships.update(id, { autoRenew: false });
    await rewriteSpans(tx, [id]);
    await requireMayJoin(tx, read, { ...party, day: on, membershipId: found?.id });
    const { renewalPlanId } = chain.membership;
    const to = found
      ? await tx.memberships.update(found.id, { renewalPlanId })
      : await tx.memberships.create({ programId, ...party, renewalPlanId });
    const rows = moved.map((term) => ({
      ...movedTerm(term, { on, daysOfPrice: pricedDays(term, read.plan) }),
      membershipId: to.id,
    }));
    const standing = receiver ? await endOldChain(tx, receiver, on) : [];
    requireApart(tx, to.id, [...standing, ...rows]);
    const terms = await tx.membershipTerms.createMany(rows);
    await rewriteSpans(tx, [to.id]);
    return { from: await tx.memberships.get(id), to: await tx.memberships.get(to.id), terms };
  });
}

function requireRunning(tx: MembershipsContext, chain: ReadChain, day: string): TermRecord {
  const status = chain.statusOn(day);
  const term = chain.termOn(day);
  if (term && status?.span.state === "term" && (term.endsOn === null || term.endsOn >= day)) return term;
  const advice = "only a term that is running can be transferred";
  const details = { entity: "membership", id: chain.membership.id, status: status?.status ?? "not begun", day, advice };
  throw tx.error("membership_ended", details);
}

/** The new member's chain begins on the day. */
function movedTerm(
  { levelId, planId, anchorOn, position, startsOn, endsOn, countsFrom, price, complimentary }: TermRecord,
  { on, daysOfPrice }: { readonly on: string; readonly daysOfPrice: number },
) {
  const first = startsOn <= on ? on : startsOn;
  const left =
    price === null || endsOn === null || first <= countsFrom
      ? price
      : moneyForDays(price, daysOf(first, endsOn), daysOfPrice);
  return {
    ...{ levelId, planId, origin: "transfer" as const, chainStartsOn: on, anchorOn, position },
    ...{ startsOn: first, endsOn, countsFrom: first, price: left, complimentary },
  };
}
