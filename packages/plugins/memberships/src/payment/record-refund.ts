/** Money goes back: refunded, or taken back by the payer's bank. */
import { addDays, type Money } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, moneySchema, parsed } from "../asked.ts";
import { lockMemberships } from "../chain/lock-memberships.ts";
import { readChain } from "../chain/read-chain.ts";
import { rewriteSpans } from "../chain/rewrite-spans.ts";
import { endTerms } from "../chain/write-terms.ts";
import type { MembershipsContext, OrderRecord, PaymentRecord } from "../parts.ts";
import { isEnough, voidOpenOrders, voidOrder } from "./make-order.ts";
import { isLess, isNothing, subtractMoney, sumMoney } from "./money-amounts.ts";
import {
  amounts,
  knownPayment,
  place,
  type RecordedPayment,
  requireAmount,
  requireCurrency,
  termsOf,
} from "./record-payment.ts";

export interface RefundInput {
  /** The id of the refund, or chargeback, where it comes from: each counts once. */
  readonly paymentId: string;
  /** The id of the payment that goes back. */
  readonly refunds: string;
  /** All that is left of it, unless given. */
  readonly amount?: Money | undefined;
  /** The day; today unless given. */
  readonly receivedOn?: string | undefined;
}

const refundSchema = z.strictObject({
  paymentId: z.string().min(1).max(200),
  refunds: z.string().min(1).max(200),
  amount: moneySchema.optional(),
  receivedOn: daySchema.optional(),
});

/**
 * One unit. Where less is left than what made the order's terms, and the level ends terms then, they end the day before: one that is running is
 * cancelled from the day on, those that have not begun are voided, the order is void, and another one that is open is given up, unless its terms were over. Of a level that extends
 * with the order, that is where nothing is left.
 *
 * @throws `refund_exceeds_payment`, `other_currency`; `payment_differs` for an id that is recorded as something else; `invalid_input`; `not_found`
 *   for a payment that is not recorded
 */
export async function recordRefund(
  context: MembershipsContext,
  kind: "refund" | "chargeback",
  given: RefundInput,
): Promise<RecordedPayment> {
  const input = parsed("membershipPayment", refundSchema, given);
  if (input.amount) requireAmount(input.amount);
  return context.transaction(async (tx) => {
    const payment = await paymentOf(tx, input.refunds);
    const { membershipId } = await tx.membershipOrders.get(payment.orderId, { select: ["membershipId"] });
    await lockMemberships(tx, [membershipId], `membershipPayment:${input.paymentId}`);
    const order = await tx.membershipOrders.get(payment.orderId);
    const left = await leftOf(tx, payment);
    const known = await tx.membershipPayments.find({ where: { paymentId: input.paymentId } });
    if (known) {
      const same = { ...input, kind, orderId: order.id, amount: input.amount ?? known.amount };
      await knownPayment(tx, same);
      await requireSameRefund(tx, known, payment);
      return { payment: known, order, terms: await termsOf(tx, order.id), repeated: true };
    }
    const amount = input.amount ?? left;
    requireCurrency(tx, order, amount);
    if (isLess(left, amount) || isNothing(amount)) {
      const details = { ...place("amount"), paymentId: input.refunds, ...amounts(left, amount) };
      throw tx.error("refund_exceeds_payment", details);
    }
    const receivedOn = input.receivedOn ?? (await tx.settings.today());
    const refund = await tx.membershipPayments.create({
      ...{ orderId: order.id, paymentId: input.paymentId, kind, amount, receivedOn, refundedId: payment.id },
      ...{ payerContactId: payment.payerContactId, payerAccountId: payment.payerAccountId },
    });
    const paid = subtractMoney(order.paid, amount);
    const updated = await tx.membershipOrders.update(order.id, { paid });
    const ends = await endsWith(tx, updated, { kind, paid });
    const result = ends ? await endOrder(tx, updated, { on: receivedOn, kind }) : updated;
    return { payment: refund, order: result, terms: await termsOf(tx, order.id), repeated: false };
  });
}

async function paymentOf(tx: MembershipsContext, paymentId: string): Promise<PaymentRecord> {
  const found = await tx.membershipPayments.find({ where: { paymentId, kind: "payment" } });
  if (found) return found;
  throw tx.error("unknown_payment", { ...place("refunds"), paymentId });
}

/** @throws `payment_differs` for a refund of another payment */
async function requireSameRefund(tx: MembershipsContext, known: PaymentRecord, { id, paymentId }: PaymentRecord) {
  if (known.refundedId === id) return;
  const { paymentId: recorded } = await tx.membershipPayments.get(known.refundedId!, { select: ["paymentId"] });
  throw tx.error("payment_differs", { ...place("refunds"), paymentId: known.paymentId, recorded, given: paymentId });
}

async function leftOf(tx: MembershipsContext, { id, amount }: PaymentRecord): Promise<Money> {
  const { items } = await tx.membershipPayments.list({ where: { refundedId: id }, limit: 1_000 });
  const back = items.map((each) => each.amount);
  return subtractMoney(amount, sumMoney(amount.currency, back));
}

async function endsWith(
  tx: MembershipsContext,
  order: OrderRecord,
  { kind, paid }: { readonly kind: "refund" | "chargeback"; readonly paid: Money },
): Promise<boolean> {
  if (order.state !== "applied") return false;
  const level = await tx.membershipLevels.get(order.levelId);
  if ((kind === "refund" ? level.onRefund : level.onChargeback) === "keep") return false;
  return level.extendsOn === "order" ? isNothing(paid) : !(await isEnough(tx, order, paid));
}

async function endOrder(
  tx: MembershipsContext,
  order: OrderRecord,
  { on, kind }: { readonly on: string; readonly kind: string },
): Promise<OrderRecord> {
  const { membershipId } = order;
  const chain = await readChain(tx, membershipId);
  const own = chain.terms.filter(({ orderId }) => orderId === order.id);
  const governing = chain.termOn(on);
  await endTerms(tx, own, { on, reason: kind });
  if (own.some(({ endsOn }) => endsOn === null || endsOn >= on)) await voidOpenOrders(tx, membershipId, { on });
  const ended = await voidOrder(tx, order, on);
  if (governing?.orderId === order.id && governing.countsFrom < on && chain.statusOn(on)?.span.state !== "cancelled") {
    const next = chain.terms.find(({ countsFrom, orderId }) => countsFrom > on && orderId !== order.id);
    const validUntil = next ? addDays(next.countsFrom, -1) : null;
    await tx.membershipEvents.create({ membershipId, kind: "cancelled", validFrom: on, validUntil, reason: kind });
    await tx.memberships.update(membershipId, { autoRenew: false });
  }
  await rewriteSpans(tx, [membershipId]);
  return ended;
}
