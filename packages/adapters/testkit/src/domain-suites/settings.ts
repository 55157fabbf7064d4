/** crm.settings: what a tenant's figures and days are measured by. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain } from "./open-domain.ts";

const defaults = {
  reportingCurrency: null,
  timeZone: "UTC",
  weekStart: "monday",
  fiscalCalendar: { kind: "months", startMonth: 1, namedBy: "start" },
};

const retail = {
  kind: "weeks",
  pattern: "4-5-4",
  yearEnd: { rule: "nearest", weekday: "saturday", month: 1 },
  namedBy: "start",
} as const;

export const settings: CrmSuite = {
  name: "settings",
  facts: [
    crmFact("have defaults, and no row until one of them is changed", async (bench) => {
      const crm = await openDomain(bench);
      expect(await crm.settings.current()).toEqual(defaults);
      expect(await crm.settings.count()).toBe(0);
    }),
    crmFact("change one by one, and the others stay", async (bench) => {
      const crm = await openDomain(bench);
      expect(await crm.settings.change({ reportingCurrency: "EUR" })).toEqual({
        ...defaults,
        reportingCurrency: "EUR",
      });
      await crm.settings.change({ timeZone: "Asia/Tokyo", weekStart: "sunday" });
      await crm.settings.change({ fiscalCalendar: retail });
      expect(await crm.settings.current()).toEqual({
        reportingCurrency: "EUR",
        timeZone: "Asia/Tokyo",
        weekStart: "sunday",
        fiscalCalendar: retail,
      });
      expect(await crm.settings.change({ reportingCurrency: null })).toMatchObject({ reportingCurrency: null });
      expect(await crm.settings.count()).toBe(1);
      expect(await crm.settings.change({})).toMatchObject({ timeZone: "Asia/Tokyo" });
    }),
    crmFact("refuse what is wrong, naming each field, and nothing is changed", async (bench) => {
      const crm = await openDomain(bench);
      const change = (changes: unknown) => crm.settings.change(changes as never);
      const wrong = {
        reportingCurrency: "EURO",
        timeZone: "Mars/Olympus",
        weekStart: "Sun",
        fiscalCalendar: { kind: "months", startMonth: 13, namedBy: "start", pattern: "4-4-5" },
        locale: "de",
      };
      const { entity, issues } = await refusedDetails(change(wrong));
      expect([entity, issues!.map(({ field, code }) => `${field} ${code}`)]).toEqual([
        "settings",
        [
          "reportingCurrency unknown_currency",
          "timeZone unknown_time_zone",
          "weekStart not_allowed",
          "fiscalCalendar.startMonth invalid_value",
          "fiscalCalendar.pattern unknown_field",
          "locale unknown_field",
        ],
      ]);
      const others: readonly (readonly [unknown, string])[] = [
        [{ timeZone: "+02:00" }, "timeZone"],
        [{ timeZone: null }, "timeZone"],
        [{ reportingCurrency: "eur" }, "reportingCurrency"],
        [{ fiscalCalendar: { kind: "lunar" } }, "fiscalCalendar.kind"],
        [{ fiscalCalendar: { kind: "months", startMonth: 1.5, namedBy: "end" } }, "fiscalCalendar.startMonth"],
        [{ fiscalCalendar: { ...retail, pattern: "4-4-4" } }, "fiscalCalendar.pattern"],
        [
          { fiscalCalendar: { ...retail, yearEnd: { ...retail.yearEnd, weekday: 6 } } },
          "fiscalCalendar.yearEnd.weekday",
        ],
        [{ fiscalCalendar: null }, "fiscalCalendar"],
        [null, ""],
        ["EUR", ""],
      ];
      for (const [changes, field] of others)
        expect([changes, await refused(change(changes))]).toEqual([
          changes,
          { code: "invalid_input", entity: "settings", field },
        ]);
      expect(await crm.settings.current()).toEqual(defaults);
    }),
    crmFact("say which day it is for the organisation", async (bench) => {
      const crm = await openDomain(bench);
      const at = async (timeZone: string) => {
        await crm.settings.change({ timeZone });
        return crm.settings.today();
      };
      expect(await crm.settings.today()).toBe("2026-06-15");
      expect(await at("Pacific/Kiritimati")).toBe("2026-06-16");
      expect(await at("Pacific/Pago_Pago")).toBe("2026-06-14");
      expect(await at("Asia/Tokyo")).toBe("2026-06-15");
      expect(await crm.at(new Date("2025-12-31T15:00:00Z")).settings.today()).toBe("2026-01-01");
    }),
    crmFact("are written by change only", async (bench) => {
      const crm = await openDomain(bench);
      expect(await refused(crm.settings.create({ timeZone: "UTC" } as never))).toEqual({
        code: "read_only_entity",
        entity: "settings",
      });
    }),
    crmFact("are each tenant's own", async (bench) => {
      const crm = await openDomain(bench);
      const other = crm.as({ tenantId: "other" });
      await crm.settings.change({ timeZone: "Asia/Tokyo" });
      expect(await other.settings.current()).toEqual(defaults);
      await other.settings.change({ timeZone: "Europe/Berlin" });
      expect((await crm.settings.current()).timeZone).toBe("Asia/Tokyo");
    }),
    crmFact("are those of then for a handle of the past, and keep their history", async (bench) => {
      const crm = await openDomain(bench);
      bench.clock.set("2026-01-01T00:00:00Z");
      await crm.settings.change({ reportingCurrency: "EUR" });
      bench.clock.set("2026-02-01T00:00:00Z");
      await crm.as({ actorId: "ann" }).settings.change({ reportingCurrency: "USD" });
      const at = async (instant: string) => (await crm.asOf(new Date(instant)).settings.current()).reportingCurrency;
      expect([
        await at("2025-12-31T00:00:00Z"),
        await at("2026-01-15T00:00:00Z"),
        await at("2026-02-01T00:00:00Z"),
      ]).toEqual([null, "EUR", "USD"]);
      expect(await refused(crm.asOf(new Date("2026-01-15T00:00:00Z")).settings.change({}))).toEqual({
        code: "past_is_read_only",
      });
      const row = await crm.settings.find({});
      const history = await crm.settings.history(row!.id);
      expect(
        history.map(({ by, changes }) => [by, changes.find(({ field }) => field === "reportingCurrency")]),
      ).toEqual([
        [null, { field: "reportingCurrency", before: null, after: "EUR" }],
        ["ann", { field: "reportingCurrency", before: "EUR", after: "USD" }],
      ]);
    }),
    crmFact("change with their unit, and are undone with it", async (bench) => {
      const crm = await openDomain(bench);
      await crm
        .transaction(async (tx) => {
          await tx.settings.change({ timeZone: "Asia/Tokyo" });
          expect((await tx.settings.current()).timeZone).toBe("Asia/Tokyo");
          throw new Error("undone");
        })
        .catch(() => undefined);
      expect(await crm.settings.current()).toEqual(defaults);
    }),
    crmFact("take what several change at once", async (bench) => {
      const crm = await openDomain(bench);
      await Promise.all([
        crm.settings.change({ timeZone: "Asia/Tokyo" }),
        crm.settings.change({ reportingCurrency: "JPY" }),
        crm.settings.change({ weekStart: "sunday" }),
      ]);
      expect(await crm.settings.current()).toEqual({
        ...defaults,
        timeZone: "Asia/Tokyo",
        reportingCurrency: "JPY",
        weekStart: "sunday",
      });
    }),
  ],
};
