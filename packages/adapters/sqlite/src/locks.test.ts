import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { drivers } from "./fixtures/drivers.ts";
import { failure, ids, openSales, temporaryFile } from "./fixtures/open-sales.ts";
import { insert } from "./fixtures/rows.ts";

const deal = (id: string) => insert("deals", [{ id, title: "a" }]);

/** Another process that holds the lock for writing until it is told to let go. */
async function lockedByAnotherProcess(filename: string): Promise<() => Promise<void>> {
  const script = `
    const { DatabaseSync } = require("node:sqlite");
    const database = new DatabaseSync(process.argv[1]);
    database.exec("begin immediate");
    process.stdout.write("locked");
    process.stdin.once("data", () => { database.exec("commit"); process.exit(0); });`;
  const child = spawn(process.execPath, ["-e", script, filename], { stdio: ["pipe", "pipe", "ignore"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return async () => {
    child.stdin.write("go");
    await once(child, "exit");
  };
}

describe.each(drivers)("$name", ({ options, open }) => {
  describe("the lock of another process", () => {
    it("is waited for, and the event loop goes on meanwhile", async () => {
      const filename = temporaryFile();
      const storage = await openSales(filename, 10_000, options);
      const letGo = await lockedByAnotherProcess(filename);
      const writing = storage.write("t", [deal("d1")]);
      // A wait that kept the event loop from its work would come to its end before a hundred turns.
      for (let turn = 0; turn < 100; turn++) await sleep(1);
      await letGo();
      await writing;
      expect(await ids(storage, "deals")).toEqual(["d1"]);
    });

    it("makes every kind of write fail after the time limit, as one that may be tried again", async () => {
      const filename = temporaryFile();
      const storage = await openSales(filename, 200, options);
      const letGo = await lockedByAnotherProcess(filename);
      const calls = [
        () => storage.write("t", [deal("d1")]),
        () => storage.write("t", [deal("d1"), deal("d2")]),
        () => storage.begin(),
        () => storage.migrator.migrate(() => []),
      ];
      for (const call of calls) {
        const error = await failure(call());
        expect([error.code, error.retryable]).toEqual(["storage_busy", true]);
        expect(error.message).toContain(filename);
      }
      await letGo();
      await storage.write("t", [deal("d1")]);
      expect(await ids(storage, "deals")).toEqual(["d1"]);
    });

    it("does not keep reads waiting", async () => {
      const filename = temporaryFile();
      const storage = await openSales(filename, undefined, options);
      await storage.write("t", [deal("d1")]);
      const letGo = await lockedByAnotherProcess(filename);
      expect(await ids(storage, "deals")).toEqual(["d1"]);
      await letGo();
    });
  });

  describe("two storages on one file in one process", () => {
    it("take turns, and see what the other has committed", async () => {
      const filename = temporaryFile();
      const [one, two] = [await openSales(filename, undefined, options), await openSales(filename, undefined, options)];
      const unit = await one.begin();
      await unit.write("t", [deal("d1")]);
      const writing = two.write("t", [deal("d2")]);
      expect(await ids(two, "deals")).toEqual([]);
      await unit.commit();
      await writing;
      expect([await ids(one, "deals"), await ids(two, "deals")]).toEqual([
        ["d1", "d2"],
        ["d1", "d2"],
      ]);
    });

    it("lose no update in 200 concurrent increments", async () => {
      const filename = temporaryFile();
      const storages = [await openSales(filename, 20_000, options), await openSales(filename, 20_000, options)];
      await storages[0]?.write("t", [insert("deals", [{ id: "d1", title: "a", amount: 0n }])]);
      const query = {
        table: "deals",
        columns: ["version", "amount"],
        where: { kind: "compare", column: "id", operator: "eq", value: 0 },
        orderBy: [],
        include: [],
      } as const;
      const increment = async (storage: (typeof storages)[number]) => {
        const unit = await storage.begin();
        const [[version, amount] = []] = await unit.find(query, { tenantId: "t", params: ["d1"] });
        const values = [(amount as bigint) + 1n, (version as number) + 1];
        const rows = [{ id: "d1", version: version as number, values }];
        await unit.write("t", [{ kind: "update", table: "deals", columns: ["amount", "version"], rows }]);
        await unit.commit();
      };
      await Promise.all(Array.from({ length: 100 }, () => storages.map(increment)).flat());
      expect(await storages[0]?.find(query, { tenantId: "t", params: ["d1"] })).toEqual([[201, 200n]]);
    });
  });

  describe("a file's reader", () => {
    it("sees the rows and the included rows of one moment", async () => {
      const filename = temporaryFile();
      const storage = await openSales(filename, undefined, options);
      await storage.write("t", [
        insert("accounts", [{ id: "a1", name: "Acme" }]),
        insert("deals", [{ id: "d1", title: "x", account_id: "a1" }]),
      ]);
      const other = open(filename);
      onTestFinished(() => void other.close());
      other.exec("begin immediate");
      const query = {
        table: "accounts",
        columns: ["id"],
        where: { kind: "and", of: [] },
        orderBy: [{ column: "id", direction: "asc" }],
        include: [
          {
            cardinality: "many",
            local: "id",
            foreign: "account_id",
            query: {
              table: "deals",
              columns: ["account_id", "id"],
              where: { kind: "and", of: [] },
              orderBy: [{ column: "id", direction: "asc" }],
              include: [],
            },
          },
        ],
      } as const;
      expect(await storage.find(query, { tenantId: "t", params: [] })).toEqual([["a1", [["a1", "d1"]]]]);
      other.exec("delete from deals; commit");
      expect(await storage.find(query, { tenantId: "t", params: [] })).toEqual([["a1", []]]);
    });
  });
});
