/** How far somebody is on the way to a quota. Pure. */
import type { Money } from "@relata/core/plugin";
import { Big } from "big.js";

export interface QuotaProgress {
  readonly quota: Money | number;
  /** What is won. Of money by currency, what is in the quota's; converted, all of it. */
  readonly closed: Money | number;
  /** All that is open in the period, of every category but `omitted`. */
  readonly open: Money | number;
  /** `closed ÷ quota`, a decimal of at most six digits after the point ("0.875"), rounded half to even; null for a quota of nothing. */
  readonly attainment: string | null;
  /** `quota − closed`: what is missing; negative above the quota. */
  readonly gap: Money | number;
  /** `open ÷ gap`, a decimal as `attainment`; null where nothing is missing. */
  readonly coverage: string | null;
}

/** In whole units of one kind. */
export interface ProgressUnits {
  readonly quota: bigint;
  readonly closed: bigint;
  readonly open: bigint;
}

export function progressOf(
  { quota, closed, open }: ProgressUnits,
  figureOf: (units: bigint) => Money | number,
): QuotaProgress {
  const gap = quota - closed;
  return {
    quota: figureOf(quota),
    closed: figureOf(closed),
    open: figureOf(open),
    attainment: quotient(closed, quota),
    gap: figureOf(gap),
    coverage: gap > 0n ? quotient(open, gap) : null,
  };
}

function quotient(part: bigint, whole: bigint): string | null {
  if (whole === 0n) return null;
  const Decimal = Big();
  Decimal.DP = 6;
  Decimal.RM = Decimal.roundHalfEven;
  return new Decimal(part.toString()).div(whole.toString()).toFixed();
}
