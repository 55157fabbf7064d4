/** Somebody joins a program, for the first time or again. */

import { addMoney, invalidInput, multiplyMoney } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, type Party, parsed, payerOf, requireParty } from "../asked.ts";
import type { MembershipRecord, MembershipsContext, OrderRecord, TermRecord } from "../parts.ts";
import { autoRenewalOf } from "../payment/auto-renewal.ts";
import { isEnough, makeOrder } from "../payment/make-order.ts";
import { moneyForDays } from "../payment/money-amounts.ts";
import { laterOf } from "../status/day-offset.ts";
import { applyOrder } from "./apply-order.ts";
import { standingOn } from "./end-old-chain.ts";
import { lockMemberships } from "./lock-memberships.ts";
import { requireMayJoin } from "./may-join.ts";
import { type ReadPlan, readChain, readPlan } from "./read-chain.ts";
import { rewriteSpans } from "./rewrite-spans.ts";
import { daysOf, firstTerm } from "./term-days.ts";

export interface JoinInput extends Party {
  readonly planId: string;
  /** The day of joining; today unless given. */
  readonly on?: string | undefined;
  /** The day that the membership is to begin; unless given, the day that enough is paid. */
  readonly startsOn?: string | undefined;
  /** How many terms at once; 1 unless given. */
  readonly terms?: number | undefined;
  /** Granted: there is nothing to pay. */
  readonly complimentary?: boolean | undefined;
  readonly payerContactId?: string | undefined;
  readonly payerAccountId?: string | undefined;
  /** Whether it renews itself; as the level says, unless given. */
  readonly autoRenew?: boolean | undefined;
  readonly paymentMethod?: string | undefined;
  /** The same key again gives the order that there is, and makes none. */
  readonly key?: string | undefined;
}

/** What was ordered, and what it has become; no terms while it waits to be paid. */
export interface Ordered {
  readonly membership: MembershipRecord;
  readonly order: OrderRecord;
  readonly terms: readonly TermRecord[];
}

export const orderFields = {
  on: daySchema.optional(),
  terms: z.number().int().min(1).max(100).default(1),
  complimentary: z.boolean().optional(),
  payerContactId: idSchema.optional(),
  payerAccountId: idSchema.optional(),
  key: z.string().min(1).max(200).optional(),
};

const joinSchema = z.strictObject({
  ...orderFields,
  contactId: idSchema.nullish(),
  accountId: idSchema.nullish(),
  planId: idSchema,
  startsOn: daySchema.optional(),
  autoRenew: z.boolean().optional(),
  paymentMethod: z.string().max(500).optional(),
});

/**
 * One unit. Whoever was a member before has the same membership again, in a new chain with a new anchor; what was left of a cancelled one is
 * given up. Nothing to pay, a complimentary membership, or a level that extends with the order begins at once.
 *
 * @throws `already_member`, `order_open`, `may_not_join`, `no_seats`, `terms_overlap`, `invalid_input`, `not_found`
 */
export async function join(context: MembershipsContext, given: JoinInput): Promise<Ordered> {
  const input = parsed("membership", joinSchema, given);
  const party = requireParty(input);
  return context.transaction(async (tx) => {
    const on = input.on ?? (await tx.settings.today());
    const read = await readPlan(tx, input.planId);
    const { program, level } = read;
    await tx.lock(party.contactId ? `contact:${party.contactId}` : `account:${party.accountId}`);
    const found = await tx.memberships.find({ where: { programId: program.id, ...party }, archived: "include" });
    if (found) await lockMemberships(tx, [found.id]);
    const repeated = await orderOfKey(tx, input.key, found?.id);
    if (repeated) return repeated;
    const day = input.startsOn ?? on;
    const isReturn = found ? await requireEnded(tx, found, { day, program: program.key, ...party }) : false;
    await requireMayJoin(tx, read, { ...party, day, membershipId: found?.id });
    const renewing = {
      ...{ renewalPlanId: read.plan.id, autoRenew: autoRenewalOf(level, input.autoRenew) },
      ...(input.paymentMethod === undefined ? {} : { paymentMethod: input.paymentMethod }),
      ...payerOf(input),
    };
    const membership = found
      ? await tx.memberships.update(found.id, renewing)
      : await tx.memberships.create({ programId: program.id, ...party, ...renewing });
    const order = await makeOrder(tx, {
      ...{ membership, read },
      ...{ kind: isReturn ? "return" : "join", terms: input.terms, orderedOn: on, wantedOn: input.startsOn },
      ...{ price: joiningPrice(read, { day, terms: input.terms }), complimentary: input.complimentary, key: input.key },
    });
    return settleOrder(tx, order, on);
  });
}

/** What so many terms cost whoever joins on the day. */
function joiningPrice({ plan }: ReadPlan, { day, terms }: { readonly day: string; readonly terms: number }) {
  const { startsOn, endsOn } = firstTerm(plan, day);
  if (plan.firstPrice === "full" || endsOn === null) return multiplyMoney(plan.price, String(terms));
  const first = moneyForDays(plan.price, daysOf(day, endsOn), daysOf(startsOn, endsOn));
  return addMoney(first, multiplyMoney(plan.price, String(terms - 1)));
}

/** Its terms are made where that needs no payment; otherwise it waits. */
export async function settleOrder(tx: MembershipsContext, order: OrderRecord, on: string): Promise<Ordered> {
  const { membershipId } = order;
  if (await isEnough(tx, order, order.paid)) {
    const applied = await applyOrder(tx, order, on);
    return { ...applied, membership: await tx.memberships.get(membershipId) };
  }
  await rewriteSpans(tx, [membershipId]);
  return { order, terms: [], membership: await tx.memberships.get(membershipId) };
}

/**
 * What an order of this key has become, where there is one.
 *
 * @throws `invalid_input` for a key that is another membership's
 */
export async function orderOfKey(
  tx: MembershipsContext,
  key: string | undefined,
  membershipId: string | undefined,
): Promise<Ordered | undefined> {
  const order = key === undefined ? undefined : await tx.membershipOrders.find({ where: { key } });
  if (!order) return undefined;
  if (order.membershipId !== membershipId) {
    const message = "is that of another membership's order: take one of its own";
    throw invalidInput("membershipOrder", [{ field: "key", code: "not_allowed", message }]);
  }
  const { items: terms } = await tx.membershipTerms.list({ where: { orderId: order.id }, limit: 1_000 });
  return { order, terms, membership: await tx.memberships.get(membershipId) };
}

/** @throws `order_open` for another order that waits to be paid */
export function requireNoOpenOrder(tx: MembershipsContext, orders: readonly OrderRecord[], id: string): void {
  const open = orders.find(({ state }) => state === "open");
  if (open) throw tx.error("order_open", { entity: "membership", id, orderId: open.id });
}

interface Ending {
  readonly day: string;
  readonly program: string;
  readonly contactId: string | null;
  readonly accountId: string | null;
}

/** Whether it has had terms. A pause is no end: who has paused resumes. */
async function requireEnded(
  tx: MembershipsContext,
  { id }: MembershipRecord,
  { day, program, contactId, accountId }: Ending,
) {
  const chain = await readChain(tx, id);
  const status = chain.statusOn(day);
  if (status && (status.counts || status.span.state === "paused")) {
    const member = contactId ? `Contact ${contactId}` : `Account ${accountId}`;
    throw tx.error("already_member", { entity: "membership", id, member, program, day });
  }
  requireNoOpenOrder(tx, chain.orders, id);
  // A term that is running behind an override, or is to come: what was paid could not begin.
  const standing = standingOn(chain, day);
  if (standing) throw tx.error("terms_overlap", { entity: "membership", id, day: laterOf(standing.countsFrom, day) });
  return chain.terms.length > 0;
}
