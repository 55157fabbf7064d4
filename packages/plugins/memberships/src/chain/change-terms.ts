/** What a change of level within a term costs, and what it makes of the terms. */
import { addMoney, type Money, multiplyMoney } from "@relata/core/plugin";
import type { LevelRecord, MembershipsContext, OrderRecord, PlanRecord, TermRecord } from "../parts.ts";
import { isNegative, moneyForDays, noMoney, subtractMoney, sumMoney } from "../payment/money-amounts.ts";
import { type ReadChain, type ReadPlan, readPlan } from "./read-chain.ts";
import { daysOf, firstTerm, type PlacedTerm, pricedDays, termsInRow } from "./term-days.ts";
import { endTerms, newTerms } from "./write-terms.ts";

/** What a change of level costs. */
export interface ChangeQuote {
  /**
   * Whether the term ends when it did before: so where terms of both plans are equally long, and later terms are of the old one too. Otherwise a term of the new plan begins, with a new
   * anchor, and all that is left of what was paid is credited.
   */
  readonly keepsEnd: boolean;
  /** The new level's price for the days that are left, and for later terms that are there already. */
  readonly charge: Money;
  /** What is left of what was paid. */
  readonly credit: Money;
  /** What is to be paid: the charge less the credit; nothing, where the credit is more. */
  readonly amount: Money;
  /** What is left over: it is taken off the next order. */
  readonly left: Money;
}

export interface Change {
  /** The term that governs the day, and those after it. */
  readonly term: TermRecord;
  readonly later: readonly TermRecord[];
  /** All that share the term's place in the chain: it may have been cut by changes before. */
  readonly parts: readonly TermRecord[];
  readonly oldPlan: PlanRecord;
  readonly oldLevel: LevelRecord;
  readonly read: ReadPlan;
  readonly on: string;
  /** How many terms of the new plan, where a new one begins. */
  readonly terms: number;
}

/** Two queries. The chain has a term on the day. */
export async function readChange(
  context: MembershipsContext,
  {
    chain,
    read,
    on,
    terms,
  }: { readonly chain: ReadChain; readonly read: ReadPlan; readonly on: string; readonly terms: number },
): Promise<Change> {
  const term = chain.termOn(on)!;
  const later = chain.terms.filter(({ countsFrom }) => countsFrom > term.countsFrom);
  const parts = chain.terms.filter(
    ({ anchorOn, position }) => anchorOn === term.anchorOn && position === term.position,
  );
  const { plan: oldPlan, level: oldLevel } = await readPlan(context, term.planId);
  return { term, later, parts, oldPlan, oldLevel, read, on, terms };
}

/**
 * By days: each price times the days that are left, the day of the change included, over all days of the term, rounded once to the minor unit,
 * half to even. With the old level's `proration: "none"`, the whole prices. Later terms count whole.
 */
export function quoteOf(change: Change): ChangeQuote {
  const { later, oldLevel, read, terms } = change;
  const { price } = read.plan;
  const { currency } = price;
  const keepsEnd = isSameLength(change);
  const [rest, ofTerm, ofPlace] = daysLeft(change);
  const daily = (money: Money, of: number) =>
    oldLevel.proration === "daily" && rest !== undefined ? moneyForDays(money, rest, of) : money;
  const laterPrices = later.map((each) => each.price ?? noMoney(currency));
  const credit = addMoney(daily(change.term.price ?? noMoney(currency), ofTerm), sumMoney(currency, laterPrices));
  const charge = keepsEnd
    ? addMoney(daily(price, ofPlace), multiplyMoney(price, String(later.length)))
    : multiplyMoney(price, String(terms));
  const amount = subtractMoney(charge, credit);
  return isNegative(amount)
    ? { keepsEnd, charge, credit, amount: noMoney(currency), left: multiplyMoney(amount, "-1") }
    : { keepsEnd, charge, credit, amount, left: noMoney(currency) };
}

/** The days that are left, those that the term's price is for, and those of its place in the chain; undefined for life. */
function daysLeft({ term, parts, oldPlan, on }: Change): readonly [number | undefined, number, number] {
  if (term.endsOn === null) return [undefined, 1, 1];
  const whole = parts.reduce((days, { startsOn, endsOn }) => days + daysOf(startsOn, endsOn!), 0);
  return [Math.max(daysOf(on, term.endsOn), 0), pricedDays(term, oldPlan), whole];
}

function isSameLength({ term, later, oldPlan, read: { plan } }: Change): boolean {
  if (later.some(({ planId }) => planId !== term.planId)) return false;
  return (["unit", "length", "period", "startDay"] as const).every((field) => oldPlan[field] === plan[field]);
}

/** The rows of the new terms, once the old ones are ended, and what is left over. */
export async function changeTerms(
  tx: MembershipsContext,
  {
    order,
    ...asked
  }: { readonly order: OrderRecord; readonly chain: ReadChain; readonly read: ReadPlan; readonly on: string },
) {
  const change = await readChange(tx, { ...asked, terms: order.termCount });
  const { term, later, read, on } = change;
  const { keepsEnd, left, charge } = quoteOf(change);
  await endTerms(tx, [term, ...later], { on, reason: `${order.kind} to ${read.level.key}` });
  const first: PlacedTerm = keepsEnd
    ? { anchorOn: term.anchorOn, position: term.position, startsOn: on, endsOn: term.endsOn }
    : { ...firstTerm(read.plan, on), startsOn: on };
  const placed = keepsEnd ? [first, ...later] : termsInRow(read.plan, first, order.termCount);
  const others = placed.slice(1).map(() => read.plan.price);
  const made = newTerms({
    ...{ membershipId: order.membershipId, readPlan: read, order, origin: order.kind as "upgrade" | "downgrade" },
    placed: placed.map(({ anchorOn, position, startsOn, endsOn }) => ({ anchorOn, position, startsOn, endsOn })),
    ...{
      chainStartsOn: term.chainStartsOn,
      prices: [subtractMoney(charge, sumMoney(charge.currency, others)), ...others],
    },
  });
  return { made, left };
}
