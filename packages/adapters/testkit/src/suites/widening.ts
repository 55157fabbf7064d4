/** Migrations that let a database accept more than it did: other values, null, equal values. */
import {
  type ColumnSchema,
  CrmError,
  type IndexSchema,
  type LiveColumn,
  type LiveTable,
  type MigrationStep,
  type TableSchema,
} from "@relata/core/adapter";
import { expect } from "vitest";
import type { Bench } from "../bench/bench.ts";
import { fact, type Suite } from "../bench/fact.ts";
import { failure, refused } from "../bench/refusal.ts";
import type { Store } from "../bench/store.ts";
import { defineColumn, defineSchema, defineTable } from "../schema/define-table.ts";

const plain = defineTable({
  entity: "firm",
  columns: { name: "text" },
  unique: [["name"]],
  indexes: [["name"]],
});
const low = "it's (low), 'so'";
const level = defineColumn("level", { kind: "text", values: [low, "high"], default: low });
const mood = defineColumn("mood", { kind: "text", values: ["good"], default: "good" });
const parent = defineColumn("parent_id", "text?");
const withLevel: TableSchema = { ...plain, columns: [...plain.columns, level] };
const whole: TableSchema = {
  ...plain,
  columns: [...withLevel.columns, mood, parent],
  foreignKeys: [{ column: "parent_id", target: "firms" }],
};

const create: MigrationStep = { kind: "create_table", table: withLevel };
const add = (column: ColumnSchema): MigrationStep => ({ kind: "add_column", table: whole, column });
const index = (at: number): MigrationStep => ({
  kind: "create_index",
  table: plain,
  index: plain.indexes[at] as IndexSchema,
});
/** With another default than before, which must not touch rows that have the old one. */
const widen = (column: ColumnSchema): MigrationStep => ({ kind: "widen_column", table: whole, column });
const wider: ColumnSchema = { ...level, values: [low, "high", "top"], default: "top" };

/** Two rows, and the column with its list: as old as the table, or younger than the rows. */
type Populate = (bench: Bench) => Promise<Store>;

const populations: readonly (readonly [string, Populate])[] = [
  [
    "in a column as old as its table",
    async (bench) => {
      const store = await bench.openEmpty(defineSchema(whole));
      await store.storage.migrator.migrate(() => [create, index(0)]);
      await store.storage.write("tenant-1", [insertFirm("a"), insertFirm("b")]);
      return store;
    },
  ],
  [
    "in a column that was added to its table",
    async (bench) => {
      const store = await bench.openEmpty(defineSchema(whole));
      await store.storage.migrator.migrate(() => [{ kind: "create_table", table: plain }, index(0)]);
      await store.storage.write("tenant-1", [insertFirm("a"), insertFirm("b")]);
      await store.storage.migrator.migrate(() => [add(level)]);
      return store;
    },
  ],
];

function insertFirm(id: string) {
  return { kind: "insert", table: "firms", columns: ["id", "version", "name"], rows: [[id, 1, id]] } as const;
}

function writeLevel({ storage }: Store, id: string, value: string | null): Promise<void> {
  const columns = ["id", "version", "name", "level"];
  return storage.write("tenant-1", [{ kind: "insert", table: "firms", columns, rows: [[id, 1, id, value]] }]);
}

const levelRefused = { code: "value_refused", entity: "firm", field: "level" };
const nameTaken = { code: "not_unique", entity: "firm", field: "name" };

function levels(store: Store) {
  return store.find({ table: "firms", columns: ["id", "level"] });
}

async function firms({ storage }: Store): Promise<LiveTable> {
  let found: LiveTable | undefined;
  await storage.migrator.migrate(({ tables }) => {
    found = tables.get("firms");
    return [];
  });
  return found as LiveTable;
}

const ofColumns = populations.flatMap(([where, populate]) => [
  fact(`accepts a value that was added to the list, and no other, ${where}`, async (bench) => {
    const store = await populate(bench);
    const { migrator } = store.storage;
    await writeLevel(store, "c", "high");
    expect(await refused(writeLevel(store, "d", "top"))).toEqual(levelRefused);
    await migrator.migrate(() => [widen(wider)]);
    await writeLevel(store, "d", "top");
    await store.update("firms", [{ id: "a", version: 1, level: "top" }]);
    expect(await refused(writeLevel(store, "e", "odd"))).toEqual(levelRefused);
    expect(await refused(writeLevel(store, "e", null))).toEqual(levelRefused);
    expect(await levels(store)).toEqual([
      ["a", "top"],
      ["b", low],
      ["c", "high"],
      ["d", "top"],
    ]);
    expect((await firms(store)).columns.get("level")).toEqual({
      type: migrator.columnType(level),
      meaning: "text",
      nullable: false,
      hasDefault: true,
      values: [low, "high", "top"],
    });
  }),
  fact(`accepts any text when the list is gone, and null when that may be, ${where}`, async (bench) => {
    const store = await populate(bench);
    const { migrator } = store.storage;
    await migrator.migrate(() => [widen(defineColumn("level", "text"))]);
    await writeLevel(store, "c", "anything");
    expect(await refused(writeLevel(store, "d", null))).toEqual(levelRefused);
    await migrator.migrate(() => [widen(defineColumn("level", "text?"))]);
    await writeLevel(store, "d", null);
    await store.update("firms", [{ id: "b", version: 1, level: null }]);
    expect(await levels(store)).toEqual([
      ["a", low],
      ["b", null],
      ["c", "anything"],
      ["d", null],
    ]);
    expect((await firms(store)).columns.get("level")).toEqual({
      type: migrator.columnType(level),
      meaning: "text",
      nullable: true,
      hasDefault: true,
    });
  }),
  fact(`goes on giving the old default to what is written without a value, ${where}`, async (bench) => {
    const store = await populate(bench);
    await store.storage.migrator.migrate(() => [widen(wider)]);
    await store.storage.write("tenant-1", [insertFirm("c")]);
    expect(await levels(store)).toEqual([
      ["a", low],
      ["b", low],
      ["c", low],
    ]);
  }),
  fact(`widens nothing when a later step of the plan fails, ${where}`, async (bench) => {
    const store = await populate(bench);
    const found = await firms(store);
    expect(await failure(store.storage.migrator.migrate(() => [widen(wider), create]))).toBeInstanceOf(CrmError);
    expect(await refused(writeLevel(store, "d", "top"))).toEqual(levelRefused);
    expect(await firms(store)).toEqual(found);
    await writeLevel(store, "d", "high");
  }),
  fact(`widens between other steps of a plan, and keeps all other rules, ${where}`, async (bench) => {
    const store = await populate(bench);
    await store.storage.migrator.migrate(() => [
      widen(wider),
      add(mood),
      add(parent),
      widen({ ...mood, values: ["good", "bad"] }),
      index(1),
    ]);
    await writeLevel(store, "c", "top");
    await store.update("firms", [{ id: "a", version: 1, mood: "bad", parent_id: "c" }]);
    expect(await store.find({ table: "firms", columns: ["id", "level", "mood", "parent_id"] })).toEqual([
      ["a", low, "bad", "c"],
      ["b", low, "good", null],
      ["c", "top", "good", null],
    ]);
    expect(await refused(writeLevel(store, "d", "odd"))).toEqual(levelRefused);
    expect(await refused(store.update("firms", [{ id: "b", version: 1, name: "a" }]))).toEqual(nameTaken);
    expect(await refused(store.update("firms", [{ id: "b", version: 1, parent_id: "z" }]))).toEqual({
      code: "reference_not_found",
      entity: "firm",
      field: "parentId",
    });
    const { columns, indexes } = await firms(store);
    expect([...columns.keys()]).toEqual(whole.columns.map(({ name }) => name));
    expect([...indexes.keys()].sort()).toEqual(plain.indexes.map(({ name }) => name).sort());
  }),
]);

export const widening: Suite = {
  name: "widening",
  facts: [
    ...ofColumns,
    fact(
      "allows null in a column that is not declared any more, and keeps its other rules and its values",
      async (bench) => {
        const rank = defineColumn("rank", { kind: "text", values: ["gold", "iron"] });
        const paid = defineColumn("paid", "boolean");
        const owner = defineColumn("owner_id", "text");
        const table: TableSchema = {
          ...plain,
          columns: [...plain.columns, rank, paid, owner],
          foreignKeys: [{ column: "owner_id", target: "firms" }],
        };
        const store = await bench.open(defineSchema(table), {
          firms: [{ id: "a", rank: "gold", paid: true, owner_id: "a" }],
        });
        const { migrator } = store.storage;
        expect(await refused(store.storage.write("tenant-1", [insertFirm("b")]))).toMatchObject({
          code: "value_refused",
        });
        const found = await firms(store);
        await migrator.migrate(() =>
          [rank, paid, owner].map(({ name }) => ({ kind: "allow_null", table: plain, column: name })),
        );
        await store.storage.write("tenant-1", [insertFirm("b")]);
        expect(await store.find({ table: "firms", columns: ["id", "rank", "paid", "owner_id"] })).toEqual([
          ["a", "gold", true, "a"],
          ["b", null, null, null],
        ]);
        expect(await refused(store.update("firms", [{ id: "b", version: 1, rank: "odd" }]))).toMatchObject({
          code: "value_refused",
        });
        expect(await refused(store.update("firms", [{ id: "b", version: 1, owner_id: "z" }]))).toMatchObject({
          code: "reference_not_found",
        });
        expect(await refused(store.storage.write("tenant-1", [insertFirm("b")]))).toMatchObject({ code: "not_unique" });
        const columns = new Map(found.columns);
        for (const { name } of [rank, paid, owner]) {
          columns.set(name, { ...(columns.get(name) as LiveColumn), nullable: true });
        }
        expect(await firms(store)).toEqual({ ...found, columns });
      },
    ),
    fact("allows equal values when a unique index was dropped, and keeps the other indexes", async (bench) => {
      const table = defineTable({
        entity: "firm",
        columns: { name: "text", domain: "text?" },
        unique: [["domain"], ["name"]],
        indexes: [["domain", "name"]],
      });
      const store = await bench.open(defineSchema(table), { firms: [{ id: "a", domain: "same.com" }] });
      const { migrator } = store.storage;
      const drop: MigrationStep = { kind: "drop_index", table, index: table.indexes[0] as IndexSchema };
      const another = () => store.insert("firms", [{ id: "b", domain: "same.com" }]);
      const domainTaken = { code: "not_unique", entity: "firm", field: "domain" };
      expect(await refused(another())).toEqual(domainTaken);
      expect(await failure(migrator.migrate(() => [drop, { kind: "create_table", table }]))).toBeInstanceOf(CrmError);
      expect(await refused(another())).toEqual(domainTaken);

      await migrator.migrate(() => [drop]);
      await another();
      expect(await store.find({ table: "firms", columns: ["id", "domain"] })).toEqual([
        ["a", "same.com"],
        ["b", "same.com"],
      ]);
      expect(await refused(store.insert("firms", [{ id: "c", name: "a" }]))).toEqual(nameTaken);
      const left = table.indexes.slice(1).map(({ name }) => name);
      expect([...(await firms(store)).indexes.keys()].sort()).toEqual(left.sort());
    }),
  ],
};
