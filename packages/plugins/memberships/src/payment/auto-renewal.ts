/** Whether a membership renews itself. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
import { requireNotMerged } from "../chain/read-chain.ts";
import type { LevelRecord, MembershipRecord, MembershipsContext } from "../parts.ts";

export interface AutoRenewalInput {
  /** As the level says, unless given. */
  readonly autoRenew?: boolean | undefined;
  /** What the payment provider knows the means of payment by; null: none. */
  readonly paymentMethod?: string | null | undefined;
}

const inputSchema = z.strictObject({
  autoRenew: z.boolean().optional(),
  paymentMethod: z.string().max(500).nullish(),
});

/** By the level that it renews to. @throws `invalid_input` where that offers none, or requires it; `not_found` */
export async function setAutoRenewal(
  context: MembershipsContext,
  id: string,
  given: AutoRenewalInput,
): Promise<MembershipRecord> {
  const input = parsed("membership", inputSchema, given);
  return context.transaction(async (tx) => {
    const { renewalPlan, ...membership } = await tx.memberships.get(id, {
      include: { renewalPlan: { include: { level: true } } },
    });
    requireNotMerged(tx, membership);
    const autoRenew = autoRenewalOf(renewalPlan!.level!, input.autoRenew);
    const { paymentMethod } = input;
    return tx.memberships.update(id, { autoRenew, ...(paymentMethod === undefined ? {} : { paymentMethod }) });
  });
}

/** What it is once it renews to another level: as that requires, or does not offer; else as it was. */
export function autoRenewalAt({ autoRenewal }: LevelRecord, { autoRenew }: MembershipRecord): boolean {
  return autoRenewal === "optional" ? autoRenew : autoRenewal === "required";
}

/** @throws `invalid_input` for what the level does not offer, or does not leave open */
export function autoRenewalOf({ autoRenewal, key }: LevelRecord, wanted: boolean | undefined): boolean {
  if (autoRenewal === "optional" || wanted === undefined) return wanted ?? autoRenewal === "required";
  if (wanted === (autoRenewal === "required")) return wanted;
  const message = `is ${autoRenewal === "none" ? "not offered" : "required"} by level ${key}`;
  throw invalidInput("membership", [{ field: "autoRenew", code: "not_allowed", message }]);
}
