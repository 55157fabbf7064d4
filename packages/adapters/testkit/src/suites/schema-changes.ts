/** Transactions that change tables that are there already: names, rules, and what is dropped, all or nothing. */
import type { LiveSchema, MigrationStep, TableSchema } from "@relata/core/adapter";
import { expect } from "vitest";
import type { Bench } from "../bench/bench.ts";
import { fact, type Suite } from "../bench/fact.ts";
import { failure, refused } from "../bench/refusal.ts";
import { eq } from "../question/condition.ts";
import { defineColumn, defineTable } from "../schema/define-table.ts";

const firms = defineTable({
  entity: "firm",
  columns: { name: "text", mood: { kind: "text", values: ["good", "bad"], default: "good" }, note: "text?" },
  indexes: [["name"]],
});
const staff = defineTable({
  entity: "staffer",
  columns: { firm_id: "text?", boss_id: "text?" },
  references: { firm_id: "firms", boss_id: "staffers" },
});
/** As they are called in the end: what statements name. */
const companies: TableSchema = { ...firms, name: "companies", entity: "company" };
const renamedMood = defineColumn("temper", { kind: "text", values: ["good", "bad"], default: "good" });
const withTemper: TableSchema = {
  ...firms,
  columns: [...firms.columns.filter(({ name }) => name !== "mood"), renamedMood],
};

async function filled(bench: Bench, ...more: readonly TableSchema[]) {
  const known = new Map([firms, staff, ...more].map((table) => [table.name, table]));
  const store = await bench.openEmpty({ tables: known });
  const table = (name: TableSchema): MigrationStep => ({ kind: "create_table", table: name });
  await store.storage.migrator.migrate(() => [
    table(firms),
    table(staff),
    { kind: "create_index", table: firms, index: firms.indexes[0]! },
  ]);
  await store.storage.write("tenant-1", [
    insert("firms", ["id", "version", "name", "note"], ["f1", 1, "One", "x"]),
    insert("staffers", ["id", "version", "firm_id", "boss_id"], ["s1", 1, "f1", null]),
    insert("staffers", ["id", "version", "firm_id", "boss_id"], ["s2", 1, null, "s1"]),
  ]);
  await store.storage.write("tenant-0", [insert("firms", ["id", "version", "name", "note"], ["f1", 1, "Other", null])]);
  const { migrator } = store.storage;
  const apply = (...steps: readonly MigrationStep[]) => migrator.migrate(() => steps);
  const live = async (): Promise<LiveSchema> => {
    const transaction = await migrator.begin();
    return transaction.liveSchema().finally(() => transaction.rollback());
  };
  return { ...store, apply, live, migrator };
}

function insert(table: string, columns: readonly string[], row: readonly (string | number | null)[]) {
  return { kind: "insert", table, columns, rows: [row] } as const;
}

const dropIndex: MigrationStep = { kind: "drop_index", table: firms, index: firms.indexes[0]! };

export const schemaChanges: Suite = {
  name: "changes of tables",
  facts: [
    fact("renames a table with its rows, its rules and the references to it", async (bench) => {
      const referring = staff.foreignKeys.map((key) =>
        key.target === "firms" ? { ...key, target: "companies" } : key,
      );
      const store = await filled(bench, companies, { ...staff, foreignKeys: referring });
      await store.apply({ kind: "rename_table", table: firms, to: companies });
      expect(await store.find({ table: "companies", columns: ["id", "name"] })).toEqual([["f1", "One"]]);
      const { tables } = await store.live();
      expect([...tables.keys()].sort()).toEqual(["companies", "staffers"]);
      expect(tables.get("companies")?.columns.get("mood")).toMatchObject({ meaning: "text", values: ["good", "bad"] });
      expect(tables.get("staffers")?.foreignKeys).toContainEqual({ column: "firm_id", target: "companies" });
      const odd = insert("companies", ["id", "version", "name", "mood"], ["f2", 1, "x", "odd"]);
      expect(await refused(store.storage.write("tenant-1", [odd]))).toEqual({
        code: "value_refused",
        entity: "company",
        field: "mood",
      });
      expect((await refused(store.delete("companies", [{ id: "f1", version: 1 }]))).code).toBe("still_referenced");
    }),
    fact("renames a column with its values, its list and its meaning", async (bench) => {
      const store = await filled(bench);
      await store.apply({ kind: "rename_column", table: firms, column: "mood", to: renamedMood });
      const column = (await store.live()).tables.get("firms")?.columns.get("temper");
      expect(column).toMatchObject({ meaning: "text", nullable: false, hasDefault: true, values: ["good", "bad"] });
      await store.apply({ kind: "set_meaning", table: firms, column: "temper", meaning: "something" });
      expect((await store.live()).tables.get("firms")?.columns.get("temper")?.meaning).toBe("something");
    }),
    fact("reads, writes and refuses under the new name of a column", async (bench) => {
      const store = await filled(bench, withTemper);
      await store.apply({ kind: "rename_column", table: firms, column: "mood", to: renamedMood });
      const write = (id: string, temper: string) =>
        store.storage.write("tenant-1", [insert("firms", ["id", "version", "name", "temper"], [id, 1, id, temper])]);
      await write("f2", "bad");
      expect(await store.find({ table: "firms", columns: ["id", "temper"] })).toEqual([
        ["f1", "good"],
        ["f2", "bad"],
      ]);
      expect(await refused(write("f3", "odd"))).toEqual({ code: "value_refused", entity: "firm", field: "temper" });
    }),
    fact("drops a column, and one that refers to another table", async (bench) => {
      const store = await filled(bench);
      await store.apply(
        { kind: "drop_column", table: firms, column: "note" },
        { kind: "drop_column", table: staff, column: "firm_id" },
      );
      const { tables } = await store.live();
      expect([...(tables.get("firms")?.columns.keys() ?? [])]).toEqual(["tenant_id", "id", "version", "name", "mood"]);
      expect(tables.get("staffers")?.foreignKeys).toEqual([{ column: "boss_id", target: "staffers" }]);
      await store.storage.write("tenant-1", [insert("firms", ["id", "version", "name"], ["f2", 1, "Two"])]);
      await store.delete("firms", [{ id: "f1", version: 1 }]);
      expect(await store.list({ table: "firms" })).toEqual(["f2"]);
    }),
    fact("adds a column after one was dropped, and keeps each value in its place", async (bench) => {
      const extra = defineColumn("extra", { kind: "integer", default: 7 });
      const store = await filled(bench, { ...firms, columns: [...firms.columns, extra] });
      await store.apply(dropIndex, { kind: "drop_column", table: firms, column: "name" });
      await store.apply({ kind: "add_column", table: { ...firms, columns: [...firms.columns, extra] }, column: extra });
      await store.storage.write("tenant-1", [insert("firms", ["id", "version", "note"], ["f2", 1, "y"])]);
      expect(await store.find({ table: "firms", columns: ["id", "note", "mood", "extra"] })).toEqual([
        ["f1", "x", "good", 7],
        ["f2", "y", "good", 7],
      ]);
    }),
    fact("drops a table with the references of others to it, whose values stay", async (bench) => {
      const store = await filled(bench);
      await store.apply({ kind: "drop_table", table: firms });
      const { tables } = await store.live();
      expect([...tables.keys()]).toEqual(["staffers"]);
      expect(tables.get("staffers")?.foreignKeys).toEqual([{ column: "boss_id", target: "staffers" }]);
      await store.storage.write("tenant-1", [insert("staffers", ["id", "version", "firm_id"], ["s3", 1, "gone"])]);
      expect(await store.find({ table: "staffers", columns: ["id", "firm_id"] })).toEqual([
        ["s1", "f1"],
        ["s2", null],
        ["s3", "gone"],
      ]);
    }),
    fact("forbids null where no row has it, and refuses where one has", async (bench) => {
      const store = await filled(bench);
      const forbid: MigrationStep = { kind: "forbid_null", table: firms, column: "note" };
      expect((await refused(store.apply(forbid))).code).toBe("value_refused");
      expect((await store.live()).tables.get("firms")?.columns.get("note")?.nullable).toBe(true);
      await store.storage.write("tenant-0", [
        {
          kind: "update",
          table: "firms",
          columns: ["note", "version"],
          rows: [{ id: "f1", version: 1, values: ["y", 1] }],
        },
      ]);
      await store.apply(forbid);
      expect((await store.live()).tables.get("firms")?.columns.get("note")?.nullable).toBe(false);
      const without = insert("firms", ["id", "version", "name", "note"], ["f2", 1, "Two", null]);
      expect(await refused(store.storage.write("tenant-1", [without]))).toMatchObject({
        code: "value_refused",
        field: "note",
      });
    }),
    fact("lists the tenants that have rows in a table, in order", async (bench) => {
      const store = await filled(bench);
      await store.storage.write("\u{1F600}", [insert("firms", ["id", "version", "name"], ["f1", 1, "x"])]);
      await store.storage.write("\uFF5E", [insert("firms", ["id", "version", "name"], ["f1", 1, "x"])]);
      const transaction = await store.migrator.begin();
      expect(await transaction.tenants("firms")).toEqual(["tenant-0", "tenant-1", "\uFF5E", "\u{1F600}"]);
      expect(await transaction.tenants("staffers")).toEqual(["tenant-1"]);
      await transaction.rollback();
    }),
    fact("sees its own steps and writes, and undoes both", async (bench) => {
      const store = await filled(bench, companies);
      const before = await store.live();
      const transaction = await store.migrator.begin();
      await transaction.apply({ kind: "drop_table", table: staff });
      await transaction.apply({ kind: "rename_table", table: firms, to: companies });
      await transaction.apply({
        kind: "insert_row",
        table: { ...companies, columns: companies.columns.slice(0, 4) },
        values: ["tenant-1", "f9", 1, "it's 9"],
      });
      const query = { table: "companies", columns: ["id", "name"], where: { kind: "and", of: [] } } as const;
      const found = await transaction.find(
        { ...query, orderBy: [{ column: "id", direction: "asc" }], include: [] },
        { tenantId: "tenant-1", params: [] },
      );
      expect(found).toEqual([
        ["f1", "One"],
        ["f9", "it's 9"],
      ]);
      expect([...(await transaction.liveSchema()).tables.keys()]).toEqual(["companies"]);
      await transaction.rollback();
      expect(await store.live()).toEqual(before);
      expect(await store.list({ table: "firms" })).toEqual(["f1"]);
      expect(await store.list({ table: "staffers" })).toEqual(["s1", "s2"]);
    }),
    fact("undoes every kind of step with its transaction", async (bench) => {
      const store = await filled(bench);
      const before = await store.live();
      const transaction = await store.migrator.begin();
      await transaction.apply(dropIndex);
      await transaction.apply({
        kind: "rename_column",
        table: firms,
        column: "name",
        to: { name: "title", field: "title" },
      });
      await transaction.apply({ kind: "drop_column", table: firms, column: "note" });
      await transaction.apply({ kind: "drop_column", table: staff, column: "boss_id" });
      await transaction.apply({ kind: "set_meaning", table: firms, column: "title", meaning: "other" });
      await transaction.apply({ kind: "allow_null", table: firms, column: "title" });
      await transaction.apply({ kind: "forbid_null", table: firms, column: "title" });
      await transaction.rollback();
      expect(await store.live()).toEqual(before);
      expect(await store.find({ table: "firms", columns: ["id", "name", "mood", "note"] })).toEqual([
        ["f1", "One", "good", "x"],
      ]);
    }),
    fact("makes other changes wait until it ends, and loses no write meanwhile", async (bench) => {
      const store = await filled(bench);
      const transaction = await store.migrator.begin();
      const order: string[] = [];
      const writing = store.insert("firms", [{ id: "f2" }]).then(() => order.push("written"));
      const migrating = store.apply().then(() => order.push("migrated"));
      await transaction.apply({ kind: "drop_table", table: staff });
      order.push("dropped");
      await transaction.commit();
      await Promise.all([writing, migrating]);
      expect(order.indexOf("migrated")).toBeGreaterThan(order.indexOf("dropped"));
      expect(await store.list({ table: "firms", where: eq("id", "f2") })).toEqual(["f2"]);
      expect(await failure(transaction.apply(dropIndex))).toMatchObject({ code: "unit_closed" });
    }),
  ],
};
