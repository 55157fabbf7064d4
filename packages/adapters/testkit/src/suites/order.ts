/** Order: total, by code point, nulls last ascending and first descending. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import type { RowValues } from "../bench/store.ts";
import { defineSchema, defineTable } from "../schema/define-table.ts";
import { sales } from "../schema/sales.ts";

interface Expected {
  readonly by: readonly string[];
  readonly gives: readonly string[];
}

const orders = (name: string, accounts: readonly RowValues[], { by, gives }: Expected) =>
  fact(name, async (bench) => {
    const store = await bench.open(sales, { accounts });
    expect(await store.list({ table: "accounts", orderBy: by })).toEqual(gives);
  });

const partly = [
  { id: "a", industry: null, employees: 2 },
  { id: "b", industry: "x", employees: null },
  { id: "c", industry: "", employees: 1 },
];

const byCodePoint = [
  "",
  " ",
  "A",
  "Z",
  "a",
  "ab",
  "b",
  "z",
  "\u00c4",
  "\u00e4",
  "\u0130",
  "\ue000",
  "\uff21",
  "\uffee",
  "\u{10000}",
  "🚀",
  "\u{10ffff}",
];

export const order: Suite = {
  name: "order",
  facts: [
    orders("puts nulls last ascending", partly, { by: ["industry"], gives: ["c", "b", "a"] }),
    orders("puts nulls first descending", partly, { by: ["-industry"], gives: ["a", "b", "c"] }),
    orders("puts null numbers last ascending", partly, { by: ["employees"], gives: ["c", "a", "b"] }),
    orders("puts null numbers first descending", partly, { by: ["-employees"], gives: ["b", "a", "c"] }),
    orders(
      "orders ties by the next key, each in its own direction",
      [
        { id: "a", industry: "x", employees: 1 },
        { id: "b", industry: "x", employees: 2 },
        { id: "c", industry: "w", employees: 1 },
        { id: "d", industry: "x", employees: null },
      ],
      { by: ["industry", "-employees"], gives: ["c", "d", "b", "a"] },
    ),
    orders(
      "orders ties by id",
      [{ id: "c" }, { id: "a" }, { id: "B" }, { id: "b" }].map((row) => ({ ...row, name: "same" })),
      { by: ["name"], gives: ["B", "a", "b", "c"] },
    ),
    orders("orders by id descending", [{ id: "c" }, { id: "a" }, { id: "b" }], { by: ["-id"], gives: ["c", "b", "a"] }),
    orders(
      "orders numbers by value",
      [
        { id: "a", employees: 10 },
        { id: "b", employees: 9 },
        { id: "c", employees: -1 },
      ],
      { by: ["employees"], gives: ["c", "b", "a"] },
    ),
    orders(
      "orders bigints by value beyond 2^53",
      [
        { id: "a", revenue: 9_223_372_036_854_775_807n },
        { id: "b", revenue: 9_007_199_254_740_993n },
        { id: "c", revenue: 9_007_199_254_740_992n },
        { id: "d", revenue: -9_223_372_036_854_775_808n },
        { id: "e", revenue: 10n },
        { id: "f", revenue: 9n },
      ],
      { by: ["revenue"], gives: ["d", "f", "e", "c", "b", "a"] },
    ),
    orders(
      "orders false before true",
      [
        { id: "a", active: true },
        { id: "b", active: false },
        { id: "c", active: null },
      ],
      { by: ["active"], gives: ["b", "a", "c"] },
    ),
    orders(
      "orders dates as days",
      [
        { id: "a", founded: "2024-10-01" },
        { id: "b", founded: "2024-09-30" },
        { id: "c", founded: "0999-01-01" },
        { id: "d", founded: "9999-12-31" },
      ],
      { by: ["founded"], gives: ["c", "b", "a", "d"] },
    ),
    orders(
      "orders instants before and after 1970",
      [
        { id: "a", seen: 1 },
        { id: "b", seen: -1 },
        { id: "c", seen: -62_135_596_800_000 },
        { id: "d", seen: 253_402_300_799_999 },
      ],
      { by: ["seen"], gives: ["c", "b", "a", "d"] },
    ),
    orders(
      "orders uuids as their text",
      [
        { id: "a", code: "ffffffff-0000-4000-8000-000000000000" },
        { id: "b", code: "0fffffff-0000-4000-8000-000000000000" },
        { id: "c", code: "a0000000-0000-4000-8000-000000000000" },
      ],
      { by: ["code"], gives: ["b", "c", "a"] },
    ),
    orders(
      "puts a text before its continuations",
      [
        { id: "a", name: "ab" },
        { id: "b", name: "a" },
        { id: "c", name: "" },
      ],
      { by: ["name"], gives: ["c", "b", "a"] },
    ),
    orders(
      "puts capitals before small letters, and both before accents",
      [
        { id: "a", name: "\u00e9" },
        { id: "b", name: "b" },
        { id: "c", name: "B" },
        { id: "d", name: "z" },
      ],
      { by: ["name"], gives: ["c", "b", "d", "a"] },
    ),
    orders(
      "orders by code point where UTF-16 would not: U+FF21 comes before U+1F680",
      [
        { id: "a", name: "🚀" },
        { id: "b", name: "\uff21" },
        { id: "c", name: "\ue000" },
      ],
      { by: ["name"], gives: ["c", "b", "a"] },
    ),
    fact("orders texts of all planes by code point, in both directions", async (bench) => {
      const accounts = byCodePoint.map((name, number) => ({ id: `id-${(number * 7) % byCodePoint.length}`, name }));
      const store = await bench.open(sales, { accounts: [...accounts].reverse() });
      expect(await store.list({ table: "accounts", columns: ["name"], orderBy: ["name"] })).toEqual(byCodePoint);
      expect(await store.list({ table: "accounts", columns: ["name"], orderBy: ["-name"] })).toEqual(
        [...byCodePoint].reverse(),
      );
    }),
    fact("orders by columns that the rows do not carry", async (bench) => {
      const store = await bench.open(sales, { accounts: partly });
      expect(await store.find({ table: "accounts", columns: ["id", "employees"], orderBy: ["industry"] })).toEqual([
        ["c", 1],
        ["b", null],
        ["a", 2],
      ]);
    }),
    fact("gives the columns in the order asked for", async (bench) => {
      const store = await bench.open(sales, { accounts: [{ id: "a", name: "Acme", employees: 3 }] });
      const columns = ["employees", "version", "name", "tenant_id", "id"];
      expect(await store.find({ table: "accounts", columns })).toEqual([[3, 1, "Acme", "tenant-1", "a"]]);
    }),
    fact("gives at most as many rows as the limit, the first of the order", async (bench) => {
      const store = await bench.open(sales, { accounts: partly });
      expect(await store.list({ table: "accounts", orderBy: ["-employees"], limit: 2 })).toEqual(["b", "a"]);
      expect(await store.list({ table: "accounts", orderBy: ["-employees"], limit: 3 })).toEqual(["b", "a", "c"]);
      expect(await store.list({ table: "accounts", orderBy: ["-employees"], limit: 1_000_000 })).toEqual([
        "b",
        "a",
        "c",
      ]);
    }),
    fact("keeps names apart that are words of SQL", async (bench) => {
      const schema = defineSchema(
        defineTable({
          entity: "order",
          name: "order",
          columns: { group: "text", select: "integer?", from: "text?" },
          unique: [["group"]],
        }),
      );
      const store = await bench.open(schema, {
        order: [
          { id: "a", group: "g", select: 2 },
          { id: "b", group: "f", select: 1, from: "x" },
        ],
      });
      await store.update("order", [{ id: "a", version: 1, select: 3, from: "y" }]);
      expect(await store.find({ table: "order", columns: ["group", "select", "from"], orderBy: ["group"] })).toEqual([
        ["f", 1, "x"],
        ["g", 3, "y"],
      ]);
      const measures = [{ kind: "max", column: "select" }] as const;
      expect(await store.aggregate({ table: "order", groupBy: [], measures })).toEqual([[3]]);
    }),
  ],
};
