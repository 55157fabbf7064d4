/** A membership is renewed: early, in grace, or after a lapse. */
import { addDays, invalidInput, multiplyMoney } from "@relata/core/plugin";
import * as z from "zod";
import { idSchema, parsed, payerOf } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { makeOrder } from "../payment/make-order.ts";
import { type Ordered, orderFields, orderOfKey, requireNoOpenOrder, settleOrder } from "./join.ts";
import { lockMemberships } from "./lock-memberships.ts";
import { requireMayJoin } from "./may-join.ts";
import { type ReadChain, type ReadPlan, readChain, readPlan } from "./read-chain.ts";

export interface RenewInput {
  /** The day; today unless given. */
  readonly on?: string | undefined;
  /** How many terms at once; 1 unless given. */
  readonly terms?: number | undefined;
  /** Another plan of the program, of the same level or another one; unless given, the one that the membership renews by. */
  readonly planId?: string | undefined;
  readonly complimentary?: boolean | undefined;
  readonly payerContactId?: string | undefined;
  readonly payerAccountId?: string | undefined;
  /** The same key again gives the order that there is, and makes none. */
  readonly key?: string | undefined;
}

const renewSchema = z.strictObject({ ...orderFields, planId: idSchema.optional(), automatic: z.boolean().optional() });

/**
 * One unit. Before the end, in a pause and in grace the new terms go on where the last one ends (in grace a level may restart instead); after a
 * lapse a new chain begins. What counts is the day that enough is paid.
 *
 * @throws `membership_for_life`, `membership_ended` for one that is cancelled or whose member died, `renewal_too_early`, `order_open`,
 *   `may_not_join` and `no_seats` after a lapse and for another level, `invalid_input`, `not_found`
 */
export async function renew(
  context: MembershipsContext,
  id: string,
  given: RenewInput & { readonly automatic?: boolean } = {},
): Promise<Ordered> {
  const input = parsed("membership", renewSchema, given);
  return context.transaction(async (tx) => {
    const on = input.on ?? (await tx.settings.today());
    await lockMemberships(tx, [id]);
    const chain = await readChain(tx, id);
    const repeated = await orderOfKey(tx, input.key, id);
    if (repeated) return repeated;
    const read = await readPlan(tx, input.planId ?? chain.membership.renewalPlanId);
    requireSameProgram(read, chain);
    requireNoOpenOrder(tx, chain.orders, id);
    await requireRenewable(tx, { chain, read, on });
    const order = await makeOrder(tx, {
      ...{ membership: chain.membership, read },
      ...{
        kind: "renewal",
        terms: input.terms,
        orderedOn: on,
        price: multiplyMoney(read.plan.price, String(input.terms)),
      },
      ...{ complimentary: input.complimentary, key: input.key, automatic: input.automatic },
      payer: payerOf(input),
    });
    return settleOrder(tx, order, on);
  });
}

/** @throws `invalid_input` for a plan of another program */
export function requireSameProgram({ program }: ReadPlan, { membership }: ReadChain): void {
  if (program.id === membership.programId) return;
  const message = "is a plan of another program than the membership's: join that program";
  throw invalidInput("membership", [{ field: "planId", code: "not_allowed", message }]);
}

/** @throws `membership_for_life`, `membership_ended`, `renewal_too_early`, `may_not_join`, `no_seats` */
async function requireRenewable(
  tx: MembershipsContext,
  { chain, read, on }: { readonly chain: ReadChain; readonly read: ReadPlan; readonly on: string },
): Promise<void> {
  const { membership } = chain;
  const status = chain.statusOn(on);
  const last = chain.terms.at(-1);
  const state = status?.span.state;
  if (state === "cancelled" || state === "deceased" || last === undefined) {
    const advice = state === "deceased" ? "nothing is renewed after death" : "reinstate it, or join again";
    const details = { entity: "membership", id: membership.id, status: status?.status ?? "not begun", day: on, advice };
    throw tx.error("membership_ended", details);
  }
  if (last.endsOn === null) throw tx.error("membership_for_life", { entity: "membership", id: membership.id });
  const { earlyRenewalDays } = await tx.membershipLevels.get(last.levelId, { select: ["earlyRenewalDays"] });
  const from = earlyRenewalDays === null ? on : addDays(last.endsOn, -earlyRenewalDays);
  if (on < from)
    throw tx.error("renewal_too_early", { entity: "membership", id: membership.id, endsOn: last.endsOn, from });
  const { contactId, accountId, id: membershipId } = membership;
  if ((status?.counts === true && read.level.id === last.levelId) || (contactId === null && accountId === null)) return;
  await requireMayJoin(tx, read, { contactId, accountId, day: on, membershipId });
}
