/**
 * Keys that keep a column of a board in the order made by hand. A key between any two can be made, so that a drag writes one record
 * ("fractional indexing", D. Greenspan 2020: https://observablehq.com/@dgreensp/implementing-fractional-indexing). Keys are ASCII, and
 * compared by code point.
 */
import { generateNKeysBetween } from "fractional-indexing";

/** A record's place in a column. Null, where it has never had one, comes last; equal ones are in the order of their ids. */
export interface Card {
  readonly id: string;
  readonly boardPosition: string | null;
}

/** A key that is longer asks for new keys around it. Each drop into one gap makes the next key there longer by a sixth of a character. */
const MOST_CHARACTERS = 60;

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = DIGITS.length;
/** So many digits of milliseconds last until the year 8889; two more tell apart what one list writes. */
const MS_DIGITS = 8;
const INDEX_DIGITS = 2;
/** The library's mark for a whole number of ten digits. */
const HEAD = "j";

/** The key of what enters a stage: behind all that has entered before, and in the order of its list. */
export function enteredPosition(at: Date, index = 0): string {
  const ms = Math.min(Math.max(at.getTime(), 0), BASE ** MS_DIGITS - 1);
  return `${HEAD}${inDigits(ms, MS_DIGITS)}${inDigits(index % BASE ** INDEX_DIGITS, INDEX_DIGITS)}`;
}

function inDigits(value: number, length: number): string {
  let digits = "";
  for (let rest = value; digits.length < length; rest = Math.floor(rest / BASE)) digits = DIGITS[rest % BASE]! + digits;
  return digits;
}

/**
 * So many ascending keys between two cards, of which either may be absent. Undefined where there is no room: behind a card that has no
 * key, between two that have the same one, or where the keys would become too long.
 */
export function keysBetween(
  lower: Card | undefined,
  upper: Card | undefined,
  count: number,
): readonly string[] | undefined {
  const [from, to] = [lower?.boardPosition, upper?.boardPosition ?? null];
  if (from === null || (from !== undefined && to !== null && from >= to)) return undefined;
  const keys = generateNKeysBetween(from ?? null, to, count);
  return keys.some((key) => key.length > MOST_CHARACTERS) ? undefined : keys;
}

/** Whether one card stands before another. */
export function isBefore(a: Card, b: Card): boolean {
  if (a.boardPosition === b.boardPosition) return a.id < b.id;
  if (a.boardPosition === null || b.boardPosition === null) return b.boardPosition === null;
  return a.boardPosition < b.boardPosition;
}
