/** Related rows loaded with their parents. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { eq, gt, isNull, ne, or, some } from "../question/condition.ts";
import type { Inclusion } from "../question/question.ts";
import { join, sales } from "../schema/sales.ts";
import { account, deals, given, notes, owner } from "./include-fixture.ts";

export const includes: Suite = {
  name: "includes",
  facts: [
    fact("gives the related rows of each row as a list, empty where there are none", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await store.find({ table: "accounts", include: [deals()] })).toEqual([
        [
          "acme",
          [
            ["d1", "acme"],
            ["d2", "acme"],
            ["d3", "acme"],
          ],
        ],
        [
          "beta",
          [
            ["d4", "beta"],
            ["d5", "beta"],
          ],
        ],
        ["core", []],
      ]);
    }),
    fact("gives the related row, or null where the reference is null", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await store.find({ table: "accounts", columns: ["id", "owner_id"], include: [owner()] })).toEqual([
        ["acme", "ann", ["ann", "Ann"]],
        ["beta", "bob", ["bob", "Bob"]],
        ["core", null, null],
      ]);
    }),
    fact("gives null where the related row does not satisfy the include's condition", async (bench) => {
      const store = await bench.open(sales, given);
      const question = {
        table: "accounts",
        columns: ["id", "owner_id"],
        include: [owner({ where: ne("name", "Ann") })],
      };
      expect(await store.find(question)).toEqual([
        ["acme", "ann", null],
        ["beta", "bob", ["bob", "Bob"]],
        ["core", null, null],
      ]);
    }),
    fact("loads a related row without an order", async (bench) => {
      const { storage } = await bench.open(sales, given);
      const users = {
        table: "users",
        columns: ["id"],
        where: { kind: "and", of: [] },
        orderBy: [],
        include: [],
      } as const;
      const query = {
        table: "deals",
        columns: ["owner_id"],
        where: { kind: "compare", column: "id", operator: "eq", value: 0 },
        orderBy: [],
        include: [{ cardinality: "one", local: "owner_id", foreign: "id", query: users }],
      } as const;
      expect(await storage.find(query, { tenantId: "tenant-1", params: ["d4"] })).toEqual([["ann", ["ann"]]]);
      expect(await storage.find(query, { tenantId: "tenant-1", params: ["d5"] })).toEqual([[null, null]]);
    }),
    fact("orders the related rows of each parent", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await store.find({ table: "accounts", include: [deals({ orderBy: ["-amount"] })] })).toEqual([
        [
          "acme",
          [
            ["d2", "acme"],
            ["d1", "acme"],
            ["d3", "acme"],
          ],
        ],
        [
          "beta",
          [
            ["d5", "beta"],
            ["d4", "beta"],
          ],
        ],
        ["core", []],
      ]);
    }),
    fact("limits the related rows of each parent, not of all together", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await store.find({ table: "accounts", include: [deals({ orderBy: ["amount"], limit: 2 })] })).toEqual([
        [
          "acme",
          [
            ["d3", "acme"],
            ["d1", "acme"],
          ],
        ],
        [
          "beta",
          [
            ["d4", "beta"],
            ["d5", "beta"],
          ],
        ],
        ["core", []],
      ]);
      expect(await store.find({ table: "accounts", include: [deals({ orderBy: ["-name"], limit: 1 })] })).toEqual([
        ["acme", [["d2", "acme"]]],
        ["beta", [["d4", "beta"]]],
        ["core", []],
      ]);
    }),
    fact("filters the related rows", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await store.find({ table: "accounts", include: [deals({ where: gt("amount", 10n), limit: 1 })] })).toEqual(
        [
          ["acme", [["d1", "acme"]]],
          ["beta", [["d4", "beta"]]],
          ["core", []],
        ],
      );
    }),
    fact("filters the related rows by their own relations and by alternatives", async (bench) => {
      const store = await bench.open(sales, given);
      const where = or(some(join.dealNotes, eq("body", "third")), isNull("amount"));
      expect(await store.find({ table: "accounts", include: [deals({ where })] })).toEqual([
        ["acme", [["d2", "acme"]]],
        ["beta", [["d4", "beta"]]],
        ["core", []],
      ]);
    }),
    fact("keeps parents whose related rows are all filtered away", async (bench) => {
      const store = await bench.open(sales, given);
      expect(
        await store.find({
          table: "accounts",
          where: ne("id", "beta"),
          include: [deals({ where: eq("amount", 99n) })],
        }),
      ).toEqual([
        ["acme", []],
        ["core", []],
      ]);
    }),
    fact("adds several includes in their order, after the columns", async (bench) => {
      const store = await bench.open(sales, given);
      const include = [owner(), deals({ limit: 1 }), owner({ columns: ["name", "id"] })];
      expect(
        await store.find({ table: "accounts", columns: ["owner_id", "id"], where: eq("id", "beta"), include }),
      ).toEqual([["bob", "beta", ["bob", "Bob"], [["d4", "beta"]], ["Bob", "bob"]]]);
    }),
    fact("gives one related row to each of the parents that share it", async (bench) => {
      const store = await bench.open(sales, given);
      expect(
        await store.find({
          table: "deals",
          columns: ["id", "account_id"],
          where: eq("account_id", "acme"),
          include: [account],
        }),
      ).toEqual([
        ["d1", "acme", ["acme", "Acme"]],
        ["d2", "acme", ["acme", "Acme"]],
        ["d3", "acme", ["acme", "Acme"]],
      ]);
    }),
    fact("includes no row through null", async (bench) => {
      const store = await bench.open(sales, given);
      const siblings: Inclusion = {
        cardinality: "many",
        local: "parent_id",
        foreign: "parent_id",
        question: { table: "accounts", columns: ["id", "parent_id"] },
      };
      expect(await store.find({ table: "accounts", columns: ["id", "parent_id"], include: [siblings] })).toEqual([
        ["acme", null, []],
        [
          "beta",
          "acme",
          [
            ["beta", "acme"],
            ["core", "acme"],
          ],
        ],
        [
          "core",
          "acme",
          [
            ["beta", "acme"],
            ["core", "acme"],
          ],
        ],
      ]);
    }),
    fact("includes on a page, for its rows only", async (bench) => {
      const store = await bench.open(sales, given);
      const question = {
        table: "accounts",
        orderBy: ["-name"],
        after: ["Core", "core"],
        limit: 1,
        include: [deals({ limit: 1 })],
      };
      expect(await store.find(question)).toEqual([["beta", [["d4", "beta"]]]]);
    }),
    fact("gives no rows, and asks for no related rows, where nothing is found", async (bench) => {
      const store = await bench.open(sales, given);
      expect(
        await store.find({ table: "accounts", where: eq("id", "none"), include: [deals({ include: [notes()] })] }),
      ).toEqual([]);
    }),
  ],
};
