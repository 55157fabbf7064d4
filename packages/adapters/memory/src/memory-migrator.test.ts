import type { LiveSchema, MigrationStep } from "@relata/core/adapter";
import { beforeEach, expect, it } from "vitest";
import type { Database } from "./database.ts";
import { all, bind, column, compare, createDealsDatabase, deals, index, insert, query } from "./deals-fixture.ts";
import { migrate } from "./memory-migrator.ts";

let database: Database;
beforeEach(() => {
  database = createDealsDatabase();
  insert(database, deals, [
    { id: "1", name: "Same", status: "open" },
    { id: "2", name: "Same", status: "open" },
  ]);
});

const source = column("source", "text", { default: "web" });
const extended = { ...deals, columns: [...deals.columns, source] };
const addSource: MigrationStep = { kind: "add_column", table: extended, column: source };
const uniqueName: MigrationStep = { kind: "create_index", table: deals, index: index("deals_unique", ["name"], true) };

function live(): LiveSchema {
  let found: LiveSchema = { tables: new Map() };
  migrate(database, (schema) => {
    found = schema;
    return [];
  });
  return found;
}

it("gives rows that exist the default of a new column, and compiles queries anew", () => {
  const find = query(deals, { columns: ["source"] });
  expect(() => database.find(find, bind())).toThrow('There is no column "source" of table "deals"');
  migrate(database, () => [addSource]);

  expect(database.find(find, bind())).toEqual([["web"], ["web"]]);
  expect(live().tables.get("deals")?.columns.get("source")).toMatchObject({
    type: "text",
    meaning: "text",
    nullable: true,
  });
});

it("uses an index from the moment it is created", () => {
  migrate(database, () => [
    addSource,
    { kind: "create_index", table: extended, index: index("deals_source", ["source"]) },
  ]);

  expect(database.find(query(deals, { where: all(compare("source", "eq", 0)) }), bind("web"))).toEqual([["1"], ["2"]]);
});

it("takes back every step of a plan when one fails", () => {
  const before = live();
  expect(() => migrate(database, () => [addSource, uniqueName])).toThrow("deal: another deal has the same name.");

  expect(live()).toEqual(before);
  insert(database, deals, [{ id: "3", name: "Same", status: "won" }]);
  expect(database.find(query(deals), bind())).toEqual([["1"], ["2"], ["3"]]);
});

it("refuses a column without a default that must not be null, when there are rows", () => {
  const required = column("required", "text", { nullable: false });
  const table = { ...deals, columns: [...deals.columns, required] };
  expect(() => migrate(database, () => [{ kind: "add_column", table, column: required }])).toThrow("must not be null");
});
