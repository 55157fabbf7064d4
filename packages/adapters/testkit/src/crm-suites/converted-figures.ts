/** Sums of money in one currency: each amount by the rate of its day, rounded once; what is missing is named. */

import { count, createCrm, sum } from "@relata/core";
import { date, defineEntity, definePlugin, money as moneyField, oneOf } from "@relata/core/plugin";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

const money = (amount: string, currency: string) => ({ amount, currency });
const eur = (amount: string) => money(amount, "EUR");
const rate = (pair: string, day: string, value: string) => ({
  baseCurrency: pair.slice(0, 3),
  quoteCurrency: pair.slice(4),
  day,
  rate: value,
});

/** A dollar is 0.9 euros, and from February 0.5; a franc is a third of a euro. */
const someRates = [
  rate("USD/EUR", "2026-01-01", "0.9"),
  rate("USD/EUR", "2026-02-01", "0.5"),
  rate("EUR/CHF", "2026-01-01", "3"),
];

async function withPrices(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  await crm.exchangeRates.createMany(someRates);
  await crm.specimens.createMany([
    { code: "a", grade: "fine", foundOn: "2026-01-31", price: money("100.00", "USD"), share: "50" },
    { code: "b", grade: "fine", foundOn: "2026-02-01", price: money("100.00", "USD"), share: "25" },
    { code: "c", grade: "fine", foundOn: "2026-02-01", price: money("100.00", "CHF"), share: "100" },
    { code: "d", grade: "fair", foundOn: "2026-03-01", price: eur("7.01"), share: "10" },
    { code: "e", grade: "fair", price: eur("0.99"), share: "50" },
    { code: "f", grade: "poor", foundOn: "2026-01-15" },
  ]);
  return crm;
}

export const convertedFigures: CrmSuite = {
  name: "figures in one currency",
  facts: [
    crmFact("convert each amount by the rate of its own day", async (bench) => {
      const crm = await withPrices(bench);
      const measures = { n: count(), all: sum("price"), value: sum("price", { in: "EUR", on: "foundOn" }) };
      expect(await crm.specimens.aggregate({ groupBy: { grade: "grade" }, measures })).toEqual([
        { grade: "fair", n: 2, all: [eur("8.00")], value: eur("8.00") },
        { grade: "fine", n: 3, all: [money("100.00", "CHF"), money("200.00", "USD")], value: eur("173.33") },
        { grade: "poor", n: 1, all: [], value: null },
      ]);
      expect(await crm.specimens.aggregate({ measures: { value: measures.value } })).toEqual([
        { value: eur("181.33") },
      ]);
      expect(await crm.specimens.aggregate({ where: { code: "f" }, measures: { value: measures.value } })).toEqual([
        { value: null },
      ]);
      expect(await crm.specimens.aggregate({ where: { code: "none" }, measures: { value: measures.value } })).toEqual([
        { value: null },
      ]);
    }),
    crmFact("convert all by the rates of one day", async (bench) => {
      const crm = await withPrices(bench);
      const on = (day: string) =>
        crm.specimens.aggregate({ measures: { value: sum("price", { in: "EUR", on: day }) } });
      expect(await on("2026-01-01")).toEqual([{ value: eur("221.33") }]);
      expect(await on("2026-12-31")).toEqual([{ value: eur("141.33") }]);
    }),
    crmFact("are weighted before they are rounded, once", async (bench) => {
      const crm = await withPrices(bench);
      const value = sum("price", { in: "EUR", on: "foundOn", percent: "share" });
      expect(await crm.specimens.aggregate({ groupBy: { grade: "grade" }, measures: { value } })).toEqual([
        { grade: "fair", value: eur("1.20") },
        { grade: "fine", value: eur("90.83") },
        { grade: "poor", value: null },
      ]);
      await crm.specimens.createMany(
        Array.from({ length: 4 }, (_, i) => ({
          code: `cent${i}`,
          title: "cents",
          foundOn: "2026-02-01",
          price: money("0.01", "USD"),
          share: "25",
        })),
      );
      const cents = { value: sum("price", { in: "EUR", on: "foundOn" }), weighted: value };
      expect(await crm.specimens.aggregate({ where: { title: "cents" }, measures: cents })).toEqual([
        { value: eur("0.02"), weighted: eur("0.00") },
      ]);
    }),
    crmFact("several by different rules stand beside each other, and beside others", async (bench) => {
      const crm = await withPrices(bench);
      await crm.settings.change({ reportingCurrency: "EUR" });
      const rows = await crm.specimens.aggregate({
        where: { grade: "fine" },
        groupBy: { month: { foundOn: "month" } },
        measures: {
          n: count(),
          dated: sum("price", { in: "EUR", on: "foundOn" }),
          now: sum("price", { in: "EUR", on: "2026-06-15" }),
          francs: sum("price", { in: "CHF", on: "2026-06-15" }),
          shares: sum("share"),
        },
      });
      expect(rows).toEqual([
        {
          month: "2026-01",
          n: 1,
          dated: eur("90.00"),
          now: eur("50.00"),
          francs: money("150.00", "CHF"),
          shares: "50",
        },
        {
          month: "2026-02",
          n: 2,
          dated: eur("83.33"),
          now: eur("83.33"),
          francs: money("250.00", "CHF"),
          shares: "125",
        },
      ]);
    }),
    crmFact(
      "name every rate that is missing, of all groups and figures, and every amount without a day",
      async (bench) => {
        const crm = await withPrices(bench);
        await crm.specimens.createMany([
          { code: "g", foundOn: "2025-12-31", price: money("1.00", "USD") },
          { code: "h", foundOn: "2025-12-31", price: money("2.00", "USD") },
          { code: "i", foundOn: "2026-05-01", price: money("1.00", "GBP") },
          { code: "j", price: money("1.00", "CHF") },
        ]);
        const measures = {
          value: sum("price", { in: "EUR", on: "foundOn" }),
          other: sum("price", { in: "JPY", on: "2026-01-01" }),
        };
        await expect(crm.specimens.aggregate({ groupBy: { code: "code" }, measures })).rejects.toMatchObject({
          code: "missing_rate",
          details: {
            missing: [
              { from: "CHF", to: "EUR", on: null },
              { from: "CHF", to: "JPY", on: "2026-01-01" },
              { from: "EUR", to: "JPY", on: "2026-01-01" },
              { from: "GBP", to: "EUR", on: "2026-05-01" },
              { from: "GBP", to: "JPY", on: "2026-01-01" },
              { from: "USD", to: "EUR", on: "2025-12-31" },
              { from: "USD", to: "JPY", on: "2026-01-01" },
            ],
          },
        });
        await expect(
          crm.specimens.aggregate({ where: { code: "j" }, measures: { v: measures.value } }),
        ).rejects.toThrow("There is no exchange rate for CHF to EUR where the day to convert on is null.");
      },
    ),
    crmFact("are compared, ordered and limited as amounts", async (bench) => {
      const crm = await withPrices(bench);
      const query = {
        groupBy: { code: "code" },
        measures: { value: sum("price", { in: "EUR", on: "foundOn" }) },
      } as const;
      const codes = async (more: object) =>
        (await crm.specimens.aggregate({ ...query, ...more })).map(({ code }) => code).join(" ");
      expect(await codes({ orderBy: [{ value: "desc" }] })).toBe("f a b c d e");
      expect(await codes({ orderBy: [{ value: "asc" }] })).toBe("e d c b a f");
      expect(await codes({ orderBy: [{ value: "desc" }], having: { value: { gt: 0 } }, limit: 2 })).toBe("a b");
      expect(await codes({ having: { value: { gte: "33.33", lt: "50" } } })).toBe("c");
      expect(await codes({ having: { value: { gt: "33.33", lte: 50 } } })).toBe("b");
    }),
    crmFact("do not depend on how rows are grouped, and are exact for what no number holds", async (bench) => {
      const crm = await bench.open();
      await crm.exchangeRates.create(rate("EUR/USD", "2026-01-01", "3"));
      const huge = Array.from({ length: 3 }, (_, i) => ({
        code: `h${i}`,
        weight: i,
        foundOn: "2026-01-01",
        price: money("90000000000000000.01", "USD"),
      }));
      await crm.specimens.createMany(huge);
      const value = sum("price", { in: "EUR", on: "foundOn" });
      expect(await crm.specimens.aggregate({ measures: { value } })).toEqual([{ value: eur("90000000000000000.01") }]);
    }),
    crmFact("ask the database as often for a hundred days as for one", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.exchangeRates.createMany(someRates);
      const days = Array.from({ length: 100 }, (_, i) => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10));
      await crm.specimens.createMany(
        days.map((foundOn, i) => ({ code: `${i}`, foundOn, price: money("1.00", i % 2 === 0 ? "USD" : "CHF") })),
      );
      const cost = async (last: string) => {
        const before = { ...calls };
        await crm.specimens.aggregate({
          where: { foundOn: { lte: last } },
          groupBy: { month: { foundOn: "month" } },
          measures: { value: sum("price", { in: "EUR", on: "foundOn" }), n: count() },
        });
        return [calls.find - before.find, calls.aggregate - before.aggregate];
      };
      expect([await cost(days[0]!), await cost(days[99]!)]).toEqual([
        [1, 3],
        [1, 3],
      ]);
    }),
    crmFact("go by the rates of the tenant, of the unit, and of then", async (bench) => {
      const crm = await withPrices(bench);
      const value = sum("price", { in: "EUR", on: "2026-02-01" });
      const of = async (handle: Pick<SampleCrm, "specimens">) =>
        (await handle.specimens.aggregate({ where: { code: "b" }, measures: { value } }))[0]!.value?.amount;
      const other = crm.as({ tenantId: "other" });
      await other.specimens.create({ code: "b", price: money("1.00", "USD") });
      expect(await refused(of(other))).toEqual({ code: "missing_rate" });
      await other.exchangeRates.create(rate("USD/EUR", "2026-01-01", "0.1"));
      expect(await of(other)).toBe("0.10");
      bench.clock.set("2026-07-01T00:00:00Z");
      await crm.transaction(async (tx) => {
        const { id } = (await tx.exchangeRates.find({ where: { baseCurrency: "USD", day: "2026-02-01" } }))!;
        await tx.exchangeRates.update(id, { rate: "0.25" });
        expect(await of(tx)).toBe("25.00");
      });
      expect([await of(crm), await of(crm.asOf(new Date("2026-06-30T00:00:00Z")))]).toEqual(["25.00", "50.00"]);
    }),
    crmFact("are there for every entity, and for dates and money that plugins add", async (bench) => {
      const grant = defineEntity("grant", {
        plural: "grants",
        fields: { sum: moneyField(), paidOn: date().optional(), kind: oneOf("city", "state") },
      });
      const grants = definePlugin({
        id: "grantmaking",
        entities: [grant],
        extend: { account: { debt: moneyField().optional() } },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [grants] });
      await crm.exchangeRates.createMany(someRates);
      await crm.grants.create({ sum: money("10.00", "USD"), paidOn: "2026-01-05", kind: "city" });
      await crm.accounts.create({ name: "A", debt: money("3.00", "CHF") });
      const paid = { value: sum("sum", { in: "EUR", on: "paidOn" }) };
      expect(await crm.grants.aggregate({ groupBy: { kind: "kind" }, measures: paid })).toEqual([
        { kind: "city", value: eur("9.00") },
      ]);
      const debts = { debts: sum("debt", { in: "EUR", on: "2026-01-05" }) };
      expect(await crm.accounts.aggregate({ measures: debts })).toEqual([{ debts: eur("1.00") }]);
    }),
    crmFact("are refused in what is no currency, and on what is no day", async (bench) => {
      const crm = await bench.open();
      const wrong = (options: object, field = "price", fn = "sum") =>
        refused(crm.specimens.aggregate({ measures: { value: { fn, field, ...options } } } as never));
      const cases = [
        await wrong({ in: "EURO", on: "foundOn" }),
        await wrong({ in: null, on: "foundOn" }),
        await wrong({ in: "EUR" }),
        await wrong({ on: "foundOn" }),
        await wrong({ in: "EUR", on: "seenAt" }),
        await wrong({ in: "EUR", on: "nothing" }),
        await wrong({ in: "EUR", on: "2026-02-30" }),
        await wrong({ in: "EUR", on: new Date() }),
        await wrong({ in: "EUR", on: "foundOn" }, "price", "avg"),
        await wrong({ in: "EUR", on: "foundOn" }, "price", "max"),
      ];
      expect(cases).toEqual(cases.map(() => ({ code: "invalid_query", entity: "specimen", field: "price" })));
      expect(await wrong({ in: "EUR", on: "foundOn" }, "weight")).toEqual({
        code: "invalid_query",
        entity: "specimen",
        field: "weight",
      });
    }),
  ],
};
