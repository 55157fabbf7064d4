/** What is done about applications beside moving them through their pipeline. */
import type { Money } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, moneySchema, parsed } from "../asked.ts";
import type { ApplicationRecord, MembershipsContext } from "../parts.ts";
import { isNothing, subtractMoney } from "../payment/money-amounts.ts";
import { requireAmount } from "../payment/record-payment.ts";
import { wordsOf } from "./application-rules.ts";

export interface ApplicationFeeInput {
  readonly applicationId: string;
  /** The id of the payment where it comes from: it counts once. */
  readonly paymentId: string;
  readonly amount: Money;
  /** Today, unless given. */
  readonly receivedOn?: string | undefined;
}

const feeSchema = z.strictObject({
  applicationId: idSchema,
  paymentId: z.string().min(1).max(200),
  amount: moneySchema,
  receivedOn: daySchema.optional(),
});

export function applicationServices(context: MembershipsContext) {
  return {
    /**
     * The fee of an application was paid, all of it at once. The same payment again changes nothing, however often and concurrently it is reported.
     * One unit.
     *
     * @throws `application_fee_differs`, `application_fee_paid` by another payment, `invalid_input`, `not_found`
     */
    payApplicationFee: (input: ApplicationFeeInput) => payApplicationFee(context, input),
  };
}

async function payApplicationFee(context: MembershipsContext, given: ApplicationFeeInput): Promise<ApplicationRecord> {
  const { applicationId: id, paymentId, amount, receivedOn } = parsed("membershipApplication", feeSchema, given);
  requireAmount(amount);
  return context.transaction(async (tx) => {
    await tx.lock(`membershipApplication:${id}`);
    const { fee, feePaymentId } = await tx.membershipApplications.get(id);
    const details = { entity: "membershipApplication", id };
    if (feePaymentId === paymentId) return tx.membershipApplications.get(id);
    if (feePaymentId !== null) throw tx.error("application_fee_paid", { ...details, paymentId: feePaymentId });
    const isFee = fee !== null && fee.currency === amount.currency && isNothing(subtractMoney(fee, amount));
    if (!isFee)
      throw tx.error("application_fee_differs", {
        ...details,
        fee: fee ? wordsOf(fee) : "nothing",
        amount: wordsOf(amount),
      });
    const feePaidOn = receivedOn ?? (await tx.settings.today());
    return tx.membershipApplications.update(id, { feePaymentId: paymentId, feePaidOn });
  });
}
