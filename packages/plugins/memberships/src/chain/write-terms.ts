/** Terms are made, cut short and given up; they never overlap. */
import { addDays, type Money } from "@relata/core/plugin";
import type { MembershipsContext, OrderRecord, TermRecord } from "../parts.ts";
import { LAST_DAY } from "../status/day-offset.ts";
import type { ReadPlan } from "./read-chain.ts";
import type { TermDays } from "./spans.ts";
import type { PlacedTerm } from "./term-days.ts";

export interface NewTerms {
  readonly membershipId: string;
  readonly readPlan: ReadPlan;
  readonly order: OrderRecord | null;
  readonly origin: TermRecord["origin"];
  readonly placed: readonly PlacedTerm[];
  readonly chainStartsOn: string;
  /** The first day as a member by the first of them; its own first day, unless given. */
  readonly countsFrom?: string;
  /** One for each. */
  readonly prices: readonly Money[];
}

/** The rows of new terms. */
export function newTerms({ membershipId, readPlan: { plan, level }, order, placed, ...given }: NewTerms) {
  return placed.map((term, at) => ({
    ...{ membershipId, levelId: level.id, planId: plan.id, orderId: order?.id ?? null, origin: given.origin, ...term },
    ...{ chainStartsOn: given.chainStartsOn, price: given.prices[at] ?? null },
    countsFrom: at === 0 ? (given.countsFrom ?? term.startsOn) : term.startsOn,
    complimentary: order?.complimentary ?? false,
  }));
}

/** @throws `terms_overlap`, naming the first day that two terms would have */
export function requireApart(context: Pick<MembershipsContext, "error">, id: string, terms: readonly Days[]): void {
  const sorted = terms.toSorted((a, b) => (a.countsFrom < b.countsFrom ? -1 : 1));
  for (const [at, term] of sorted.entries()) {
    const before = sorted[at - 1];
    if (before === undefined || (before.endsOn ?? LAST_DAY) < term.countsFrom) continue;
    throw context.error("terms_overlap", { entity: "membershipTerm", field: "startsOn", id, day: term.countsFrom });
  }
}

type Days = Pick<TermDays, "countsFrom" | "endsOn">;

/** From the day on they do not count: what began before ends the day before, what begins then or later is voided and stays on record. */
export async function endTerms(
  tx: MembershipsContext,
  terms: readonly TermRecord[],
  { on, reason }: { readonly on: string; readonly reason: string },
): Promise<void> {
  const touched = terms.filter(({ countsFrom, endsOn }) => countsFrom >= on || endsOn === null || endsOn >= on);
  const changes = touched.map(({ id, countsFrom }) => ({
    ...{ id, voidReason: reason },
    ...(countsFrom >= on ? { voidedOn: on } : { endsOn: addDays(on, -1) }),
  }));
  if (changes.length > 0) await tx.membershipTerms.updateMany(changes);
}
