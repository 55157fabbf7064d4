import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, addMonths } from "./calendar.ts";
import { dayIn, isTimeZone, timeZoneOf } from "./time-zone.ts";

describe("dayIn", () => {
  it.each([
    ["2026-01-01T00:00:00.000Z", "UTC", "2026-01-01"],
    ["2025-12-31T14:59:59.999Z", "Asia/Tokyo", "2025-12-31"],
    ["2025-12-31T15:00:00.000Z", "Asia/Tokyo", "2026-01-01"],
    ["2026-01-01T04:59:59.999Z", "America/New_York", "2025-12-31"],
    ["2026-01-01T05:00:00.000Z", "America/New_York", "2026-01-01"],
    ["2026-06-30T22:00:00.000Z", "Europe/Berlin", "2026-07-01"],
    ["2026-06-30T21:59:59.999Z", "Europe/Berlin", "2026-06-30"],
    ["2025-12-31T10:00:00.000Z", "Pacific/Kiritimati", "2026-01-01"],
    ["2026-01-01T10:59:59.999Z", "Pacific/Pago_Pago", "2025-12-31"],
    ["2025-12-31T18:15:00.000Z", "Asia/Kathmandu", "2026-01-01"],
    ["2024-02-29T12:00:00.000Z", "UTC", "2024-02-29"],
    ["0001-06-01T12:00:00.000Z", "UTC", "0001-06-01"],
    ["9999-12-31T23:59:59.999Z", "UTC", "9999-12-31"],
    ["1969-12-31T23:59:59.999Z", "UTC", "1969-12-31"],
  ])("of %s in %s is %s", (instant, zone, day) => {
    expect(dayIn(new Date(instant), zone)).toBe(day);
  });
});

describe("startOf", () => {
  it.each([
    ["2026-01-01", "UTC", "2026-01-01T00:00:00.000Z"],
    ["2026-01-01", "Asia/Tokyo", "2025-12-31T15:00:00.000Z"],
    ["2026-01-01", "America/New_York", "2026-01-01T05:00:00.000Z"],
    // The days on which clocks change have 23 and 25 hours.
    ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
    ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
    ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
    ["2026-10-26", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
    ["2026-03-08", "America/New_York", "2026-03-08T05:00:00.000Z"],
    ["2026-03-09", "America/New_York", "2026-03-09T04:00:00.000Z"],
    // Clocks skipped midnight, and the day began at one.
    ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
    ["2018-11-05", "America/Sao_Paulo", "2018-11-05T02:00:00.000Z"],
    // An hour of the day before was repeated.
    ["2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00:00.000Z"],
    // Samoa skipped a day.
    ["2011-12-29", "Pacific/Apia", "2011-12-29T10:00:00.000Z"],
    ["2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00.000Z"],
    ["2011-12-31", "Pacific/Apia", "2011-12-30T10:00:00.000Z"],
    ["2024-02-29", "Asia/Kolkata", "2024-02-28T18:30:00.000Z"],
  ])("of %s in %s is %s", (day, zone, instant) => {
    expect(new Date(timeZoneOf(zone).startOf(day)).toISOString()).toBe(instant);
  });

  it("is the first instant of its day, in any zone, summer and winter", () => {
    const zones = [
      "Europe/Berlin",
      "America/New_York",
      "America/Sao_Paulo",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "Africa/Casablanca",
    ];
    const days = fc.integer({ min: 0, max: 22_000 }).map((count) => addDays("1970-01-01", count));
    fc.assert(
      fc.property(fc.constantFrom(...zones), days, (name, day) => {
        const zone = timeZoneOf(name);
        const start = zone.startOf(day);
        expect(zone.dayOf(start)).toBe(day);
        expect(zone.dayOf(start - 1)).toBe(addDays(day, -1));
      }),
      { numRuns: 500 },
    );
  });
});

it("the months of ten zones over five years meet to the millisecond", () => {
  const zones = [
    "UTC",
    "Europe/Berlin",
    "Europe/Lisbon",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
  ];
  for (const name of zones) {
    const zone = timeZoneOf(name);
    for (let month = 0; month < 60; month++) {
      const first = addMonths("2021-01-01", month);
      const start = zone.startOf(first);
      expect([name, zone.dayOf(start - 1), zone.dayOf(start), zone.dayOf(start + 1)]).toEqual([
        name,
        addDays(first, -1),
        first,
        first,
      ]);
    }
  }
});

describe("isTimeZone", () => {
  it.each(["UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Calcutta", "America/Argentina/Buenos_Aires"])(
    "takes %s",
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each(["", "Mars/Olympus", "+02:00", "-05:00", "Berlin", "Europe/Berlin ", " UTC", "constructor"])(
    "refuses %j",
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});
