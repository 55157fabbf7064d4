/** References name rows of the same tenant that exist when the statement or the unit ends. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { eq } from "../question/condition.ts";
import { defineSchema, defineTable } from "../schema/define-table.ts";
import { sales } from "../schema/sales.ts";

const given = {
  users: [{ id: "ann" }],
  accounts: [
    { id: "a", owner_id: "ann" },
    { id: "b", parent_id: "a" },
  ],
  deals: [{ id: "d", account_id: "b" }],
};
const noAccount = { code: "reference_not_found", entity: "deal", field: "accountId" };
const noParent = { code: "reference_not_found", entity: "account", field: "parentId" };

export const foreignKeys: Suite = {
  name: "foreign keys",
  facts: [
    fact("refuses an insert that refers to no row, and names the field", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await refused(store.insert("deals", [{ id: "e", account_id: "z" }]))).toEqual(noAccount);
      expect(await store.list({ table: "deals" })).toEqual(["d"]);
    }),
    fact("refuses an update that refers to no row", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await refused(store.update("deals", [{ id: "d", version: 1, account_id: "z" }]))).toEqual(noAccount);
      expect(await store.find({ table: "deals", columns: ["account_id"] })).toEqual([["b"]]);
    }),
    fact("names the right field of several references", async (bench) => {
      const store = await bench.open(sales, given);
      const insert = (owner_id: string, account_id: string) =>
        refused(store.insert("deals", [{ id: "e", owner_id, account_id }]));
      expect(await insert("z", "a")).toEqual({ code: "reference_not_found", entity: "deal", field: "ownerId" });
      expect(await insert("ann", "z")).toEqual(noAccount);
    }),
    fact("accepts null references", async (bench) => {
      const store = await bench.open(sales, given);
      await store.update("accounts", [{ id: "b", version: 1, parent_id: null }]);
      await store.insert("accounts", [{ id: "c", parent_id: null, owner_id: null }]);
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b", "c"]);
    }),
    fact("refuses to delete a row that is referred to, and names who refers", async (bench) => {
      const store = await bench.open(sales, given);
      const byDeal = { code: "still_referenced", entity: "deal", field: "accountId" };
      expect(await refused(store.delete("accounts", [{ id: "b", version: 1 }]))).toEqual(byDeal);
      const byAccount = { code: "still_referenced", entity: "account", field: "ownerId" };
      expect(await refused(store.delete("users", [{ id: "ann", version: 1 }]))).toEqual(byAccount);
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b"]);
      expect(await store.list({ table: "users" })).toEqual(["ann"]);
    }),
    fact("refuses to delete a row that a row of the same table refers to", async (bench) => {
      const store = await bench.open(sales, given);
      const refusal = await refused(store.delete("accounts", [{ id: "a", version: 1 }]));
      expect(refusal).toEqual({ code: "still_referenced", entity: "account", field: "parentId" });
    }),
    fact("tells a row that is not there from one that was taken away in the same list", async (bench) => {
      const store = await bench.open(sales, { ...given, accounts: [...given.accounts, { id: "c" }] });
      const lists = [
        store.steps.delete("accounts", []),
        store.steps.delete("accounts", [{ id: "c", version: 1 }]),
        { kind: "erase", table: "accounts", ids: [] },
        { kind: "erase", table: "accounts", ids: ["c"] },
      ] as const;
      for (const taken of lists) {
        const write = [taken, store.steps.insert("deals", [{ id: "e", account_id: "z" }])];
        expect(await refused(store.write(write))).toEqual(noAccount);
        const unit = await store.begin();
        expect(await refused(unit.write(write))).toEqual(noAccount);
        await unit.rollback();
      }
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b", "c"]);
    }),
    fact("deletes a row when nothing refers to it any more", async (bench) => {
      const store = await bench.open(sales, given);
      await store.delete("deals", [{ id: "d", version: 1 }]);
      await store.delete("accounts", [{ id: "b", version: 1 }]);
      await store.update("accounts", [{ id: "a", version: 1, owner_id: null }]);
      await store.delete("users", [{ id: "ann", version: 1 }]);
      expect(await store.list({ table: "accounts" })).toEqual(["a"]);
    }),
    fact("writes a parent and its child in one list", async (bench) => {
      const store = await bench.open(sales);
      await store.write([
        store.steps.insert("accounts", [{ id: "a" }]),
        store.steps.insert("deals", [{ id: "d", account_id: "a" }]),
        store.steps.insert("notes", [{ id: "n", deal_id: "d" }]),
      ]);
      expect(await store.list({ table: "notes" })).toEqual(["n"]);
    }),
    fact("deletes a child and its parent in one list", async (bench) => {
      const store = await bench.open(sales, given);
      await store.write([
        store.steps.delete("deals", [{ id: "d", version: 1 }]),
        store.steps.delete("accounts", [{ id: "b", version: 1 }]),
      ]);
      expect(await store.list({ table: "accounts" })).toEqual(["a"]);
    }),
    fact("accepts a row that refers to itself", async (bench) => {
      const store = await bench.open(sales);
      await store.insert("accounts", [{ id: "self", parent_id: "self" }]);
      await store.delete("accounts", [{ id: "self", version: 1 }]);
      expect(await store.list({ table: "accounts" })).toEqual([]);
    }),
    fact("inserts rows that refer to one another in one step, in any order", async (bench) => {
      const store = await bench.open(sales);
      await store.insert("accounts", [
        { id: "leaf", parent_id: "branch" },
        { id: "root", parent_id: null },
        { id: "ring-1", parent_id: "ring-2" },
        { id: "branch", parent_id: "root" },
        { id: "ring-2", parent_id: "ring-1" },
      ]);
      expect(await store.list({ table: "accounts", where: eq("parent_id", "root") })).toEqual(["branch"]);
    }),
    fact("deletes rows that refer to one another in one step, parents first", async (bench) => {
      const store = await bench.open(sales, {
        accounts: [{ id: "root" }, { id: "branch", parent_id: "root" }, { id: "leaf", parent_id: "branch" }],
      });
      await store.delete(
        "accounts",
        ["root", "branch", "leaf"].map((id) => ({ id, version: 1 })),
      );
      expect(await store.list({ table: "accounts" })).toEqual([]);
    }),
    fact("inserts and deletes 6,000 rows that refer to one another across the whole step", async (bench) => {
      const store = await bench.open(sales);
      const id = (number: number) => `a${number}`;
      const rows = Array.from({ length: 6_000 }, (_, number) => ({ id: id(number), parent_id: id(5_999 - number) }));
      await store.insert("accounts", rows);
      expect(await store.aggregate({ table: "accounts", measures: [{ kind: "count", column: "parent_id" }] })).toEqual([
        [6_000],
      ]);
      await store.delete(
        "accounts",
        rows.map((row) => ({ id: row.id, version: 1 })),
      );
      expect(await store.list({ table: "accounts" })).toEqual([]);
    }),
    fact("refuses a whole step when one of its references fails", async (bench) => {
      const store = await bench.open(sales);
      const rows = [{ id: "x" }, { id: "y", parent_id: "x" }, { id: "z", parent_id: "absent" }];
      expect(await refused(store.insert("accounts", rows))).toEqual(noParent);
      expect(await store.list({ table: "accounts" })).toEqual([]);
    }),
    fact("says which reference is missing, where it says so at all", async (bench) => {
      const store = await bench.open(sales, given);
      const details = await refusedDetails(store.insert("deals", [{ id: "e", account_id: "z" }]));
      expect(details.reference ?? "z").toBe("z");
    }),
    fact("refuses a broken reference inside of a unit at the write", async (bench) => {
      const store = await bench.open(sales, given);
      const unit = await store.begin();
      expect(await unit.refusal([store.steps.insert("deals", [{ id: "e", account_id: "z" }])])).toEqual(noAccount);
      await unit.insert("deals", [{ id: "f", account_id: "a" }]);
      await unit.commit();
      expect(await store.list({ table: "deals" })).toEqual(["d", "f"]);
    }),
    fact("keeps nothing of a row refused inside of a unit after the same was refused outside", async (bench) => {
      const store = await bench.open(sales, given);
      const insert = { id: "e", account_id: "z" };
      expect(await refused(store.insert("deals", [insert]))).toEqual(noAccount);
      const unit = await store.begin();
      expect(await unit.refusal([store.steps.insert("deals", [insert])])).toEqual(noAccount);
      expect(await unit.list({ table: "deals" })).toEqual(["d"]);
      expect(await unit.refusal([store.steps.insert("deals", [insert])])).toEqual(noAccount);
      await unit.commit();
      expect(await store.list({ table: "deals" })).toEqual(["d"]);
    }),
    fact("accepts references to rows that the same unit has written", async (bench) => {
      const store = await bench.open(sales);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "a" }]);
      await unit.insert("deals", [{ id: "d", account_id: "a" }]);
      await unit.commit();
      expect(await store.list({ table: "deals" })).toEqual(["d"]);
    }),
    fact("refuses references to rows of a unit that was rolled back", async (bench) => {
      const store = await bench.open(sales);
      const unit = await store.begin();
      await unit.insert("accounts", [{ id: "a" }]);
      await unit.rollback();
      expect(await refused(store.insert("deals", [{ id: "d", account_id: "a" }]))).toEqual(noAccount);
    }),
    fact("allows a delete again after a referring row was rolled back", async (bench) => {
      const store = await bench.open(sales, { accounts: [{ id: "a" }] });
      const unit = await store.begin();
      await unit.insert("deals", [{ id: "d", account_id: "a" }]);
      await unit.rollback();
      await store.delete("accounts", [{ id: "a", version: 1 }]);
      expect(await store.list({ table: "accounts" })).toEqual([]);
    }),
    fact("keeps references between two tables that refer to each other", async (bench) => {
      const schema = defineSchema(
        defineTable({ entity: "team", columns: { lead_id: "text?" }, references: { lead_id: "members" } }),
        defineTable({ entity: "member", columns: { team_id: "text" }, references: { team_id: "teams" } }),
      );
      const store = await bench.open(schema, { teams: [{ id: "t" }], members: [{ id: "m", team_id: "t" }] });
      await store.update("teams", [{ id: "t", version: 1, lead_id: "m" }]);
      expect(await refused(store.delete("members", [{ id: "m", version: 1 }]))).toEqual({
        code: "still_referenced",
        entity: "team",
        field: "leadId",
      });
      expect(await refused(store.insert("teams", [{ id: "u", lead_id: "z" }]))).toEqual({
        code: "reference_not_found",
        entity: "team",
        field: "leadId",
      });
    }),
    fact("keeps references by uuid", async (bench) => {
      const id = (last: number) => `0190163d-8694-739b-aea5-966c26f8ad0${last}`;
      const schema = defineSchema(
        defineTable({
          entity: "node",
          idKind: "uuid",
          columns: { parent_id: "uuid?" },
          references: { parent_id: "nodes" },
        }),
      );
      const store = await bench.open(schema, { nodes: [{ id: id(1) }, { id: id(2), parent_id: id(1) }] });
      const refusal = await refused(store.insert("nodes", [{ id: id(3), parent_id: id(9) }]));
      expect(refusal).toEqual({ code: "reference_not_found", entity: "node", field: "parentId" });
      expect(await store.list({ table: "nodes", where: eq("parent_id", id(1)) })).toEqual([id(2)]);
    }),
  ],
};
