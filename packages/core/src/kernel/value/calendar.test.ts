import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, addMonths, dayAt, dayNumberOf, dayOf, daysBetween, isDate, mondayOf, quarterOf } from "./calendar.ts";

const pad = (value: number, width = 2) => String(value).padStart(width, "0");

describe("isDate", () => {
  it("takes exactly the days that exist, from 1600 to 2000", () => {
    const taken: string[] = [];
    for (let year = 1600; year <= 2000; year++) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const text = `${year}-${pad(month)}-${pad(day)}`;
          if (isDate(text)) taken.push(text);
        }
      }
    }
    const days: string[] = [];
    for (let ms = Date.UTC(1600, 0, 1); ms <= Date.UTC(2000, 11, 31); ms += 86_400_000) {
      days.push(new Date(ms).toISOString().slice(0, 10));
    }
    expect(taken).toEqual(days);
  });

  it.each([
    ["0001-01-01", true],
    ["9999-12-31", true],
    ["2024-02-29", true],
    ["2000-02-29", true],
    ["1900-02-29", false],
    ["2026-02-29", false],
    ["2026-04-31", false],
    ["0000-01-01", false],
    ["10000-01-01", false],
    ["+002026-01-01", false],
    ["2026-1-1", false],
    ["2026-01-01T00:00:00Z", false],
    ["2026-01-01\n", false],
    [" 2026-01-01", false],
    ["２０２６-01-01", false],
    ["", false],
  ])("%j: %s", (value, expected) => {
    expect(isDate(value)).toBe(expected);
  });
});

describe("dayOf", () => {
  it("is the day in UTC, whatever the time zone of the process", () => {
    expect(dayOf(new Date("2026-03-01T23:59:59.999Z"))).toBe("2026-03-01");
    expect(dayOf(new Date("2026-03-02T00:00:00.000+05:30"))).toBe("2026-03-01");
    expect(dayOf(new Date("0001-01-01T00:00:00.000Z"))).toBe("0001-01-01");
  });
});

describe("daysBetween", () => {
  it.each([
    ["2026-03-01", "2026-03-01", 0],
    ["2026-03-01", "2026-03-31", 30],
    ["2026-03-31", "2026-03-01", -30],
    ["2024-02-28", "2024-03-01", 2],
    ["2026-02-28", "2026-03-01", 1],
    ["2025-12-31", "2026-01-01", 1],
    ["0001-01-01", "9999-12-31", 3_652_058],
  ])("from %s to %s is %i", (from, to, days) => {
    expect(daysBetween(from, to)).toBe(days);
  });
});

describe("mondayOf", () => {
  it.each([
    ["2026-11-23", "2026-11-23"],
    ["2026-11-29", "2026-11-23"],
    ["2026-11-22", "2026-11-16"],
    ["2026-01-01", "2025-12-29"],
    ["2024-12-31", "2024-12-30"],
    ["2024-03-01", "2024-02-26"],
    ["0001-01-01", "0001-01-01"],
    ["9999-12-31", "9999-12-27"],
  ])("%s is in the week of %s", (day, monday) => {
    expect(mondayOf(day)).toBe(monday);
  });

  it("is a Monday at most six days before", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0002-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (instant) => {
          const monday = mondayOf(dayOf(instant));
          expect(new Date(monday).getUTCDay()).toBe(1);
          expect([0, 1, 2, 3, 4, 5, 6]).toContain(daysBetween(monday, dayOf(instant)));
        },
      ),
    );
  });
});

it.each([
  ["2026-01", "2026-Q1"],
  ["2026-03", "2026-Q1"],
  ["2026-04", "2026-Q2"],
  ["2026-06", "2026-Q2"],
  ["2026-07", "2026-Q3"],
  ["2026-09", "2026-Q3"],
  ["2026-10", "2026-Q4"],
  ["2026-12", "2026-Q4"],
  ["0001-01", "0001-Q1"],
])("%s is in %s", (month, quarter) => {
  expect(quarterOf(month)).toBe(quarter);
});

describe("addDays", () => {
  it.each([
    ["2024-02-28", 1, "2024-02-29"],
    ["2024-02-28", 2, "2024-03-01"],
    ["2026-02-28", 1, "2026-03-01"],
    ["2026-01-01", -1, "2025-12-31"],
    ["2026-03-29", 0, "2026-03-29"],
    ["1969-12-31", 1, "1970-01-01"],
    ["0001-01-02", -1, "0001-01-01"],
    ["9999-12-30", 1, "9999-12-31"],
  ])("from %s by %i is %s", (day, days, expected) => {
    expect(addDays(day, days)).toBe(expected);
  });

  it("refuses what lies beyond all days", () => {
    for (const leave of [
      () => addDays("9999-12-31", 1),
      () => addDays("0001-01-01", -1),
      () => addMonths("9999-12-01", 1),
    ])
      expect(leave).toThrow(expect.objectContaining({ code: "invalid_input" }));
  });
});

describe("addMonths", () => {
  it.each([
    ["2026-01-31", 1, "2026-02-28"],
    ["2024-01-31", 1, "2024-02-29"],
    ["2024-02-29", 12, "2025-02-28"],
    ["2024-02-29", 48, "2028-02-29"],
    ["2026-03-31", -1, "2026-02-28"],
    ["2026-01-15", -1, "2025-12-15"],
    ["2026-11-30", 3, "2027-02-28"],
    ["2026-05-31", 0, "2026-05-31"],
    ["0099-12-31", 2, "0100-02-28"],
  ])("from %s by %i is %s", (day, months, expected) => {
    expect(addMonths(day, months)).toBe(expected);
  });
});

describe("dayAt", () => {
  it("is the day of the number, and the first or the last one beyond them", () => {
    expect([0, 20_454, -1].map(dayAt)).toEqual(["1970-01-01", "2026-01-01", "1969-12-31"]);
    expect([-1e9, 1e9].map(dayAt)).toEqual(["0001-01-01", "9999-12-31"]);
    expect(dayNumberOf("2026-01-01")).toBe(20_454);
  });
});
