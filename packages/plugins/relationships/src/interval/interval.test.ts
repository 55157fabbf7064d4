/** The algebra of days, against a model that goes through them one by one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DayInterval } from "./day-interval.ts";
import {
  crowdedDays,
  gapsBetween,
  gapsIn,
  intersectionOf,
  overlapsAmong,
  stretchesOf,
  unionOf,
  without,
} from "./interval-sets.ts";
import { inverseRelation, type TimeRelation, timeRelation, timeRelations } from "./time-relation.ts";

/** Open ends reach beyond: the model sees two days more on each side. */
const inside = [
  "2026-02-24",
  "2026-02-25",
  "2026-02-26",
  "2026-02-27",
  "2026-02-28",
  "2026-03-01",
  "2026-03-02",
  "2026-03-03",
];
const days = ["2026-02-22", "2026-02-23", ...inside, "2026-03-04", "2026-03-05"];
const day = fc.option(fc.constantFrom(...inside), { nil: null, freq: 5 });
const interval: fc.Arbitrary<DayInterval> = fc
  .record({ validFrom: day, validUntil: day })
  .filter(({ validFrom, validUntil }) => !validFrom || !validUntil || validFrom <= validUntil);
const intervals = fc.array(interval, { maxLength: 6 });

const has = ({ validFrom, validUntil }: DayInterval, on: string) =>
  (validFrom === null || validFrom <= on) && (validUntil === null || on <= validUntil);
const places = (of: DayInterval) => days.flatMap((on, place) => (has(of, on) ? [place] : []));
const those = (all: readonly DayInterval[]) => days.filter((on) => all.some((each) => has(each, on)));
const daysWith = (test: (on: string) => boolean) => days.filter(test);

/** In order, and no two that share a day or meet. */
const isFewest = (all: readonly DayInterval[]) =>
  all.every((each, i) => i === 0 || timeRelation(all[i - 1]!, each) === "before");

/** By the days of both alone, each relation by its own definition. */
const definitions: { readonly [R in TimeRelation]: (a: readonly number[], b: readonly number[]) => boolean } = {
  before: (a, b) => a.at(-1)! + 1 < b[0]!,
  meets: (a, b) => a.at(-1)! + 1 === b[0],
  overlaps: (a, b) => a[0]! < b[0]! && a.includes(b[0]!) && a.at(-1)! < b.at(-1)!,
  finished_by: (a, b) => a[0]! < b[0]! && a.at(-1) === b.at(-1),
  contains: (a, b) => a[0]! < b[0]! && b.at(-1)! < a.at(-1)!,
  starts: (a, b) => a[0] === b[0] && a.at(-1)! < b.at(-1)!,
  equals: (a, b) => a[0] === b[0] && a.at(-1) === b.at(-1),
  started_by: (a, b) => definitions.starts(b, a),
  during: (a, b) => definitions.contains(b, a),
  finishes: (a, b) => definitions.finished_by(b, a),
  overlapped_by: (a, b) => definitions.overlaps(b, a),
  met_by: (a, b) => definitions.meets(b, a),
  after: (a, b) => definitions.before(b, a),
};

describe("the thirteen relations", () => {
  it("are exclusive and complete, and each is what its definition says of the days", () => {
    fc.assert(
      fc.property(interval, interval, (a, b) => {
        const held = timeRelations.filter((relation) => definitions[relation](places(a), places(b)));
        expect(held).toEqual([timeRelation(a, b)]);
        expect(timeRelation(b, a)).toBe(inverseRelation(timeRelation(a, b)));
      }),
      { numRuns: 3_000 },
    );
  });

  it("tell a handover without a gap from one with a gap, over the end of a month", () => {
    const until = (validUntil: string) => ({ validFrom: "2024-01-01", validUntil });
    const from = (validFrom: string) => ({ validFrom, validUntil: null });
    expect(timeRelation(until("2024-02-29"), from("2024-03-01"))).toBe("meets");
    expect(timeRelation(until("2024-02-28"), from("2024-03-01"))).toBe("before");
    expect(timeRelation(until("2024-03-01"), from("2024-03-01"))).toBe("overlaps");
    expect(timeRelation(from("2024-03-01"), until("2024-02-29"))).toBe("met_by");
    expect(timeRelation(from("2024-03-01"), from("2024-03-01"))).toBe("equals");
    expect(timeRelation({ validFrom: null, validUntil: null }, from("2024-03-01"))).toBe("finished_by");
  });

  it("refuse an end before its start and a day that does not exist, naming the bound", () => {
    const none = { validFrom: null, validUntil: null };
    expect(() => timeRelation({ validFrom: "2024-03-01", validUntil: "2024-02-29" }, none)).toThrow(
      "interval (input 0).validUntil is before the first day, 2024-03-01.",
    );
    expect(() => unionOf([{ validFrom: "2023-02-29", validUntil: null }])).toThrow(
      "interval.validFrom is neither a day",
    );
  });
});

describe("days of several intervals", () => {
  it("are united, cut and left out as one by one, and as few intervals as there can be", () => {
    fc.assert(
      fc.property(intervals, intervals, interval, (a, b, span) => {
        const union = unionOf(a);
        expect(those(union)).toEqual(those(a));
        expect(isFewest(union)).toBe(true);
        const left = without(a, b);
        expect(those(left)).toEqual(
          daysWith((on) => a.some((each) => has(each, on)) && !b.some((each) => has(each, on))),
        );
        expect(isFewest(left)).toBe(true);
        const gaps = gapsIn(span, a);
        expect(those(gaps)).toEqual(daysWith((on) => has(span, on) && !a.some((each) => has(each, on))));
        const shared = intersectionOf(a);
        expect(those(shared ? [shared] : [])).toEqual(daysWith((on) => a.every((each) => has(each, on))));
      }),
      { numRuns: 2_000 },
    );
  });

  it("lie in the gaps between them where they lie between two of them and in none", () => {
    fc.assert(
      fc.property(intervals, (all) => {
        const held = those(all);
        const isBetween = (on: string) => held.some((each) => each < on) && held.some((each) => each > on);
        expect(those(gapsBetween(all))).toEqual(daysWith((on) => isBetween(on) && !held.includes(on)));
      }),
      { numRuns: 1_000 },
    );
  });

  it("are cut where one begins or ends, each with those that hold on all of its days", () => {
    fc.assert(
      fc.property(intervals, (given) => {
        const all = given.map((each, name) => ({ ...each, name }));
        const names = (on: string, found: readonly { readonly name: number }[] | undefined) => [
          on,
          (found ?? []).map(({ name }) => name).toSorted(),
        ];
        const stretches = stretchesOf(all);
        const expected = days.map((on) =>
          names(
            on,
            all.filter((each) => has(each, on)),
          ),
        );
        expect(days.map((on) => names(on, stretches.find((each) => has(each, on))?.items))).toEqual(expected);
        expect(stretches.every(({ items }) => items.length > 0)).toBe(true);
        const several = overlapsAmong(all);
        expect(those(several)).toEqual(daysWith((on) => all.filter((each) => has(each, on)).length > 1));
        const crowds = crowdedDays(all);
        expect(those(crowds)).toEqual(those(several));
        expect(isFewest(crowds)).toBe(true);
        const counts = crowds.map((crowd) =>
          Math.max(...those([crowd]).map((on) => all.filter((each) => has(each, on)).length)),
        );
        expect(crowds.map(({ most }) => most)).toEqual(counts);
      }),
      { numRuns: 2_000 },
    );
  });

  it("have the open end of the calendar where one has no last day", () => {
    expect(unionOf([{ validFrom: "2024-01-01", validUntil: null }])).toEqual([
      { validFrom: "2024-01-01", validUntil: null },
    ]);
    expect(
      gapsIn({ validFrom: null, validUntil: null }, [{ validFrom: "2024-01-01", validUntil: "2024-12-31" }]),
    ).toEqual([
      { validFrom: null, validUntil: "2023-12-31" },
      { validFrom: "2025-01-01", validUntil: null },
    ]);
  });

  it("of 100,000 intervals are told in a moment", () => {
    const many = Array.from({ length: 100_000 }, (_, i) => {
      const year = 1000 + (i % 8_000);
      return { validFrom: `${year}-01-01`, validUntil: `${year}-06-30` };
    });
    expect(gapsBetween(many)).toHaveLength(7_999);
  });
});
