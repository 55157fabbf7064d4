import { describe, expect, it } from "vitest";
import { makeDeal, makeStages, openForecasting, refusal, storages } from "../forecasting-fixture.ts";
import { askedPeriods, type PeriodQuery, type PeriodUnit } from "./asked-periods.ts";

const calendarYears = {
  weekStart: "monday",
  fiscalCalendar: { kind: "months", startMonth: 1, namedBy: "start" },
} as const;
const february = { weekStart: "monday", fiscalCalendar: { kind: "months", startMonth: 2, namedBy: "end" } } as const;
const retail = {
  weekStart: "monday",
  fiscalCalendar: {
    kind: "weeks",
    pattern: "4-5-4",
    yearEnd: { rule: "nearest", weekday: "saturday", month: 1 },
    namedBy: "start",
  },
} as const;

const columns = (
  settings: typeof calendarYears | typeof february | typeof retail,
  period: PeriodQuery,
  by?: PeriodUnit,
) =>
  askedPeriods(settings, { query: "forecast", period, by }).columns.map(
    ({ name, from, until }) => `${name} ${from} ${until}`,
  );

describe("asked periods", () => {
  it("are a month, a quarter, the quarters of a year, or what lies between two", () => {
    expect(columns(calendarYears, "2026-12")).toEqual(["2026-12 2026-12-01 2026-12-31"]);
    expect(columns(calendarYears, "2026-Q4")).toEqual(["2026-Q4 2026-10-01 2026-12-31"]);
    expect(columns(calendarYears, "2026").map((each) => each.slice(0, 7))).toEqual([
      "2026-Q1",
      "2026-Q2",
      "2026-Q3",
      "2026-Q4",
    ]);
    expect(columns(calendarYears, { from: "2026-Q4", to: "2027-Q1" })).toEqual([
      "2026-Q4 2026-10-01 2026-12-31",
      "2027-Q1 2027-01-01 2027-03-31",
    ]);
    expect(columns(calendarYears, { from: "2026-12", to: "2027-Q1" }).map((each) => each.slice(0, 7))).toEqual([
      "2026-12",
      "2027-01",
      "2027-02",
      "2027-03",
    ]);
  });

  it("are those of the tenant's fiscal calendar, of months or of weeks", () => {
    expect(columns(february, "FY2027-Q1", "month")).toEqual([
      "FY2027-P01 2026-02-01 2026-02-28",
      "FY2027-P02 2026-03-01 2026-03-31",
      "FY2027-P03 2026-04-01 2026-04-30",
    ]);
    expect(columns(retail, "FY2026-Q1", "month")).toEqual([
      "FY2026-P01 2026-02-01 2026-02-28",
      "FY2026-P02 2026-03-01 2026-04-04",
      "FY2026-P03 2026-04-05 2026-05-02",
    ]);
  });

  it.each([
    ["2026-13", undefined, "period", 'its names are like "2026-12", "2026-Q4", "2026"'],
    ["FY2026-Q1", undefined, "period", "names no period of the fiscal calendar"],
    ["2026-11-16", undefined, "period", "a week"],
    [{ from: "2026-Q4", to: "2026-Q5" }, undefined, "period.to", "names no period"],
    [{ from: "2026-Q4", to: "2026-Q3" }, undefined, "period.to", 'before "2026-Q4"'],
    ["2026-12", "quarter", "by", "the period is of months"],
    [{ from: "1900", to: "2026" }, "month", "period", "more than 400 columns"],
  ] as const)("refuse %j by %s", (...[period, by, field, words]) => {
    expect(() => columns(calendarYears, period, by)).toThrow(expect.objectContaining({ code: "invalid_input" }));
    expect(() => columns(calendarYears, period, by)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(words) }),
    );
    expect(() => columns(calendarYears, period, by)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field, entity: "forecast" }) }),
    );
  });
});

describe.each(storages)("periods on %s", (_, make) => {
  it("are read as of the instant that is asked for, with the settings of then", async () => {
    const { crm, instant } = await openForecasting(make);
    await makeStages(crm);
    for (const date of ["2026-10-31", "2026-11-01"]) await makeDeal(crm, { stage: "commit", amount: "10", date });
    const before = instant();
    await crm.settings.change({ fiscalCalendar: february.fiscalCalendar });
    const now = await crm.forecasting.forecast({ period: "FY2027-Q4", measure: "count" });
    expect(now).toMatchObject({ periods: [{ name: "FY2027-Q4", from: "2026-11-01", until: "2027-01-31" }] });
    expect(now.total).toMatchObject([{ commit: 1 }]);
    const then = await crm.forecasting.forecast({ period: "2026-Q4", measure: "count", asOf: before });
    expect(then.total).toMatchObject([{ commit: 2 }]);
    expect(await crm.asOf(before).forecasting.forecast({ period: "2026-Q4", measure: "count" })).toEqual(then);
    const wrong = await refusal(crm.forecasting.forecast({ period: "2026-Q4" }));
    expect(wrong).toMatchObject({ code: "invalid_input", details: { entity: "forecast", field: "period" } });
  });

  it("of weeks have each day of their quarters once", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    await crm.settings.change({ fiscalCalendar: retail.fiscalCalendar });
    for (const date of ["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "2026-05-02", "2026-05-03"])
      await makeDeal(crm, { stage: "commit", amount: "1", date });
    const { total } = await crm.forecasting.forecast({ period: "FY2026-Q1", by: "month", measure: "count" });
    expect(total.map(({ commit }) => commit)).toEqual([2, 1, 1]);
  });
});
