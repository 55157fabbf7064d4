/** Who applies is said; a fee is paid before the approval; whoever is approved joins, once. */
import { invalidInput, isMoney, type Money } from "@relata/core/plugin";
import { requireParty } from "../asked.ts";
import { join } from "../chain/join.ts";
import type { ApplicationRecord, MembershipsContext } from "../parts.ts";

interface Proposed {
  readonly input: Partial<ApplicationRecord> & { readonly id: string };
  readonly before?: ApplicationRecord;
}

/**
 * The `before` hook of applications. @throws `invalid_input` for an applicant that is none or two, and a fee that is negative or in another
 * currency than the program's; `application_fee_unpaid`, `application_approved`
 */
export async function proposeApplications(context: MembershipsContext, batch: readonly Proposed[]) {
  const today = batch.some(({ before, input }) => !before && input.appliedOn === undefined)
    ? await context.settings.today()
    : "";
  for (const { input, before } of batch) {
    const after = { ...before, ...input };
    // Whoever is deleted leaves an application of nobody.
    if (!before || (after.contactId && after.accountId)) requireParty(after, "membershipApplication");
    if (input.fee && !isSameMoney(input.fee, before?.fee)) await requireFee(context, input.fee, after.planId!);
    requireOpen(context, after, before);
  }
  return batch.map(({ before, input }) => (before || input.appliedOn !== undefined ? {} : { appliedOn: today }));
}

function requireOpen(context: MembershipsContext, after: Proposed["input"], before: Proposed["before"]): void {
  const details = { entity: "membershipApplication", id: after.id };
  if (before?.membershipId && (after.status !== "won" || after.planId !== before.planId))
    throw context.error("application_approved", { ...details, membershipId: before.membershipId });
  const isOtherFee = after.fee && !isSameMoney(after.fee, before?.fee);
  if (before?.feePaymentId && isOtherFee)
    throw context.error("application_fee_paid", { ...details, field: "fee", paymentId: before.feePaymentId });
  const isApproved = after.status === "won" && before?.status !== "won";
  if (isApproved && after.fee && !after.feePaidOn && /[1-9]/.test(after.fee.amount))
    throw context.error("application_fee_unpaid", { ...details, fee: wordsOf(after.fee) });
}

async function requireFee(context: MembershipsContext, fee: Money, planId: string): Promise<void> {
  const plan = await context.membershipPlans.find({
    where: { id: planId },
    include: { level: { include: { program: true } } },
    archived: "include",
  });
  const currency = plan?.level?.program?.currency;
  const refuse = (message: string) =>
    invalidInput("membershipApplication", [{ field: "fee", code: "invalid_value", message }]);
  if (currency !== undefined && fee.currency !== currency)
    throw refuse(`is in ${fee.currency}, and the program is in ${currency}`);
  if (isMoney(fee) && fee.amount.startsWith("-")) throw refuse("is negative");
}

interface Changed {
  readonly before?: ApplicationRecord;
  readonly after?: ApplicationRecord;
}

/**
 * The `after` hook of applications, in the unit of the move: whoever is approved joins on the day of the approval, by an order of the
 * application's own key, and so once. What keeps them from joining (`already_member`, `may_not_join`, `no_seats`, `order_open`) keeps them
 * from being approved.
 */
export async function followApprovals(context: MembershipsContext, batch: readonly Changed[]): Promise<void> {
  for (const { before, after } of batch) {
    if (after?.status !== "won" || before?.status === "won" || after.membershipId !== null) continue;
    const { id, contactId, accountId, planId, startsOn, terms, actualCloseDate } = after;
    requireParty(after, "membershipApplication");
    const { membership, order } = await join(context, {
      ...{ contactId, accountId, planId, terms, key: `application ${id}` },
      ...(actualCloseDate === null ? {} : { on: actualCloseDate }),
      ...(startsOn === null ? {} : { startsOn }),
    });
    await context.membershipApplications.update(id, { membershipId: membership.id, orderId: order.id });
  }
}

function isSameMoney(a: Money, b: Money | null | undefined): boolean {
  return a.amount === b?.amount && a.currency === b.currency;
}

export function wordsOf({ amount, currency }: Money): string {
  return `${amount} ${currency}`;
}
