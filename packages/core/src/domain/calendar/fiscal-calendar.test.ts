import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysBetween, type Weekday, weekdays } from "../../kernel/value/calendar.ts";
import {
  type CalendarSettings,
  type FiscalCalendar,
  type FiscalUnit,
  fiscalPeriod,
  fiscalPeriodOf,
  fiscalPeriodsOf,
  shiftFiscalPeriod,
} from "./fiscal-calendar.ts";

const withWeeks = (fiscalCalendar: FiscalCalendar, weekStart: Weekday = "monday"): CalendarSettings => ({
  fiscalCalendar,
  weekStart,
});
const months = (startMonth: number, namedBy: "start" | "end" = "start") =>
  withWeeks({ kind: "months", startMonth, namedBy });
const weeks = (
  pattern: "4-4-5" | "4-5-4" | "5-4-4",
  end: readonly ["last" | "nearest", Weekday, number],
  namedBy: "start" | "end" = "end",
) => {
  const [rule, weekday, month] = end;
  return withWeeks({ kind: "weeks", pattern, yearEnd: { rule, weekday, month }, namedBy });
};

/** The National Retail Federation's calendar. */
const retail = weeks("4-5-4", ["nearest", "saturday", 1], "start");
const calendarYears = months(1);

/** "2023 2023-01-29 2024-02-03 53" */
function yearIn(settings: CalendarSettings, year: number): string {
  const [own] = fiscalPeriodsOf(settings, "year", year);
  return `${own!.year} ${own!.from} ${own!.until} ${(daysBetween(own!.from, own!.until) + 1) / 7}`;
}

const shown = (settings: CalendarSettings, unit: FiscalUnit, year: number) =>
  fiscalPeriodsOf(settings, unit, year).map(({ name, from, until }) => `${name} ${from} ${until}`);

describe("years of weeks", () => {
  it("are those that the National Retail Federation publishes", () => {
    expect(
      [2005, 2006, 2007, 2011, 2012, 2013, 2017, 2018, 2022, 2023, 2024].map((year) => yearIn(retail, year)),
    ).toEqual([
      "2005 2005-01-30 2006-01-28 52",
      "2006 2006-01-29 2007-02-03 53",
      "2007 2007-02-04 2008-02-02 52",
      "2011 2011-01-30 2012-01-28 52",
      "2012 2012-01-29 2013-02-02 53",
      "2013 2013-02-03 2014-02-01 52",
      "2017 2017-01-29 2018-02-03 53",
      "2018 2018-02-04 2019-02-02 52",
      "2022 2022-01-30 2023-01-28 52",
      "2023 2023-01-29 2024-02-03 53",
      "2024 2024-02-04 2025-02-01 52",
    ]);
  });

  it("that end on the last Saturday of September are those of Apple", () => {
    const apple = weeks("4-4-5", ["last", "saturday", 9]);
    expect([2016, 2017, 2018, 2022, 2023, 2024, 2025].map((year) => yearIn(apple, year))).toEqual([
      "2016 2015-09-27 2016-09-24 52",
      "2017 2016-09-25 2017-09-30 53",
      "2018 2017-10-01 2018-09-29 52",
      "2022 2021-09-26 2022-09-24 52",
      "2023 2022-09-25 2023-09-30 53",
      "2024 2023-10-01 2024-09-28 52",
      "2025 2024-09-29 2025-09-27 52",
    ]);
  });

  it("that end on the Sunday nearest to the end of August are those of Costco", () => {
    const costco = weeks("4-4-5", ["nearest", "sunday", 8]);
    expect([2022, 2023, 2024].map((year) => yearIn(costco, year))).toEqual([
      "2022 2021-08-30 2022-08-28 52",
      "2023 2022-08-29 2023-09-03 53",
      "2024 2023-09-04 2024-09-01 52",
    ]);
  });

  it("that end near the end of December have the number of that December's year, whatever names them", () => {
    for (const namedBy of ["start", "end"] as const) {
      const settings = weeks("4-4-5", ["nearest", "saturday", 12], namedBy);
      expect([2020, 2021, 2022].map((year) => yearIn(settings, year))).toEqual([
        "2020 2019-12-29 2021-01-02 53",
        "2021 2021-01-03 2022-01-01 52",
        "2022 2022-01-02 2022-12-31 52",
      ]);
    }
  });

  it("have months of whole weeks, and the 53rd week in the last one", () => {
    expect(shown(retail, "month", 2023)).toEqual([
      "FY2023-P01 2023-01-29 2023-02-25",
      "FY2023-P02 2023-02-26 2023-04-01",
      "FY2023-P03 2023-04-02 2023-04-29",
      "FY2023-P04 2023-04-30 2023-05-27",
      "FY2023-P05 2023-05-28 2023-07-01",
      "FY2023-P06 2023-07-02 2023-07-29",
      "FY2023-P07 2023-07-30 2023-08-26",
      "FY2023-P08 2023-08-27 2023-09-30",
      "FY2023-P09 2023-10-01 2023-10-28",
      "FY2023-P10 2023-10-29 2023-11-25",
      "FY2023-P11 2023-11-26 2023-12-30",
      "FY2023-P12 2023-12-31 2024-02-03",
    ]);
    const lengths = (pattern: "4-4-5" | "4-5-4" | "5-4-4", year: number) =>
      fiscalPeriodsOf(weeks(pattern, ["last", "saturday", 9]), "month", year)
        .map(({ from, until }) => (daysBetween(from, until) + 1) / 7)
        .join(" ");
    expect(lengths("4-4-5", 2023)).toBe("4 4 5 4 4 5 4 4 5 4 4 6");
    expect(lengths("4-5-4", 2023)).toBe("4 5 4 4 5 4 4 5 4 4 5 5");
    expect(lengths("5-4-4", 2023)).toBe("5 4 4 5 4 4 5 4 4 5 4 5");
    expect(lengths("5-4-4", 2024)).toBe("5 4 4 5 4 4 5 4 4 5 4 4");
  });

  it("have quarters and weeks", () => {
    expect(shown(retail, "quarter", 2023)).toEqual([
      "FY2023-Q1 2023-01-29 2023-04-29",
      "FY2023-Q2 2023-04-30 2023-07-29",
      "FY2023-Q3 2023-07-30 2023-10-28",
      "FY2023-Q4 2023-10-29 2024-02-03",
    ]);
    const all = shown(retail, "week", 2023);
    expect([all.length, all[0], all[52]]).toEqual([
      53,
      "FY2023-W01 2023-01-29 2023-02-04",
      "FY2023-W53 2024-01-28 2024-02-03",
    ]);
  });
});

describe("years of months", () => {
  it("of the calendar have the calendar's names", () => {
    expect(shown(calendarYears, "year", 2026)).toEqual(["2026 2026-01-01 2026-12-31"]);
    expect(shown(months(1, "end"), "year", 2026)).toEqual(["2026 2026-01-01 2026-12-31"]);
    expect(shown(calendarYears, "quarter", 2026)[3]).toBe("2026-Q4 2026-10-01 2026-12-31");
    expect(shown(calendarYears, "month", 2024)[1]).toBe("2024-02 2024-02-01 2024-02-29");
  });

  it("start in any month, and are named by the year of their start or their end", () => {
    expect(shown(months(4), "year", 2026)).toEqual(["FY2026 2026-04-01 2027-03-31"]);
    expect(shown(months(10, "end"), "year", 2026)).toEqual(["FY2026 2025-10-01 2026-09-30"]);
    expect(shown(months(7, "end"), "quarter", 2024)).toEqual([
      "FY2024-Q1 2023-07-01 2023-09-30",
      "FY2024-Q2 2023-10-01 2023-12-31",
      "FY2024-Q3 2024-01-01 2024-03-31",
      "FY2024-Q4 2024-04-01 2024-06-30",
    ]);
    expect(shown(months(12, "start"), "month", 2023)[2]).toBe("FY2023-P03 2024-02-01 2024-02-29");
  });

  it.each([
    [months(4), "2026-03-31", "FY2025 FY2025-Q4 FY2025-P12"],
    [months(4), "2026-04-01", "FY2026 FY2026-Q1 FY2026-P01"],
    [months(10, "end"), "2025-09-30", "FY2025 FY2025-Q4 FY2025-P12"],
    [months(10, "end"), "2025-10-01", "FY2026 FY2026-Q1 FY2026-P01"],
    [months(12, "end"), "2025-12-01", "FY2026 FY2026-Q1 FY2026-P01"],
    [calendarYears, "2024-02-29", "2024 2024-Q1 2024-02"],
    [calendarYears, "0001-01-01", "0001 0001-Q1 0001-01"],
    [calendarYears, "9999-12-31", "9999 9999-Q4 9999-12"],
    [months(4), "9999-12-31", "FY9999 FY9999-Q3 FY9999-P09"],
    [retail, "2024-02-03", "FY2023 FY2023-Q4 FY2023-P12"],
    [retail, "2024-02-04", "FY2024 FY2024-Q1 FY2024-P01"],
  ])("%j hold %s in %s", (settings, day, names) => {
    const of = (unit: FiscalUnit) => fiscalPeriodOf(settings, unit, day).name;
    expect(`${of("year")} ${of("quarter")} ${of("month")}`).toBe(names);
  });

  it("have weeks that start on the tenant's weekday, named by their first day", () => {
    const sundays = withWeeks(calendarYears.fiscalCalendar, "sunday");
    expect(fiscalPeriodOf(sundays, "week", "2026-01-01")).toEqual({
      unit: "week",
      name: "2025-12-28",
      year: 2025,
      from: "2025-12-28",
      until: "2026-01-03",
    });
    expect(fiscalPeriodOf(calendarYears, "week", "2026-01-01").name).toBe("2025-12-29");
    const all = shown(sundays, "week", 2026);
    expect([all.length, all[0], all.at(-1)]).toEqual([
      52,
      "2026-01-04 2026-01-04 2026-01-10",
      "2026-12-27 2026-12-27 2027-01-02",
    ]);
  });

  it("are cut off where days end", () => {
    expect(fiscalPeriodOf(months(4), "year", "9999-12-31").until).toBe("9999-12-31");
    expect(fiscalPeriodOf(months(4), "year", "0001-01-01").from).toBe("0001-01-01");
    expect(fiscalPeriodOf(retail, "year", "9999-12-31").until).toBe("9999-12-31");
  });
});

describe("a period", () => {
  it.each([
    [calendarYears, "2026"],
    [calendarYears, "2026-Q4"],
    [calendarYears, "2026-12"],
    [calendarYears, "2025-12-29"],
    [months(4), "FY2026"],
    [months(4), "FY2026-Q1"],
    [months(4), "FY2026-P12"],
    [retail, "FY2023-W53"],
  ])("of %j is found by its name %s", (settings, name) => {
    expect(fiscalPeriod(settings, name).name).toBe(name);
  });

  it.each([
    [calendarYears, "FY2026"],
    [calendarYears, "2026-Q5"],
    [calendarYears, "2026-13"],
    [calendarYears, "2026-P01"],
    [calendarYears, "2026-W01"],
    [calendarYears, "2026-12-30"],
    [calendarYears, "0000"],
    [calendarYears, ""],
    [months(4), "2026-Q4"],
    [months(4), "FY2026-04"],
    [retail, "FY2024-W53"],
    [retail, "2024-02-04"],
  ])("of %j has no name %j", (settings, name) => {
    expect(() => fiscalPeriod(settings, name)).toThrow(
      expect.objectContaining({ code: "invalid_input", details: expect.objectContaining({ field: "period" }) }),
    );
  });

  it("says how names are, where one is wrong", () => {
    expect(() => fiscalPeriod(months(4), "2026-Q4")).toThrow(
      'settings.period is "2026-Q4", which names no period of the fiscal calendar: its names are like "FY2026-Q4".',
    );
  });

  it("leads to those before and after it, over years of 53 weeks too", () => {
    const from = (settings: CalendarSettings, name: string, by: number) =>
      shiftFiscalPeriod(settings, fiscalPeriod(settings, name), by).name;
    expect(from(calendarYears, "2026-Q4", 1)).toBe("2027-Q1");
    expect(from(calendarYears, "2026-01", -1)).toBe("2025-12");
    expect(from(months(4), "FY2026-P12", 1)).toBe("FY2027-P01");
    expect(from(retail, "FY2024-W01", -1)).toBe("FY2023-W53");
    expect(from(retail, "FY2023-Q4", 4)).toBe("FY2024-Q4");
    expect(from(retail, "FY2023", 0)).toBe("FY2023");
  });
});

const anyCalendar: fc.Arbitrary<CalendarSettings> = fc.record({
  weekStart: fc.constantFrom(...weekdays),
  fiscalCalendar: fc.oneof(
    fc.record({
      kind: fc.constant("months" as const),
      startMonth: fc.integer({ min: 1, max: 12 }),
      namedBy: fc.constantFrom("start" as const, "end" as const),
    }),
    fc.record({
      kind: fc.constant("weeks" as const),
      pattern: fc.constantFrom("4-4-5" as const, "4-5-4" as const, "5-4-4" as const),
      yearEnd: fc.record({
        rule: fc.constantFrom("last" as const, "nearest" as const),
        weekday: fc.constantFrom(...weekdays),
        month: fc.integer({ min: 1, max: 12 }),
      }),
      namedBy: fc.constantFrom("start" as const, "end" as const),
    }),
  ),
});
const anyDay = fc.integer({ min: 0, max: 100_000 }).map((days) => addDays("1900-01-01", days));

describe("any calendar", () => {
  it("has every day in exactly one period of each kind, which its name leads back to", () => {
    fc.assert(
      fc.property(anyCalendar, anyDay, (settings, day) => {
        for (const unit of ["year", "quarter", "month", "week"] as const) {
          const period = fiscalPeriodOf(settings, unit, day);
          expect(period.from <= day && day <= period.until).toBe(true);
          expect(fiscalPeriod(settings, period.name)).toEqual(period);
          expect(fiscalPeriodOf(settings, unit, addDays(period.until, 1)).from).toBe(addDays(period.until, 1));
          expect(fiscalPeriodOf(settings, unit, addDays(period.from, -1)).until).toBe(addDays(period.from, -1));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("has years that their quarters, months and weeks tile, of at most 53 weeks", () => {
    fc.assert(
      fc.property(anyCalendar, fc.integer({ min: 1900, max: 2150 }), (settings, year) => {
        const [whole] = fiscalPeriodsOf(settings, "year", year);
        for (const unit of ["quarter", "month", "week"] as const) {
          if (unit === "week" && settings.fiscalCalendar.kind === "months") continue;
          const parts = fiscalPeriodsOf(settings, unit, year);
          expect([parts[0]!.from, parts.at(-1)!.until]).toEqual([whole!.from, whole!.until]);
          for (let i = 1; i < parts.length; i++) expect(parts[i]!.from).toBe(addDays(parts[i - 1]!.until, 1));
          expect(parts.map(({ name }) => name)).toEqual(parts.map(({ name }) => name).toSorted());
        }
        const days = daysBetween(whole!.from, whole!.until) + 1;
        expect(settings.fiscalCalendar.kind === "weeks" ? [364, 371] : [365, 366]).toContain(days);
      }),
      { numRuns: 300 },
    );
  });
});
