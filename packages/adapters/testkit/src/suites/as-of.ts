/** Reads of the past: every shape of a query, over the versions that were valid at an instant. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { secondTenant } from "../bench/store.ts";
import { and, eq, every, gt, isIn, isNull, none, not, some } from "../question/condition.ts";
import { defineColumn } from "../schema/define-table.ts";
import { kept } from "../schema/kept.ts";
import { openPast } from "./as-of-fixture.ts";

const deals = { table: "deals", columns: ["id", "stage", "amount"] };
const dealsOf = { table: "deals", local: "id", foreign: "account_id" } as const;
const accountOf = { table: "accounts", local: "account_id", foreign: "id" } as const;
const parentOf = { table: "accounts", local: "parent_id", foreign: "id" } as const;
const notesOf = { table: "notes", local: "id", foreign: "deal_id" } as const;

const includedDeals = (limit?: number, orderBy: readonly string[] = []) => ({
  ...({ cardinality: "many", local: "id", foreign: "account_id" } as const),
  question: { table: "deals", columns: ["id", "account_id"], orderBy, ...(limit === undefined ? {} : { limit }) },
});

export const asOf: Suite = {
  name: "as-of reads",
  facts: [
    fact(
      "see a version from the instant at which it began up to, and not at, the one at which it ended",
      async (bench) => {
        const store = await openPast(bench);
        const one = (at: number) => store.find({ ...deals, where: eq("id", "d1"), asOf: at });
        expect(await one(9)).toEqual([]);
        expect(await one(10)).toEqual([["d1", "new", 100n]]);
        expect(await one(19)).toEqual([["d1", "new", 100n]]);
        expect(await one(20)).toEqual([["d1", "won", 150n]]);
        expect(await one(49)).toEqual([["d1", "won", 150n]]);
        expect(await one(50)).toEqual([["d1", "new", 150n]]);
        expect(await one(1_000_000)).toEqual([["d1", "new", 150n]]);
      },
    ),
    fact("never see a version that was ended in the instant in which it began", async (bench) => {
      const store = await openPast(bench);
      for (const at of [0, 10, 49, 50, 51])
        expect(await store.list({ table: "deals", where: eq("stage", "lost"), asOf: at })).toEqual([]);
    }),
    fact("see a row until it is deleted, and again from when it is inserted again", async (bench) => {
      const store = await openPast(bench);
      const names = (at: number) =>
        store.find({ table: "deals", columns: ["name", "version"], where: eq("id", "d2"), asOf: at });
      expect(await names(29)).toEqual([["Two", 1]]);
      expect(await names(30)).toEqual([]);
      expect(await names(39)).toEqual([]);
      expect(await names(40)).toEqual([["Two again", 2]]);
    }),
    fact("of one query object answer for each instant anew", async (bench) => {
      const store = await openPast(bench);
      const all = (at: number) => store.list({ table: "deals", asOf: at });
      expect([await all(5), await all(10), await all(35), await all(45)]).toEqual([
        [],
        ["d1", "d2", "d3"],
        ["d1", "d3"],
        ["d1", "d2", "d3"],
      ]);
    }),
    fact("filter by the values of then", async (bench) => {
      const store = await openPast(bench);
      const won = { table: "deals", where: eq("stage", "won") };
      expect(await store.list({ ...won, asOf: 15 })).toEqual(["d3"]);
      expect(await store.list({ ...won, asOf: 25 })).toEqual(["d1", "d3"]);
      expect(await store.list({ ...won, asOf: 50 })).toEqual(["d3"]);
      const undated = { table: "deals", where: isNull("close_date") };
      expect(await store.list({ ...undated, asOf: 15 })).toEqual(["d1"]);
      expect(await store.list({ ...undated, asOf: 35 })).toEqual(["d1", "d3"]);
      expect(await store.list({ table: "deals", where: not(gt("amount", 150n)), asOf: 25 })).toEqual(["d1"]);
    }),
    fact("order current rows and ended versions together, nulls last ascending and first descending", async (bench) => {
      const store = await openPast(bench);
      const dated = { table: "deals", columns: ["id", "close_date"], asOf: 15 };
      expect(await store.find({ ...dated, orderBy: ["close_date"] })).toEqual([
        ["d2", "2026-01-20"],
        ["d3", "2026-02-01"],
        ["d1", null],
      ]);
      expect(await store.list({ table: "deals", orderBy: ["-close_date"], asOf: 15 })).toEqual(["d1", "d3", "d2"]);
      expect(await store.list({ table: "accounts", orderBy: ["-industry", "name"], asOf: 25 })).toEqual([
        "c",
        "a",
        "b",
      ]);
    }),
    fact("order by columns that they do not give, and by code point", async (bench) => {
      const store = await bench.open(kept, {
        accounts: [
          { id: "a", name: "🚀", updated_at: 10 },
          { id: "b", name: "\uff21", updated_at: 10 },
          { id: "c", name: "z", updated_at: 10 },
        ],
      });
      await store.write([
        store.steps.update("accounts", [{ id: "b", version: 1, name: "a", updated_at: 20 }], { endedAt: 20 }),
      ]);
      expect(await store.find({ table: "accounts", columns: ["id"], orderBy: ["name"], asOf: 10 })).toEqual([
        ["c"],
        ["b"],
        ["a"],
      ]);
      expect(await store.list({ table: "accounts", orderBy: ["name"], limit: 2, asOf: 20 })).toEqual(["b", "c"]);
    }),
    fact("give pages that follow one another", async (bench) => {
      const store = await openPast(bench);
      const page = { table: "deals", orderBy: ["close_date"], limit: 1, asOf: 15 };
      expect(await store.list(page)).toEqual(["d2"]);
      expect(await store.list({ ...page, after: ["2026-01-20", "d2"] })).toEqual(["d3"]);
      expect(await store.list({ ...page, after: ["2026-02-01", "d3"] })).toEqual(["d1"]);
      expect(await store.list({ ...page, after: [null, "d1"] })).toEqual([]);
      const back = { table: "deals", orderBy: ["-amount"], limit: 2, asOf: 15 };
      expect(await store.list(back)).toEqual(["d3", "d2"]);
      expect(await store.list({ ...back, after: [200n, "d2"] })).toEqual(["d1"]);
    }),
    fact("filter through relations as they were, in either direction and at every depth", async (bench) => {
      const store = await openPast(bench);
      const withDeals = { table: "accounts", where: some(dealsOf) };
      expect(await store.list({ ...withDeals, asOf: 15 })).toEqual(["a", "b"]);
      expect(await store.list({ ...withDeals, asOf: 35 })).toEqual(["a"]);
      expect(await store.list({ table: "accounts", where: none(dealsOf), asOf: 35 })).toEqual(["b", "c"]);
      const allWon = { table: "accounts", where: and(some(dealsOf), every(dealsOf, eq("stage", "won"))) };
      expect(await store.list({ ...allWon, asOf: 15 })).toEqual(["b"]);
      expect(await store.list({ ...allWon, asOf: 35 })).toEqual(["a"]);
      const ofEnergy = { table: "deals", where: some(accountOf, eq("industry", "energy")) };
      expect(await store.list({ ...ofEnergy, asOf: 15 })).toEqual(["d3"]);
      expect(await store.list({ ...ofEnergy, asOf: 20 })).toEqual(["d1", "d2", "d3"]);
      const underNoted = { table: "accounts", where: some(parentOf, some(dealsOf, some(notesOf, eq("position", 1)))) };
      expect(await store.list({ ...underNoted, asOf: 15 })).toEqual(["c"]);
      expect(await store.list({ ...underNoted, asOf: 45 })).toEqual([]);
    }),
    fact("include related rows as they were, one and many, at every depth", async (bench) => {
      const store = await openPast(bench);
      const accounts = (at: number) =>
        store.find({
          table: "accounts",
          columns: ["id", "parent_id", "name"],
          include: [
            includedDeals(),
            {
              cardinality: "one",
              local: "parent_id",
              foreign: "id",
              question: { table: "accounts", columns: ["id", "name"] },
            },
          ],
          asOf: at,
        });
      expect(await accounts(15)).toEqual([
        [
          "a",
          null,
          "Acme",
          [
            ["d1", "a"],
            ["d2", "a"],
          ],
          null,
        ],
        ["b", null, "Beta", [["d3", "b"]], null],
        ["c", "a", "Core", [], ["a", "Acme"]],
      ]);
      expect(await accounts(45)).toEqual([
        [
          "a",
          null,
          "Acme Group",
          [
            ["d1", "a"],
            ["d3", "a"],
          ],
          null,
        ],
        ["b", null, "Beta", [["d2", "b"]], null],
        ["c", "b", "Core", [], ["b", "Beta"]],
      ]);
      const noted = await store.find({
        table: "accounts",
        columns: ["id"],
        where: eq("id", "a"),
        include: [
          {
            ...includedDeals(),
            question: {
              table: "deals",
              columns: ["id", "account_id"],
              include: [
                {
                  cardinality: "many",
                  local: "id",
                  foreign: "deal_id",
                  question: { table: "notes", columns: ["body", "deal_id"] },
                },
              ],
            },
          },
        ],
        asOf: 29,
      });
      expect(noted).toEqual([
        [
          "a",
          [
            [
              "d1",
              "a",
              [
                ["first", "d1"],
                ["second", "d1"],
              ],
            ],
            ["d2", "a", []],
          ],
        ],
      ]);
    }),
    fact(
      "limit and order the related rows of each parent over current rows and ended versions together",
      async (bench) => {
        const store = await openPast(bench);
        const first = (limit: number, at: number) =>
          store.find({
            table: "accounts",
            where: isIn("id", ["a", "b"]),
            include: [includedDeals(limit, ["-amount"])],
            asOf: at,
          });
        expect(await first(1, 15)).toEqual([
          ["a", [["d2", "a"]]],
          ["b", [["d3", "b"]]],
        ]);
        expect(await first(1, 35)).toEqual([
          ["a", [["d3", "a"]]],
          ["b", []],
        ]);
        expect(await first(2, 35)).toEqual([
          [
            "a",
            [
              ["d3", "a"],
              ["d1", "a"],
            ],
          ],
          ["b", []],
        ]);
      },
    ),
    fact("count, sum, weigh and compare the values of then", async (bench) => {
      const store = await openPast(bench);
      const figures = (at: number) =>
        store.aggregate({
          table: "deals",
          measures: [
            { kind: "rows" },
            { kind: "count", column: "close_date" },
            { kind: "countDistinct", column: "stage" },
            { kind: "sum", column: "amount" },
            { kind: "sum", column: "amount", weight: "probability" },
            { kind: "min", column: "name" },
            { kind: "max", column: "amount" },
          ],
          asOf: at,
        });
      expect(await figures(5)).toEqual([[0, 0, 0, null, null, null, null]]);
      expect(await figures(15)).toEqual([[3, 2, 2, 600n, 1000n, "One", 300n]]);
      expect(await figures(25)).toEqual([[3, 2, 2, 650n, 1500n, "One", 300n]]);
      expect(await figures(35)).toEqual([[2, 0, 1, 450n, 1500n, "One", 300n]]);
    }),
    fact("group by values of then, of related rows and of months too", async (bench) => {
      const store = await openPast(bench);
      const grouped = async (groupBy: Parameters<typeof store.aggregate>[0]["groupBy"] & {}, at: number) => {
        const measures = [{ kind: "rows" }, { kind: "sum", column: "amount" }] as const;
        const rows = await store.aggregate({ table: "deals", groupBy, measures, asOf: at });
        return [...rows].sort((left, right) => String(left[0]).localeCompare(String(right[0])));
      };
      const stage = [{ path: [], column: "stage" }];
      expect(await grouped(stage, 15)).toEqual([
        ["new", 2, 300n],
        ["won", 1, 300n],
      ]);
      expect(await grouped([{ cases: [eq("stage", "won")] }], 15)).toEqual([
        [0, 1, 300n],
        [1, 2, 300n],
      ]);
      expect(await grouped(stage, 45)).toEqual([
        ["new", 1, 5n],
        ["won", 2, 450n],
      ]);
      const industry = [{ path: [accountOf], column: "industry" }];
      expect(await grouped(industry, 15)).toEqual([
        ["energy", 1, 300n],
        ["retail", 2, 300n],
      ]);
      expect(await grouped(industry, 20)).toEqual([["energy", 3, 650n]]);
      const month = [{ path: [], column: "close_date", bucket: "month" as const }];
      expect(await grouped(month, 25)).toEqual([
        ["2026-01", 1, 200n],
        ["2026-02", 1, 300n],
        [null, 1, 150n],
      ]);
      const ofEnergy = {
        table: "deals",
        where: some(accountOf, eq("industry", "energy")),
        measures: [{ kind: "rows" }] as const,
      };
      expect(await store.aggregate({ ...ofEnergy, asOf: 15 })).toEqual([[1]]);
    }),
    fact("see nothing of other tenants, in no part of a query", async (bench) => {
      const store = await openPast(bench);
      await store.insert("accounts", [{ id: "a", name: "Theirs", industry: "retail", updated_at: 10 }], secondTenant);
      await store.insert("deals", [{ id: "x", name: "X", account_id: "a", amount: 7n, updated_at: 10 }], secondTenant);
      const change = { id: "x", version: 1, amount: 8n, updated_at: 20 };
      await store.write([store.steps.update("deals", [change], { endedAt: 20 })], secondTenant);
      const question = { table: "accounts", columns: ["id", "name"], include: [includedDeals()], asOf: 15 };
      expect(await store.find(question, secondTenant)).toEqual([["a", "Theirs", [["x", "a"]]]]);
      expect((await store.find(question)).length).toBe(3);
      const byIndustry = {
        table: "deals",
        groupBy: [{ path: [accountOf], column: "industry" }],
        measures: [{ kind: "sum", column: "amount" }] as const,
      };
      expect(await store.aggregate({ ...byIndustry, asOf: 15 }, secondTenant)).toEqual([["retail", 7n]]);
      expect(await store.list({ table: "accounts", where: some(dealsOf, eq("id", "x")), asOf: 15 })).toEqual([]);
    }),
    fact("see what the unit around them has done so far", async (bench) => {
      const store = await openPast(bench);
      const unit = await store.begin();
      await unit.write([store.steps.delete("deals", [{ id: "d2", version: 2 }], { endedAt: 60 })]);
      expect(await unit.list({ table: "deals", asOf: 59 })).toEqual(["d1", "d2", "d3"]);
      expect(await unit.list({ table: "deals", asOf: 60 })).toEqual(["d1", "d3"]);
      await unit.rollback();
      expect(await store.list({ table: "deals", asOf: 60 })).toEqual(["d1", "d2", "d3"]);
    }),
    fact("see nothing of what is erased, at any instant", async (bench) => {
      const store = await openPast(bench);
      await store.write([
        { kind: "erase", table: "deals", ids: ["d1"] },
        { kind: "erase", table: "notes", ids: ["n1", "n2"] },
      ]);
      expect(await store.list({ table: "deals", asOf: 15 })).toEqual(["d2", "d3"]);
      expect(await store.list({ table: "notes", asOf: 15 })).toEqual(["n3"]);
    }),
    fact("read a column that was added to the table and to its history since", async (bench) => {
      const store = await openPast(bench);
      const column = defineColumn("rank", "integer?");
      const tables = ["deals", "deals__history"].map((name) => kept.tables.get(name)!);
      await store.storage.migrator.migrate(() => tables.map((table) => ({ kind: "add_column", table, column })));
      const find = (at: number) =>
        store.find({ table: "deals", columns: ["id", "stage"], where: eq("stage", "won"), asOf: at });
      expect(await find(25)).toEqual([
        ["d1", "won"],
        ["d3", "won"],
      ]);
      const groupBy = [{ path: [], column: "stage" }];
      const measures = [{ kind: "sum", column: "amount" }] as const;
      const rows = await store.aggregate({ table: "deals", groupBy, measures, asOf: 25 });
      expect(new Map(rows as [string, bigint][])).toEqual(
        new Map([
          ["won", 450n],
          ["new", 200n],
        ]),
      );
    }),
    fact("find the first of many rows in their order, whatever part of them is current", async (bench) => {
      const ids = Array.from({ length: 9_000 }, (_, at) => `d${String(at).padStart(4, "0")}`);
      const day = (at: number) => `2026-01-${String(1 + ((at * 7) % 28)).padStart(2, "0")}`;
      const rows = ids.map((id, at) => ({ id, name: id, stage: "new", close_date: day(at), updated_at: 10 }));
      const store = await bench.open(kept, { deals: rows });
      const every = (remainder: number) => ids.filter((_, at) => at % 4 === remainder);
      const later = [...every(0), ...every(1)].map((id) => ({ id, version: 1, stage: "won", updated_at: 20 }));
      await store.write([store.steps.update("deals", later, { endedAt: 20 })]);
      const gone = every(2).map((id) => ({ id, version: 1 }));
      await store.write([store.steps.delete("deals", gone, { endedAt: 30 })]);

      const first = (at: number, after?: readonly [string, string]) =>
        store.list({
          ...{ table: "deals", where: eq("stage", "new"), orderBy: ["close_date"], limit: 60, asOf: at },
          ...(after ? { after } : {}),
        });
      const ordered = [...rows].sort((left, right) => (left.close_date < right.close_date ? -1 : 1));
      const inOrder = (keep: readonly string[]) => {
        const kept = new Set(keep);
        return ordered.filter(({ id }) => kept.has(id)).map(({ id }) => id);
      };
      expect(await first(9)).toEqual([]);
      expect(await first(19)).toEqual(inOrder(ids).slice(0, 60));
      expect(await first(29)).toEqual(inOrder([...every(2), ...every(3)]).slice(0, 60));
      expect(await first(30)).toEqual(inOrder(every(3)).slice(0, 60));
      const last = inOrder(ids)[59] as string;
      const place = rows.find(({ id }) => id === last) as (typeof rows)[number];
      expect(await first(19, [place.close_date, last])).toEqual(inOrder(ids).slice(60, 120));
    }),
  ],
};
