/** What is paid for becomes terms: once for each order, which is then applied. */
import { addDays, addMoney, invalidInput, shareOut } from "@relata/core/plugin";
import type { MembershipsContext, OrderRecord, PlanRecord, TermRecord } from "../parts.ts";
import { autoRenewalAt } from "../payment/auto-renewal.ts";
import { giveCredit } from "../payment/make-order.ts";
import { LAST_DAY } from "../status/day-offset.ts";
import { changeTerms } from "./change-terms.ts";
import { endOldChain, standingOn } from "./end-old-chain.ts";
import { endEvents } from "./events.ts";
import { type ReadChain, type ReadPlan, readChain, readPlan } from "./read-chain.ts";
import { rewriteSpans } from "./rewrite-spans.ts";
import { daysOf, firstTerm, nextTerm, type PlacedTerm, termsInRow } from "./term-days.ts";
import { newTerms, requireApart } from "./write-terms.ts";

export interface Applied {
  readonly order: OrderRecord;
  readonly terms: readonly TermRecord[];
}

/**
 * On the day that enough of it was paid: a first term, or one after a lapse or a cancellation, begins on the day that was asked for, else on this
 * one, and its chain has a new anchor; a renewal before the end, in a pause, or in grace goes on where the last term ends, unless the level
 * restarts in grace, and takes a cancellation to come back. A change of level is made on the day that it was asked for. In a unit, under the membership's lock; the order is open.
 *
 * @throws `terms_overlap`, `membership_for_life`, `membership_ended`
 */
export async function applyOrder(tx: MembershipsContext, order: OrderRecord, on: string): Promise<Applied> {
  const chain = await readChain(tx, order.membershipId);
  const read = await readPlan(tx, order.planId);
  const made = await makeTerms(tx, { order, chain, read, on });
  const terms = made.length === 0 ? [] : await tx.membershipTerms.createMany(made);
  const applied = await tx.membershipOrders.update(order.id, { state: "applied", stateOn: on });
  await tx.memberships.update(order.membershipId, {
    renewalPlanId: read.plan.id,
    autoRenew: autoRenewalAt(read.level, chain.membership),
  });
  await rewriteSpans(tx, [order.membershipId]);
  return { order: applied, terms };
}

interface Applying {
  readonly order: OrderRecord;
  readonly chain: ReadChain;
  readonly read: ReadPlan;
  readonly on: string;
}

async function makeTerms(tx: MembershipsContext, applying: Applying) {
  const { order, chain, read, on } = applying;
  if (order.kind === "upgrade" || order.kind === "downgrade") {
    const { made, left } = await changeTerms(tx, { order, chain, read, on: order.wantedOn ?? on });
    if (left) await giveCredit(tx, order.membershipId, left);
    return made;
  }
  return order.kind === "renewal" || isMember(applying) ? renewed(tx, applying) : begun(tx, applying);
}

/** Whoever is a member by the time that joining is paid, since a merge, goes on. */
function isMember({ chain, order, on }: Applying): boolean {
  return standingOn(chain, order.wantedOn ?? on) !== undefined;
}

async function renewed(tx: MembershipsContext, applying: Applying) {
  const { chain, read, on } = applying;
  const last = chain.terms.at(-1);
  if (last === undefined) return begun(tx, applying);
  const status = chain.statusOn(on);
  if (status?.span.state === "cancelled" || status?.span.state === "deceased") return begun(tx, applying);
  if (last.endsOn === null) throw tx.error("membership_for_life", { entity: "membership", id: chain.membership.id });
  const lapsed = last.endsOn < on && status?.counts !== true && status?.span.state !== "paused";
  if (lapsed) return begun(tx, applying);
  // Whoever renews takes a cancellation to come back.
  await endEvents(tx, chain.events, { kind: "cancelled", on });
  const { graceRenewal } = await tx.membershipLevels.get(last.levelId, { select: ["graceRenewal"] });
  const restarts = last.endsOn < on && graceRenewal === "restart";
  const first = restarts
    ? firstTerm(read.plan, on)
    : nextTerm(read.plan, { ...last, samePlan: last.planId === read.plan.id });
  return placedTerms(tx, applying, {
    ...{ first, origin: "renewal", chainStartsOn: last.chainStartsOn, standing: chain.terms },
    countsFrom: restarts ? on : first.startsOn,
  });
}

async function begun(tx: MembershipsContext, applying: Applying) {
  const { order, chain, read, on } = applying;
  const startsOn = order.wantedOn ?? on;
  const state = chain.statusOn(startsOn)?.span.state;
  if (state === "deceased") {
    const advice = "nobody joins after death";
    throw tx.error("membership_ended", {
      entity: "membership",
      id: chain.membership.id,
      status: state,
      day: startsOn,
      advice,
    });
  }
  const kept = await endOldChain(tx, chain, startsOn);
  return placedTerms(tx, applying, {
    ...{ first: firstTerm(read.plan, startsOn), origin: chain.terms.length === 0 ? "join" : "return" },
    ...{ chainStartsOn: startsOn, countsFrom: startsOn, standing: kept },
  });
}

interface Placing {
  readonly first: PlacedTerm;
  readonly origin: "join" | "return" | "renewal";
  readonly chainStartsOn: string;
  readonly countsFrom: string;
  readonly standing: readonly TermRecord[];
}

function placedTerms(tx: MembershipsContext, { order, read }: Applying, { first, standing, ...placing }: Placing) {
  const placed = termsInRow(read.plan, first, order.termCount);
  const beyond = placed.some(({ endsOn }) => endsOn !== null && endsOn >= addDays(LAST_DAY, -1));
  if (beyond)
    throw invalidInput("membershipTerm", [
      { field: "endsOn", code: "out_of_range", message: "is after the last day of the calendar: order fewer terms" },
    ]);
  const made = newTerms({
    ...{ membershipId: order.membershipId, readPlan: read, order, placed, ...placing },
    prices: pricesOf({ order, plan: read.plan, placed, countsFrom: placing.countsFrom }),
  });
  requireApart(tx, order.membershipId, [...standing, ...made]);
  return made;
}

interface Pricing {
  readonly order: OrderRecord;
  readonly plan: PlanRecord;
  readonly placed: readonly PlacedTerm[];
  readonly countsFrom: string;
}

/** What was paid, and the credit, as the terms' prices: equal, but for a first one that costs what is left of its days. */
function pricesOf({ order, plan, placed, countsFrom }: Pricing) {
  const { amount, credited } = order;
  const [first, ...others] = placed;
  const whole = credited === null ? amount : addMoney(amount, credited);
  const { startsOn, endsOn } = first!;
  if (plan.firstPrice === "full" || endsOn === null || countsFrom === startsOn)
    return shareOut(
      whole,
      [first, ...others].map(() => "1"),
    );
  const days = daysOf(startsOn, endsOn);
  return shareOut(whole, [String(daysOf(countsFrom, endsOn)), ...others.map(() => String(days))]);
}
