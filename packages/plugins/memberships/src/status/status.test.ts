import { addDays, dayAt, dayNumberOf } from "@relata/core/plugin";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spansOf } from "../chain/spans.ts";
import { announcementsOf } from "./announce.ts";
import { findUncovered } from "./cover-days.ts";
import { type DayOffset, earliestAfter, latestBefore, offsetDay } from "./day-offset.ts";
import { withGrace } from "./simulate.ts";
import { type SpanDays, statusInSpan, statusOn } from "./status-on.ts";
import { defaultStatusRules, inOrder, ruleEvents, type StatusRule, statusRulesSchema } from "./status-rule.ts";
import { statusDays } from "./timeline.ts";

const term = (startsOn: string, endsOn: string | null, more: object = {}) => ({
  ...{
    id: startsOn,
    levelId: "friend",
    chainStartsOn: startsOn,
    countsFrom: startsOn,
    startsOn,
    endsOn,
    voidedOn: null,
  },
  ...more,
});
const event = (
  kind: "cancelled" | "paused" | "deceased" | "overridden",
  validFrom: string,
  validUntil: string | null = null,
) => ({
  ...{ kind, validFrom, validUntil, status: kind === "overridden" ? "current" : null, voidedOn: null },
});
const statusesFrom = (chain: Partial<Parameters<typeof spansOf>[0]>, rules = defaultStatusRules) => {
  const spans = spansOf({ terms: [], events: [], orders: [], ...chain });
  return (day: string) => statusOn(spans, rules, day)?.status;
};

describe("a status", () => {
  it("turns on the days that the rules say, both ends included", () => {
    const status = statusesFrom({ terms: [term("2026-01-31", "2027-01-30")] });
    expect(["2026-01-30", "2026-01-31", "2026-04-30", "2026-05-01", "2027-01-30"].map(status)).toEqual([
      undefined,
      "new",
      "new",
      "current",
      "current",
    ]);
    expect(["2027-01-31", "2027-02-28", "2027-03-01", "2099-01-01"].map(status)).toEqual([
      "grace",
      "grace",
      "expired",
      "expired",
    ]);
  });

  it("of a membership for life never ends", () => {
    const status = statusesFrom({ terms: [term("2026-01-01", null)] });
    expect(["2026-04-01", "2026-04-02", "9999-12-31"].map(status)).toEqual(["new", "current", "current"]);
  });

  it("of a short term is not new after its end", () => {
    const status = statusesFrom({ terms: [term("2026-01-01", "2026-01-31")] });
    expect(["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"].map(status)).toEqual([
      "new",
      "grace",
      "grace",
      "expired",
    ]);
  });

  it("is the event's on its days: an override before a death, that before a cancellation, that before a pause", () => {
    const status = statusesFrom({
      terms: [term("2025-01-01", "2026-12-31")],
      events: [
        event("paused", "2026-01-10", "2026-01-20"),
        event("cancelled", "2026-01-15"),
        event("deceased", "2026-02-01"),
        event("overridden", "2026-02-10", "2026-02-12"),
      ],
    });
    const days = [
      "2026-01-09",
      "2026-01-10",
      "2026-01-15",
      "2026-01-31",
      "2026-02-01",
      "2026-02-10",
      "2026-02-12",
      "2026-02-13",
    ];
    expect(days.map(status)).toEqual([
      ...["current", "paused", "cancelled", "cancelled", "deceased", "current", "current", "deceased"],
    ]);
  });

  it("is pending from the order to the first term, or until the order is given up", () => {
    const order = { levelId: "friend", orderedOn: "2026-01-01", state: "applied" as const, stateOn: "2026-01-10" };
    const paid = statusesFrom({ terms: [term("2026-01-10", "2027-01-09")], orders: [order] });
    expect(["2025-12-31", "2026-01-01", "2026-01-09", "2026-01-10"].map(paid)).toEqual([
      undefined,
      "pending",
      "pending",
      "new",
    ]);
    const given = statusesFrom({ orders: [{ ...order, state: "void" as const }] });
    expect(["2026-01-09", "2026-01-10"].map(given)).toEqual(["pending", undefined]);
  });

  it("is told day by day as it is by its periods", () => {
    const day = fc.integer({ min: 0, max: 900 }).map((number) => addDays("2026-01-01", number));
    const chain = fc.record({
      starts: fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 4 }),
      events: fc.array(
        fc.record({
          kind: fc.constantFrom("cancelled" as const, "paused" as const, "deceased" as const, "overridden" as const),
          validFrom: day,
          days: fc.option(fc.integer({ min: 0, max: 60 })),
        }),
        { maxLength: 4 },
      ),
    });
    fc.assert(
      fc.property(chain, ({ starts, events }) => {
        const terms = starts
          .toSorted((a, b) => a - b)
          .map((start) => term(addDays("2026-01-01", start * 30), addDays("2026-01-01", start * 30 + 20)));
        const spans = spansOf({
          terms,
          orders: [],
          events: events.map(({ kind, validFrom, days }) =>
            event(kind, validFrom, days === null ? null : addDays(validFrom, days)),
          ),
        });
        const rules = inOrder(defaultStatusRules);
        const periods = statusDays(spans, rules, { from: "2026-01-01", until: "2029-12-31" });
        for (let number = 0; number < 1_200; number += 2) {
          const asked = addDays("2026-01-01", number);
          const inSpans = spans.filter(({ firstDay, lastDay }) => firstDay <= asked && asked <= lastDay);
          const told = periods.find(({ firstDay, lastDay }) => firstDay <= asked && asked <= lastDay);
          expect(inSpans).toHaveLength(asked < terms[0]!.startsOn ? 0 : 1);
          expect(told?.status).toBe(statusOn(spans, rules, asked)?.status);
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe("announcements", () => {
  it("are the same however irregularly they are asked for", () => {
    const day = fc.integer({ min: 0, max: 800 }).map((number) => addDays("2026-01-01", number));
    const chain = fc.record({
      starts: fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 4 }),
      cancelled: fc.option(fc.tuple(day, fc.integer({ min: 0, max: 90 }))),
      asked: fc.uniqueArray(fc.integer({ min: 0, max: 1_100 }), { maxLength: 12 }),
    });
    const rules = inOrder(defaultStatusRules);
    let told = 0;
    fc.assert(
      fc.property(chain, ({ starts, cancelled, asked }) => {
        const spans = spansOf({
          terms: starts
            .toSorted((a, b) => a - b)
            .map((start) => term(addDays("2026-01-01", start * 90), addDays("2026-01-01", start * 90 + 60))),
          orders: [],
          events: cancelled === null ? [] : [event("cancelled", cancelled[0], addDays(cancelled[0], cancelled[1]))],
        });
        const ask = (days: readonly string[]) => {
          const all = [];
          let before: { announcedThrough: string | null; announcedStatus: string | null } = {
            ...{ announcedThrough: null, announcedStatus: null },
          };
          for (const through of days) {
            all.push(...announcementsOf({ ...before, spans, rules, reminderDays: [30, 7, 0] }, through));
            before = { announcedThrough: through, announcedStatus: statusOn(spans, rules, through)?.status ?? null };
          }
          return all;
        };
        const last = addDays("2026-01-01", 1_200);
        const often = asked.toSorted((a, b) => a - b).map((number) => addDays("2026-01-01", number));
        const once = ask([last]);
        told += once.length;
        expect(ask([...often, last])).toEqual(once);
      }),
      { numRuns: 60 },
    );
    expect(told).toBeGreaterThan(200);
  });
});

describe("an offset", () => {
  const offsets = fc.record({
    unit: fc.constantFrom("day" as const, "month" as const, "year" as const),
    count: fc.integer({ min: -40, max: 40 }),
  });
  const days = fc.integer({ min: dayNumberOf("1890-01-01"), max: dayNumberOf("2110-12-31") }).map(dayAt);

  it("can be taken back: to the last day that it leads to this one or before, and to the first that it leads to this one or after", () => {
    fc.assert(
      fc.property(offsets, days, (offset: DayOffset, day) => {
        const last = latestBefore(day, offset)!;
        const first = earliestAfter(day, offset)!;
        expect(offsetDay(last, offset) <= day && offsetDay(addDays(last, 1), offset) > day).toBe(true);
        expect(offsetDay(first, offset) >= day && offsetDay(addDays(first, -1), offset) < day).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("stays within the calendar", () => {
    expect(latestBefore("0001-01-01", { unit: "month", count: 1 })).toBeUndefined();
    expect(latestBefore("9999-12-31", { unit: "month", count: 1 })).toBe("9999-12-31");
    expect(earliestAfter("9999-12-31", { unit: "month", count: -1 })).toBeUndefined();
    expect(offsetDay("9999-12-31", { unit: "day", count: 1 })).toBe("9999-12-31");
  });
});

const rule = (status: string, weight: number, more: Partial<StatusRule> = {}): StatusRule => ({
  ...{ status, weight, counts: false, state: "term" },
  ...more,
});
const end = (count: number, unit: DayOffset["unit"] = "month") => ({ event: "end" as const, unit, count });
const others = defaultStatusRules.filter(({ state }) => state !== "term");
const current = rule("current", 1, { from: { event: "start", unit: "day", count: 0 }, until: end(0) });

describe("rules", () => {
  it("that cover every day are the default ones, and those with another grace", () => {
    expect(findUncovered(defaultStatusRules)).toBeUndefined();
    expect(findUncovered(withGrace({ unit: "day", count: 45 }))).toBeUndefined();
  });

  it("that leave a day uncovered are found, with the day", () => {
    const gap = [
      ...others,
      current,
      rule("grace", 2, { from: end(0), until: end(1) }),
      rule("expired", 3, { from: end(40, "day") }),
    ];
    const found = findUncovered(gap)!;
    expect(found).toMatchObject({ state: "term" });
    expect(
      found.day > offsetDay(found.endsOn!, { unit: "month", count: 1 }) && found.day < addDays(found.endsOn!, 40),
    ).toBe(true);
    expect(findUncovered([...others, current])).toMatchObject({ state: "term" });
    expect(findUncovered(defaultStatusRules.filter(({ status }) => status !== "paused"))).toMatchObject({
      state: "paused",
    });
    expect(
      findUncovered(defaultStatusRules.map((each) => (each.status === "expired" ? { ...each, manual: true } : each))),
    ).toMatchObject({ state: "term" });
  });

  it("reach a hundred years from a day, and no further", () => {
    for (const [unit, most] of [
      ["day", 36_500],
      ["month", 1_200],
      ["year", 100],
    ] as const)
      for (const sign of [1, -1]) {
        const farRule = (count: number) => rule("far", 1, { from: { event: "join", unit, count } });
        expect(findUncovered([...others, farRule(most * sign), rule("else", 2)])).toBeUndefined();
        expect(statusRulesSchema().safeParse([farRule(most * sign)]).success).toBe(true);
        expect(statusRulesSchema().safeParse([farRule((most + 1) * sign)]).success).toBe(false);
      }
  });

  it("cover who dies, or is cancelled, before the first term, and has no other day", () => {
    for (const state of ["deceased", "cancelled"] as const) {
      const from = { event: "join", unit: "day", count: 0 } as const;
      const rules = defaultStatusRules.map((each) => (each.state === state ? { ...each, from } : each));
      expect(findUncovered(rules)).toMatchObject({ state, joinedOn: null, startsOn: null });
    }
  });

  it("are told apart by the lengths of months: 28 days and a month leave some out, 31 days and a month none", () => {
    const rules = (days: number) => [
      ...others,
      current,
      rule("grace", 2, { from: end(0), until: end(days, "day") }),
      rule("expired", 3, { from: end(1) }),
    ];
    expect(findUncovered(rules(31))).toBeUndefined();
    expect(findUncovered(rules(30))).toBeUndefined();
    expect(findUncovered(rules(29))).toMatchObject({ state: "term" });
    expect(findUncovered(rules(28))).toMatchObject({ state: "term" });
  });

  it("are refused if and only if some membership has a day without a status", () => {
    const bound = fc.option(
      fc.record({
        event: fc.constantFrom(...ruleEvents),
        unit: fc.constantFrom("day" as const, "month" as const),
        count: fc.integer({ min: -2, max: 2 }),
      }),
      { nil: undefined },
    );
    const some = fc.array(fc.record({ from: bound, until: bound, withinTerm: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    });
    const bases = ["2026-01-31", "2024-02-29"].map(dayNumberOf);
    const gaps = [0, 1, 2, 28, 30, 31, 59, 62];
    let refused = 0;
    fc.assert(
      fc.property(some, (parts) => {
        const rules = parts.map((part, at) => rule(`status ${at}`, at, part));
        const found = findUncovered([...others, ...rules]);
        if (found) refused += 1;
        // What is found is really left out; what is not found is not there, among some thousand memberships.
        if (found) {
          const own = { joinedOn: found.joinedOn, termStartsOn: found.startsOn, termEndsOn: found.endsOn };
          expect(found.state).toBe("term");
          expect(own.joinedOn).not.toBeNull();
          return;
        }
        for (const base of bases)
          for (const started of gaps)
            for (const lasts of [...gaps, null]) {
              const day = (number: number) => dayAt(base + number);
              const span: SpanDays = {
                ...{
                  firstDay: day(started),
                  lastDay: "9999-12-31",
                  state: "term",
                  stateOn: day(started),
                  overrideStatus: null,
                },
                ...{ joinedOn: day(0), chainStartsOn: day(0), termStartsOn: day(started) },
                termEndsOn: lasts === null ? null : day(started + lasts),
              };
              for (const after of [...gaps, 120, 200])
                if (statusInSpan(span, rules, day(started + after)) === undefined)
                  throw new Error(`not found: ${JSON.stringify([span, day(started + after)])}`);
            }
      }),
      { numRuns: 40 },
    );
    expect(refused).toBeGreaterThan(5);
  });
});
