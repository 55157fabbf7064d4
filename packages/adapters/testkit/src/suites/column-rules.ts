/** What a column accepts, and that every value comes back as it went in. */
import type { ColumnKind, Storable } from "@relata/core/adapter";
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { refused } from "../bench/refusal.ts";
import { eq } from "../question/condition.ts";
import { defineSchema, defineTable } from "../schema/define-table.ts";
import { sales } from "../schema/sales.ts";

const accounts = { accounts: [{ id: "a" }] };

const keeps = (kind: ColumnKind, description: string, values: readonly Storable[]) =>
  fact(`keeps ${description} exactly`, async (bench) => {
    const plan = { entity: "thing", columns: { required: kind, optional: `${kind}?` } } as const;
    const store = await bench.open(defineSchema(defineTable(plan)));
    const id = (number: number) => `id-${String(number).padStart(3, "0")}`;
    const rows = values.map((value, number) => ({
      id: id(number),
      required: value,
      optional: number % 2 === 0 ? value : null,
    }));
    await store.insert("things", rows);
    const columns = ["id", "required", "optional"];
    expect(await store.find({ table: "things", columns })).toStrictEqual(
      rows.map((row) => [row.id, row.required, row.optional]),
    );
    await store.update(
      "things",
      rows.map((row) => ({ id: row.id, version: 1, optional: row.required })),
    );
    expect(await store.find({ table: "things", columns: ["optional"] })).toStrictEqual(values.map((value) => [value]));
  });

export const columnRules: Suite = {
  name: "column rules",
  facts: [
    keeps("text", "text", [
      "",
      " ",
      "plain",
      'O\'Hara "x" `y`',
      "%_\\",
      "a\nb\tc\r\n",
      "caf\u00e9",
      "cafe\u0301",
      "🚀\u{10ffff}",
      "\ufeff",
      "0012",
      "1e3",
      "null",
      "true",
      "$1 ?1 :x @y",
    ]),
    keeps(
      "integer",
      "integers to the limits of safe ones",
      [0, 1, -1, 2_147_483_648, -2_147_483_649, 9_007_199_254_740_991, -9_007_199_254_740_991],
    ),
    keeps("bigint", "bigints to the limits of 64 bits", [
      0n,
      -1n,
      9_007_199_254_740_993n,
      -9_007_199_254_740_993n,
      9_223_372_036_854_775_806n,
      9_223_372_036_854_775_807n,
      -9_223_372_036_854_775_808n,
    ]),
    keeps("boolean", "booleans", [true, false]),
    keeps("date", "dates", ["1970-01-01", "2024-02-29", "1900-03-01", "0001-01-01", "9999-12-31", "2011-12-30"]),
    keeps(
      "instant",
      "instants to the limits of a Date",
      [0, 1, -1, 1_719_792_000_123, -62_135_596_800_001, 8_640_000_000_000_000, -8_640_000_000_000_000],
    ),
    keeps("uuid", "uuids", [
      "00000000-0000-0000-0000-000000000000",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
      "0190163d-8694-739b-aea5-966c26f8ad09",
    ]),
    keeps("json", "JSON text, its key order, spaces and digits included", [
      "null",
      "0",
      '""',
      "[]",
      '{"b":1,"a":{"z":[true,null]}}',
      '{ "spaced" : [ 1.50, 1e2, 12345678901234567890.123 ] }',
      '"\\u00e9 🚀 \\"quoted\\""',
      `${"[".repeat(200)}${"]".repeat(200)}`,
    ]),
    fact("refuses null in a column that needs a value, in an insert", async (bench) => {
      const store = await bench.open(sales, accounts);
      expect(await refused(store.insert("accounts", [{ id: "x", name: null }]))).toEqual({
        code: "value_refused",
        entity: "account",
        field: "name",
      });
      expect(await store.list({ table: "accounts" })).toEqual(["a"]);
    }),
    fact("refuses null in a column that needs a value, in an update", async (bench) => {
      const store = await bench.open(sales, accounts);
      const refusal = await refused(store.update("accounts", [{ id: "a", version: 1, name: null }]));
      expect(refusal).toEqual({ code: "value_refused", entity: "account", field: "name" });
      expect(await store.find({ table: "accounts", columns: ["name", "version"] })).toEqual([["a", 1]]);
    }),
    fact("refuses null in a reference that needs a value, and names the field", async (bench) => {
      const store = await bench.open(sales, accounts);
      const refusal = await refused(store.insert("deals", [{ id: "d", account_id: null }]));
      expect(refusal).toEqual({ code: "value_refused", entity: "deal", field: "accountId" });
    }),
    fact("refuses an insert that leaves out a column that needs a value", async (bench) => {
      const { storage } = await bench.open(sales, accounts);
      const insert = storage.write("tenant-1", [
        { kind: "insert", table: "users", columns: ["id", "version"], rows: [["ann", 1]] },
      ]);
      expect(await refused(insert)).toEqual({ code: "value_refused", entity: "user", field: "name" });
    }),
    fact("stores the default where an insert leaves out a column that has one", async (bench) => {
      const { storage, find } = await bench.open(sales, accounts);
      await storage.write("tenant-1", [
        {
          kind: "insert",
          table: "deals",
          columns: ["id", "version", "name", "account_id"],
          rows: [["d", 1, "D", "a"]],
        },
      ]);
      expect(await find({ table: "deals", columns: ["status"] })).toEqual([["open"]]);
    }),
    fact("stores null where an insert leaves out a column that may be null", async (bench) => {
      const { storage, find } = await bench.open(sales, accounts);
      await storage.write("tenant-1", [
        { kind: "insert", table: "accounts", columns: ["id", "version", "name"], rows: [["b", 1, "Beta"]] },
      ]);
      expect(await find({ table: "accounts", columns: ["industry", "revenue"], where: eq("id", "b") })).toEqual([
        [null, null],
      ]);
    }),
    fact("refuses a value outside of the list, in an insert and in an update", async (bench) => {
      const store = await bench.open(sales, { ...accounts, deals: [{ id: "d", account_id: "a", status: "won" }] });
      const status = { code: "value_refused", entity: "deal", field: "status" };
      expect(await refused(store.insert("deals", [{ id: "e", account_id: "a", status: "Won" }]))).toEqual(status);
      expect(await refused(store.insert("deals", [{ id: "e", account_id: "a", status: "" }]))).toEqual(status);
      expect(await refused(store.update("deals", [{ id: "d", version: 1, status: "maybe" }]))).toEqual(status);
      expect(await store.find({ table: "deals", columns: ["id", "status"] })).toEqual([["d", "won"]]);
    }),
    fact("accepts each value of the list, quotes included, and null where it may be null", async (bench) => {
      const mood = { kind: "text", nullable: true, values: ['it\'s "fine"', "🚀", ""] } as const;
      const store = await bench.open(defineSchema(defineTable({ entity: "day", columns: { mood } })));
      await store.insert("days", [
        { id: "a", mood: 'it\'s "fine"' },
        { id: "b", mood: "🚀" },
        { id: "c", mood: "" },
        { id: "d", mood: null },
      ]);
      expect(await store.find({ table: "days", columns: ["mood"] })).toEqual([['it\'s "fine"'], ["🚀"], [""], [null]]);
      expect(await refused(store.insert("days", [{ id: "e", mood: "bad" }]))).toEqual({
        code: "value_refused",
        entity: "day",
        field: "mood",
      });
    }),
    fact("refuses text in a column of integers", async (bench) => {
      const store = await bench.open(sales, accounts);
      const refusal = await refused(store.insert("accounts", [{ id: "x", employees: "many" }]));
      expect(refusal).toEqual({ code: "value_refused", entity: "account", field: "employees" });
    }),
    fact("refuses a whole step when one of its rows has a value refused", async (bench) => {
      const store = await bench.open(sales, accounts);
      const rows = [{ id: "x" }, { id: "y", name: null }, { id: "z" }];
      expect(await refused(store.insert("accounts", rows))).toEqual({
        code: "value_refused",
        entity: "account",
        field: "name",
      });
      expect(await store.list({ table: "accounts" })).toEqual(["a"]);
    }),
  ],
};
