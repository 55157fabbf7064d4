/** Memberships that renew themselves: each term once, asked of a payment provider, and tried again where it fails. */
import { addDays, CrmError, dayIn, type Money } from "@relata/core/plugin";
import * as z from "zod";
import { instantSchema, parsed } from "../asked.ts";
import { lockMemberships } from "../chain/lock-memberships.ts";
import { renew } from "../chain/renew.ts";
import type { MembershipsContext, OrderRecord } from "../parts.ts";
import { LAST_DAY } from "../status/day-offset.ts";
import { statusesOn } from "../status/statuses-on.ts";
import { duesOf } from "./dues.ts";
import { isNothing, sumMoney } from "./money-amounts.ts";
import type { ChargeResult, PaymentProvider } from "./payment-provider.ts";
import { type PaymentInput, recordPayment } from "./record-payment.ts";

export interface CollectInput {
  readonly provider: PaymentProvider;
  /** The instant whose day, the organisation's, it is; now unless given. */
  readonly now?: Date | undefined;
}

/** What became of each; ids of memberships, and why. */
export interface Collected {
  /** Orders for the next term that were made now. */
  readonly ordered: readonly string[];
  readonly renewed: readonly string[];
  readonly pending: readonly string[];
  readonly failed: readonly {
    readonly membershipId: string;
    readonly reason: string;
    readonly nextAttemptOn: string | null;
  }[];
  /** What could not be ordered, or the provider could not be asked: tried again by the next call. */
  readonly problems: readonly { readonly membershipId: string; readonly error: unknown }[];
}

const inputSchema = z.strictObject({
  now: instantSchema.optional(),
  provider: z.custom<PaymentProvider>(isProvider, "has no function charge"),
});

function isProvider(given: unknown): boolean {
  return typeof given === "object" && given !== null && "charge" in given && typeof given.charge === "function";
}

/**
 * First, for each membership that renews itself and whose last term ends within the level's `renewalLeadDays`, an order is made, once for each
 * term that it renews; one that no longer counts is left alone. Then the provider is asked for the instalments of each such order that are due, outside of any unit, with
 * an id that stays the same until an answer is stored: calls that run at the same time, or that were cut off, charge once and extend once.
 */
export async function collectRenewals(context: MembershipsContext, given: CollectInput): Promise<Collected> {
  const { now = context.now(), provider } = parsed("membershipOrder", inputSchema, given);
  const today = dayIn(now, (await context.settings.current()).timeZone);
  const problems: { membershipId: string; error: unknown }[] = [];
  const collected = { ordered: [] as string[], renewed: [] as string[], pending: [] as string[], problems };
  const failed: { membershipId: string; reason: string; nextAttemptOn: string | null }[] = [];
  for (const { membershipId, key } of await dueRenewals(context, today)) {
    try {
      const { order } = await renew(context, membershipId, { on: today, key, automatic: true });
      collected.ordered.push(membershipId);
      if (order.state === "applied") collected.renewed.push(membershipId);
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      problems.push({ membershipId, error });
    }
  }
  for (const { id, membershipId } of await dueOrders(context, today)) {
    // What was paid, given up or tried since the list was read is not charged.
    const [order] = await dueOrders(context, today, id);
    if (order === undefined) continue;
    const due = await dueNow(context, order, today);
    if (due === undefined) continue;
    const result = await charged(context, provider, { order, ...due }).catch((error: unknown) => {
      problems.push({ membershipId, error });
    });
    if (result?.status === "pending") collected.pending.push(membershipId);
    if (result?.status === "paid") {
      const payment = { paymentId: result.paymentId, receivedOn: result.receivedOn ?? today, amount: due.amount };
      const paid = await settled(context, { ...payment, orderId: order.id });
      if (paid === true) collected.renewed.push(membershipId);
      else problems.push({ membershipId, error: paid });
    }
    if (result?.status === "failed")
      failed.push({
        membershipId,
        reason: result.reason,
        nextAttemptOn: await postponed(context, order, { ...result, today }),
      });
  }
  return { ...collected, failed };
}

/** Nobody is charged who is archived; what is nobody's, since the member was deleted, renews nothing. */
const RENEWING = {
  autoRenew: true,
  or: [{ contact: { archivedAt: null } }, { account: { archivedAt: null } }],
} as const;

/** Of memberships that count and have a last term whose end is near, and no order for what follows it. */
async function dueRenewals(context: MembershipsContext, today: string) {
  const levels = await Array.fromAsync(
    context.membershipLevels.iterate({ select: ["renewalLeadDays"], archived: "include" }),
  );
  const leads = new Map(levels.map(({ id, renewalLeadDays }) => [id, renewalLeadDays]));
  const spans = await Array.fromAsync(
    context.membershipSpans.iterate({
      where: {
        ...{ lastDay: LAST_DAY, membership: RENEWING },
        or: [{ state: "term" }, { state: "overridden", firstDay: { lte: today } }],
        termEndsOn: { between: [addDays(today, -366), addDays(today, Math.max(0, ...leads.values()))] },
      },
      select: ["membershipId", "levelId", "termId", "termEndsOn"],
    }),
  );
  const near = spans.filter(({ termEndsOn, levelId }) => addDays(termEndsOn!, -(leads.get(levelId) ?? 0)) <= today);
  const ids = near.map(({ membershipId }) => membershipId);
  const statuses = await statusesOn(context, ids, today);
  const due = near.filter(({ membershipId }) => statuses.get(membershipId)?.counts === true);
  const keys = due.map(({ membershipId, termId }) => ({ membershipId, key: `renewal of term ${termId}` }));
  const made = new Set<string | null>();
  for (let at = 0; at < keys.length; at += 500) {
    const key = { in: keys.slice(at, at + 500).map((each) => each.key) };
    for await (const order of context.membershipOrders.iterate({ where: { key }, select: ["key"] }))
      made.add(order.key);
  }
  return keys.filter(({ key }) => !made.has(key));
}

/** All of them, or the one, where it is due. Who has turned renewing off is not charged: the order waits to be paid by hand. */
function dueOrders(context: MembershipsContext, today: string, id?: string): Promise<readonly OrderRecord[]> {
  const one = id === undefined ? {} : { id };
  const due = {
    state: { in: ["open", "applied"] },
    automatic: true,
    nextAttemptOn: { lte: today },
    membership: RENEWING,
  } as const;
  return Array.fromAsync(context.membershipOrders.iterate({ where: { ...one, ...due } }));
}

interface DueNow {
  /** Of the earliest instalment that is open. */
  readonly number: number;
  /** What is open of all instalments that are due. */
  readonly amount: Money;
}

async function dueNow(context: MembershipsContext, { id }: OrderRecord, today: string): Promise<DueNow | undefined> {
  const { instalments, amount } = await duesOf(context, id, { on: today });
  const due = instalments.filter(({ dueOn, open }) => dueOn <= today && !isNothing(open));
  const open = due.map((each) => each.open);
  return due[0] && { number: due[0].number, amount: sumMoney(amount.currency, open) };
}

async function charged(
  context: MembershipsContext,
  provider: PaymentProvider,
  { order, number, amount }: DueNow & { readonly order: OrderRecord },
): Promise<ChargeResult> {
  const { paymentMethod } = await context.memberships.get(order.membershipId, { select: ["paymentMethod"] });
  const { id: orderId, membershipId, payerContactId, payerAccountId, failures } = order;
  return provider.charge({
    ...{ chargeId: `${orderId} ${number} ${failures + 1}`, orderId, membershipId, amount },
    ...{ paymentMethod, payerContactId, payerAccountId },
  });
}

/** True, or what kept the payment from being recorded. */
async function settled(context: MembershipsContext, payment: PaymentInput): Promise<true | CrmError> {
  try {
    await recordPayment(context, payment);
    return true;
  } catch (error) {
    if (error instanceof CrmError) return error;
    throw error;
  }
}

/** The day of the next attempt; null where there is none. A failure counts once, whoever was told of it. */
async function postponed(
  context: MembershipsContext,
  { id, membershipId, failures: known, levelId }: OrderRecord,
  { reason, today }: { readonly reason: string; readonly today: string },
): Promise<string | null> {
  return context.transaction(async (tx) => {
    await lockMemberships(tx, [membershipId]);
    const order = await tx.membershipOrders.get(id);
    if (order.state === "void" || order.failures !== known) return order.nextAttemptOn;
    const { retryDays } = await tx.membershipLevels.get(levelId);
    const days = retryDays[known];
    const nextAttemptOn = days === undefined ? null : addDays(today, Math.max(days, 1));
    const failures = known + 1;
    await tx.membershipOrders.update(id, { failures, nextAttemptOn, lastFailure: reason.slice(0, 2_000) });
    await tx.emit("membership.renewal_failed", membershipId, {
      on: today,
      orderId: id,
      failures,
      nextAttemptOn,
      reason,
    });
    return nextAttemptOn;
  });
}
