/** Pages: only rows after a position of the order, whatever happens to the table in the meantime. */
import type { Row, Storable } from "@relata/core/adapter";
import { expect } from "vitest";
import { type Fact, fact, type Suite } from "../bench/fact.ts";
import type { RowValues, Store } from "../bench/store.ts";
import { ne } from "../question/condition.ts";
import { type Question, sortKeys } from "../question/question.ts";
import { defineSchema, defineTable } from "../schema/define-table.ts";
import { sales } from "../schema/sales.ts";

const accounts: readonly RowValues[] = [
  { id: "a", industry: "x", employees: 1 },
  { id: "b", industry: "x", employees: 2 },
  { id: "c", industry: "x", employees: null },
  { id: "d", industry: "y", employees: 1 },
  { id: "e", industry: null, employees: 1 },
  { id: "f", industry: null, employees: null },
  { id: "g", industry: null, employees: null },
];

const finds = (name: string, page: Pick<Question, "orderBy" | "after">, ids: readonly string[]): Fact =>
  fact(name, async (bench) => {
    const store = await bench.open(sales, { accounts });
    expect(await store.list({ table: "accounts", ...page })).toEqual(ids);
  });

export const keysetPages: Suite = {
  name: "keyset pages",
  facts: [
    finds("begins after the position, not at it", { orderBy: ["id"], after: ["c"] }, ["d", "e", "f", "g"]),
    finds("begins after a position that no row has", { orderBy: ["id"], after: ["bb"] }, ["c", "d", "e", "f", "g"]),
    finds("finds nothing after the end", { orderBy: ["id"], after: ["g"] }, []),
    finds("finds everything after a position before the beginning", { orderBy: ["id"], after: [""] }, [
      "a",
      "b",
      "c",
      "d",
      "e",
      "f",
      "g",
    ]),
    finds("walks backwards under a descending order", { orderBy: ["-id"], after: ["c"] }, ["b", "a"]),
    finds("goes on within ties by id", { orderBy: ["industry"], after: ["x", "b"] }, ["c", "d", "e", "f", "g"]),
    finds("goes on from values to nulls, ascending", { orderBy: ["industry"], after: ["y", "d"] }, ["e", "f", "g"]),
    finds("goes on among nulls, ascending", { orderBy: ["industry"], after: [null, "e"] }, ["f", "g"]),
    finds("finds nothing after the last null, ascending", { orderBy: ["industry"], after: [null, "g"] }, []),
    finds("goes on from nulls to values, descending", { orderBy: ["-industry"], after: [null, "g"] }, [
      "d",
      "a",
      "b",
      "c",
    ]),
    finds("goes on among nulls, descending", { orderBy: ["-industry"], after: [null, "f"] }, ["g", "d", "a", "b", "c"]),
    finds("leaves nulls behind, descending", { orderBy: ["-industry"], after: ["x", "b"] }, ["c"]),
    finds("walks mixed directions, from a value", { orderBy: ["industry", "-employees"], after: ["x", 2, "b"] }, [
      "a",
      "d",
      "f",
      "g",
      "e",
    ]),
    finds(
      "walks mixed directions, from a null that comes first",
      { orderBy: ["industry", "-employees"], after: ["x", null, "c"] },
      ["b", "a", "d", "f", "g", "e"],
    ),
    finds("walks two keys that are both null", { orderBy: ["industry", "employees"], after: [null, null, "f"] }, ["g"]),
    finds(
      "walks two descending keys from two nulls",
      { orderBy: ["-industry", "-employees"], after: [null, null, "f"] },
      ["g", "e", "d", "c", "b", "a"],
    ),
    finds("walks a descending id within ties", { orderBy: ["industry", "-id"], after: ["x", "b"] }, [
      "a",
      "d",
      "g",
      "f",
      "e",
    ]),
    finds("walks three keys", { orderBy: ["version", "industry", "-employees"], after: [1, "x", 1, "a"] }, [
      "d",
      "f",
      "g",
      "e",
    ]),
    fact("gives the next rows up to the limit", async (bench) => {
      const store = await bench.open(sales, { accounts });
      const question = { table: "accounts", orderBy: ["-employees"], limit: 3 };
      expect(await store.list(question)).toEqual(["c", "f", "g"]);
      expect(await store.list({ ...question, after: [null, "g"] })).toEqual(["b", "a", "d"]);
      expect(await store.list({ ...question, after: [1, "d"] })).toEqual(["e"]);
      expect(await store.list({ ...question, after: [1, "e"] })).toEqual([]);
    }),
    fact("applies the condition beside the position", async (bench) => {
      const store = await bench.open(sales, { accounts });
      const question = {
        table: "accounts",
        where: ne("industry", "y"),
        orderBy: ["-industry"],
        after: [null, "e"],
        limit: 3,
      };
      expect(await store.list(question)).toEqual(["f", "g", "a"]);
    }),
    fact("walks texts by code point", async (bench) => {
      const names = ["Z", "a", "\u00e9", "\uff21", "\u{10000}", "🚀"];
      const store = await bench.open(sales, { accounts: names.map((name, number) => ({ id: `a${number}`, name })) });
      for (const [number, name] of names.entries()) {
        const rest = await store.list({
          table: "accounts",
          columns: ["name"],
          orderBy: ["name"],
          after: [name, `a${number}`],
        });
        expect(rest).toEqual(names.slice(number + 1));
      }
    }),
    fact("walks bigints beyond 2^53, dates, instants, booleans and uuids", async (bench) => {
      const uuid = (first: string) => `${first}0000000-0000-4000-8000-000000000000`;
      const store = await bench.open(sales, {
        accounts: [
          { id: "a", revenue: 9_007_199_254_740_992n, founded: "2024-01-31", seen: -5, active: false, code: uuid("0") },
          { id: "b", revenue: 9_007_199_254_740_993n, founded: "2024-02-01", seen: 5, active: true, code: uuid("f") },
        ],
      });
      const after = (column: string, value: Storable) =>
        store.list({ table: "accounts", orderBy: [column], after: [value, "a"] });
      expect(await after("revenue", 9_007_199_254_740_992n)).toEqual(["b"]);
      expect(await after("founded", "2024-01-31")).toEqual(["b"]);
      expect(await after("seen", -5)).toEqual(["b"]);
      expect(await after("active", false)).toEqual(["b"]);
      expect(await after("code", uuid("0"))).toEqual(["b"]);
    }),
    fact("walks ids that are uuids", async (bench) => {
      const schema = defineSchema(defineTable({ entity: "thing", idKind: "uuid", columns: { rank: "integer?" } }));
      const id = (number: number) => `${"0123456789abcdef"[number]}0000000-0000-4000-8000-000000000000`;
      const things = Array.from({ length: 16 }, (_, number) => ({
        id: id(number),
        rank: number % 3 === 0 ? null : number % 3,
      }));
      const store = await bench.open(schema, { things });
      const walked = await walk(store, { table: "things", columns: ["id", "rank"], orderBy: ["-rank"], limit: 3 });
      expect(walked.map((row) => row[0])).toEqual([0, 3, 6, 9, 12, 15, 2, 5, 8, 11, 14, 1, 4, 7, 10, 13].map(id));
    }),
    ...["industry", "-industry"].flatMap((first) =>
      ["employees", "-employees"].flatMap((second) =>
        ["id", "-id"].map((last) =>
          fact(`visits each row exactly once in a deep walk by ${first}, ${second}, ${last}`, async (bench) => {
            const store = await bench.open(sales, { accounts: manyAccounts(120) });
            const question = {
              table: "accounts",
              columns: ["id", "industry", "employees"],
              orderBy: [first, second, last],
            };
            const whole = await store.find(question);
            expect(await walk(store, { ...question, limit: 7 })).toEqual(whole);
            expect(new Set(whole.map((row) => row[0])).size).toBe(120);
          }),
        ),
      ),
    ),
    fact("visits each row that stays exactly once while others are inserted and deleted", async (bench) => {
      const store = await bench.open(sales, { accounts: manyAccounts(200) });
      const leaving = (number: number) => number % 4 === 1;
      let page = 0;
      const question = {
        table: "accounts",
        columns: ["id", "industry", "employees"],
        orderBy: ["-industry", "employees"],
        limit: 9,
      };
      const walked = await walk(store, question, async () => {
        page += 1;
        await store.insert("accounts", [
          { id: `new-${page}-a`, industry: "i1", employees: page },
          { id: `new-${page}-b`, industry: null, employees: null },
        ]);
        if (page <= 50) await store.delete("accounts", [{ id: idOf(4 * (page - 1) + 1), version: 1 }]);
      });
      const visits = new Map<string, number>();
      for (const row of walked) visits.set(String(row[0]), (visits.get(String(row[0])) ?? 0) + 1);
      expect([...visits].filter(([, times]) => times > 1)).toEqual([]);
      const staying = Array.from({ length: 200 }, (_, number) => number).filter((number) => !leaving(number));
      expect(staying.map(idOf).filter((id) => visits.get(id) !== 1)).toEqual([]);
    }),
  ],
};

function manyAccounts(count: number): RowValues[] {
  return Array.from({ length: count }, (_, number) => ({
    id: idOf(number),
    industry: number % 5 === 0 ? null : `i${number % 3}`,
    employees: number % 7 === 0 ? null : number % 4,
  }));
}

function idOf(number: number): string {
  return `id-${(number * 37) % 1_000}`;
}

/** All rows, page by page. The question's columns contain those of its order; a page shorter than the limit is the last. */
async function walk(
  store: Store,
  question: Question & { readonly limit: number },
  between?: () => Promise<void>,
): Promise<Row[]> {
  const columns = question.columns ?? ["id"];
  const rows: Row[] = [];
  let after: readonly Storable[] | undefined;
  for (;;) {
    const page = await store.find(after ? { ...question, after } : question);
    rows.push(...page);
    const last = page.at(-1);
    if (!last || page.length < question.limit) return rows;
    after = sortKeys(question).map((key) => last[columns.indexOf(key.column)] as Storable);
    await between?.();
  }
}
