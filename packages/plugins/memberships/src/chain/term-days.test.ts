import { addDays, dayAt, dayNumberOf, isDate } from "@relata/core/plugin";
import { describe, expect, it } from "vitest";
import { firstTerm, nextTerm, type PlanDays, termsInRow } from "./term-days.ts";

const rolling = (unit: PlanDays["unit"], length = 1): PlanDays => ({
  ...{ unit, length, period: "rolling", startDay: null, rolloverDay: null },
});
const fixedYear = (startDay: string, rolloverDay: string | null = null, length = 1): PlanDays => ({
  ...{ unit: "year", length, period: "fixed", startDay, rolloverDay },
});
const fixedMonth = (rolloverDay: string | null = null): PlanDays => ({
  ...{ unit: "month", length: 1, period: "fixed", startDay: null, rolloverDay },
});

/** "2026-01-31..2026-02-27", in order. */
const row = (plan: PlanDays, day: string, count: number) =>
  termsInRow(plan, firstTerm(plan, day), count).map(({ startsOn, endsOn }) => `${startsOn}..${endsOn ?? ""}`);

/** Every day of one whole cycle of the Gregorian calendar. */
function* everyDay(): Generator<string> {
  const first = dayNumberOf("2000-01-01");
  for (let number = first; number < first + 146_097; number++) yield dayAt(number);
}

describe("the days of terms", () => {
  it("are counted from the anchor, and clamped to the month", () => {
    expect(row(rolling("month"), "2026-01-31", 4)).toEqual([
      "2026-01-31..2026-02-27",
      "2026-02-28..2026-03-30",
      "2026-03-31..2026-04-29",
      "2026-04-30..2026-05-30",
    ]);
    expect(row(rolling("year"), "2024-02-29", 5)).toEqual([
      "2024-02-29..2025-02-27",
      "2025-02-28..2026-02-27",
      "2026-02-28..2027-02-27",
      "2027-02-28..2028-02-28",
      "2028-02-29..2029-02-27",
    ]);
    expect(row(rolling("day", 30), "2026-01-01", 2)).toEqual(["2026-01-01..2026-01-30", "2026-01-31..2026-03-01"]);
    expect(row(rolling("lifetime"), "2026-01-01", 3)).toEqual(["2026-01-01.."]);
  });

  it("end with the month that follows one that ended with its month", () => {
    const february = { ...firstTerm(rolling("month"), "2018-02-01"), samePlan: true };
    expect(february.endsOn).toBe("2018-02-28");
    expect(nextTerm(rolling("month"), february)).toMatchObject({ startsOn: "2018-03-01", endsOn: "2018-03-31" });
  });

  it("begin with the fixed year, and last a year longer from the roll-over day on", () => {
    const plan = fixedYear("01-01", "10-01");
    expect(row(plan, "2026-10-15", 2)).toEqual(["2026-01-01..2027-12-31", "2028-01-01..2028-12-31"]);
    expect(row(plan, "2026-09-30", 2)).toEqual(["2026-01-01..2026-12-31", "2027-01-01..2027-12-31"]);
    expect(row(plan, "2026-10-01", 1)).toEqual(["2026-01-01..2027-12-31"]);
    expect(row(fixedYear("07-01", "04-01"), "2026-03-31", 1)).toEqual(["2025-07-01..2026-06-30"]);
    expect(row(fixedYear("07-01", "04-01"), "2026-04-01", 1)).toEqual(["2025-07-01..2027-06-30"]);
    expect(row(fixedYear("07-01", "04-01"), "2026-07-01", 1)).toEqual(["2026-07-01..2027-06-30"]);
    expect(row(fixedYear("01-01", "10-01", 2), "2026-10-15", 1)).toEqual(["2026-01-01..2028-12-31"]);
    expect(row(fixedYear("02-29"), "2027-03-01", 2)).toEqual(["2027-02-28..2028-02-28", "2028-02-29..2029-02-27"]);
  });

  it("begin with the fixed month", () => {
    expect(row(fixedMonth("20"), "2026-02-19", 2)).toEqual(["2026-02-01..2026-02-28", "2026-03-01..2026-03-31"]);
    expect(row(fixedMonth("20"), "2026-02-20", 1)).toEqual(["2026-02-01..2026-03-31"]);
    expect(row(fixedMonth("31"), "2026-02-27", 1)).toEqual(["2026-02-01..2026-02-28"]);
    expect(row(fixedMonth("31"), "2026-02-28", 1)).toEqual(["2026-02-01..2026-03-31"]);
  });

  it("have a new anchor after a term that does not end where its chain says", () => {
    const moved = { ...firstTerm(rolling("month"), "2026-01-31"), endsOn: "2026-03-09", samePlan: true };
    expect(nextTerm(rolling("month"), moved)).toEqual({
      ...{ anchorOn: "2026-03-10", position: 0, startsOn: "2026-03-10", endsOn: "2026-04-09" },
    });
    const rolled = { ...firstTerm(rolling("year"), "2026-03-10"), samePlan: false };
    expect(nextTerm(fixedYear("01-01", "10-01"), rolled)).toMatchObject({
      startsOn: "2027-03-10",
      endsOn: "2027-12-31",
    });
  });

  it.each([
    ["a month", rolling("month")],
    ["a year", rolling("year")],
  ])(
    "of %s follow one another without a gap, whatever day of the cycle they begin on",
    (_, plan) => {
      let checked = 0;
      for (const day of everyDay()) {
        const terms = termsInRow(plan, firstTerm(plan, day), 2);
        const problem = terms.some(({ startsOn, endsOn, anchorOn, position }, at) => {
          const before = terms[at - 1];
          const start = at === 0 ? day : addDays(before!.endsOn!, 1);
          const date = Number(startsOn.slice(8));
          const wanted = Number(day.slice(8));
          // The day of the anchor, or the last one of a month that has no such day.
          const clamped =
            plan.unit === "day" || date === wanted || (date < wanted && addDays(startsOn, 1).endsWith("-01"));
          return startsOn !== start || !isDate(endsOn!) || anchorOn !== day || position !== at || !clamped;
        });
        if (problem) throw new Error(`from ${day}: ${JSON.stringify(terms)}`);
        checked += 1;
      }
      expect(checked).toBe(146_097);
    },
    60_000,
  );

  it.each([
    ["29 February, roll-over on 31 December", fixedYear("02-29", "12-31")],
    ["the month, roll-over on the 31st", fixedMonth("31")],
  ])(
    "of fixed periods from %s hold every day of the cycle",
    (_, plan) => {
      let previous = firstTerm(plan, "1999-12-31");
      for (const day of everyDay()) {
        const term = firstTerm(plan, day);
        const holds = term.startsOn <= day && day <= term.endsOn!;
        const ordered = previous.endsOn! <= term.endsOn! && previous.startsOn <= term.startsOn;
        if (!holds || !ordered) throw new Error(`on ${day}: ${JSON.stringify([previous, term])}`);
        previous = term;
      }
    },
    60_000,
  );
});
