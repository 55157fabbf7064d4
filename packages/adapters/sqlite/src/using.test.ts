import { DatabaseSync } from "node:sqlite";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createCrm } from "@relata/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { drivers, first, type Handle, isOpen } from "./fixtures/drivers.ts";
import { failure, temporaryFile } from "./fixtures/open-sales.ts";
import { sqlite } from "./sqlite-adapter.ts";

const HOW = {
  "the handle that the CRM is stored on": "stored",
  "another handle on the CRM's file": "other",
} as const;

type How = (typeof HOW)[keyof typeof HOW];

/** The application's handle with its own table, and a CRM on it or on its file. */
async function openWith(
  driver: (typeof drivers)[number],
  { how = "stored", waitTimeoutMs = 300, outbox = {} }: { how?: How; waitTimeoutMs?: number; outbox?: object },
) {
  const told: string[] = [];
  const filename = temporaryFile();
  const database = driver.open(filename);
  database.exec("create table invoice (id integer primary key, total integer not null)");
  const errors: unknown[] = [];
  const crm = await createCrm({
    storage: how === "stored" ? sqlite({ database }) : sqlite({ filename, durability: "relaxed", ...driver.options }),
    waitTimeoutMs,
    outbox,
    onError: (error) => errors.push(error),
    hooks: {
      account: { committed: async (_, batch) => void told.push(...batch.map(({ after }) => `hook ${after?.name}`)) },
    },
    subscribers: {
      copies: { on: ["account.created"], deliver: (_, { data }) => void told.push(`copy ${data.after.name}`) },
    },
  });
  crm.on("account.created", ({ data }) => void told.push(`listener ${data.after.name}`));
  onTestFinished(async () => {
    await crm.close();
    if (isOpen(database)) database.close();
  });
  const invoices = () => (first(database, "select count(*) as n from invoice") as { n: number }).n;
  return { database, filename, crm, errors, told, invoices };
}

it("a handle that was closed and opened again is joined like another one", async () => {
  const filename = temporaryFile();
  const crm = await createCrm({ storage: sqlite({ filename }) });
  const database = new DatabaseSync(filename);
  for (const name of ["Acme", "Globex"]) {
    database.exec("begin immediate");
    const unit = crm.using(database);
    await unit.accounts.create({ name });
    database.exec("commit");
    await unit.committed();
    database.close();
    database.open();
  }
  expect(await crm.accounts.count()).toBe(2);
  database.close();
  await crm.close();
});

describe.each(drivers)("$name", (driver) => {
  const open = (options: Parameters<typeof openWith>[1] = {}) => openWith(driver, options);

  describe.each(Object.entries(HOW))("a unit in the application's transaction, on %s", (_, how) => {
    it("commits with it", async () => {
      const { database, crm, invoices } = await open({ how });
      database.exec("begin immediate");
      const unit = crm.using(database);
      const account = await unit.accounts.create({ name: "Acme" });
      const deal = await unit.opportunities.create({ name: "Rollout", accountId: account.id });
      await unit.opportunities.moveTo(deal.id, "won");
      database.exec("insert into invoice (total) values (5)");
      database.exec("commit");
      await unit.committed();
      expect([invoices(), await crm.accounts.count()]).toEqual([1, 1]);
      expect((await crm.opportunities.get(deal.id)).status).toBe("won");
    });

    it("finds prepared what the unit before on the same handle has prepared", async () => {
      const { database, crm } = await open({ how });
      const unit = async (name: string) => {
        database.exec("begin immediate");
        const joined = crm.using(database);
        await joined.accounts.create({ name });
        database.exec("commit");
        await joined.committed();
      };
      await unit("Acme");
      const prepare = vi.spyOn(database, "prepare");
      await unit("Globex");
      expect(prepare.mock.calls.filter(([text]) => !/^(pragma|select 1$)/.test(text))).toEqual([]);
      expect(await crm.accounts.count()).toBe(2);
    });

    it("is undone with it", async () => {
      const { database, crm, invoices } = await open({ how });
      database.exec("begin immediate");
      const unit = crm.using(database);
      database.exec("insert into invoice (total) values (5)");
      await unit.accounts.create({ name: "Acme" });
      expect(await unit.accounts.count()).toBe(1);
      database.exec("rollback");
      await unit.rolledBack();
      expect([invoices(), await crm.accounts.count()]).toEqual([0, 0]);
    });

    it("leaves no part of a write that fails, and the transaction goes on", async () => {
      const { database, crm, invoices } = await open({ how });
      database.exec("begin immediate");
      const unit = crm.using(database);
      database.exec("insert into invoice (total) values (5)");
      const kept = await unit.accounts.create({ name: "Kept" });
      const failed = await failure(unit.opportunities.create({ name: "Bad", accountId: kept.id, stageId: "none" }));
      expect(failed.code).toBe("invalid_input");
      const missing = "0197d3c0-0000-7000-8000-000000000000";
      expect((await failure(unit.contacts.create({ familyName: "A", accountId: missing }))).code).toBe(
        "reference_not_found",
      );
      await unit.accounts.create({ name: "Also kept" });
      database.exec("commit");
      await unit.committed();
      expect([invoices(), await crm.accounts.count(), await crm.opportunities.count()]).toEqual([1, 2, 0]);
    });

    it("nests savepoints, and gives native and bound handles inside of it", async () => {
      const { database, crm } = await open({ how });
      database.exec("begin immediate");
      const unit = crm.using(database);
      await unit
        .transaction(async (tx) => {
          await tx.accounts.create({ name: "Undone" });
          throw new Error("no");
        })
        .catch(() => undefined);
      await unit.transaction(async (tx) => tx.accounts.create({ name: "Kept" }));
      await unit.as({ actorId: "u" }).accounts.create({ name: "By u" });
      const rows = await unit
        .native()
        .withTables<{ account: { name: string } }>()
        .selectFrom("account")
        .select("name")
        .orderBy("name")
        .execute();
      expect(rows.map(({ name }) => name)).toEqual(["By u", "Kept"]);
      database.exec("commit");
      await unit.committed();
      expect(await crm.accounts.count()).toBe(2);
    });

    it("is followed by events, hooks and deliveries when it is told of the commit, and by none after a rollback", async () => {
      const { database, crm, told } = await open({ how });
      database.exec("begin immediate");
      const undone = crm.using(database);
      await undone.accounts.create({ name: "Undone" });
      database.exec("rollback");
      await undone.rolledBack();

      database.exec("begin immediate");
      const unit = crm.using(database);
      await unit.accounts.create({ name: "Kept" });
      const takenBack = unit.transaction(async (inner) => {
        await inner.accounts.create({ name: "Taken back" });
        throw new Error("no");
      });
      await expect(takenBack).rejects.toThrow("no");
      database.exec("commit");
      expect(told).toEqual([]);
      await unit.committed();
      expect(told).toEqual(["listener Kept", "hook Kept"]);
      await crm.eventDeliveries.drain();
      expect(told.slice(2)).toEqual(["copy Kept"]);
    });

    it("wakes a drain in the background when it is told of the commit", async () => {
      const { database, crm, told } = await open({ how, outbox: { drainEveryMs: 3_600_000 } });
      database.exec("begin immediate");
      const unit = crm.using(database);
      await unit.accounts.create({ name: "Acme" });
      database.exec("commit");
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(told).toEqual([]);
      await unit.committed();
      await expect.poll(() => told).toContain("copy Acme");
    });

    it("keeps its instant unsettled until it is told how the transaction ended", async () => {
      const { database, crm } = await open({ how });
      database.exec("begin immediate");
      const unit = crm.using(database);
      const { createdAt } = await unit.accounts.create({ name: "Acme" });
      expect((await crm.settled()).getTime()).toBeLessThan(createdAt.getTime());
      database.exec("commit");
      await unit.committed();
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect((await crm.settled()).getTime()).toBeGreaterThanOrEqual(createdAt.getTime());
    });

    it("refuses a second unit until the first is told how the transaction ended", async () => {
      const { database, crm } = await open({ how });
      database.exec("begin immediate");
      const unit = crm.using(database);
      expect(() => crm.using(database)).toThrow("another unit uses the handle");
      expect(() => unit.using(database)).toThrow("inside of a unit already");
      database.exec("rollback");
      await unit.rolledBack();
      database.exec("begin immediate");
      await crm.using(database).rolledBack();
      database.exec("rollback");
    });

    it("is closed when it has been told how the transaction ended", async () => {
      const { database, crm } = await open({ how });
      database.exec("begin immediate");
      const unit = crm.using(database);
      database.exec("commit");
      await unit.committed();
      expect((await failure(unit.accounts.count())).code).toBe("unit_closed");
      expect((await failure(unit.committed())).code).toBe("unit_closed");
    });

    it("writes nothing after the transaction has ended, told or not", async () => {
      const { database, crm } = await open({ how });
      database.exec("begin immediate");
      const unit = crm.using(database);
      database.exec("rollback");
      expect((await failure(unit.accounts.create({ name: "Acme" }))).code).toBe("unit_closed");
      await unit.rolledBack();
      expect(await crm.accounts.count()).toBe(0);
    });

    it("says so when committed() is called before the commit, and can be told again", async () => {
      const { database, crm } = await open({ how });
      database.exec("begin immediate");
      const unit = crm.using(database);
      expect((await failure(unit.committed())).code).toBe("unit_open");
      database.exec("commit");
      await unit.committed();
    });

    it("is told of to onError, with the place, when nobody has said how it ended", async () => {
      const { database, crm, errors } = await open({ how });
      database.exec("begin immediate");
      crm.using(database);
      database.exec("commit");
      await crm.close();
      expect(errors).toMatchObject([{ code: "unit_forgotten" }]);
      expect(String(errors[0])).toContain("using.test.ts");
    });

    it("is told of when its handle is gone before anybody has said how it ended", async () => {
      const { database, crm, errors } = await open({ how });
      setFlagsFromString("--expose-gc");
      const collectGarbage = runInNewContext("gc") as () => void;
      database.exec("begin immediate");
      crm.using(database);
      database.exec("commit");
      for (let tries = 0; tries < 50 && errors.length === 0; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        collectGarbage();
      }
      expect(errors).toMatchObject([{ code: "unit_forgotten" }]);
    });

    it.each([
      ["nothing", () => undefined],
      ["something else", () => ({ exec() {} })],
      ["a handle on another database", () => driver.open(":memory:")],
      ["a handle on a temporary database", () => driver.open("")],
      [
        "a closed handle",
        () => {
          const database = driver.open(":memory:");
          database.close();
          return database;
        },
      ],
    ])("refuses %s", async (_, transaction) => {
      const { crm } = await open({ how });
      expect(() => crm.using(transaction())).toThrow(expect.objectContaining({ code: "using_unavailable" }));
    });

    it("refuses a handle of the other driver on the same file, as neither sees the locks of the other", async () => {
      const { crm, filename } = await open({ how });
      const handle = drivers.find((other) => other !== driver)!.open(filename);
      handle.exec("begin");
      expect(() => crm.using(handle)).toThrow("of another driver than the CRM's");
      handle.close();
    });

    it("refuses a handle without a transaction", async () => {
      const { crm, database } = await open({ how });
      expect(() => crm.using(database)).toThrow("none is open on the handle");
    });
  });

  describe("a CRM on the application's own handle", () => {
    it("leaves the handle open when it is closed, and its settings as they were", async () => {
      const { database, crm, invoices } = await open();
      expect(first(database, "pragma journal_mode")).toEqual({ journal_mode: "delete" });
      await crm.close();
      expect(invoices()).toBe(0);
      expect((await failure(crm.accounts.count())).code).toBe("storage_unavailable");
    });

    it("waits while the application has a transaction open, and then goes on", async () => {
      const { database, crm } = await open({ waitTimeoutMs: 2_000 });
      database.exec("begin");
      const writing = crm.accounts.create({ name: "Acme" });
      const reading = crm.accounts.count();
      await new Promise((resolve) => setTimeout(resolve, 50));
      database.exec("rollback");
      await Promise.all([writing, reading]);
      expect(await crm.accounts.count()).toBe(1);
    });

    it("says what to do when the application's transaction does not end in time", async () => {
      const { database, crm } = await open({ waitTimeoutMs: 50 });
      database.exec("begin");
      for (const call of [
        () => crm.accounts.create({ name: "Acme" }),
        () => crm.accounts.count(),
        () => crm.transaction(async (tx) => tx.accounts.create({ name: "Acme" })),
      ]) {
        const error = await failure(call());
        expect([error.code, error.retryable]).toEqual(["storage_busy", true]);
        expect(error.message).toContain("crm.using");
      }
      database.exec("rollback");
      expect(await crm.accounts.count()).toBe(0);
    });

    it("only reads where the application has opened it for reading", async () => {
      const filename = temporaryFile();
      const before = await createCrm({ storage: sqlite({ filename, ...driver.options }) });
      await before.accounts.create({ name: "Acme" });
      await before.close();
      const database = driver.open(filename, { readonly: true });
      const crm = await createCrm({ storage: sqlite({ database }), migrate: "off" });
      expect(await crm.accounts.count()).toBe(1);
      const error = await failure(crm.accounts.create({ name: "Globex" }));
      expect([error.code, error.message.includes("read-only")]).toEqual(["storage_unavailable", true]);
      await crm.close();
      database.close();
    });

    it("refuses to join a transaction of its own", async () => {
      const { database, crm } = await open();
      await crm.transaction(async (tx) => {
        await tx.accounts.create({ name: "Acme" });
        await tx.accounts.create({ name: "Globex" });
        expect(() => crm.using(database)).toThrow(expect.objectContaining({ code: "outer_handle" }));
      });
    });

    it("goes on after a unit was forgotten", async () => {
      const { database, crm } = await open();
      database.exec("begin");
      const forgotten = crm.using(database);
      database.exec("commit");
      await crm.accounts.create({ name: "Acme" });
      database.exec("begin");
      const unit = crm.using(database);
      expect((await failure(forgotten.accounts.create({ name: "Late" }))).code).toBe("unit_closed");
      await forgotten.committed();
      expect(() => crm.using(database)).toThrow("another unit uses the handle");
      await unit.accounts.create({ name: "Globex" });
      database.exec("commit");
      await unit.committed();
      expect(await crm.accounts.count()).toBe(2);
    });

    it("keeps everything in memory where the handle does", async () => {
      const database = driver.open(":memory:");
      const crm = await createCrm({ storage: sqlite({ database }) });
      database.exec("begin");
      const unit = crm.using(database);
      await unit.accounts.create({ name: "Acme" });
      database.exec("commit");
      await unit.committed();
      expect(database.prepare("select name from account").all()).toEqual([{ name: "Acme" }]);
      await crm.close();
      database.close();
    });

    it.each([
      ["what is no handle", () => ({})],
      ["a handle that does not check foreign keys", () => driver.open(":memory:", { references: false })],
      [
        "a closed handle",
        () => {
          const database = driver.open(":memory:");
          database.close();
          return database;
        },
      ],
    ])("refuses %s", async (_, handle) => {
      const error = await failure(createCrm({ storage: sqlite({ database: handle() as Handle }) }));
      expect(error.code).toBe("storage_unavailable");
    });
  });
});
