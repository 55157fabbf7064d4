/** opportunities.board: the stages of a pipeline with what is in them. Over 400 lines: totals and pages are of the same columns. */
import { createCrm } from "@relata/core";
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, open, openDomain, pipelineOf, stageId } from "./open-domain.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const jpy = (amount: string) => ({ amount, currency: "JPY" });
const kwd = (amount: string) => ({ amount, currency: "KWD" });

/** "proposal 2: 30.00 EUR, 5 JPY / 15.00 EUR, 2 JPY" for each stage that is not empty. */
async function boardOf(
  crm: Pick<DomainCrm, "opportunities">,
  query?: Parameters<DomainCrm["opportunities"]["board"]>[0],
) {
  const money = (sums: readonly { readonly amount: string; readonly currency: string }[]) =>
    sums.map(({ amount, currency }) => `${amount} ${currency}`).join(", ");
  const columns = await crm.opportunities.board(query);
  return columns
    .filter(({ count }) => count > 0)
    .map((column) => `${column.stage.key} ${column.count}: ${money(column.amount)} / ${money(column.weighted)}`);
}

export const board: CrmSuite = {
  name: "opportunities.board",
  facts: [
    crmFact("refuses a query that is none", async (bench) => {
      const crm = await openDomain(bench);
      for (const [bad, field] of [
        [null, ""],
        ["sales", ""],
        [[], ""],
        [{ pipelines: "sales" }, "pipelines"],
        [{ pipeline: 5 }, "pipeline"],
        [{ limit: -1 }, "limit"],
        [{ limit: 1_001 }, "limit"],
        [{ limit: "20" }, "limit"],
        [{ orderBy: { name: "asc" } }, "orderBy"],
      ] as const) {
        const refusal = { code: "invalid_input", entity: "board", field };
        expect([bad, await refused(crm.opportunities.board(bad as never))]).toEqual([bad, refusal]);
      }
      for (const [bad, field] of [
        [{ where: { nam: "a" } }, "nam"],
        [{ orderBy: [{ nam: "asc" }] }, "nam"],
        [{ orderBy: [{ name: "up" }] }, "orderBy.name"],
      ] as const)
        expect(await refused(crm.opportunities.board(bad as never))).toMatchObject({ code: "invalid_query", field });
    }),
    crmFact("refuses a page of a column that is none", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.create({ name: "a" });
      const id = await stageId(crm, "qualification");
      for (const [bad, field] of [
        [{}, "stageId"],
        [{ stageId: 5 }, "stageId"],
        [{ stageId: id, limit: 0 }, "limit"],
        [{ stageId: id, after: 5 }, "after"],
        [{ stageId: id, pipeline: "sales" }, "pipeline"],
      ] as const) {
        const refusal = { code: "invalid_input", entity: "boardColumn", field };
        expect([bad, await refused(crm.opportunities.boardColumn(bad as never))]).toEqual([bad, refusal]);
      }
      expect(await refused(crm.opportunities.boardColumn({ stageId: id, after: "x" }))).toEqual({
        code: "invalid_cursor",
      });
    }),
    crmFact("gives the first page of each column, and goes on in each by itself", async (bench) => {
      const crm = await openDomain(bench);
      const deals = await crm.opportunities.createMany(Array.from({ length: 7 }, (_, i) => ({ name: `d${i}` })));
      await crm.opportunities.moveMany(deals.slice(4).map(({ id }) => ({ id, stage: "proposal" })));
      await crm.opportunities.place(deals[3]!.id, { first: true });
      const [first, , third, fourth] = await crm.opportunities.board({ limit: 2 });
      const names = (page: { readonly items: readonly { readonly name: string }[] }) =>
        page.items.map(({ name }) => name);
      expect([first!.count, names(first!.records)]).toEqual([4, ["d3", "d0"]]);
      expect([third!.count, names(third!.records)]).toEqual([3, ["d4", "d5"]]);
      expect([fourth!.count, fourth!.records]).toEqual([0, { items: [], next: undefined }]);
      await crm.opportunities.place(deals[0]!.id, { last: true });
      const rest = await crm.opportunities.boardColumn({ stageId: first!.stage.id, after: first!.records.next });
      expect([names(rest), rest.next]).toEqual([["d1", "d2", "d0"], undefined]);
      const last = await crm.opportunities.boardColumn({
        stageId: third!.stage.id,
        limit: 1,
        after: third!.records.next,
      });
      expect([names(last), last.next]).toEqual([["d6"], undefined]);
      const from = { stageId: third!.stage.id, after: first!.records.next };
      expect(await refused(crm.opportunities.boardColumn(from))).toEqual({ code: "invalid_cursor" });
    }),
    crmFact("walks every column to its end in any order, with conditions, page by page", async (bench) => {
      const crm = await openDomain(bench);
      const deals = await crm.opportunities.createMany(
        Array.from({ length: 30 }, (_, i) => ({
          name: `d${String((i * 7) % 30).padStart(2, "0")}`,
          ...(i % 3 === 0 ? {} : { amount: i % 2 ? eur(`${i % 5}.00`) : jpy(`${i}`), expectedCloseDate: "2026-09-01" }),
        })),
      );
      await crm.opportunities.moveMany(deals.slice(0, 13).map(({ id }) => ({ id, stage: "discovery" })));
      const where = { name: { ne: "d00" } };
      for (const orderBy of [
        [{ name: "asc" }],
        [{ name: "desc" }],
        [{ amount: "desc" }, { name: "asc" }],
        [{ expectedCloseDate: "asc" }, { name: "desc" }],
        [{ probability: "asc" }],
        [],
      ] as const) {
        for (const { stage, count, records } of await crm.opportunities.board({ where, orderBy, limit: 4 })) {
          const seen = [...records.items];
          for (let after = records.next; after !== undefined; ) {
            const page = await crm.opportunities.boardColumn({ stageId: stage.id, where, orderBy, limit: 4, after });
            seen.push(...page.items);
            after = page.next;
          }
          const all = await crm.opportunities.list({ where: { ...where, stageId: stage.id }, orderBy, limit: 100 });
          expect(seen).toEqual(all.items);
          expect(seen).toHaveLength(count);
        }
      }
    }),
    crmFact("gives up to 20 of each column unless said, and none where none are wanted", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.createMany(Array.from({ length: 21 }, (_, i) => ({ name: `d${i}` })));
      const shown = async (limit?: number) => {
        const [column] = await crm.opportunities.board(limit === undefined ? {} : { limit });
        return [column!.count, column!.records.items.length, typeof column!.records.next];
      };
      expect(await shown()).toEqual([21, 20, "string"]);
      expect(await shown(0)).toEqual([21, 0, "undefined"]);
      expect(await shown(1_000)).toEqual([21, 21, "undefined"]);
    }),
    crmFact("shows the past as it was, page by page, and says where that may still change", async (bench) => {
      const crm = await openDomain(bench);
      const [a, b, c] = await crm.opportunities.createMany(
        ["a", "b", "c"].map((name) => ({ name, amount: eur("1.00") })),
      );
      bench.clock.set("2026-06-16T10:00:00Z");
      await crm.opportunities.place(c!.id, { stage: "won", first: true });
      await crm.opportunities.place(b!.id, { first: true });
      bench.clock.set("2026-06-17T10:00:00Z");
      await crm.opportunities.delete(a!.id);
      const shown = async (instant: string) => {
        const past = crm.asOf(new Date(instant));
        const columns = await past.opportunities.board({ limit: 1 });
        const walked: string[] = [];
        for (const { stage, count, records } of columns) {
          if (count === 0) continue;
          const rest = records.next
            ? await past.opportunities.boardColumn({ stageId: stage.id, after: records.next })
            : { items: [] };
          walked.push(`${stage.key} ${[...records.items, ...rest.items].map(({ name }) => name).join(" ")}`);
        }
        return walked;
      };
      expect(await shown("2026-06-15T12:00:00Z")).toEqual(["qualification a b c"]);
      expect(await shown("2026-06-16T12:00:00Z")).toEqual(["qualification b a", "won c"]);
      expect(await shown("2026-06-17T10:00:00Z")).toEqual(["qualification b", "won c"]);
      await crm.transaction(async (tx) => {
        await tx.opportunities.create({ name: "d" });
        const [column] = await tx.asOf(new Date(bench.clock.now())).opportunities.board();
        expect(column!.records).toMatchObject({ unsettled: true });
      });
    }),
    crmFact("adds up each stage, by currency, with exact weighted amounts", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.createMany([
        { name: "a", amount: eur("1000.00") },
        { name: "b", amount: eur("0.05") },
        { name: "c", amount: jpy("1005") },
        { name: "d", amount: kwd("0.005"), probability: "50" },
        { name: "e" },
      ]);
      expect(await boardOf(crm)).toEqual([
        "qualification 5: 1000.05 EUR, 1005 JPY, 0.005 KWD / 100.00 EUR, 100 JPY, 0.002 KWD",
      ]);
    }),
    crmFact("rounds each weighted sum once, at the end, half to even", async (bench) => {
      const crm = await openDomain(bench);
      const thirds = Array.from({ length: 3 }, (_, i) => ({
        name: `t${i}`,
        amount: eur("0.01"),
        probability: "33.33",
      }));
      await crm.opportunities.createMany([...thirds, { name: "u", amount: eur("0.01"), probability: "50.01" }]);
      expect(await boardOf(crm)).toEqual(["qualification 4: 0.04 EUR / 0.02 EUR"]);
      const other = crm.as({ tenantId: "half" });
      await other.opportunities.createMany([{ name: "a", amount: eur("0.05"), probability: "50" }]);
      expect(await boardOf(other)).toEqual(["qualification 1: 0.05 EUR / 0.02 EUR"]);
    }),
    crmFact("weighs by each opportunity's own probability, 0 and 100 among them", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.createMany([
        { name: "a", amount: eur("100.00"), probability: "0" },
        { name: "b", amount: eur("100.00"), probability: "100" },
        { name: "c", amount: eur("100.00"), probability: "12.5" },
      ]);
      expect(await boardOf(crm)).toEqual(["qualification 3: 300.00 EUR / 112.50 EUR"]);
    }),
    crmFact("adds up all currencies in one, by the rates of a day, rounded once", async (bench) => {
      const crm = await openDomain(bench);
      await crm.exchangeRates.createMany([
        { baseCurrency: "EUR", quoteCurrency: "JPY", day: "2026-06-01", rate: "160" },
        { baseCurrency: "KWD", quoteCurrency: "EUR", day: "2026-06-01", rate: "3" },
        { baseCurrency: "KWD", quoteCurrency: "EUR", day: "2026-06-15", rate: "4" },
      ]);
      await crm.opportunities.createMany([
        { name: "a", amount: eur("100.00") },
        { name: "b", amount: jpy("1"), probability: "50" },
        { name: "c", amount: jpy("1"), probability: "50" },
        { name: "d", amount: kwd("10.000"), expectedCloseDate: "2026-06-10" },
        { name: "e" },
      ]);
      const sums = async (convert: { readonly in?: string; readonly on?: string }) => {
        const [first, second] = await crm.opportunities.board({ convert });
        return [first!.converted, second!.converted];
      };
      // Two yen are 0.0125 euros, and half of them 0.00625: 10 + 0.00625 + 3 for the 10 per cent of the others.
      expect(await sums({ in: "EUR", on: "2026-06-14" })).toEqual([
        { on: "2026-06-14", amount: eur("130.01"), weighted: eur("13.01") },
        { on: "2026-06-14", amount: eur("0.00"), weighted: eur("0.00") },
      ]);
      expect((await sums({ in: "EUR" }))[0]).toEqual({
        on: "2026-06-15",
        amount: eur("140.01"),
        weighted: eur("14.01"),
      });
      const refusal = { code: "invalid_input", entity: "board", field: "convert.in" };
      expect(await refused(sums({ on: "2026-06-15" }))).toEqual(refusal);
      await crm.settings.change({ reportingCurrency: "EUR", timeZone: "Pacific/Kiritimati" });
      expect((await sums({}))[0]).toEqual({ on: "2026-06-16", amount: eur("140.01"), weighted: eur("14.01") });
      expect((await sums({ in: "JPY", on: "2026-06-15" }))[0]!.amount).toEqual(jpy("22402"));
      const plain = await crm.opportunities.board();
      expect(plain.map((column) => "converted" in column)).toEqual(new Array(6).fill(false));
    }),
    crmFact("names every rate that is missing, and what converts nothing", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.createMany([
        { name: "a", amount: jpy("1") },
        { name: "b", amount: kwd("1.000") },
      ]);
      const asked = (convert: object) => crm.opportunities.board({ convert: convert as never });
      expect((await refusedDetails(asked({ in: "EUR", on: "2026-06-15" }))).missing).toEqual([
        { from: "JPY", to: "EUR", on: "2026-06-15" },
        { from: "KWD", to: "EUR", on: "2026-06-15" },
      ]);
      for (const [convert, code] of [
        [{ in: "EUR", on: "2026-06-31" }, "invalid_query"],
        [{ in: "EUR", on: "name" }, "invalid_query"],
        [{ in: "euro", on: "2026-06-15" }, "invalid_query"],
        [{ to: "EUR" }, "invalid_input"],
        [{ in: 5 }, "invalid_input"],
        ["EUR", "invalid_input"],
      ] as const)
        expect([convert, (await refused(asked(convert as never))).code]).toEqual([convert, code]);
      expect(await refused(crm.accounts.board({ convert: { in: "EUR" } }))).toEqual({
        code: "invalid_input",
        entity: "board",
        field: "convert",
      });
    }),
    crmFact("is exact for sums beyond what a number or 64 bits hold", async (bench) => {
      const crm = await openDomain(bench);
      const huge = "90000000000000000.01";
      await crm.opportunities.createMany(
        Array.from({ length: 3 }, (_, i) => ({ name: `h${i}`, amount: eur(huge), probability: "99.99" })),
      );
      expect(await boardOf(crm)).toEqual(["qualification 3: 270000000000000000.03 EUR / 269973000000000000.03 EUR"]);
    }),
    crmFact("takes negative amounts for what they are", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.createMany([
        { name: "a", amount: eur("-0.15"), probability: "10" },
        { name: "b", amount: eur("-10.00"), probability: "100" },
      ]);
      expect(await boardOf(crm)).toEqual(["qualification 2: -10.15 EUR / -10.02 EUR"]);
    }),
    crmFact("shows the empty stages, in order", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "a", amount: eur("10.00") });
      await crm.opportunities.moveTo(deal.id, "won");
      const columns = await crm.opportunities.board();
      expect(columns.map(({ stage, count, amount, weighted }) => [stage.key, count, amount, weighted])).toEqual([
        ["qualification", 0, [], []],
        ["discovery", 0, [], []],
        ["proposal", 0, [], []],
        ["negotiation", 0, [], []],
        ["won", 1, [eur("10.00")], [eur("10.00")]],
        ["lost", 0, [], []],
      ]);
    }),
    crmFact("shows a pipeline by its key, and only what is in it", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.create({ name: "a", amount: eur("1.00") });
      const renewals = await crm.pipelines.define(pipelineOf());
      await crm.opportunities.create({ name: "b", pipelineId: renewals.id, amount: eur("10.00") });
      expect(await boardOf(crm, { pipeline: "renewals" })).toEqual(["due 1: 10.00 EUR / 4.00 EUR"]);
      expect(await boardOf(crm, { pipeline: "sales" })).toEqual(["qualification 1: 1.00 EUR / 0.10 EUR"]);
      expect(await boardOf(crm)).toEqual(["qualification 1: 1.00 EUR / 0.10 EUR"]);
    }),
    crmFact("counts only what satisfies its conditions", async (bench) => {
      const crm = await openDomain(bench);
      const [retail, energy] = await crm.accounts.createMany([
        { name: "R", industry: "retail" },
        { name: "E", industry: "energy" },
      ]);
      await crm.opportunities.createMany([
        { name: "a", accountId: retail!.id, amount: eur("1.00") },
        { name: "b", accountId: energy!.id, amount: eur("2.00") },
        { name: "c", amount: eur("4.00") },
      ]);
      expect(await boardOf(crm, { where: { account: { industry: "retail" } } })).toEqual([
        "qualification 1: 1.00 EUR / 0.10 EUR",
      ]);
      expect(await boardOf(crm, { where: { or: [{ name: "b" }, { accountId: null }] } })).toEqual([
        "qualification 2: 6.00 EUR / 0.60 EUR",
      ]);
      expect((await crm.opportunities.board({ where: { name: "nothing" } })).map(({ count }) => count)).toEqual([
        0, 0, 0, 0, 0, 0,
      ]);
    }),
    crmFact("leaves out archived opportunities, and those of other tenants", async (bench) => {
      const crm = await openDomain(bench);
      const [gone] = await crm.opportunities.createMany([
        { name: "a", amount: eur("1.00") },
        { name: "b", amount: eur("2.00") },
      ]);
      await crm.as({ tenantId: "other" }).opportunities.create({ name: "c", amount: eur("4.00") });
      await crm.opportunities.archive(gone!.id);
      expect(await boardOf(crm)).toEqual(["qualification 1: 2.00 EUR / 0.20 EUR"]);
    }),
    crmFact("shows an archived stage as long as something is in it", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "a", amount: eur("1.00") });
      await crm.stages.archive(deal.stageId);
      await crm.stages.archive(await stageId(crm, "proposal"));
      expect((await crm.opportunities.board()).map(({ stage, count }) => `${stage.key} ${count}`)).toEqual([
        "qualification 1",
        "discovery 0",
        "negotiation 0",
        "won 0",
        "lost 0",
      ]);
    }),
    crmFact("refuses a pipeline that is not there, or is of another entity", async (bench) => {
      const crm = await openDomain(bench);
      await crm.pipelines.define(pipelineOf({ key: "delivery", entityType: "project" }));
      for (const pipeline of ["nowhere", "delivery", ""]) {
        expect(await refused(crm.opportunities.board({ pipeline }))).toEqual({ code: "not_found", entity: "pipeline" });
      }
    }),
    crmFact("asks the database three times, however many stages there are", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      for (const size of [2, 60]) {
        const stages = Array.from({ length: size }, (_, i) => open(`s${i}`, "10"));
        await crm.pipelines.define(pipelineOf({ key: `of${size}`, stages }));
        const inputs = (await crm.stages.list({ where: { pipeline: { key: `of${size}` } }, limit: 1_000 })).items;
        await crm.opportunities.createMany(inputs.map(({ id }) => ({ name: "a", stageId: id, amount: eur("1.00") })));
        const before = { ...calls };
        const columns = await crm.opportunities.board({ pipeline: `of${size}` });
        expect(columns.map(({ count }) => count)).toEqual(new Array(size).fill(1));
        expect([calls.find - before.find, calls.aggregate - before.aggregate, calls.begin - before.begin]).toEqual([
          2, 1, 0,
        ]);
      }
    }),
    crmFact("takes as many statements for 60 full stages as for two that are empty", async (bench) => {
      const shown: string[] = [];
      const crm = await createCrm({ ...(await bench.options()), onQuery: ({ kind }) => shown.push(kind) });
      const counts: number[] = [];
      for (const size of [2, 60]) {
        const stages = Array.from({ length: size }, (_, i) => open(`s${i}`, "10"));
        const { stages: made } = await crm.pipelines.define(pipelineOf({ key: `of${size}`, stages }));
        const inputs =
          size === 2
            ? []
            : made.flatMap(({ id }) => [
                { name: "a", stageId: id },
                { name: "b", stageId: id },
              ]);
        await crm.opportunities.createMany(inputs);
        shown.length = 0;
        const columns = await crm.opportunities.board({ pipeline: `of${size}`, limit: 1 });
        counts.push(shown.filter((kind) => kind === "find" || kind === "aggregate").length);
        expect(columns.filter(({ records }) => records.next !== undefined)).toHaveLength(size === 2 ? 0 : 60);
      }
      expect(counts[1]).toBe(counts[0]);
      expect(counts[0]).toBeLessThanOrEqual(4);
    }),
    crmFact("is as cheap to change: 1,000 moves take as many calls of the database as 2", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const deals = await crm.opportunities.createMany(Array.from({ length: 1_003 }, (_, i) => ({ name: `d${i}` })));
      const cost = async (ids: readonly { readonly id: string }[]) => {
        const before = { ...calls };
        await crm.opportunities.moveMany(ids.map(({ id }) => ({ id, stage: "proposal" })));
        return [calls.find - before.find, calls.write - before.write, calls.begin - before.begin];
      };
      await cost(deals.slice(0, 1));
      const few = await cost(deals.slice(1, 3));
      expect(await cost(deals.slice(3))).toEqual(few);
    }),
  ],
};
