/** A member goes up or down: now, with proration, or with the next renewal. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, parsed } from "../asked.ts";
import type { MembershipRecord, MembershipsContext, OrderRecord, TermRecord } from "../parts.ts";
import { autoRenewalAt } from "../payment/auto-renewal.ts";
import { makeOrder, requireTermCount } from "../payment/make-order.ts";
import { type ChangeQuote, quoteOf, readChange } from "./change-terms.ts";
import { orderFields, orderOfKey, requireNoOpenOrder, settleOrder } from "./join.ts";
import { lockMemberships } from "./lock-memberships.ts";
import { requireMayJoin } from "./may-join.ts";
import { type ReadChain, type ReadPlan, readChain, readPlan } from "./read-chain.ts";
import { requireSameProgram } from "./renew.ts";

export interface ChangeLevelInput {
  /** A plan of the level to go to. */
  readonly planId: string;
  /** `now`, with proration, or with the next `renewal`; now unless given. */
  readonly when?: "now" | "renewal" | undefined;
  /** The day of the change; today unless given. */
  readonly on?: string | undefined;
  /** Of a plan whose terms are not as long as the old one's: how many; 1 unless given. */
  readonly terms?: number | undefined;
  readonly key?: string | undefined;
}

/** A change with the next renewal has no order. */
export interface ChangedLevel {
  readonly membership: MembershipRecord;
  readonly order: OrderRecord | undefined;
  readonly terms: readonly TermRecord[];
}

const changeSchema = z.strictObject({
  ...{ on: orderFields.on, terms: orderFields.terms, key: orderFields.key },
  planId: idSchema,
  when: z.enum(["now", "renewal"]).default("now"),
});

export type Direction = "upgrade" | "downgrade";

/**
 * One unit. The change is made on its day, whenever what it costs is paid; what a downgrade leaves over is credit for the next order.
 *
 * @throws `not_an_upgrade`, `not_a_downgrade`, `membership_ended` for one that does not count on the day, `membership_for_life` for the change of one
 *   into a term, `order_open`, `may_not_join`, `no_seats`, `invalid_input`, `not_found`
 */
export async function changeLevel(
  context: MembershipsContext,
  id: string,
  { direction, ...given }: ChangeLevelInput & { readonly direction: Direction },
): Promise<ChangedLevel> {
  const input = parsed("membership", changeSchema, given);
  return context.transaction(async (tx) => {
    const on = input.on ?? (await tx.settings.today());
    await lockMemberships(tx, [id]);
    const repeated = await orderOfKey(tx, input.key, id);
    if (repeated) return repeated;
    const chain = await readChain(tx, id);
    const read = await readPlan(tx, input.planId);
    await requireChange(tx, { chain, read, on, direction });
    if (input.when === "renewal") {
      const autoRenew = autoRenewalAt(read.level, chain.membership);
      const membership = await tx.memberships.update(id, { renewalPlanId: read.plan.id, autoRenew });
      return { membership, order: undefined, terms: [] };
    }
    requireNoOpenOrder(tx, chain.orders, id);
    const change = await readChange(tx, { chain, read, on, terms: input.terms });
    const order = await makeOrder(tx, {
      ...{ membership: chain.membership, read },
      ...{ kind: direction, terms: input.terms, orderedOn: on, wantedOn: on, price: quoteOf(change).amount },
      key: input.key,
    });
    return settleOrder(tx, order, on);
  });
}

const quoteSchema = z.strictObject({ planId: idSchema, on: daySchema.optional(), terms: orderFields.terms });

/** What a change would cost now. Nothing is written. @throws as `changeLevel` */
export async function quoteChange(
  context: MembershipsContext,
  id: string,
  given: Pick<ChangeLevelInput, "planId" | "on" | "terms">,
): Promise<ChangeQuote> {
  const { planId, terms, on = await context.settings.today() } = parsed("membership", quoteSchema, given);
  const chain = await readChain(context, id);
  const read = await readPlan(context, planId);
  await requireChangeable(context, { chain, read, on });
  requireTermCount(read.plan, terms);
  return quoteOf(await readChange(context, { chain, read, on, terms }));
}

interface Asked {
  readonly chain: ReadChain;
  readonly read: ReadPlan;
  readonly on: string;
}

async function requireChange(
  tx: MembershipsContext,
  { direction, ...asked }: Asked & { readonly direction: Direction },
) {
  const { chain, read, on } = asked;
  const current = await requireChangeable(tx, asked);
  const up = read.level.rank > current.rank;
  const down = read.level.rank < current.rank;
  if (direction === "upgrade" ? !up : !down) {
    const code = direction === "upgrade" ? "not_an_upgrade" : "not_a_downgrade";
    const details = { entity: "membership", field: "planId", id: chain.membership.id };
    throw tx.error(code, { ...details, level: read.level.key, current: current.key });
  }
  const { contactId, accountId, id: membershipId } = chain.membership;
  if (contactId !== null || accountId !== null)
    await requireMayJoin(tx, read, { contactId, accountId, day: on, membershipId });
}

/** @returns the level of the day */
async function requireChangeable(context: MembershipsContext, { chain, read, on }: Asked) {
  const { membership } = chain;
  requireSameProgram(read, chain);
  const status = chain.statusOn(on);
  const term = chain.termOn(on);
  if (term === undefined || status === undefined || status.span.state !== "term" || !status.counts) {
    const advice = "the level of a member changes, so renew or join first";
    const details = { entity: "membership", id: membership.id, status: status?.status ?? "not begun", day: on, advice };
    throw context.error("membership_ended", details);
  }
  if (term.endsOn !== null && term.endsOn < on) {
    const message = `is after the end of the term, ${term.endsOn}: renew by the other plan`;
    throw invalidInput("membership", [{ field: "on", code: "out_of_range", message }]);
  }
  if (term.endsOn === null && read.plan.unit !== "lifetime")
    throw context.error("membership_for_life", { entity: "membership", id: membership.id });
  return context.membershipLevels.get(term.levelId);
}
