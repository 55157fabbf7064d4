/** A payment comes in: it extends exactly once, however often and from wherever it is reported. */
import { type InputIssue, invalidInput, isMoney, type Money, minorDigitsOf, multiplyMoney } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, moneySchema, parsed, payerOf } from "../asked.ts";
import { applyOrder } from "../chain/apply-order.ts";
import { lockMemberships } from "../chain/lock-memberships.ts";
import type { MembershipsContext, OrderRecord, PaymentRecord, TermRecord } from "../parts.ts";
import { laterOf } from "../status/day-offset.ts";
import { firstOpen } from "./dues.ts";
import { isEnough } from "./make-order.ts";
import { isLess, isNegative, isNothing, subtractMoney } from "./money-amounts.ts";

export interface PaymentInput {
  /** The id of the payment where it comes from: each counts once. */
  readonly paymentId: string;
  readonly orderId: string;
  readonly amount: Money;
  /** The day; today unless given. */
  readonly receivedOn?: string | undefined;
  /** Who paid, where it is not the order's payer. */
  readonly payerContactId?: string | undefined;
  readonly payerAccountId?: string | undefined;
}

export interface RecordedPayment {
  readonly payment: PaymentRecord;
  readonly order: OrderRecord;
  /** The terms of the order, if it has any by now. */
  readonly terms: readonly TermRecord[];
  /** Whether it had been recorded before: then nothing was written. */
  readonly repeated: boolean;
}

const paymentSchema = z.strictObject({
  paymentId: z.string().min(1).max(200),
  orderId: idSchema,
  amount: moneySchema,
  receivedOn: daySchema.optional(),
  payerContactId: idSchema.optional(),
  payerAccountId: idSchema.optional(),
});

/**
 * One unit. With the payment that the level's rule waits for, the first instalment's or the last one's, the order's terms are made, on the day
 * that it was received, or that it was ordered, whichever is later.
 *
 * @throws `other_currency`, `payment_exceeds_order`, `order_void`; `payment_differs` for a payment id that is recorded with another order or
 *   amount; `invalid_input`, `not_found`
 */
export async function recordPayment(context: MembershipsContext, given: PaymentInput): Promise<RecordedPayment> {
  const input = parsed("membershipPayment", paymentSchema, given);
  requireAmount(input.amount);
  return context.transaction(async (tx) => {
    const { membershipId } = await tx.membershipOrders.get(input.orderId, { select: ["membershipId"] });
    await lockMemberships(tx, [membershipId], `membershipPayment:${input.paymentId}`);
    const order = await tx.membershipOrders.get(input.orderId);
    const known = await knownPayment(tx, { ...input, kind: "payment" });
    if (known) return { payment: known, order, terms: await termsOf(tx, order.id), repeated: true };
    requireCurrency(tx, order, input.amount);
    if (order.state === "void")
      throw tx.error("order_void", { entity: "membershipOrder", id: order.id, day: order.stateOn });
    const left = subtractMoney(order.amount, order.paid);
    if (isLess(left, input.amount))
      throw tx.error("payment_exceeds_order", { ...place("amount"), id: order.id, ...amounts(left, input.amount) });
    const receivedOn = input.receivedOn ?? (await tx.settings.today());
    const payer = payerOf(input) ?? order;
    const payment = await tx.membershipPayments.create({
      ...{ orderId: order.id, paymentId: input.paymentId, amount: input.amount, receivedOn },
      payerContactId: payer.payerContactId,
      payerAccountId: payer.payerAccountId,
    });
    const paid = subtractMoney(order.paid, multiplyMoney(input.amount, "-1"));
    const isPaid = !isLess(paid, order.amount);
    const asked = order.nextAttemptOn === null ? undefined : await firstOpen(tx, order.id);
    await tx.membershipOrders.update(order.id, { paid, ...(isPaid ? { nextAttemptOn: null } : {}) });
    const next = asked && (await firstOpen(tx, order.id));
    // The provider is asked for the next instalment on its day, and as often as for the one before.
    if (next && next.number !== asked.number)
      await tx.membershipOrders.update(order.id, { nextAttemptOn: next.dueOn, failures: 0 });
    const updated = await tx.membershipOrders.get(order.id);
    if (order.state === "applied" || !(await isEnough(tx, updated, paid)))
      return { payment, order: updated, terms: await termsOf(tx, order.id), repeated: false };
    const on = laterOf(receivedOn, order.orderedOn);
    return { payment, ...(await applyOrder(tx, updated, on)), repeated: false };
  });
}

export async function termsOf(tx: MembershipsContext, orderId: string): Promise<readonly TermRecord[]> {
  return (await tx.membershipTerms.list({ where: { orderId }, orderBy: [{ startsOn: "asc" }], limit: 1_000 })).items;
}

interface Reported {
  readonly paymentId: string;
  readonly kind: PaymentRecord["kind"];
  readonly orderId: string;
  readonly amount: Money;
}

/** @throws `payment_differs` for one of this id that says something else */
export async function knownPayment(tx: MembershipsContext, reported: Reported): Promise<PaymentRecord | undefined> {
  const known = await tx.membershipPayments.find({ where: { paymentId: reported.paymentId } });
  if (!known) return undefined;
  const text = ({ amount, currency }: Money) => `${amount} ${currency}`;
  const compared = [
    ["kind", known.kind, reported.kind],
    ["orderId", known.orderId, reported.orderId],
    ["amount", text(known.amount), text(multiplyMoney(reported.amount, "1"))],
  ] as const;
  for (const [field, recorded, given] of compared) {
    if (recorded === given) continue;
    throw tx.error("payment_differs", { ...place(field), paymentId: reported.paymentId, recorded, given });
  }
  return known;
}

export function requireCurrency(tx: MembershipsContext, { amount }: OrderRecord, given: Money): void {
  if (amount.currency === given.currency) return;
  throw tx.error("other_currency", { ...place("amount"), currency: amount.currency, given: given.currency });
}

/** @throws `invalid_input` for what is no money, nothing, or less */
export function requireAmount(amount: Money): void {
  const issues: InputIssue[] = [];
  const wrong = (code: string, message: string) => issues.push({ field: "amount", code, message });
  if (minorDigitsOf(amount.currency) === undefined)
    wrong("unknown_currency", "has a currency that is not an ISO 4217 one");
  else if (!isMoney(amount)) wrong("invalid_value", "is not an amount with at most the digits of its currency");
  else if (isNothing(amount) || isNegative(amount)) wrong("out_of_range", "must be more than nothing");
  if (issues.length > 0) throw invalidInput("membershipPayment", issues);
}

export function place(field: string) {
  return { entity: "membershipPayment", field };
}

export function amounts(left: Money, given: Money) {
  return { left: left.amount, currency: left.currency, given: given.amount };
}
