import { describe, expect, it } from "vitest";
import { type Card, enteredPosition, isBefore, keysBetween } from "./board-position.ts";

const at = (instant: string) => new Date(instant);
const card = (boardPosition: string | null, id = "x"): Card => ({ id, boardPosition });

describe("enteredPosition", () => {
  it("ascends with time, and within a list", () => {
    expect(enteredPosition(at("2026-06-15T10:00:00Z"))).toBe("j0VMbaIIi00");
    expect(enteredPosition(at("2026-06-15T10:00:00Z"), 61)).toBe("j0VMbaIIi0z");
    expect(enteredPosition(at("2026-06-15T10:00:00Z"), 62)).toBe("j0VMbaIIi10");
    expect(enteredPosition(at("2026-06-15T10:00:00.001Z"))).toBe("j0VMbaIIj00");
  });
  it("keeps to its length at the ends of time, and in long lists", () => {
    expect(enteredPosition(at("1965-06-15"))).toBe("j0000000000");
    expect(enteredPosition(at("9999-12-31"))).toBe("jzzzzzzzz00");
    expect(enteredPosition(at("2026-06-15T10:00:00Z"), 3_844)).toBe("j0VMbaIIi00");
  });
});

describe("keysBetween", () => {
  const [a, b] = [card("j0VMbaIIi00"), card("j0VMbaIIi01")];

  it("finds room between any two keys, and at both ends", () => {
    expect(keysBetween(a, b, 3)).toEqual(["j0VMbaIIi00G", "j0VMbaIIi00V", "j0VMbaIIi00l"]);
    expect(keysBetween(undefined, a, 2)).toEqual(["j0VMbaIIhzy", "j0VMbaIIhzz"]);
    expect(keysBetween(b, undefined, 2)).toEqual(["j0VMbaIIi02", "j0VMbaIIi03"]);
    expect(keysBetween(undefined, undefined, 2)).toEqual(["a0", "a1"]);
    expect(keysBetween(a, card(null), 1)).toEqual(["j0VMbaIIi01"]);
  });
  it("finds none between equal keys, nor behind a card that has none", () => {
    expect(keysBetween(a, card("j0VMbaIIi00", "y"), 1)).toBeUndefined();
    expect(keysBetween(card(null), undefined, 1)).toBeUndefined();
    expect(keysBetween(card(null), card(null, "y"), 1)).toBeUndefined();
  });
  it("finds none where keys would become too long", () => {
    const dropsUntilFull = (drop: (key: string) => readonly string[] | undefined, start: Card): number => {
      let drops = 0;
      for (let key = drop(start.boardPosition!); key; key = drop(key[0]!)) drops++;
      return drops;
    };
    expect(dropsUntilFull((key) => keysBetween(a, card(key), 1), b)).toBe(294);
    expect(dropsUntilFull((key) => keysBetween(card(key), b, 1), a)).toBe(245);
  });
});

describe("isBefore", () => {
  it("compares keys, then ids, and puts what has no key last", () => {
    expect(isBefore(card("a0", "z"), card("a1", "a"))).toBe(true);
    expect(isBefore(card("Zz", "z"), card("a0", "a"))).toBe(true);
    expect(isBefore(card("a0", "a"), card("a0", "b"))).toBe(true);
    expect(isBefore(card("a0", "b"), card("a0", "a"))).toBe(false);
    expect(isBefore(card("a0", "z"), card(null, "a"))).toBe(true);
    expect(isBefore(card(null, "a"), card("a0", "z"))).toBe(false);
    expect(isBefore(card(null, "a"), card(null, "b"))).toBe(true);
  });
});
