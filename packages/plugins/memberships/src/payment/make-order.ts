/** Orders: what is to be paid, in which parts, and when enough of it is. */
import { addMonths, invalidInput, type Money, shareOut } from "@relata/core/plugin";
import type { payerOf } from "../asked.ts";
import type { ReadPlan } from "../chain/read-chain.ts";
import type { MembershipRecord, MembershipsContext, OrderRecord, PlanRecord } from "../parts.ts";
import type { orderKinds } from "./membership-order.ts";
import { isLess, isNothing, noMoney, subtractMoney } from "./money-amounts.ts";

export interface NewOrder {
  readonly membership: MembershipRecord;
  readonly read: ReadPlan;
  readonly kind: (typeof orderKinds)[number];
  readonly terms: number;
  readonly orderedOn: string;
  readonly wantedOn?: string | undefined;
  /** Before credit. */
  readonly price: Money;
  readonly complimentary?: boolean | undefined;
  readonly key?: string | undefined;
  readonly automatic?: boolean | undefined;
  /** Unless given, the membership's. */
  readonly payer?: ReturnType<typeof payerOf>;
}

/** The order with its instalments. Credit of the membership is taken off, and spent. In a unit, under the membership's lock. @throws `no_longer_offered`, `invalid_input` for several terms for life */
export async function makeOrder(tx: MembershipsContext, order: NewOrder): Promise<OrderRecord> {
  const { membership, read } = order;
  const { plan, level } = read;
  requireOffered(tx, read);
  requireTermCount(plan, order.terms);
  const payer = order.payer ?? membership;
  const { currency } = order.price;
  const price = order.complimentary ? noMoney(currency) : order.price;
  const credit = membership.credit ?? noMoney(currency);
  const credited = isLess(price, credit) ? price : credit;
  const amount = subtractMoney(price, credited);
  if (!isNothing(credited)) await tx.memberships.update(membership.id, { credit: subtractMoney(credit, credited) });
  const created = await tx.membershipOrders.create({
    ...{ membershipId: membership.id, levelId: level.id, planId: plan.id, kind: order.kind, termCount: order.terms },
    ...{ orderedOn: order.orderedOn, wantedOn: order.wantedOn ?? null, amount, paid: noMoney(currency) },
    ...{ credited: isNothing(credited) ? null : credited, state: "open", stateOn: order.orderedOn },
    ...{ complimentary: order.complimentary ?? false, key: order.key ?? null, automatic: order.automatic ?? false },
    nextAttemptOn: order.automatic && !isNothing(amount) ? order.orderedOn : null,
    payerContactId: payer.payerContactId,
    payerAccountId: payer.payerAccountId,
  });
  await tx.membershipInstalments.createMany(instalmentsOf(created, plan));
  return created;
}

/** @throws `no_longer_offered` for an archived plan, and one of an archived level or program */
function requireOffered(tx: MembershipsContext, { plan, level, program }: ReadPlan): void {
  const archived = [plan, level, program].find(({ archivedAt }) => archivedAt !== null);
  if (archived === undefined) return;
  throw tx.error("no_longer_offered", { entity: "membership", field: "planId", id: plan.id, archived: archived.key });
}

/** @throws `invalid_input` for several terms for life */
export function requireTermCount({ unit }: PlanRecord, terms: number): void {
  if (unit !== "lifetime" || terms === 1) return;
  throw invalidInput("membershipOrder", [{ field: "terms", code: "out_of_range", message: "is 1 for life" }]);
}

/** Equal parts to the minor unit, the earlier ones the larger; nothing to pay is due in none. */
function instalmentsOf({ id, amount, orderedOn }: OrderRecord, { instalments, instalmentMonths }: PlanRecord) {
  if (isNothing(amount)) return [];
  const parts = shareOut(
    amount,
    Array.from({ length: instalments }, () => "1"),
  );
  return parts
    .map((part, at) => ({
      orderId: id,
      number: at + 1,
      dueOn: addMonths(orderedOn, at * instalmentMonths),
      amount: part,
    }))
    .filter(({ amount: part }) => !isNothing(part));
}

/** Whether so much is paid that the order's terms are made, by the level's rule. */
export async function isEnough(tx: MembershipsContext, order: OrderRecord, paid: Money): Promise<boolean> {
  if (isNothing(order.amount)) return true;
  const { extendsOn } = await tx.membershipLevels.get(order.levelId, { select: ["extendsOn"] });
  if (extendsOn === "order") return true;
  if (extendsOn === "last_instalment") return !isLess(paid, order.amount);
  const first = await tx.membershipInstalments.find({ where: { orderId: order.id }, orderBy: [{ number: "asc" }] });
  return !isLess(paid, first!.amount);
}

/** Orders that are open are given up on the day: what comes in for them is refused. Credit that they spent is there again. */
export async function voidOpenOrders(
  tx: MembershipsContext,
  membershipId: string,
  { on, except }: { readonly on: string; readonly except?: string | undefined },
): Promise<readonly OrderRecord[]> {
  const { items } = await tx.membershipOrders.list({ where: { membershipId, state: "open" }, limit: 1_000 });
  const open = items.filter(({ id }) => id !== except);
  for (const order of open) await voidOrder(tx, order, on);
  return open;
}

/** @returns the order as it is then */
export async function voidOrder(tx: MembershipsContext, order: OrderRecord, on: string): Promise<OrderRecord> {
  if (order.credited !== null && order.state === "open") await giveCredit(tx, order.membershipId, order.credited);
  return tx.membershipOrders.update(order.id, { state: "void", stateOn: on, nextAttemptOn: null });
}

export async function giveCredit(tx: MembershipsContext, membershipId: string, more: Money): Promise<void> {
  if (isNothing(more)) return;
  const { credit } = await tx.memberships.get(membershipId, { select: ["credit"] });
  const sum = credit === null ? more : subtractMoney(credit, subtractMoney(noMoney(more.currency), more));
  await tx.memberships.update(membershipId, { credit: sum });
}
