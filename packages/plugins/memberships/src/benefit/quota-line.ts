/** What of a quota is left in each period, and what is carried over: a pure function. */
import type { QuotaPeriod } from "./quota-periods.ts";

export interface CarryRule {
  readonly carryOver: "none" | "next_period" | "always";
  /** Null: any amount. */
  readonly maxCarried: number | null;
}

export interface PeriodUse extends QuotaPeriod {
  /** Null: without limit. */
  readonly quota: number | null;
  readonly used: number;
}

export interface PeriodBalance extends PeriodUse {
  /** What was left of earlier periods and can be used in this one. It is used first. */
  readonly carried: number;
  /** Never below zero; null: without limit. */
  readonly left: number | null;
  /** What was used above it all, as can be where a level was left for one with less. */
  readonly above: number;
}

export function quotaLine(periods: readonly PeriodUse[], rule: CarryRule): readonly PeriodBalance[] {
  let carried = 0;
  return periods.map((period) => {
    const { quota, used } = period;
    if (quota === null) {
      carried = 0;
      return { ...period, carried: 0, left: null, above: 0 };
    }
    const balance = {
      ...{ ...period, carried },
      left: Math.max(0, quota + carried - used),
      above: Math.max(0, used - quota - carried),
    };
    carried = carriedFrom(balance, rule);
    return balance;
  });
}

function carriedFrom(
  { quota, used, carried, left }: { quota: number | null; used: number; carried: number; left: number },
  { carryOver, maxCarried }: CarryRule,
): number {
  const most = maxCarried ?? Number.MAX_SAFE_INTEGER;
  switch (carryOver) {
    case "none":
      return 0;
    case "next_period":
      return Math.min(most, Math.max(0, quota! - Math.max(0, used - carried)));
    case "always":
      return Math.min(most, left);
  }
}

/**
 * The most that can be used in the period at an index, so that neither in it nor in a later one more is used than there is: later periods may
 * have used what this one would have carried into them. Null: without limit.
 */
export function usableAt(periods: readonly PeriodUse[], at: number, rule: CarryRule): number | null {
  const line = quotaLine(periods, rule);
  const left = line[at]!.left;
  const fits = (quantity: number) => {
    const more = periods.map((period, index) => (index === at ? { ...period, used: period.used + quantity } : period));
    return quotaLine(more, rule).every(({ above }, index) => above <= line[index]!.above);
  };
  if (left === null || fits(left)) return left;
  let [least, most] = [0, left];
  while (least + 1 < most) {
    const middle = Math.floor((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle;
  }
  return least;
}
