/** The measures of aggregate: exact, whatever the size, and rounded once. */

import { avg, count, countDistinct, max, min, sum } from "@relata/core";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

const money = (amount: string, currency = "EUR") => ({ amount, currency });

async function withSpecimens(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  await crm.specimens.createMany([
    {
      code: "a",
      weight: 3,
      ratio: "0.1",
      price: money("10.00"),
      foundOn: "2026-01-31",
      seenAt: new Date("2026-01-31T10:00:00Z"),
      title: "b",
      active: false,
      grade: "fair",
    },
    {
      code: "b",
      weight: -1,
      ratio: "0.2",
      price: money("0.05"),
      foundOn: "2026-02-01",
      seenAt: new Date("2025-01-31T10:00:00Z"),
      title: "B",
      grade: "fine",
    },
    {
      code: "c",
      weight: 3,
      ratio: "-0.305",
      price: money("7", "JPY"),
      foundOn: "2025-12-31",
      title: "é",
      grade: "fair",
    },
    { code: "d", price: money("-2.5", "USD") },
    { code: "e" },
  ]);
  return crm;
}

export const figures: CrmSuite = {
  name: "figures",
  facts: [
    crmFact("count records, and different values without nulls", async (bench) => {
      const crm = await withSpecimens(bench);
      const measures = {
        all: count(),
        weights: countDistinct("weight"),
        ratios: countDistinct("ratio"),
        grades: countDistinct("grade"),
        actives: countDistinct("active"),
        days: countDistinct("foundOn"),
        crates: countDistinct("crateId"),
      };
      expect(await crm.specimens.aggregate({ measures })).toEqual([
        { all: 5, weights: 2, ratios: 3, grades: 2, actives: 2, days: 3, crates: 0 },
      ]);
    }),
    crmFact("sum numbers, decimals and money, by currency", async (bench) => {
      const crm = await withSpecimens(bench);
      expect(
        await crm.specimens.aggregate({
          measures: { weight: sum("weight"), ratio: sum("ratio"), price: sum("price"), pieces: sum("pieces") },
        }),
      ).toEqual([
        { weight: 5, ratio: "-0.005", price: [money("10.05"), money("7", "JPY"), money("-2.50", "USD")], pieces: 5 },
      ]);
    }),
    crmFact(
      "take the mean of what has a value: of numbers with six more digits, of money to the minor unit",
      async (bench) => {
        const crm = await withSpecimens(bench);
        expect(
          await crm.specimens.aggregate({
            measures: { weight: avg("weight"), ratio: avg("ratio"), price: avg("price") },
          }),
        ).toEqual([
          {
            weight: "1.666667",
            ratio: "-0.001666667",
            price: [money("5.02"), money("7", "JPY"), money("-2.50", "USD")],
          },
        ]);
      },
    ),
    crmFact("round a mean half to even", async (bench) => {
      const crm = await bench.open();
      await crm.specimens.createMany([
        { code: "a", price: money("0.01"), weight: 1, grade: "fine" },
        { code: "b", price: money("0.02"), weight: 2, grade: "fine" },
        { code: "c", price: money("0.02"), grade: "fair" },
        { code: "d", price: money("0.03"), grade: "fair" },
        { code: "e", price: money("-0.01"), grade: "poor" },
        { code: "f", price: money("-0.02"), grade: "poor" },
      ]);
      expect(
        await crm.specimens.aggregate({
          groupBy: { grade: "grade" },
          measures: { price: avg("price"), weight: avg("weight") },
        }),
      ).toEqual([
        { grade: "fair", price: [money("0.02")], weight: null },
        { grade: "fine", price: [money("0.02")], weight: "1.5" },
        { grade: "poor", price: [money("-0.02")], weight: null },
      ]);
    }),
    crmFact("find the least and the greatest of every kind that has an order", async (bench) => {
      const crm = await withSpecimens(bench);
      const measures = {
        w0: min("weight"),
        w1: max("weight"),
        r0: min("ratio"),
        r1: max("ratio"),
        p0: min("price"),
        p1: max("price"),
        d0: min("foundOn"),
        d1: max("foundOn"),
        s0: min("seenAt"),
        s1: max("seenAt"),
        t0: min("title"),
        t1: max("title"),
      };
      expect(await crm.specimens.aggregate({ measures })).toEqual([
        {
          w0: -1,
          w1: 3,
          r0: "-0.305",
          r1: "0.2",
          p0: [money("0.05"), money("7", "JPY"), money("-2.50", "USD")],
          p1: [money("10.00"), money("7", "JPY"), money("-2.50", "USD")],
          d0: "2025-12-31",
          d1: "2026-02-01",
          s0: new Date("2025-01-31T10:00:00Z"),
          s1: new Date("2026-01-31T10:00:00Z"),
          t0: "B",
          t1: "é",
        },
      ]);
    }),
    crmFact("of nothing are one row of nothing, and with group keys no row", async (bench) => {
      const crm = await bench.open();
      const measures = {
        all: count(),
        weights: countDistinct("weight"),
        weight: sum("weight"),
        ratio: avg("ratio"),
        price: sum("price"),
        dear: max("price"),
        mean: avg("price"),
        first: min("foundOn"),
      };
      const nothing = { all: 0, weights: 0, weight: null, ratio: null, price: [], dear: [], mean: [], first: null };
      expect(await crm.specimens.aggregate({ measures })).toEqual([nothing]);
      expect(await crm.specimens.aggregate({ measures, where: { code: "z" } })).toEqual([nothing]);
      expect(await crm.specimens.aggregate({ measures: { all: count() } })).toEqual([{ all: 0 }]);
      expect(await crm.specimens.aggregate({ measures: { price: sum("price") } })).toEqual([{ price: [] }]);
      expect(await crm.specimens.aggregate({ measures, groupBy: { grade: "grade" } })).toEqual([]);
      await crm.specimens.create({ code: "a" });
      expect(await crm.specimens.aggregate({ measures })).toEqual([{ ...nothing, all: 1 }]);
    }),
    crmFact("weigh by per cent exactly, and round once, half to even", async (bench) => {
      const crm = await bench.open();
      await crm.specimens.createMany([
        { code: "a", price: money("0.01"), share: "50", grade: "fine" },
        { code: "b", price: money("0.01"), share: "50", grade: "fine" },
        { code: "c", price: money("0.01"), share: "50", grade: "fair" },
        { code: "d", price: money("0.01"), share: "33.33", grade: "poor", weight: 7 },
        { code: "e", price: money("0.01"), share: "33.33", grade: "poor", weight: 7 },
        { code: "f", price: money("0.01"), share: "83.34", grade: "poor", weight: 1 },
        { code: "g", price: money("0.03"), share: "50" },
        { code: "h", price: money("-0.01"), share: "50", active: false },
        { code: "i", price: money("100.00"), active: false },
        { code: "j", share: "100", active: false },
      ]);
      const measures = { weighted: sum("price", { percent: "share" }) };
      expect(await crm.specimens.aggregate({ groupBy: { grade: "grade", active: "active" }, measures })).toEqual([
        { grade: "fair", active: true, weighted: [money("0.00")] },
        { grade: "fine", active: true, weighted: [money("0.01")] },
        { grade: "poor", active: true, weighted: [money("0.02")] },
        { grade: null, active: false, weighted: [money("0.00")] },
        { grade: null, active: true, weighted: [money("0.02")] },
      ]);
      expect(await crm.specimens.aggregate({ measures: { weight: sum("weight", { percent: "share" }) } })).toEqual([
        { weight: 5 },
      ]);
    }),
    crmFact("weigh sums of money that no 64 bits hold", async (bench) => {
      const crm = await bench.open();
      const price = money("92233720368547758.07");
      await crm.specimens.createMany(["a", "b", "c"].map((code) => ({ code, price, share: "99.99" })));
      expect(
        await crm.specimens.aggregate({
          measures: { total: sum("price"), weighted: sum("price", { percent: "share" }), mean: avg("price") },
        }),
      ).toEqual([
        { total: [money("276701161105643274.21")], weighted: [money("276673490989532709.88")], mean: [price] },
      ]);
    }),
    crmFact("refuse a sum of whole numbers beyond what a number holds, and give its exact value", async (bench) => {
      const crm = await bench.open();
      await crm.specimens.createMany([
        { code: "a", weight: 9_007_199_254_740_991 },
        { code: "b", weight: 0 },
      ]);
      expect(await crm.specimens.aggregate({ measures: { weight: sum("weight"), mean: avg("weight") } })).toEqual([
        { weight: 9_007_199_254_740_991, mean: "4503599627370495.5" },
      ]);
      await crm.specimens.create({ code: "c", weight: 2 });
      await expect(crm.specimens.aggregate({ measures: { weight: sum("weight") } })).rejects.toMatchObject({
        code: "sum_overflow",
        details: { entity: "specimen", field: "weight", sum: "9007199254740993" },
      });
      expect(await crm.specimens.aggregate({ measures: { mean: avg("weight") } })).toEqual([
        { mean: "3002399751580331" },
      ]);
    }),
    crmFact("sum and average decimals beyond 64 bits", async (bench) => {
      const crm = await bench.open();
      const ratio = "9223372036854775.807";
      await crm.specimens.createMany(["a", "b", "c"].map((code) => ({ code, ratio })));
      expect(
        await crm.specimens.aggregate({ measures: { total: sum("ratio"), mean: avg("ratio"), most: max("ratio") } }),
      ).toEqual([{ total: "27670116110564327.421", mean: ratio, most: ratio }]);
    }),
    crmFact("count different values beside money, where groups have to be added up", async (bench) => {
      const crm = await withSpecimens(bench);
      await crm.specimens.create({ code: "f", weight: 3, price: money("1", "USD"), foundOn: "2026-03-01" });
      const query = {
        measures: {
          all: count(),
          weights: countDistinct("weight"),
          days: countDistinct("foundOn"),
          price: sum("price"),
          heaviest: max("weight"),
          mean: avg("weight"),
        },
      } as const;
      expect(await crm.specimens.aggregate(query)).toEqual([
        {
          all: 6,
          weights: 2,
          days: 4,
          price: [money("10.05"), money("7", "JPY"), money("-1.50", "USD")],
          heaviest: 3,
          mean: "2",
        },
      ]);
      expect(await crm.specimens.aggregate({ ...query, groupBy: { quarter: { foundOn: "quarter" } } })).toEqual([
        { quarter: "2025-Q4", all: 1, weights: 1, days: 1, price: [money("7", "JPY")], heaviest: 3, mean: "3" },
        {
          quarter: "2026-Q1",
          all: 3,
          weights: 2,
          days: 3,
          price: [money("10.05"), money("1.00", "USD")],
          heaviest: 3,
          mean: "1.666667",
        },
        { quarter: null, all: 2, weights: 0, days: 0, price: [money("-2.50", "USD")], heaviest: null, mean: null },
      ]);
      expect(
        await crm.specimens.aggregate({
          groupBy: { quarter: { foundOn: "quarter" } },
          measures: { weights: countDistinct("weight") },
        }),
      ).toEqual([
        { quarter: "2025-Q4", weights: 1 },
        { quarter: "2026-Q1", weights: 2 },
        { quarter: null, weights: 0 },
      ]);
    }),
    crmFact("are refused of fields that cannot have them", async (bench) => {
      const crm = await bench.open();
      const cases: readonly (readonly [object, string])[] = [
        [{ x: sum("title") }, "title"],
        [{ x: sum("foundOn") }, "foundOn"],
        [{ x: avg("active") }, "active"],
        [{ x: min("grade") }, "grade"],
        [{ x: max("details") }, "details"],
        [{ x: countDistinct("price") }, "price"],
        [{ x: sum("nothing") }, "nothing"],
        [{ x: sum("crate") }, "crate"],
        [{ x: sum("price", { percent: "title" }) }, "title"],
        [{ x: sum("price", { percent: "price" }) }, "price"],
        [{ x: { fn: "median", field: "weight" } }, "x"],
        [{}, "measures"],
      ];
      for (const [measures, field] of cases) {
        expect(await refused(crm.specimens.aggregate({ measures } as never))).toEqual({
          code: "invalid_query",
          entity: "specimen",
          field,
        });
      }
    }),
  ],
};
