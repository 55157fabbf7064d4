import { addDays } from "@relata/core/plugin";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { DayInterval } from "../interval/day-interval.ts";
import { dayCounts } from "./day-counts.ts";
import { twoHubs } from "./hub-fixture.ts";
import { tidy } from "./tidy.ts";

const day = (number: number) => addDays("2026-01-01", number);
const interval = fc.tuple(fc.option(fc.nat(12)), fc.option(fc.nat(12))).map(([a, b]): DayInterval => {
  const [from, until] = a !== null && b !== null ? [Math.min(a, b), Math.max(a, b)] : [a, b];
  return { validFrom: from === null ? null : day(from), validUntil: until === null ? null : day(until) };
});

it("tells the days on which so many hold, as if each day was counted by itself", () => {
  fc.assert(
    fc.property(
      fc.array(interval, { maxLength: 12 }),
      interval,
      fc.integer({ min: 1, max: 4 }),
      (added, asked, least) => {
        const counts = dayCounts([...added, asked]);
        for (const each of added) counts.add(each);
        const found = counts.daysWith(asked, least);
        const holds = (each: DayInterval, on: string) =>
          (each.validFrom ?? "0") <= on && on <= (each.validUntil ?? "9");
        const days = ["0001-01-01", ...Array.from({ length: 14 }, (_, at) => day(at - 1)), "9999-12-31"];
        for (const on of days) {
          const isFull = holds(asked, on) && added.filter((each) => holds(each, on)).length >= least;
          expect([on, found.filter((each) => holds(each, on)).length]).toEqual([on, isFull ? 1 : 0]);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it("tidies two hubs of fifty thousand each above a limit", { timeout: 60_000 }, () => {
  const { edges } = tidy(twoHubs(50_000, 8));
  expect(edges.length).toBeGreaterThan(10_000);
  expect(new Set(edges.flatMap(({ causes }) => causes))).toEqual(new Set(["limit"]));
});
