/** The groups of aggregate: by fields, by what references lead to, by days; filtered, ordered and limited. */

import { avg, count, countDistinct, createCrm, max, min, sum } from "@relata/core";
import { decimal, defineEntity } from "@relata/core/plugin";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

/** c1 "One" holds a and b; c2, without a label, is in c1 and holds c; d is in none. Samples of a, c and of nothing. */
async function withCrates(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  await crm.crates.createMany([
    { id: "c1", label: "One" },
    { id: "c2", outerId: "c1" },
  ]);
  const [a, , c] = await crm.specimens.createMany([
    { code: "a", weight: 1, ratio: "1.5", active: true, grade: "fine", crateId: "c1" },
    { code: "b", weight: 2, ratio: "1.5", active: false, grade: "fair", crateId: "c1" },
    { code: "c", weight: 1, active: false, crateId: "c2" },
    { code: "d", weight: null, grade: "fine" },
  ]);
  await crm.samples.createMany([{ id: "s1", specimenId: a!.id }, { id: "s2", specimenId: c!.id }, { id: "s3" }]);
  return crm;
}

const records = { records: count() };

function buckets(bucket: "day" | "week" | "month" | "quarter" | "year", cases: readonly (readonly [string, string])[]) {
  return crmFact(`are by ${bucket} as the calendar has it`, async (bench) => {
    const crm = await bench.open();
    await crm.specimens.createMany(cases.map(([foundOn], number) => ({ code: String(number), foundOn })));
    for (const [foundOn, expected] of cases) {
      const rows = await crm.specimens.aggregate({
        where: { foundOn },
        groupBy: { key: { foundOn: bucket } },
        measures: records,
      });
      expect([foundOn, rows]).toEqual([foundOn, [{ key: expected, records: 1 }]]);
    }
    const rows = await crm.specimens.aggregate({ groupBy: { key: { foundOn: bucket } }, measures: records });
    expect(rows.map(({ key }) => key)).toEqual([...new Set(cases.map(([, expected]) => expected))].sort());
  });
}

export const groups: CrmSuite = {
  name: "groups",
  facts: [
    crmFact("are by the values of a field, null among them and last", async (bench) => {
      const crm = await withCrates(bench);
      expect(await crm.specimens.aggregate({ groupBy: { grade: "grade" }, measures: records })).toEqual([
        { grade: "fair", records: 1 },
        { grade: "fine", records: 2 },
        { grade: null, records: 1 },
      ]);
      expect(await crm.specimens.aggregate({ groupBy: { weight: "weight" }, measures: records })).toEqual([
        { weight: 1, records: 2 },
        { weight: 2, records: 1 },
        { weight: null, records: 1 },
      ]);
      expect(await crm.specimens.aggregate({ groupBy: { ratio: "ratio", on: "active" }, measures: records })).toEqual([
        { ratio: "1.5", on: false, records: 1 },
        { ratio: "1.5", on: true, records: 1 },
        { ratio: null, on: false, records: 1 },
        { ratio: null, on: true, records: 1 },
      ]);
      expect(
        await crm.specimens.aggregate({ groupBy: { made: "createdAt", crate: "crateId" }, measures: records }),
      ).toEqual([
        { made: new Date("2026-06-15T10:00:00Z"), crate: "c1", records: 2 },
        { made: new Date("2026-06-15T10:00:00Z"), crate: "c2", records: 1 },
        { made: new Date("2026-06-15T10:00:00Z"), crate: null, records: 1 },
      ]);
    }),
    crmFact(
      "are by a field of the record that a reference leads to; null where there is none, or no value",
      async (bench) => {
        const crm = await withCrates(bench);
        expect(
          await crm.specimens.aggregate({
            groupBy: { label: { crate: "label" } },
            measures: { ...records, weight: sum("weight") },
          }),
        ).toEqual([
          { label: "One", records: 2, weight: 3 },
          { label: null, records: 2, weight: 1 },
        ]);
        expect(await crm.specimens.aggregate({ groupBy: { crate: { crate: "id" } }, measures: records })).toEqual([
          { crate: "c1", records: 2 },
          { crate: "c2", records: 1 },
          { crate: null, records: 1 },
        ]);
      },
    ),
    crmFact("are by a field two and three references away", async (bench) => {
      const crm = await withCrates(bench);
      expect(
        await crm.samples.aggregate({ groupBy: { label: { specimen: { crate: "label" } } }, measures: records }),
      ).toEqual([
        { label: "One", records: 1 },
        { label: null, records: 2 },
      ]);
      expect(
        await crm.samples.aggregate({
          groupBy: { outer: { specimen: { crate: { outer: "label" } } }, code: { specimen: "code" } },
          measures: records,
        }),
      ).toEqual([
        { outer: "One", code: "c", records: 1 },
        { outer: null, code: "a", records: 1 },
        { outer: null, code: null, records: 1 },
      ]);
      await crm.specimens.update((await crm.specimens.find({ where: { code: "a" } }))!.id, { foundOn: "2026-05-05" });
      expect(
        await crm.samples.aggregate({ groupBy: { quarter: { specimen: { foundOn: "quarter" } } }, measures: records }),
      ).toEqual([
        { quarter: "2026-Q2", records: 1 },
        { quarter: null, records: 2 },
      ]);
    }),
    crmFact(
      "are by cases: the first one whose condition holds, several with one value, else the rest",
      async (bench) => {
        const crm = await withCrates(bench);
        const size = {
          cases: [
            { where: { grade: "fair" }, value: "special" },
            { where: { weight: { gte: 1 }, not: { crate: null } }, value: "packed" },
            { where: { weight: null, crate: null }, value: "special" },
          ],
        } as const;
        const measures = { ...records, weight: sum("weight"), crates: countDistinct("crateId") };
        expect(await crm.specimens.aggregate({ groupBy: { size }, measures })).toEqual([
          { size: "packed", records: 2, weight: 2, crates: 2 },
          { size: "special", records: 2, weight: 2, crates: 1 },
        ]);
        const label = { cases: [{ where: { crate: { label: "One" } }, value: "One" }] };
        expect(
          await crm.specimens.aggregate({
            groupBy: { label, other: { ...label, otherwise: "-" }, grade: "grade" },
            measures: records,
            orderBy: [{ label: "desc" }],
          }),
        ).toEqual([
          { label: null, other: "-", grade: "fine", records: 1 },
          { label: null, other: "-", grade: null, records: 1 },
          { label: "One", other: "One", grade: "fair", records: 1 },
          { label: "One", other: "One", grade: "fine", records: 1 },
        ]);
        const weights = [1, 2].map((weight) => ({ where: { weight }, value: `of ${weight}` }));
        const byWeight = () => crm.specimens.aggregate({ groupBy: { weight: { cases: weights } }, measures: records });
        expect(await byWeight()).toEqual(await byWeight());
        expect(await byWeight()).toEqual([
          { weight: "of 1", records: 2 },
          { weight: "of 2", records: 1 },
          { weight: null, records: 1 },
        ]);
      },
    ),
    buckets("day", [
      ["2026-02-28", "2026-02-28"],
      ["2024-02-29", "2024-02-29"],
    ]),
    buckets("week", [
      ["2020-12-31", "2020-12-28"],
      ["2021-01-01", "2020-12-28"],
      ["2021-01-03", "2020-12-28"],
      ["2021-01-04", "2021-01-04"],
      ["2024-12-29", "2024-12-23"],
      ["2024-12-30", "2024-12-30"],
      ["2025-01-05", "2024-12-30"],
      ["2026-06-15", "2026-06-15"],
      ["2026-06-14", "2026-06-08"],
    ]),
    buckets("month", [
      ["2025-12-31", "2025-12"],
      ["2026-01-01", "2026-01"],
      ["2026-01-31", "2026-01"],
    ]),
    buckets("quarter", [
      ["2025-12-31", "2025-Q4"],
      ["2026-01-01", "2026-Q1"],
      ["2026-03-31", "2026-Q1"],
      ["2026-04-01", "2026-Q2"],
      ["2026-06-30", "2026-Q2"],
      ["2026-07-01", "2026-Q3"],
      ["2026-09-30", "2026-Q3"],
      ["2026-10-01", "2026-Q4"],
    ]),
    buckets("year", [
      ["0001-01-01", "0001"],
      ["1999-12-31", "1999"],
      ["2000-01-01", "2000"],
      ["9999-12-31", "9999"],
    ]),
    crmFact("add up what the calendar joins", async (bench) => {
      const crm = await bench.open();
      const eur = (amount: string) => ({ amount, currency: "EUR" });
      await crm.specimens.createMany([
        { code: "a", foundOn: "2026-01-10", weight: 1, price: eur("1.01"), ratio: "1" },
        { code: "b", foundOn: "2026-02-10", weight: 5, price: eur("2.02"), ratio: "2" },
        { code: "c", foundOn: "2026-03-10", price: eur("4.04") },
        { code: "d", foundOn: "2026-04-10", weight: 7 },
      ]);
      const measures = {
        n: count(),
        weight: sum("weight"),
        least: min("weight"),
        most: max("weight"),
        mean: avg("weight"),
        price: sum("price"),
        ratio: avg("ratio"),
      };
      expect(await crm.specimens.aggregate({ groupBy: { quarter: { foundOn: "quarter" } }, measures })).toEqual([
        { quarter: "2026-Q1", n: 3, weight: 6, least: 1, most: 5, mean: "3", price: [eur("7.07")], ratio: "1.5" },
        { quarter: "2026-Q2", n: 1, weight: 7, least: 7, most: 7, mean: "7", price: [], ratio: null },
      ]);
    }),
    crmFact("are kept or left out by their figures, compared exactly", async (bench) => {
      const crm = await withCrates(bench);
      const query = {
        groupBy: { grade: "grade" },
        measures: { n: count(), weight: sum("weight"), mean: avg("ratio") },
      } as const;
      const grades = async (having: object) =>
        (await crm.specimens.aggregate({ ...query, having })).map(({ grade }) => grade);
      expect(await grades({ n: { gt: 1 } })).toEqual(["fine"]);
      expect(await grades({ n: { gte: 1, lt: 2 } })).toEqual(["fair", null]);
      expect(await grades({ weight: { lte: 1 } })).toEqual(["fine", null]);
      expect(await grades({ mean: { gte: "1.5" } })).toEqual(["fair", "fine"]);
      expect(await grades({ mean: { gt: "1.4999999999999999999" } })).toEqual(["fair", "fine"]);
      expect(await grades({ mean: { gt: "1.5" } })).toEqual([]);
      expect(await grades({ n: { gt: 0 }, weight: { gt: 1 } })).toEqual(["fair"]);
      expect(await grades({})).toEqual(["fair", "fine", null]);
    }),
    crmFact(
      "are ordered by figures and keys, nulls last ascending and first descending, and limited",
      async (bench) => {
        const crm = await withCrates(bench);
        const query = { groupBy: { grade: "grade" }, measures: { n: count(), weight: sum("weight") } } as const;
        const grades = async (more: object) =>
          (await crm.specimens.aggregate({ ...query, ...more })).map(({ grade }) => grade);
        expect(await grades({ orderBy: [{ n: "desc" }] })).toEqual(["fine", "fair", null]);
        expect(await grades({ orderBy: [{ n: "asc" }, { grade: "desc" }] })).toEqual([null, "fair", "fine"]);
        expect(await grades({ orderBy: [{ grade: "desc" }] })).toEqual([null, "fine", "fair"]);
        expect(await grades({ orderBy: [{ weight: "desc", grade: "asc" }] })).toEqual(["fair", "fine", null]);
        expect(await grades({ orderBy: [{ weight: "asc" }] })).toEqual(["fine", null, "fair"]);
        expect(await grades({ limit: 1 })).toEqual(["fair"]);
        expect(await grades({ orderBy: [{ n: "desc" }], having: { n: { lt: 2 } }, limit: 1 })).toEqual(["fair"]);
      },
    ),
    crmFact("compare means of the finest decimals", async (bench) => {
      const dust = defineEntity("dust", { plural: "dusts", fields: { grain: decimal({ scale: 18 }) } });
      const crm = await createCrm({ ...(await bench.options()), entities: [dust] });
      await crm.dusts.createMany([{ grain: "0.000000000000000001" }, { grain: "0.000000000000000002" }]);
      const measures = { mean: avg("grain") };
      expect(await crm.dusts.aggregate({ measures, having: { mean: { gt: "0.000000000000000001" } } })).toEqual([
        { mean: "0.0000000000000000015" },
      ]);
      expect(await crm.dusts.aggregate({ measures, having: { mean: { gt: "0.0000000000000000015" } } })).toEqual([]);
    }),
    crmFact("can have the names of things that objects have by nature", async (bench) => {
      const crm = await withCrates(bench);
      const rows = await crm.specimens.aggregate({
        groupBy: { constructor: "grade" },
        measures: { toString: count() } as never,
        limit: 1,
      });
      expect(JSON.parse(JSON.stringify(rows))).toEqual([{ constructor: "fair", toString: 1 }]);
    }),
    crmFact("are refused by what has no groups", async (bench) => {
      const crm = await bench.open();
      let deep: unknown = "id";
      for (let level = 0; level < 20_000; level++) deep = { outer: deep };
      const cases: readonly (readonly [unknown, string, string])[] = [
        [{ x: "price" }, "specimen", "price"],
        [{ x: "details" }, "specimen", "details"],
        [{ x: "nothing" }, "specimen", "nothing"],
        [{ x: "crate" }, "specimen", "crate"],
        [{ x: { samples: "id" } }, "specimen", "samples"],
        [{ x: { crate: "nothing" } }, "crate", "nothing"],
        [{ x: { crate: {} } }, "crate", "groupBy.x"],
        [{ x: { crate: "id", twin: "id" } }, "specimen", "groupBy.x"],
        [{ x: { foundOn: "decade" } }, "specimen", "foundOn"],
        [{ x: { foundOn: "constructor" } }, "specimen", "foundOn"],
        [{ x: { title: "day" } }, "specimen", "title"],
        [{ x: { seenAt: "decade" } }, "specimen", "seenAt"],
        [{ x: { seenAt: { bucket: "day", timeZone: "Mars/Olympus" } } }, "specimen", "seenAt"],
        [{ x: { seenAt: { bucket: "day", zone: "UTC" } } }, "specimen", "seenAt"],
        [{ x: { foundOn: { bucket: "day", timeZone: "UTC" } } }, "specimen", "foundOn"],
        [{ x: null }, "specimen", "groupBy.x"],
        [{ x: ["grade"] }, "specimen", "groupBy.x"],
        [{ x: { crate: deep } }, "crate", "groupBy.x"],
        [{ x: { cases: [] } }, "specimen", "groupBy.x.cases"],
        [{ x: { cases: Array(1_001).fill({ where: {}, value: "a" }) } }, "specimen", "groupBy.x.cases"],
        [{ x: { cases: {} } }, "specimen", "cases"],
        [{ x: { cases: [{ where: {}, value: "a" }], other: "b" } }, "specimen", "groupBy.x"],
        [{ x: { cases: [{ where: {}, value: "a" }], name: "b" } }, "specimen", "groupBy.x"],
        [{ x: { cases: [{ where: {}, value: "a" }], otherwise: 1 } }, "specimen", "groupBy.x.otherwise"],
        [{ x: { cases: [{ where: {}, value: 1 }] } }, "specimen", "groupBy.x.cases.0.value"],
        [{ x: { cases: [{ where: {}, value: "a" }, { value: "b" }] } }, "specimen", "groupBy.x.cases.1"],
        [{ x: { cases: [{ where: {}, value: "a", label: "b" }] } }, "specimen", "groupBy.x.cases.0"],
        [{ x: { cases: ["a"] } }, "specimen", "groupBy.x.cases.0"],
        [{ x: { cases: [{ where: { nothing: 1 }, value: "a" }] } }, "specimen", "nothing"],
        [{ x: { cases: [{ where: { weight: "heavy" }, value: "a" }] } }, "specimen", "weight.eq"],
        [{ x: { crate: { cases: [{ where: {}, value: "a" }] } } }, "crate", "cases"],
        ["grade", "specimen", "groupBy"],
        [["grade"], "specimen", "groupBy"],
        [null, "specimen", "groupBy"],
      ];
      for (const [groupBy, entity, field] of cases) {
        expect(await refused(crm.specimens.aggregate({ groupBy, measures: records } as never))).toEqual({
          code: "invalid_query",
          entity,
          field,
        });
      }
    }),
    crmFact("are refused with conditions, orders and limits that are none", async (bench) => {
      const crm = await bench.open();
      const query = { groupBy: { grade: "grade" }, measures: { n: count(), price: sum("price"), first: min("title") } };
      const cases: readonly (readonly [object, string])[] = [
        [{ having: { price: { gt: 1 } } }, "having.price"],
        [{ having: { first: { gt: "a" } } }, "having.first"],
        [{ having: { grade: { gt: 1 } } }, "having.grade"],
        [{ having: { n: { eq: 1 } } }, "having.n.eq"],
        [{ having: { n: { gt: "many" } } }, "having.n.gt"],
        [{ having: { n: { gt: null } } }, "having.n.gt"],
        [{ having: { n: { gt: Number.NaN } } }, "having.n.gt"],
        [{ having: { n: 5 } }, "having.n"],
        [{ having: [] }, "having"],
        [{ orderBy: [{ price: "asc" }] }, "orderBy.price"],
        [{ orderBy: [{ weight: "asc" }] }, "orderBy.weight"],
        [{ orderBy: [{ n: "up" }] }, "orderBy.n"],
        [{ orderBy: { n: "asc" } }, "orderBy"],
        [{ orderBy: ["n"] }, "orderBy"],
        [{ limit: 0 }, "limit"],
        [{ limit: 1.5 }, "limit"],
        [{ measures: { grade: count() } }, "grade"],
        [{ archived: "yes" }, "archived"],
        [{ select: ["id"] }, "select"],
      ];
      for (const [more, field] of cases) {
        expect(await refused(crm.specimens.aggregate({ ...query, ...more } as never))).toEqual({
          code: "invalid_query",
          entity: "specimen",
          field,
        });
      }
    }),
  ],
};
