import fc from "fast-check";
import { expect, it } from "vitest";
import { firstDay, lastDay } from "../interval/day-interval.ts";
import { findExcess, type RuledEdge } from "./edge-rules.ts";

const day = fc.option(fc.constantFrom("2020-01-01", "2020-01-02", "2020-01-03", "2020-01-05", "2020-01-08"));
const edges = fc
  .array(fc.tuple(day, day), { maxLength: 9 })
  .map((all) => all.filter(([from, until]) => from === null || until === null || from <= until))
  .map((all) => all.map(([validFrom, validUntil], at): RuledEdge => ({ id: `e${at}`, validFrom, validUntil })));

it("finds the first day on which there are too many, one of them written", () => {
  fc.assert(
    fc.property(edges, fc.integer({ min: 1, max: 4 }), fc.nat(511), (all, most, bits) => {
      const written = new Set(all.filter((_, at) => (bits >> at) % 2 === 1).map(({ id }) => id));
      const on = [...new Set(all.map(firstDay))].sort().find((first) => {
        const valid = all.filter((each) => firstDay(each) <= first && first <= lastDay(each));
        return valid.length > most && valid.some(({ id }) => written.has(id));
      });
      const found = findExcess(all, most, written);
      expect(found?.on).toBe(on);
      for (const each of found?.edges ?? []) expect(firstDay(each) <= on! && on! <= lastDay(each)).toBe(true);
      if (found) expect(found.edges.length).toBeGreaterThan(most);
    }),
    { numRuns: 1_000 },
  );
});

it("looks at each of a hundred thousand once", () => {
  const all = Array.from({ length: 100_000 }, (_, at) => ({ id: `e${at}`, validFrom: null, validUntil: null }));
  const started = performance.now();
  expect(findExcess(all, 100_000, new Set(["e1"]))).toBe(undefined);
  expect(performance.now() - started).toBeLessThan(20_000);
});
