/** Days as text, for the plain model of memberships: lists of first and last days, and months by a table. */
import { addDays, daysBetween } from "@relata/core/plugin";

export interface Days {
  from: string;
  to: string;
}

/** It goes on. */
export const LAST = "9999-12-31";
export const byDay = (a: Days, b: Days) => (a.from < b.from ? -1 : 1);
export const lengthOf = ({ from, to }: Days) => daysBetween(from, to) + 1;
export const holds = (all: readonly Days[], day: string) => all.some(({ from, to }) => from <= day && day <= to);

/** So many months later, by a table of their lengths. */
export function monthsLater(day: string, months: number): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const at = month - 1 + months;
  const [y, m] = [year + Math.floor(at / 12), at % 12];
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m]!;
  return `${y}-${String(m + 1).padStart(2, "0")}-${String(Math.min(date, length)).padStart(2, "0")}`;
}

/** Of an amount the part for some days, rounded half to even. */
export function partOf(cents: number, days: number, of: number): number {
  if (days >= of) return cents;
  const [whole, rest] = [Math.floor((cents * days) / of), (cents * days) % of];
  return whole + (rest * 2 > of || (rest * 2 === of && whole % 2 === 1) ? 1 : 0);
}

export function endRanges(ranges: Days[], day: string): void {
  for (const range of ranges) if (range.to >= day) range.to = addDays(day, -1);
}

/** The days of a range that no other has. */
export function freeDays({ from, to }: Days, taken: readonly Days[]): readonly Days[] {
  let free: Days[] = [{ from, to }];
  for (const other of taken)
    free = free.flatMap((days) => {
      if (other.to < days.from || days.to < other.from) return [days];
      const before = { from: days.from, to: addDays(other.from, -1) };
      const after = { from: other.to === LAST ? LAST : addDays(other.to, 1), to: days.to };
      return [before, ...(other.to === LAST ? [] : [after])].filter((each) => each.from <= each.to);
    });
  return free;
}

const lastOf = (a: string, b: string) => [a, b].sort()[1]!;

export function joined(ranges: readonly Days[]): readonly Days[] {
  const all: Days[] = [];
  for (const { from, to } of [...ranges].sort(byDay)) {
    const last = all.at(-1);
    if (last && (last.to >= from || addDays(last.to, 1) === from)) last.to = lastOf(last.to, to);
    else all.push({ from, to });
  }
  return all;
}

export function within(ranges: readonly Days[], days: readonly Days[]): readonly Days[] {
  return ranges.flatMap((range) =>
    days.flatMap(({ from, to }) => {
      const piece = { ...range, from: lastOf(range.from, from), to: [range.to, to].sort()[0]! };
      const isPart = piece.from !== range.from || piece.to !== range.to;
      if (piece.from > piece.to) return [];
      return [isPart && "hasAdded" in piece ? { ...piece, hasAdded: false } : piece];
    }),
  );
}
