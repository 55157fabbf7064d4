import { DatabaseSync } from "node:sqlite";
import { CrmError, createCrm } from "@relata/core";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import type { BetterSqlite3 } from "./better-sqlite3.ts";
import { failure, temporaryFile, temporaryFolder } from "./fixtures/open-sales.ts";
import { sqlite } from "./sqlite-adapter.ts";

async function openOn(database: Database.Database, waitTimeoutMs = 2_000) {
  const crm = await createCrm({ storage: sqlite({ database }), waitTimeoutMs });
  onTestFinished(async () => {
    await crm.close();
    database.close();
  });
  return crm;
}

describe("the driver", () => {
  it.each([
    ["an object", {}],
    ["a name", "better-sqlite3"],
    ["a handle", new Database(":memory:")],
    ["the class of node:sqlite", DatabaseSync],
    ["some function", () => undefined],
  ])("is refused when it is %s", async (_, driver) => {
    const storage = sqlite({ filename: ":memory:", driver: driver as BetterSqlite3 });
    const error = await failure(createCrm({ storage }));
    expect(error.code).toBe("storage_unavailable");
    expect(error.message).toContain('import Database from "better-sqlite3"');
  });

  it("may be a class derived from it", async () => {
    class AppDatabase extends Database {}
    const filename = temporaryFile();
    const crm = await createCrm({ storage: sqlite({ filename, driver: AppDatabase }) });
    onTestFinished(() => crm.close());
    const handle = new Database(filename);
    onTestFinished(() => void handle.close());
    handle.exec("begin immediate");
    const unit = crm.using(handle);
    await unit.accounts.create({ name: "Acme" });
    handle.exec("commit");
    await unit.committed();
    expect(await crm.accounts.count()).toBe(1);
  });

  it("is not given a name that it would open another file by", async () => {
    const filename = `${temporaryFolder()}/crm.db `;
    const error = await failure(createCrm({ storage: sqlite({ filename, driver: Database }) }));
    expect(error.code).toBe("storage_unavailable");
    expect(error.message).toContain("ends in a space");
  });
});

describe("the application's handle", () => {
  it("may give its own integers as bigints, and goes on doing so", async () => {
    const database = new Database(":memory:").defaultSafeIntegers();
    const crm = await openOn(database);
    const { id } = await crm.accounts.create({ name: "Acme" });
    expect((await crm.accounts.update(id, { name: "Acme Ltd" })).version).toBe(2);
    expect(
      await crm
        .native()
        .withTables<{ account: { version: number } }>()
        .selectFrom("account")
        .select("version")
        .execute(),
    ).toEqual([{ version: 2 }]);
    expect(database.prepare("select version from account").all()).toEqual([{ version: 2n }]);
  });

  it("keeps writes waiting while the application iterates, and is told of when that takes too long", async () => {
    const database = new Database(":memory:");
    const crm = await openOn(database);
    await crm.accounts.createMany([{ name: "Acme" }, { name: "Globex" }]);
    const rows = database.prepare("select name from account order by name").iterate();
    rows.next();
    let written = false;
    const writing = crm.accounts.create({ name: "Initech" }).then(() => {
      written = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(written).toBe(false);
    rows.return?.();
    await writing;

    const impatient = await createCrm({ storage: sqlite({ database }), waitTimeoutMs: 50 });
    const others = database.prepare("select name from account").iterate();
    others.next();
    const error = await failure(impatient.accounts.create({ name: "Hooli" }));
    expect([CrmError.is(error, "storage_busy"), error.retryable]).toEqual([true, true]);
    expect(error.message).toContain("iterate()");
    others.return?.();
    await impatient.close();
  });
});
