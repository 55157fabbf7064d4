/** Memberships that renew themselves: each term once, asked of a payment provider, and tried again where it fails. */
import { addDays, CrmError, dayIn } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
import { lockMemberships } from "../chain/lock-memberships.ts";
import { collect } from "../chain/read-chain.ts";
import { renew } from "../chain/renew.ts";
import type { MembershipsContext, OrderRecord } from "../parts.ts";
import { LAST_DAY } from "../status/day-offset.ts";
import { statusesOn } from "../status/statuses-on.ts";
import { subtractMoney } from "./money-amounts.ts";
import type { ChargeResult, PaymentProvider } from "./payment-provider.ts";
import { recordPayment } from "./record-payment.ts";

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

const inputSchema = z.strictObject({ now: z.date().optional(), provider: z.custom<PaymentProvider>() });

/**
 * First, for each membership that renews itself and whose last term ends within the level's `renewalLeadDays`, an order is made, once for each
 * term that it renews; one that no longer counts is left alone. Then the provider is asked for each order that is due, outside of any unit, with
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
  for (const order of await dueOrders(context, today)) {
    const { membershipId } = order;
    const result = await charged(context, provider, order).catch((error: unknown) => {
      problems.push({ membershipId, error });
    });
    if (result?.status === "pending") collected.pending.push(membershipId);
    if (result?.status === "paid") {
      const paid = await settled(context, order, { ...result, receivedOn: result.receivedOn ?? today });
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

/** Of memberships that count and have a last term whose end is near, and no order for what follows it. */
async function dueRenewals(context: MembershipsContext, today: string) {
  const levels = await collect(context.membershipLevels.iterate({ select: ["renewalLeadDays"], archived: "include" }));
  const leads = new Map(levels.map(({ id, renewalLeadDays }) => [id, renewalLeadDays]));
  const spans = await collect(
    context.membershipSpans.iterate({
      where: {
        ...{ state: "term", lastDay: LAST_DAY, firstDay: { lte: today }, membership: { autoRenew: true } },
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

function dueOrders(context: MembershipsContext, today: string): Promise<readonly OrderRecord[]> {
  return collect(
    context.membershipOrders.iterate({ where: { state: "open", automatic: true, nextAttemptOn: { lte: today } } }),
  );
}

async function charged(
  context: MembershipsContext,
  provider: PaymentProvider,
  order: OrderRecord,
): Promise<ChargeResult> {
  const { paymentMethod } = await context.memberships.get(order.membershipId, { select: ["paymentMethod"] });
  const { id: orderId, membershipId, payerContactId, payerAccountId, failures } = order;
  return provider.charge({
    ...{ chargeId: `${orderId} ${failures + 1}`, orderId, membershipId, paymentMethod, payerContactId, payerAccountId },
    amount: subtractMoney(order.amount, order.paid),
  });
}

/** True, or what kept the payment from being recorded. */
async function settled(
  context: MembershipsContext,
  order: OrderRecord,
  { paymentId, receivedOn }: { readonly paymentId: string; readonly receivedOn: string },
): Promise<true | CrmError> {
  try {
    await recordPayment(context, {
      paymentId,
      receivedOn,
      orderId: order.id,
      amount: subtractMoney(order.amount, order.paid),
    });
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
    if (order.state !== "open" || order.failures !== known) return order.nextAttemptOn;
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
