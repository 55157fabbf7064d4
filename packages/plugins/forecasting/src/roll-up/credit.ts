/** Who an opportunity counts for, and with what part: its owner, or those that its splits name. */
import { type Money, multiplyMoney, shareOut } from "@relata/core/plugin";
import type { ForecastCredit, ForecastMeasure } from "../category/category.ts";
import { NUMBER, nothing, ONE, scaledUnits, type Tally, unitsOf } from "./tally.ts";

/** The fields of opportunities that measures of money are of. */
const fields = { amount: "amount", one_time: "oneTimeAmount", annual_recurring: "annualRecurring" } as const;

export type MeasuredField = (typeof fields)[keyof typeof fields];

/** Undefined for the number. */
export function fieldOf(measure: ForecastMeasure): MeasuredField | undefined {
  return measure === "count" ? undefined : fields[measure];
}

/** Whose splits share the credit out; undefined where the owner has it all. */
export function splitKindOf(credit: ForecastCredit): "revenue" | "overlay" | undefined {
  return credit === "owner" ? undefined : credit;
}

/** Those that count for one of these users, for nobody, or, where nothing is given, for anybody: as a condition on opportunities. */
export function creditedTo(credit: ForecastCredit, users: readonly string[] | null | undefined): object {
  const kind = splitKindOf(credit);
  const owned = users === undefined ? {} : users === null ? { ownerId: null } : { ownerId: { in: users } };
  if (kind === undefined) return owned;
  const named = users === undefined ? {} : { userId: { in: users ?? [] } };
  const split = { splits: { some: { kind, ...named } } };
  return kind === "overlay" ? split : { or: [{ ...owned, ...withoutSplits }, split] };
}

/** An opportunity that nobody shares counts for its owner. */
export const withoutSplits = { splits: { none: { kind: "revenue" } } } as const;

/** A split, as it shares an opportunity. */
export interface CreditSplit {
  readonly userId: string;
  readonly percent: string;
}

/**
 * What each split has of the measure, in their order: revenue splits share it out by largest remainder, of equal remainders by user id;
 * what an overlay split has is rounded half to even. Of the number, it is the percents.
 */
export function sharesOf(
  kind: "revenue" | "overlay",
  value: Money | number | null,
  splits: readonly CreditSplit[],
): readonly Tally[] {
  if (value === null) return splits.map(() => nothing);
  if (typeof value === "number") return splits.map(({ percent }) => numberTally(percent));
  if (kind === "overlay") return splits.map(({ percent }) => tallyOfMoney(multiplyMoney(value, percent, "100")));
  const inOrder = [...splits].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const shares = shareOut(
    value,
    inOrder.map(({ percent }) => percent),
  );
  const byUser = new Map(inOrder.map(({ userId }, i) => [userId, shares[i]!]));
  return splits.map(({ userId }) => tallyOfMoney(byUser.get(userId)!));
}

/** Per cent with four digits of one opportunity: millionths. */
export function numberTally(percent: string): Tally {
  return new Map([[NUMBER, scaledUnits(percent, 4)]]);
}

function tallyOfMoney({ amount, currency }: Money): Tally {
  return new Map([[currency, unitsOf(amount, currency)]]);
}

export function tallyOfValue(value: Money | number | null): Tally {
  if (value === null) return nothing;
  return typeof value === "number" ? new Map([[NUMBER, BigInt(value) * ONE]]) : tallyOfMoney(value);
}
