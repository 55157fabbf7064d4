import { describe, expect, it } from "vitest";
import { timeZoneOf } from "../value/time-zone.ts";
import type { Bucket } from "./aggregate.ts";
import { isOfMonths, periodOf, startsBetween } from "./buckets.ts";

describe("the period of a day", () => {
  it.each<[Bucket, string, string]>([
    ["day", "2024-02-29", "2024-02-29 2024-02-29 2024-02-29"],
    ["week", "2026-01-01", "2025-12-29 2025-12-29 2026-01-04"],
    ["month", "2024-02-10", "2024-02 2024-02-01 2024-02-29"],
    ["quarter", "2026-06-30", "2026-Q2 2026-04-01 2026-06-30"],
    ["quarter", "2026-12-31", "2026-Q4 2026-10-01 2026-12-31"],
    ["year", "0099-05-05", "0099 0099-01-01 0099-12-31"],
    ["year", "9999-12-31", "9999 9999-01-01 9999-12-31"],
    ["week", "9999-12-31", "9999-12-27 9999-12-27 9999-12-31"],
    ["week", "0001-01-03", "0001-01-01 0001-01-01 0001-01-07"],
  ])("by %s, %s, is %s", (bucket, day, expected) => {
    const { name, from, until } = periodOf(bucket, undefined)(day);
    expect(`${name} ${from} ${until}`).toBe(expected);
  });

  it("is made of months where months add up to it", () => {
    const plain = ["day", "week", "month", "quarter", "year"] as const;
    expect(plain.map((bucket) => isOfMonths(bucket, undefined))).toEqual([false, false, true, true, true]);
    const fiscal = ["fiscal_week", "fiscal_month", "fiscal_quarter", "fiscal_year"] as const;
    const calendar = { timeZone: "UTC", periodOf: () => ({ name: "", from: "", until: "" }) };
    expect(fiscal.map((bucket) => isOfMonths(bucket, { ...calendar, ofMonths: true }))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(fiscal.map((bucket) => isOfMonths(bucket, { ...calendar, ofMonths: false }))).toEqual(
      fiscal.map(() => false),
    );
  });
});

describe("the starts between two instants", () => {
  const starts = (bucket: Bucket, zone: string, ends: readonly [string, string, number?]) => {
    const most = ends[2] ?? 100;
    const range = [Date.parse(ends[0]), Date.parse(ends[1])] as const;
    const found = startsBetween(range, { zone: timeZoneOf(zone), periodOf: periodOf(bucket, undefined), most });
    return found && [...found].map(([start, name]) => `${name} ${new Date(start).toISOString().slice(0, 16)}`);
  };

  it("are those of the first period to the one after the last", () => {
    expect(starts("month", "Europe/Berlin", ["2026-02-28T23:00:00Z", "2026-04-30T21:59:59.999Z"])).toEqual([
      "2026-03 2026-02-28T23:00",
      "2026-04 2026-03-31T22:00",
      "2026-05 2026-04-30T22:00",
    ]);
    expect(starts("year", "UTC", ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"])).toEqual([
      "2026 2026-01-01T00:00",
      "2027 2027-01-01T00:00",
    ]);
  });

  it("leave out a day that the place has skipped", () => {
    expect(starts("day", "Pacific/Apia", ["2011-12-29T12:00:00Z", "2011-12-30T12:00:00Z"])).toEqual([
      "2011-12-29 2011-12-29T10:00",
      "2011-12-31 2011-12-30T10:00",
      "2012-01-01 2011-12-31T10:00",
    ]);
  });

  it("end with the last year, and are refused beyond their limit", () => {
    expect(starts("year", "UTC", ["9998-05-05T00:00:00Z", "9999-05-05T00:00:00Z"])).toEqual([
      "9998 9998-01-01T00:00",
      "9999 9999-01-01T00:00",
    ]);
    const days = ["2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"] as const;
    expect(starts("day", "UTC", [...days, 4])).toHaveLength(4);
    expect(starts("day", "UTC", [...days, 3])).toBeUndefined();
  });
});
