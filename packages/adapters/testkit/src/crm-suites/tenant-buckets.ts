/** Groups by the tenant's own calendar: fiscal periods of days, and the days of instants in a time zone. */

import { count, countDistinct, sum } from "@relata/core";
import type { Storage, StorageAdapter } from "@relata/core/adapter";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { openSample, type SampleCrm } from "./sample-crm.ts";

const n = { n: count() };
type Handle = Pick<SampleCrm, "specimens">;
type Bucket = "day" | "week" | "month" | "quarter" | "year" | FiscalBucket;
type FiscalBucket = "fiscal_year" | "fiscal_quarter" | "fiscal_month" | "fiscal_week";

/** "FY2026-Q1 2, FY2026-Q2 1, null 1" */
function shown(rows: readonly { readonly key: string | null; readonly n: number }[]): string {
  return rows.map(({ key, n: number }) => `${key} ${number}`).join(", ");
}

async function byDay(crm: Handle, bucket: Bucket): Promise<string> {
  return shown(await crm.specimens.aggregate({ groupBy: { key: { foundOn: bucket } }, measures: n }));
}

async function byInstant(crm: Handle, bucket: Bucket, timeZone?: string): Promise<string> {
  const key = { seenAt: timeZone === undefined ? bucket : { bucket, timeZone } } as const;
  return shown(await crm.specimens.aggregate({ groupBy: { key }, measures: n }));
}

async function withDays(bench: CrmBench, days: readonly (string | null)[]): Promise<SampleCrm> {
  const crm = await bench.open();
  await crm.specimens.createMany(days.map((foundOn, i) => ({ code: `d${i}`, foundOn })));
  return crm;
}

async function withInstants(bench: CrmBench, instants: readonly (string | null)[]): Promise<SampleCrm> {
  const crm = await bench.open();
  await crm.specimens.createMany(
    instants.map((at, i) => ({ code: `i${i}`, seenAt: at === null ? null : new Date(at), weight: i % 2 })),
  );
  return crm;
}

/** The storage, calling `after` each time it has answered an aggregate. */
function afterAggregate(storage: Storage, after: () => unknown): Storage {
  return new Proxy(storage, {
    get(on, name) {
      const member: unknown = Reflect.get(on, name);
      if (typeof member !== "function" || name !== "aggregate") return member;
      return async (...args: unknown[]) => {
        const result: unknown = await Reflect.apply(member, on, args);
        await after();
        return result;
      };
    },
  });
}

const retail = {
  kind: "weeks",
  pattern: "4-5-4",
  yearEnd: { rule: "nearest", weekday: "saturday", month: 1 },
  namedBy: "start",
} as const;

export const tenantBuckets: CrmSuite = {
  name: "groups by the tenant's calendar",
  facts: [
    crmFact("of days are by calendar years, until another fiscal calendar is set", async (bench) => {
      const crm = await withDays(bench, ["2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", null]);
      expect(await byDay(crm, "fiscal_year")).toBe("2025 1, 2026 3, null 1");
      expect(await byDay(crm, "fiscal_quarter")).toBe("2025-Q4 1, 2026-Q1 2, 2026-Q2 1, null 1");
      expect(await byDay(crm, "fiscal_month")).toBe("2025-12 1, 2026-01 1, 2026-03 1, 2026-04 1, null 1");
      await crm.settings.change({ fiscalCalendar: { kind: "months", startMonth: 4, namedBy: "start" } });
      expect(await byDay(crm, "fiscal_year")).toBe("FY2025 3, FY2026 1, null 1");
      expect(await byDay(crm, "fiscal_quarter")).toBe("FY2025-Q3 1, FY2025-Q4 2, FY2026-Q1 1, null 1");
      expect(await byDay(crm, "fiscal_month")).toBe("FY2025-P09 1, FY2025-P10 1, FY2025-P12 1, FY2026-P01 1, null 1");
      await crm.settings.change({ fiscalCalendar: { kind: "months", startMonth: 4, namedBy: "end" } });
      expect(await byDay(crm, "fiscal_year")).toBe("FY2026 3, FY2027 1, null 1");
      expect(await byDay(crm, "year")).toBe("2025 1, 2026 3, null 1");
    }),
    crmFact("of days are by years of weeks, the 53rd week in the last month", async (bench) => {
      const crm = await withDays(bench, [
        "2023-01-28",
        "2023-01-29",
        "2023-12-30",
        "2023-12-31",
        "2024-02-03",
        "2024-02-04",
      ]);
      await crm.settings.change({ fiscalCalendar: retail });
      expect(await byDay(crm, "fiscal_year")).toBe("FY2022 1, FY2023 4, FY2024 1");
      expect(await byDay(crm, "fiscal_quarter")).toBe("FY2022-Q4 1, FY2023-Q1 1, FY2023-Q4 3, FY2024-Q1 1");
      expect(await byDay(crm, "fiscal_month")).toBe(
        "FY2022-P12 1, FY2023-P01 1, FY2023-P11 1, FY2023-P12 2, FY2024-P01 1",
      );
      expect(await byDay(crm, "fiscal_week")).toBe(
        "FY2022-W52 1, FY2023-W01 1, FY2023-W48 1, FY2023-W49 1, FY2023-W53 1, FY2024-W01 1",
      );
    }),
    crmFact("of days are by weeks from the tenant's weekday, where ISO weeks stay", async (bench) => {
      const crm = await withDays(bench, ["2026-06-13", "2026-06-14", "2026-06-15"]);
      expect(await byDay(crm, "fiscal_week")).toBe("2026-06-08 2, 2026-06-15 1");
      await crm.settings.change({ weekStart: "sunday" });
      expect(await byDay(crm, "fiscal_week")).toBe("2026-06-07 1, 2026-06-14 2");
      expect(await byDay(crm, "week")).toBe("2026-06-08 2, 2026-06-15 1");
    }),
    crmFact("of instants are by days in the tenant's time zone, or in another one", async (bench) => {
      const crm = await withInstants(bench, [
        "2025-12-31T14:59:59.999Z",
        "2025-12-31T15:00:00.000Z",
        "2025-12-31T23:59:59.999Z",
        "2026-01-01T00:00:00.000Z",
        "2026-01-01T05:00:00.000Z",
        null,
      ]);
      expect(await byInstant(crm, "day")).toBe("2025-12-31 3, 2026-01-01 2, null 1");
      await crm.settings.change({ timeZone: "Asia/Tokyo" });
      expect(await byInstant(crm, "day")).toBe("2025-12-31 1, 2026-01-01 4, null 1");
      expect(await byInstant(crm, "month")).toBe("2025-12 1, 2026-01 4, null 1");
      expect(await byInstant(crm, "quarter")).toBe("2025-Q4 1, 2026-Q1 4, null 1");
      expect(await byInstant(crm, "year")).toBe("2025 1, 2026 4, null 1");
      expect(await byInstant(crm, "week")).toBe("2025-12-29 5, null 1");
      expect(await byInstant(crm, "day", "America/New_York")).toBe("2025-12-31 4, 2026-01-01 1, null 1");
      expect(await byInstant(crm, "year", "UTC")).toBe("2025 3, 2026 2, null 1");
    }),
    crmFact("of instants know days of 23 and 25 hours, and a day that was skipped", async (bench) => {
      const crm = await withInstants(bench, [
        "2026-03-28T22:59:59.999Z",
        "2026-03-28T23:00:00.000Z",
        "2026-03-29T21:59:59.999Z",
        "2026-03-29T22:00:00.000Z",
        "2026-10-24T22:00:00.000Z",
        "2026-10-25T22:59:59.999Z",
        "2026-10-25T23:00:00.000Z",
      ]);
      expect(await byInstant(crm, "day", "Europe/Berlin")).toBe(
        "2026-03-28 1, 2026-03-29 2, 2026-03-30 1, 2026-10-25 2, 2026-10-26 1",
      );
      const other = crm.as({ tenantId: "other" });
      await other.specimens.createMany(
        ["2011-12-30T09:59:59.999Z", "2011-12-30T10:00:00.000Z"].map((at, i) => ({
          code: `${i}`,
          seenAt: new Date(at),
        })),
      );
      expect(await byInstant(other, "day", "Pacific/Apia")).toBe("2011-12-29 1, 2011-12-31 1");
    }),
    crmFact("of instants are by the fiscal calendar, in the tenant's time zone", async (bench) => {
      const crm = await withInstants(bench, [
        "2026-03-31T14:59:59.999Z",
        "2026-03-31T15:00:00.000Z",
        "2027-03-31T14:59:00Z",
      ]);
      await crm.settings.change({
        timeZone: "Asia/Tokyo",
        fiscalCalendar: { kind: "months", startMonth: 4, namedBy: "start" },
      });
      expect(await byInstant(crm, "fiscal_year")).toBe("FY2025 1, FY2026 2");
      expect(await byInstant(crm, "fiscal_quarter")).toBe("FY2025-Q4 1, FY2026-Q1 1, FY2026-Q4 1");
      expect(await byInstant(crm, "fiscal_year", "UTC")).toBe("FY2025 2, FY2026 1");
      await crm.settings.change({ fiscalCalendar: retail });
      expect(await byInstant(crm, "fiscal_month")).toBe("FY2026-P02 2, FY2027-P02 1");
    }),
    crmFact("add up with all figures, beside other keys, and keep their order", async (bench) => {
      const crm = await withInstants(bench, [
        "2026-01-31T23:30:00Z",
        "2026-02-10T00:00:00Z",
        "2026-02-11T00:00:00Z",
        "2026-04-01T00:00:00Z",
      ]);
      const rows = await crm.specimens.aggregate({
        groupBy: { month: { seenAt: { bucket: "month", timeZone: "Europe/Berlin" } }, odd: "weight" },
        measures: { n: count(), weights: countDistinct("weight"), pieces: sum("pieces") },
        orderBy: [{ month: "desc" }],
        having: { pieces: { gt: 0 } },
      });
      expect(rows).toEqual([
        { month: "2026-04", odd: 1, n: 1, weights: 1, pieces: 1 },
        { month: "2026-02", odd: 0, n: 2, weights: 1, pieces: 2 },
        { month: "2026-02", odd: 1, n: 1, weights: 1, pieces: 1 },
      ]);
      expect(
        await crm.specimens.aggregate({
          groupBy: { made: { createdAt: "day" }, seen: { seenAt: "year" } },
          measures: { n: count(), weights: countDistinct("weight") },
        }),
      ).toEqual([{ made: "2026-06-15", seen: "2026", n: 4, weights: 2 }]);
    }),
    crmFact("are by days and instants of the record that a reference leads to", async (bench) => {
      const crm = await withInstants(bench, ["2025-06-30T23:00:00Z", "2026-01-31T00:00:00Z"]);
      const [a, b] = (await crm.specimens.list({ orderBy: [{ code: "asc" }] })).items;
      await crm.specimens.update(b!.id, { foundOn: "2026-05-05" });
      await crm.samples.createMany([
        { id: "s1", specimenId: a!.id },
        { id: "s2", specimenId: b!.id },
        { id: "s3" },
        { id: "s4", specimenId: b!.id, part: 2 },
      ]);
      await crm.settings.change({ timeZone: "Europe/Berlin" });
      const by = async (groupBy: object) =>
        shown((await crm.samples.aggregate({ groupBy: { key: groupBy }, measures: n } as never)) as never);
      expect(await by({ specimen: { seenAt: "month" } })).toBe("2025-07 1, 2026-01 2, null 1");
      expect(await by({ specimen: { foundOn: "fiscal_quarter" } })).toBe("2026-Q2 2, null 2");
    }),
    crmFact("of no instants are one of nothing, or none", async (bench) => {
      const crm = await withInstants(bench, [null]);
      expect(await byInstant(crm, "month")).toBe("null 1");
      expect(await byInstant(crm.as({ tenantId: "empty" }), "month")).toBe("");
    }),
    crmFact(
      "of instants of ten years take one query more than others, and over too many days are refused",
      async (bench) => {
        const { crm, calls } = await bench.openCounted();
        const at = (year: number, i: number) => new Date(Date.UTC(year, i % 12, 15));
        await crm.specimens.createMany(
          Array.from({ length: 120 }, (_, i) => ({ code: `${i}`, seenAt: at(2010 + Math.floor(i / 12), i) })),
        );
        const before = { ...calls };
        const rows = await crm.specimens.aggregate({
          groupBy: { key: { seenAt: { bucket: "day", timeZone: "Europe/Berlin" } } },
          measures: n,
        });
        expect([rows.length, calls.find - before.find, calls.aggregate - before.aggregate]).toEqual([120, 0, 2]);
        await crm.specimens.create({ code: "old", seenAt: new Date("1970-01-01T00:00:00Z") });
        expect(await refused(byInstant(crm, "day"))).toEqual({
          code: "invalid_query",
          entity: "specimen",
          field: "seenAt",
        });
        expect((await byInstant(crm, "year")).split(", ")).toHaveLength(11);
      },
    ),
    crmFact("of instants take in what is written while they are asked for", async (bench) => {
      const options = await bench.options();
      let meddle: (() => Promise<unknown>) | undefined;
      const storage: StorageAdapter = {
        name: options.storage.name,
        open: async (given) =>
          afterAggregate(await options.storage.open(given), () => {
            const now = meddle;
            meddle = undefined;
            return now?.();
          }),
      };
      const crm = await openSample({ ...options, storage });
      const write = (code: string, at: string) => crm.specimens.create({ code, seenAt: new Date(at) });
      await write("a", "2026-03-15T00:00:00Z");
      meddle = () => write("early", "2025-01-15T00:00:00Z");
      expect(await byInstant(crm, "month", "UTC")).toBe("2025-01 1, 2026-03 1");
      meddle = () => write("late", "2027-01-15T00:00:00Z");
      expect(await byInstant(crm, "month", "UTC")).toBe("2025-01 1, 2026-03 1, 2027-01 1");
      meddle = () => write("next", "2027-02-01T00:00:00Z");
      expect(await byInstant(crm, "month", "UTC")).toBe("2025-01 1, 2026-03 1, 2027-01 1, 2027-02 1");
    }),
    crmFact("are by the settings of then for a handle of the past, and of each tenant", async (bench) => {
      const crm = await withInstants(bench, ["2026-01-01T00:00:00Z"]);
      bench.clock.set("2026-07-01T00:00:00Z");
      await crm.settings.change({ timeZone: "America/New_York" });
      expect(await byInstant(crm, "year")).toBe("2025 1");
      expect(await byInstant(crm.asOf(new Date("2026-06-30T00:00:00Z")), "year")).toBe("2026 1");
      const other = crm.as({ tenantId: "other" });
      await other.specimens.create({ code: "o", seenAt: new Date("2026-01-01T00:00:00Z") });
      expect(await byInstant(other, "year")).toBe("2026 1");
      await crm.transaction(async (tx) => {
        await tx.settings.change({ timeZone: "UTC" });
        expect(await byInstant(tx, "year")).toBe("2026 1");
      });
    }),
  ],
};
