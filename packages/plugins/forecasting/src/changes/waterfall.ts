/** From what opportunities were at two instants to the bars between them: pure. */
import type { Money } from "@relata/core/plugin";
import { type Figure, moneyByCurrency, numbers } from "../roll-up/figure.ts";
import { decimalOf, NUMBER, nothing, type Tally } from "../roll-up/tally.ts";
import { attributeChange, type Counted, type Lens } from "./attribute-change.ts";
import { type ChangeKind, changeKinds } from "./change-kind.ts";
import { reconcile, roundHalfEven } from "./reconcile.ts";
import type { Standing } from "./standing.ts";

/** What an opportunity was at an instant. */
export interface OpportunityState {
  readonly status: Standing["status"];
  /** Null for what is omitted or lost. */
  readonly category: Standing["category"];
  /** The expected close date of what is open, else the actual one. */
  readonly date: string | null;
}

export interface OpportunityChange {
  readonly id: string;
  readonly name: string;
  /** What it adds to the bar: with its sign, and in one currency. */
  readonly change: Money | number;
  /** Null where it was not there. */
  readonly before: OpportunityState | null;
  readonly after: OpportunityState | null;
}

export interface ChangeBar {
  readonly kind: ChangeKind;
  /** What its opportunities add up to. */
  readonly figure: Figure;
  /** By id. */
  readonly opportunities: readonly OpportunityChange[];
}

export interface Waterfall {
  readonly opening: Figure;
  readonly closing: Figure;
  readonly bars: readonly ChangeBar[];
}

/** In what it is told: one currency that all is converted to, or each by itself (undefined). */
export interface Unit {
  readonly measure: "money" | "number";
  readonly in: string | undefined;
  /** What a whole minor unit of the currency `in` is, in the worth that the lens gives; 1 where nothing is converted. */
  readonly divisor: bigint;
}

interface Terms {
  readonly lens: Lens;
  readonly unit: Unit;
  readonly kinds?: readonly ChangeKind[];
  /** What else counts at both ends, and has not changed; in the currencies of the unit. */
  readonly base?: Tally;
}

interface Entry {
  readonly before: Standing | undefined;
  readonly after: Standing | undefined;
  readonly currency: string;
  readonly value: bigint;
}

/**
 * Opening and closing are rounded once each; bars share their difference, and the opportunities of a bar share the bar, by largest
 * remainder. So opening and all bars are the closing exactly, in each currency.
 */
export function waterfall(
  before: ReadonlyMap<string, Standing>,
  after: ReadonlyMap<string, Standing>,
  { lens, unit, kinds = changeKinds, base = nothing }: Terms,
): Waterfall {
  const entries = new Map<ChangeKind, Entry[]>(changeKinds.map((kind) => [kind, []]));
  const opening: Sums = new Map(base);
  const closing: Sums = new Map(base);
  for (const id of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [was, is] = [before.get(id), after.get(id)];
    const change = attributeChange(was, is, lens);
    if (change === undefined) continue;
    add(opening, change.opening);
    add(closing, change.closing);
    for (const { kind, currency, value } of change.parts)
      entries.get(kind)!.push({ before: was, after: is, currency, value });
  }
  const { divisor } = unit;
  const [opened, closed] = [rounded(opening, divisor), rounded(closing, divisor)];
  const total = (closed.get("") ?? 0n) - (opened.get("") ?? 0n);
  const totals = reconcile(
    changeKinds.map((kind) => entries.get(kind)!.reduce((sum, { value }) => sum + value, 0n)),
    divisor,
    total,
  );
  const bars = kinds.map((kind) => {
    const total = totals[changeKinds.indexOf(kind)]!;
    return { kind, ...barOf(entries.get(kind)!, unit, total) };
  });
  return { opening: figureOf(opened, unit), closing: figureOf(closed, unit), bars };
}

type Sums = Map<string, bigint>;

function add(sums: Sums, { currency, value }: Counted): void {
  if (value !== 0n || sums.has(currency)) sums.set(currency, (sums.get(currency) ?? 0n) + value);
}

function rounded(sums: Sums, divisor: bigint): Sums {
  return new Map([...sums].map(([currency, value]) => [currency, roundHalfEven(value, divisor)]));
}

function barOf(entries: readonly Entry[], unit: Unit, total: bigint): Omit<ChangeBar, "kind"> {
  const values = reconcile(
    entries.map(({ value }) => value),
    unit.divisor,
    total,
  );
  const sums: Sums = new Map();
  const opportunities = entries.map(({ before, after, currency }, i) => {
    const value = values[i]!;
    sums.set(currency, (sums.get(currency) ?? 0n) + value);
    const { id, name } = (after ?? before)!;
    return { id, name, change: changeOf(value, currency, unit), before: stateOf(before), after: stateOf(after) };
  });
  return { figure: figureOf(sums, unit), opportunities };
}

function figureOf(sums: Sums, { measure, in: currency }: Unit): Figure {
  if (measure === "number") return numbers.finish(sums);
  if (currency === undefined) return moneyByCurrency.finish(sums);
  return { amount: decimalOf(sums.get("") ?? 0n, currency), currency };
}

function changeOf(value: bigint, currency: string, { measure, in: one = currency }: Unit): Money | number {
  if (measure === "number") return numbers.finish(new Map([[NUMBER, value]])) as number;
  return { amount: decimalOf(value, one), currency: one };
}

function stateOf(standing: Standing | undefined): OpportunityState | null {
  if (standing === undefined) return null;
  const { status, category, expectedCloseDate, actualCloseDate } = standing;
  return { status, category, date: status === "open" ? expectedCloseDate : actualCloseDate };
}
