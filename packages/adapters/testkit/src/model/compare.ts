/** The order of values, as the contract states it. */
import type { Storable } from "@relata/core/adapter";

/** Negative, zero or positive. Neither value is null, and both are of one kind. */
export function compareValues(left: Storable, right: Storable): number {
  if (typeof left === "string" && typeof right === "string") return compareTexts(left, right);
  if (left === null || right === null || typeof left !== typeof right)
    throw new Error("The model compares values of one kind.");
  return left < right ? -1 : left > right ? 1 : 0;
}

/** By code point. */
function compareTexts(left: string, right: string): number {
  const ours = Array.from(left, (character) => character.codePointAt(0) as number);
  const theirs = Array.from(right, (character) => character.codePointAt(0) as number);
  for (let at = 0; at < ours.length && at < theirs.length; at += 1) {
    const difference = (ours[at] as number) - (theirs[at] as number);
    if (difference !== 0) return difference;
  }
  return ours.length - theirs.length;
}

/** Nulls last ascending, first descending. */
export function compareInOrder(left: Storable, right: Storable, direction: "asc" | "desc"): number {
  const sign = direction === "asc" ? 1 : -1;
  if (left === null && right === null) return 0;
  if (left === null) return sign;
  if (right === null) return -sign;
  return sign * compareValues(left, right);
}
