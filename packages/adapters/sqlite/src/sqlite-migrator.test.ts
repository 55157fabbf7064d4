import { fork } from "node:child_process";
import { once } from "node:events";
import type { ColumnSchema, MigrationStep, Storage, TableSchema } from "@relata/core/adapter";
import { describe, expect, it, onTestFinished } from "vitest";
import { drivers, first } from "./fixtures/drivers.ts";
import { failure, ids, openSales, openStorage, temporaryFile } from "./fixtures/open-sales.ts";
import { insert } from "./fixtures/rows.ts";
import { accounts, deals, sales } from "./fixtures/sales-schema.ts";
import { sqlite } from "./sqlite-adapter.ts";

const second: ColumnSchema = {
  name: "partner_id",
  kind: "text",
  meaning: "reference(account)",
  nullable: true,
  field: "partnerId",
};
const extended: TableSchema = {
  ...deals,
  columns: [...deals.columns, second],
  foreignKeys: [...deals.foreignKeys, { column: "partner_id", target: "accounts" }],
};
const schema = { tables: new Map([...sales.tables, ["deals", extended]]) };

describe.each(drivers)("$name", ({ options, open }) => {
  describe("a reference that is added to a table with rows", () => {
    it("is enforced at once, by every connection, and from then on", async () => {
      const filename = temporaryFile();
      const old = await openSales(filename, undefined, options);
      await old.write("t", [insert("deals", [{ id: "d1", title: "a" }])]);
      const storage = await openStorage({ filename, ...options });
      await storage.migrator.migrate(() => [{ kind: "add_column", table: extended, column: second }]);

      const database = open(filename);
      onTestFinished(() => void database.close());
      const keys = database
        .prepare('select distinct "table", "from" from pragma_foreign_key_list(\'deals\') order by 2')
        .all();
      expect(keys).toEqual([
        { table: "accounts", from: "account_id" },
        { table: "accounts", from: "partner_id" },
        { table: "accounts", from: "tenant_id" },
      ]);
      expect(first(database, "pragma integrity_check")).toEqual({ integrity_check: "ok" });
      const dangling = "update deals set partner_id = 'nowhere'";
      expect(() => database.exec(dangling)).toThrow("FOREIGN KEY constraint failed");

      const renewed = await sqlite({ filename, ...options }).open({ schema, waitTimeoutMs: 2_000 });
      onTestFinished(() => renewed.close());
      const error = await failure(
        renewed.write("t", [insert("deals", [{ id: "d2", title: "b", partner_id: "nowhere" }])]),
      );
      expect(error.details).toEqual({ entity: "deal", field: "partnerId", reference: "nowhere" });
      await renewed.write("t", [insert("accounts", [{ id: "a1", name: "Acme" }])]);
      await renewed.write("t", [insert("deals", [{ id: "d2", title: "b", partner_id: "a1" }])]);
      expect(await ids(renewed, "deals")).toEqual(["d1", "d2"]);
    });
  });

  describe("a list of values that is widened", () => {
    const stage: ColumnSchema = {
      name: "stage",
      kind: "text",
      meaning: "text",
      nullable: true,
      values: ["lead", "won", "it's lost", "on hold"],
      field: "stage",
    };

    it("is seen by connections that are open and have used their statements before", async () => {
      const filename = temporaryFile();
      const old = await openSales(filename, undefined, options);
      const write = (storage: Storage, id: string) =>
        storage.write("t", [insert("deals", [{ id, title: "x", stage: "on hold" }])]);
      await old.write("t", [insert("deals", [{ id: "d1", title: "x", stage: "lead" }])]);
      expect((await failure(write(old, "d2"))).code).toBe("value_refused");
      expect(await ids(old, "deals")).toEqual(["d1"]);

      const storage = await openStorage({ filename, ...options });
      expect((await failure(write(storage, "d2"))).code).toBe("value_refused");
      await storage.migrator.migrate(() => [{ kind: "widen_column", table: deals, column: stage }]);
      await write(storage, "d2");
      await write(old, "d3");
      expect(await ids(old, "deals")).toEqual(["d1", "d2", "d3"]);
      expect(await ids(storage, "deals")).toEqual(["d1", "d2", "d3"]);
      const odd = insert("deals", [{ id: "d4", title: "x", stage: "odd" }]);
      for (const each of [old, storage]) expect((await failure(each.write("t", [odd]))).code).toBe("value_refused");

      const database = open(filename);
      onTestFinished(() => void database.close());
      expect(first(database, "pragma integrity_check")).toEqual({ integrity_check: "ok" });
    });

    it("waits for a unit of another connection", async () => {
      const filename = temporaryFile();
      const old = await openSales(filename, undefined, options);
      const unit = await old.begin();
      await unit.write("t", [insert("deals", [{ id: "d1", title: "x", stage: "lead" }])]);
      const storage = await openStorage({ filename, ...options });
      const widened = storage.migrator.migrate(() => [{ kind: "widen_column", table: deals, column: stage }]);
      await unit.write("t", [insert("deals", [{ id: "d2", title: "x", stage: "won" }])]);
      await unit.commit();
      await widened;
      await old.write("t", [insert("deals", [{ id: "d3", title: "x", stage: "on hold" }])]);
      expect(await ids(storage, "deals")).toEqual(["d1", "d2", "d3"]);
    });

    it("is refused in a table whose definition is not of the SDK's making", async () => {
      const filename = temporaryFile();
      const storage = await openStorage({ filename, ...options });
      const database = open(filename);
      onTestFinished(() => void database.close());
      database.exec("create table deals (tenant_id text, id text, version integer, stage text)");
      const error = await failure(
        storage.migrator.migrate(() => [{ kind: "widen_column", table: deals, column: stage }]),
      );
      expect(error).toMatchObject({ code: "schema_mismatch", details: { entity: "deal", field: "stage" } });
    });
  });

  describe("migrating", () => {
    it("applies nothing when a step fails", async () => {
      const storage = await openStorage({ filename: temporaryFile(), ...options });
      const steps: MigrationStep[] = [
        { kind: "create_table", table: accounts },
        { kind: "create_table", table: accounts },
      ];
      expect((await failure(storage.migrator.migrate(() => steps))).code).toBe("storage_failed");
      await storage.migrator.migrate((live) => {
        expect([...live.tables.keys()]).toEqual([]);
        return [];
      });
    });

    it("reads a database that was made without meanings, and keeps those of columns that it adds", async () => {
      const filename = temporaryFile();
      const database = open(filename);
      onTestFinished(() => void database.close());
      await openSales(filename, undefined, options);
      database.exec("drop table relata__column");
      const storage = await openStorage({ filename, ...options });
      const meanings = async () => {
        let found: unknown[] = [];
        await storage.migrator.migrate(({ tables }) => {
          found = ["title", "partner_id"].map((name) => tables.get("deals")?.columns.get(name)?.meaning);
          return [];
        });
        return found;
      };
      expect(await meanings()).toEqual([undefined, undefined]);
      expect(database.prepare("select name from sqlite_schema where name like 'relata%'").all()).toEqual([]);
      await storage.migrator.migrate(() => [{ kind: "add_column", table: extended, column: second }]);
      expect(await meanings()).toEqual([undefined, "reference(account)"]);
    });

    it("takes a column that the database computes for one that needs no value", async () => {
      const filename = temporaryFile();
      const database = open(filename);
      onTestFinished(() => void database.close());
      await openSales(filename, undefined, options);
      database.exec("alter table deals add column shout text not null generated always as (upper(title)) virtual");
      const storage = await openStorage({ filename, ...options });
      await storage.migrator.migrate(({ tables }) => {
        expect(tables.get("deals")?.columns.get("shout")).toEqual({ type: "TEXT", nullable: false, hasDefault: true });
        return [];
      });
    });

    it("leaves the application's own tables alone, and does not list them", async () => {
      const filename = temporaryFile();
      const database = open(filename);
      onTestFinished(() => void database.close());
      database.exec(
        "create table invoices (id integer primary key, total real); create view latest as select * from invoices",
      );
      const storage = await openSales(filename, undefined, options);
      await storage.migrator.migrate((live) => {
        expect([...live.tables.keys()].sort()).toEqual(["accounts", "deals"]);
        return [];
      });
    });
  });
});

it("migrating is done by one of four processes that start at once; the others find it done", async () => {
  const filename = temporaryFile();
  const children = [1, 2, 3, 4].map(() =>
    fork(new URL("./fixtures/migrating-process.ts", import.meta.url), [filename], {
      execArgv: ["--conditions=@relata/source"],
    }),
  );
  const applied = await Promise.all(children.map(async (child) => (await once(child, "message"))[0] as number));
  expect(applied.sort()).toEqual([0, 0, 0, 9]);
}, 30_000);
