/** The migrator: reports what exists, applies steps all or nothing. */
import {
  type ColumnSchema,
  CrmError,
  type IndexSchema,
  type LiveSchema,
  type MigrationStep,
  type Storable,
  type TableSchema,
} from "@relata/core/adapter";
import { expect } from "vitest";
import type { Bench } from "../bench/bench.ts";
import { fact, type Suite } from "../bench/fact.ts";
import { failure, refused } from "../bench/refusal.ts";
import { eq, isNull } from "../question/condition.ts";
import { defineColumn, defineSchema, defineTable, tableOf } from "../schema/define-table.ts";
import { sales } from "../schema/sales.ts";

const create = (table: TableSchema): MigrationStep => ({ kind: "create_table", table });
const index = (table: TableSchema, at = 0): MigrationStep => ({
  kind: "create_index",
  table,
  index: table.indexes[at] as IndexSchema,
});

const before = defineTable({
  entity: "firm",
  columns: { name: "text", domain: "text?" },
  unique: [["domain"]],
  indexes: [["name"]],
});
const others = defineTable({ entity: "other", columns: { firm_id: "text?" }, references: { firm_id: "firms" } });

/** The table as it is after a column was added. */
function withColumn(column: ColumnSchema, references: Readonly<Record<string, string>> = {}): TableSchema {
  const foreignKeys = Object.entries(references).map(([name, target]) => ({ column: name, target }));
  return { ...before, columns: [...before.columns, column], foreignKeys };
}

/** A database with the table and two rows, about to get a column more. */
async function populated(bench: Bench, after: TableSchema) {
  const store = await bench.openEmpty(defineSchema(after, others));
  await store.storage.migrator.migrate(() => [create(before), create(others)]);
  await store.storage.write("tenant-1", [insertFirms(["a", "b"])]);
  await store.storage.write("tenant-2", [insertFirms(["a"])]);
  const column = after.columns.at(-1) as ColumnSchema;
  return { ...store, add: () => store.storage.migrator.migrate(() => [{ kind: "add_column", table: after, column }]) };
}

function insertFirms(ids: readonly string[], domain: string | null = null) {
  const rows = ids.map((id) => [id, 1, id, domain]);
  return { kind: "insert", table: "firms", columns: ["id", "version", "name", "domain"], rows } as const;
}

async function live({ storage }: Awaited<ReturnType<Bench["openEmpty"]>>): Promise<LiveSchema> {
  let found: LiveSchema | undefined;
  await storage.migrator.migrate((schema) => {
    found = schema;
    return [];
  });
  return found as LiveSchema;
}

const adds = (description: string, column: ColumnSchema, expected: Storable) =>
  fact(`gives rows that exist ${description} when a column is added`, async (bench) => {
    const store = await populated(bench, withColumn(column));
    await store.add();
    const question = { table: "firms", columns: ["id", column.name] };
    expect(await store.find(question)).toStrictEqual([
      ["a", expected],
      ["b", expected],
    ]);
    expect(await store.find(question, "tenant-2")).toStrictEqual([["a", expected]]);
  });

const withDefault = (kind: ColumnSchema["kind"], value: Storable) => defineColumn("extra", { kind, default: value });

export const migrations: Suite = {
  name: "migrations",
  facts: [
    fact("finds no tables in an empty database", async (bench) => {
      const store = await bench.openEmpty(sales);
      expect([...(await live(store)).tables.keys()]).toEqual([]);
    }),
    fact("creates tables and their indexes in one plan, and returns the steps that it has applied", async (bench) => {
      const store = await bench.openEmpty(sales);
      const plan = [...sales.tables.values()].flatMap((table) => [
        create(table),
        ...table.indexes.map((_, at) => index(table, at)),
      ]);
      expect(await store.storage.migrator.migrate(() => plan)).toEqual(plan);
      await store.insert("accounts", [{ id: "a", domain: "acme.com" }]);
      await store.insert("deals", [{ id: "d", account_id: "a" }]);
      expect(await refused(store.insert("accounts", [{ id: "b", domain: "acme.com" }]))).toMatchObject({
        code: "not_unique",
        field: "domain",
      });
    }),
    fact("applies nothing for an empty plan", async (bench) => {
      const store = await bench.openEmpty(sales);
      expect(await store.storage.migrator.migrate(() => [])).toEqual([]);
      expect((await live(store)).tables.size).toBe(0);
    }),
    fact("finds its own tables afterwards, with the types it declares, nullability and indexes", async (bench) => {
      const store = await bench.open(sales);
      const { tables } = await live(store);
      expect([...tables.keys()].sort()).toEqual(["accounts", "deals", "notes", "users"]);
      for (const table of sales.tables.values()) {
        const found = tables.get(table.name);
        const types = table.columns.map((column) => [
          column.name,
          {
            type: store.storage.migrator.columnType(column),
            meaning: column.meaning,
            nullable: column.nullable,
            hasDefault: column.default !== undefined,
            ...(column.values ? { values: column.values } : {}),
          },
        ]);
        expect(Object.fromEntries(found?.columns ?? [])).toEqual(Object.fromEntries(types));
        expect([...(found?.indexes.keys() ?? [])].sort()).toEqual(table.indexes.map(({ name }) => name).sort());
        const rules = table.indexes.filter(({ unique }) => unique);
        expect([...(found?.indexes.values() ?? [])].filter(({ unique }) => unique)).toEqual(rules);
      }
    }),
    fact("creates tables that refer to one another, whichever comes first", async (bench) => {
      const lead = defineTable({ entity: "team", columns: { lead_id: "text?" }, references: { lead_id: "members" } });
      const member = defineTable({ entity: "member", columns: { team_id: "text?" }, references: { team_id: "teams" } });
      const store = await bench.openEmpty(defineSchema(lead, member));
      await store.storage.migrator.migrate(() => [create(lead), create(member)]);
      await store.insert("teams", [{ id: "t" }]);
      await store.insert("members", [{ id: "m", team_id: "t" }]);
      await store.update("teams", [{ id: "t", version: 1, lead_id: "m" }]);
      expect(await refused(store.insert("teams", [{ id: "u", lead_id: "z" }]))).toEqual({
        code: "reference_not_found",
        entity: "team",
        field: "leadId",
      });
      expect(await refused(store.insert("members", [{ id: "n", team_id: "z" }]))).toEqual({
        code: "reference_not_found",
        entity: "member",
        field: "teamId",
      });
    }),
    adds("null", defineColumn("extra", "text?"), null),
    adds("a text with quotes as default", withDefault("text", 'it\'s "so" $1 ? 🚀'), 'it\'s "so" $1 ? 🚀'),
    adds("the empty text as default", withDefault("text", ""), ""),
    adds("a negative integer as default", withDefault("integer", -9_007_199_254_740_991), -9_007_199_254_740_991),
    adds(
      "the largest bigint as default",
      withDefault("bigint", 9_223_372_036_854_775_807n),
      9_223_372_036_854_775_807n,
    ),
    adds(
      "the smallest bigint as default",
      withDefault("bigint", -9_223_372_036_854_775_808n),
      -9_223_372_036_854_775_808n,
    ),
    adds("true as default", withDefault("boolean", true), true),
    adds("false as default", withDefault("boolean", false), false),
    adds("a date as default", withDefault("date", "2024-02-29"), "2024-02-29"),
    adds("an instant as default", withDefault("instant", -1), -1),
    adds(
      "a uuid as default",
      withDefault("uuid", "0190163d-8694-739b-aea5-966c26f8ad09"),
      "0190163d-8694-739b-aea5-966c26f8ad09",
    ),
    adds("JSON as default", withDefault("json", '{"a": [1, "it\'s"]}'), '{"a": [1, "it\'s"]}'),
    adds(
      "a default in a column that may be null",
      defineColumn("extra", { kind: "integer", nullable: true, default: 7 }),
      7,
    ),
    fact("reads and writes a column that was added, and keeps its rules", async (bench) => {
      const after = withColumn(defineColumn("mood", { kind: "text", values: ["good", "bad"], default: "good" }));
      const store = await populated(bench, after);
      expect(await store.list({ table: "firms" })).toEqual(["a", "b"]);
      await store.add();
      await store.insert("firms", [{ id: "c", mood: "bad" }]);
      await store.update("firms", [{ id: "a", version: 1, mood: "bad" }]);
      expect(await store.list({ table: "firms", where: eq("mood", "bad") })).toEqual(["a", "c"]);
      expect(
        await store.aggregate({ table: "firms", groupBy: [{ path: [], column: "mood" }], measures: [] }),
      ).toHaveLength(2);
      const refusal = { code: "value_refused", entity: "firm", field: "mood" };
      expect(await refused(store.update("firms", [{ id: "b", version: 1, mood: "odd" }]))).toEqual(refusal);
      expect(await refused(store.insert("firms", [{ id: "d", mood: null }]))).toEqual(refusal);
      const column = (await live(store)).tables.get("firms")?.columns.get("mood");
      expect(column).toEqual({
        type: store.storage.migrator.columnType(after.columns.at(-1) as ColumnSchema),
        meaning: "text",
        nullable: false,
        hasDefault: true,
        values: ["good", "bad"],
      });
    }),
    fact("keeps what the values of a column stand for, created or added, and no other column's", async (bench) => {
      const price = defineColumn("price", { kind: "bigint", meaning: "decimal(2)", nullable: true });
      const table = { ...before, columns: [...before.columns, price] };
      const store = await bench.openEmpty(defineSchema(table, others));
      const { migrator } = store.storage;
      const meanings = async () => {
        const columns = [...((await live(store)).tables.get("firms")?.columns ?? [])];
        return columns.map(([name, { meaning }]) => [name, meaning]).slice(3);
      };
      await migrator.migrate(() => [create(table), create(others)]);
      const ends = defineColumn("ends", { kind: "instant", meaning: "instant", nullable: true });
      const price2 = defineColumn("price2", { kind: "bigint", meaning: "decimal(6)", default: 0n });
      const whole = { ...table, columns: [...table.columns, ends, price2] };
      await migrator.migrate(() => [
        { kind: "add_column", table: whole, column: ends },
        { kind: "add_column", table: whole, column: price2 },
      ]);
      expect(await meanings()).toEqual([
        ["name", "text"],
        ["domain", "text"],
        ["price", "decimal(2)"],
        ["ends", "instant"],
        ["price2", "decimal(6)"],
      ]);
    }),
    fact("keeps nothing of what the columns of a failed plan would have stood for", async (bench) => {
      const store = await bench.openEmpty(defineSchema(before, others));
      const { migrator } = store.storage;
      const meaning = async () => (await live(store)).tables.get("firms")?.columns.get("extra")?.meaning;
      const add = (standing: string): MigrationStep => {
        const column = defineColumn("extra", { kind: "integer", meaning: standing, nullable: true });
        return { kind: "add_column", table: withColumn(column), column };
      };
      await migrator.migrate(() => [create(before)]);
      expect(await failure(migrator.migrate(() => [add("boolean"), create(before)]))).toBeInstanceOf(CrmError);
      expect(await meaning()).toBe(undefined);
      await migrator.migrate(() => [add("instant")]);
      expect(await meaning()).toBe("instant");
    }),
    fact("keeps the foreign key of a column that was added", async (bench) => {
      const store = await populated(bench, withColumn(defineColumn("parent_id", "text?"), { parent_id: "firms" }));
      await store.add();
      await store.update("firms", [{ id: "b", version: 1, parent_id: "a" }]);
      expect(await store.list({ table: "firms", where: isNull("parent_id") })).toEqual(["a"]);
      const firm = { entity: "firm", field: "parentId" };
      expect(await refused(store.update("firms", [{ id: "a", version: 1, parent_id: "z" }]))).toEqual({
        code: "reference_not_found",
        ...firm,
      });
      expect(await refused(store.delete("firms", [{ id: "a", version: 1 }]))).toEqual({
        code: "still_referenced",
        ...firm,
      });
    }),
    fact("creates an index over rows that exist, and keeps its rule from then on", async (bench) => {
      const store = await bench.openEmpty(defineSchema(before, others));
      const { migrator } = store.storage;
      await migrator.migrate(() => [create(before)]);
      await store.write([insertFirms(["a"], "same.com"), insertFirms(["b", "c"])]);
      await store.write([insertFirms(["a"], "same.com")], "tenant-2");
      await migrator.migrate(() => [index(before, 0), index(before, 1)]);
      expect(await refused(store.insert("firms", [{ id: "d", domain: "same.com" }]))).toEqual({
        code: "not_unique",
        entity: "firm",
        field: "domain",
      });
      const names = before.indexes.map(({ name }) => name).sort();
      expect([...((await live(store)).tables.get("firms")?.indexes.keys() ?? [])].sort()).toEqual(names);
    }),
    fact("applies nothing of a plan when a unique index meets equal values", async (bench) => {
      const store = await bench.openEmpty(defineSchema(before, others));
      const { migrator } = store.storage;
      await migrator.migrate(() => [create(before)]);
      await store.write([insertFirms(["a", "b"], "same.com")]);
      const extended = withColumn(defineColumn("extra", "text?"));
      const plan: readonly MigrationStep[] = [
        create(others),
        index(before, 1),
        { kind: "add_column", table: extended, column: extended.columns.at(-1) as ColumnSchema },
        index(before, 0),
      ];
      expect(await refused(migrator.migrate(() => plan))).toMatchObject({
        code: "not_unique",
        entity: "firm",
        field: "domain",
      });
      const { tables } = await live(store);
      expect([...tables.keys()]).toEqual(["firms"]);
      expect([...(tables.get("firms")?.indexes.keys() ?? [])]).toEqual([]);
      expect([...(tables.get("firms")?.columns.keys() ?? [])]).toEqual([
        "tenant_id",
        "id",
        "version",
        "name",
        "domain",
      ]);
      expect(await store.list({ table: "firms" })).toEqual(["a", "b"]);
      await store.insert("firms", [{ id: "c", domain: "same.com" }]);
      await migrator.migrate(() => [create(others)]);
      await store.insert("others", [{ id: "o", firm_id: "a" }]);
    }),
    fact("fails with what the plan throws, and applies nothing", async (bench) => {
      const store = await bench.openEmpty(sales);
      const problem = new Error("no plan");
      const migrating = store.storage.migrator.migrate(() => {
        throw problem;
      });
      expect(await failure(migrating)).toBe(problem);
      expect((await live(store)).tables.size).toBe(0);
    }),
    fact("migrates one at a time: later plans see what earlier ones have made", async (bench) => {
      const store = await bench.openEmpty(sales);
      const users = tableOf(sales, "users");
      const plan = (found: LiveSchema) => (found.tables.has("users") ? [] : [create(users)]);
      const applied = await Promise.all([1, 2, 3, 4].map(() => store.storage.migrator.migrate(plan)));
      expect(applied.flat()).toEqual([create(users)]);
    }),
    fact("waits for an open unit, and loses nothing of it", async (bench) => {
      const store = await bench.open(defineSchema(before), { firms: [{ id: "a" }] });
      const unit = await store.begin();
      await unit.insert("firms", [{ id: "b" }]);
      const migrating = store.storage.migrator.migrate(() => [create(others)]);
      await unit.insert("firms", [{ id: "c" }]);
      await unit.rollback();
      await migrating;
      expect(await store.list({ table: "firms" })).toEqual(["a"]);
      expect([...(await live(store)).tables.keys()].sort()).toEqual(["firms", "others"]);
    }),
    fact("asks for other columns of a table that a query was made for before", async (bench) => {
      const after = withColumn(defineColumn("extra", "text?"));
      const store = await populated(bench, after);
      const question = { table: "firms", columns: ["id", "name"] };
      expect(await store.find(question)).toEqual([
        ["a", "a"],
        ["b", "b"],
      ]);
      await store.add();
      expect(await store.find(question)).toEqual([
        ["a", "a"],
        ["b", "b"],
      ]);
      expect(await store.find({ table: "firms", columns: ["extra", "id"] })).toEqual([
        [null, "a"],
        [null, "b"],
      ]);
    }),
  ],
};
