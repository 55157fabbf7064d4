/** Deals of a made-up company whose chances of each day are known, for tests. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { CalendarPositions } from "./calendar-positions.ts";
import type { Deal } from "./deal-history.ts";

export interface SyntheticOptions {
  readonly deals: number;
  /** Deals start evenly over these days, from day 0 on. */
  readonly startingDays: number;
  /** Chances of a day at this age and position in the quarter; the value is that of the deal's one signal. */
  readonly won: (at: SyntheticDay) => number;
  readonly lost: (at: SyntheticDay) => number;
  /** The share that never closes. */
  readonly never?: number;
  readonly owners?: readonly string[];
  readonly values?: readonly string[];
  readonly seed?: number;
}

export interface SyntheticDay {
  readonly age: number;
  readonly position: number;
  readonly value: string | undefined;
}

export interface SyntheticRow {
  readonly id: string;
  readonly owner: string;
  readonly amount: number;
  readonly value: string | undefined;
  readonly start: number;
  /** Absent where it has not closed within two years. */
  readonly closed?: { readonly on: number; readonly won: boolean };
}

/** Months of 30 days, three to a quarter, for 2,000 days. */
export const thirties: CalendarPositions = {
  from: 0,
  at: Uint8Array.from({ length: 2_000 }, (_, day) => Math.floor(day / 30) % 3),
};

export function syntheticRows(options: SyntheticOptions): readonly SyntheticRow[] {
  const { deals, startingDays, never = 0, owners = ["ann"], values = [], seed = 7 } = options;
  const generator = xoroshiro128plus(seed);
  const random = () => uniformFloat64(generator);
  return Array.from({ length: deals }, (_, index) => {
    const start = Math.floor((index * startingDays) / deals);
    const value = values[Math.floor(random() * values.length)];
    const owner = owners[Math.floor(random() * owners.length)]!;
    const row = { id: String(index).padStart(6, "0"), owner, amount: 100 + Math.floor(random() * 900), value, start };
    const closed = random() < never ? undefined : closing({ start, value, random }, options);
    return closed === undefined ? row : { ...row, closed };
  });
}

interface Starting {
  readonly start: number;
  readonly value: string | undefined;
  readonly random: () => number;
}

function closing({ start, value, random }: Starting, { won, lost }: SyntheticOptions): SyntheticRow["closed"] {
  for (let age = 0; age < 730; age += 1) {
    const at = { age, position: thirties.at[start + age]!, value };
    const draw = random();
    if (draw < won(at)) return { on: start + age, won: true };
    if (draw < won(at) + lost(at)) return { on: start + age, won: false };
  }
  return undefined;
}

/** What is known of them at the end of a day. */
export function knownAt(rows: readonly SyntheticRow[], day: number, stage = "open"): readonly Deal[] {
  return rows
    .filter(({ start }) => start <= day)
    .map(({ id, owner, amount, value, start, closed }): Deal => {
      const ended = closed !== undefined && closed.on <= day;
      const stay = ended
        ? { stage, from: start, until: closed.on, exit: closed.won ? ("won" as const) : ("lost" as const) }
        : { stage, from: start };
      return { id, owner, amount, stays: [stay], probability: 0.5, signals: [value] };
    });
}
