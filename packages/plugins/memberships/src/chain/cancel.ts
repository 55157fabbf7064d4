/** A membership is cancelled, and taken back. */
import { addDays } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed, reasonSchema } from "../asked.ts";
import type { MembershipRecord, MembershipsContext } from "../parts.ts";
import { voidOpenOrders } from "../payment/make-order.ts";
import { laterOf } from "../status/day-offset.ts";
import { endEvents, holdsOn } from "./events.ts";
import { lockMemberships } from "./lock-memberships.ts";
import { requireSeats } from "./may-join.ts";
import { readChain, readPlan } from "./read-chain.ts";
import { rewriteSpans } from "./rewrite-spans.ts";

export interface CancelInput {
  /** `now`: from `on`; at the `end_of_term`: from the day after the end of the last term, without grace. Now unless given. */
  readonly when?: "now" | "end_of_term" | undefined;
  /** The first day on which it is cancelled; today unless given. */
  readonly on?: string | undefined;
  readonly reason?: string | undefined;
}

const cancelSchema = z.strictObject({
  when: z.enum(["now", "end_of_term"]).default("now"),
  on: daySchema.optional(),
  reason: reasonSchema,
});

/**
 * One unit. Open orders are given up, and it renews itself no longer. What is left of the terms stays on record: `reinstate` brings it back,
 * joining again gives it up. One that never began is given up with its order. Money goes back by `recordRefund` only.
 *
 * @throws `membership_ended` for one that is cancelled on the day, or whose member died; `membership_for_life` for the end of a term that has
 *   none; `invalid_input`, `not_found`
 */
export async function cancel(
  context: MembershipsContext,
  id: string,
  given: CancelInput = {},
): Promise<MembershipRecord> {
  const input = parsed("membershipEvent", cancelSchema, given);
  return context.transaction(async (tx) => {
    const on = input.on ?? (await tx.settings.today());
    await lockMemberships(tx, [id]);
    const chain = await readChain(tx, id);
    const last = chain.terms.at(-1);
    if (input.when === "end_of_term" && last?.endsOn === null)
      throw tx.error("membership_for_life", { entity: "membership", id });
    const atEnd = input.when === "end_of_term" && last?.endsOn ? addDays(last.endsOn, 1) : on;
    const from = laterOf(atEnd, on);
    const status = chain.statusOn(from);
    if (status?.span.state === "cancelled" || status?.span.state === "deceased") {
      const details = { entity: "membership", id, status: status.status, day: from };
      throw tx.error("membership_ended", { ...details, advice: "there is nothing to cancel" });
    }
    await voidOpenOrders(tx, id, { on });
    await endEvents(tx, chain.events, { kind: "cancelled", on: from });
    if (last)
      await tx.membershipEvents.create({
        membershipId: id,
        kind: "cancelled",
        validFrom: from,
        reason: input.reason ?? null,
      });
    await tx.memberships.update(id, { autoRenew: false });
    await rewriteSpans(tx, [id]);
    return tx.memberships.get(id);
  });
}

const reinstateSchema = z.strictObject({ on: daySchema.optional() });

/**
 * One unit. From the day on, today unless given, the membership is what its terms make it: current, where one is running still, else in
 * grace or expired. Days between stay cancelled.
 *
 * @throws `not_cancelled`, `no_seats`, `invalid_input`, `not_found`
 */
export async function reinstate(
  context: MembershipsContext,
  id: string,
  given: { readonly on?: string | undefined } = {},
): Promise<MembershipRecord> {
  const input = parsed("membershipEvent", reinstateSchema, given);
  return context.transaction(async (tx) => {
    const on = input.on ?? (await tx.settings.today());
    await lockMemberships(tx, [id]);
    const chain = await readChain(tx, id);
    const { events } = chain;
    const coming = events.some(
      (event) =>
        event.kind === "cancelled" && (holdsOn(event, on) || (event.voidedOn === null && event.validFrom > on)),
    );
    if (!coming) throw tx.error("not_cancelled", { entity: "membership", id, day: on });
    const term = chain.termOn(on);
    if (term && chain.statusOn(on)?.span.state === "cancelled")
      await requireSeats(tx, await readPlan(tx, term.planId), { day: on, membershipId: id });
    await endEvents(tx, events, { kind: "cancelled", on });
    await rewriteSpans(tx, [id]);
    return tx.memberships.get(id);
  });
}
