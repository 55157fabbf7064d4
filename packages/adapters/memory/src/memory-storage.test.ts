import { CrmError, type Storage, type StorageSchema } from "@relata/core/adapter";
import { beforeEach, expect, it } from "vitest";
import { accounts, bind, firsts, query } from "./deals-fixture.ts";
import { memory } from "./memory-adapter.ts";

const schema: StorageSchema = { tables: new Map([["accounts", accounts]]) };

async function openAccounts(waitTimeoutMs = 1_000): Promise<Storage> {
  const storage = await memory().open({ schema, waitTimeoutMs });
  await storage.migrator.migrate(() => [{ kind: "create_table", table: accounts }]);
  return storage;
}

const account = (id: string) =>
  [{ kind: "insert", table: "accounts", columns: ["id", "version", "name"], rows: [[id, 1, id]] }] as const;
const ids = async (session: Pick<Storage, "find">) => firsts(await session.find(query(accounts), bind()));

let storage: Storage;
beforeEach(async () => {
  storage = await openAccounts();
});

it("makes a new and empty database each time it is opened", async () => {
  const adapter = memory();
  const one = await adapter.open({ schema, waitTimeoutMs: 1_000 });
  const other = await adapter.open({ schema, waitTimeoutMs: 1_000 });
  await one.migrator.migrate(() => [{ kind: "create_table", table: accounts }]);
  await one.write("t1", account("a"));

  await expect(ids(other)).rejects.toMatchObject({ code: "schema_mismatch" });
});

it("keeps its rows when what a read gave is changed", async () => {
  await storage.write("t1", account("a"));
  const rows = (await storage.find(query(accounts), bind())) as string[][];
  (rows[0] as string[])[0] = "changed";

  expect(await ids(storage)).toEqual(["a"]);
});

it("undoes to a savepoint, and keeps what came before it and after", async () => {
  const transaction = await storage.begin();
  await transaction.write("t1", account("a"));
  const outer = await transaction.savepoint();
  await transaction.write("t1", account("b"));
  const inner = await transaction.savepoint();
  await transaction.write("t1", account("c"));
  await inner.release();
  expect(await ids(transaction)).toEqual(["a", "b", "c"]);
  await outer.rollback();
  await transaction.write("t1", account("d"));
  await transaction.commit();

  expect(await ids(storage)).toEqual(["a", "d"]);
});

it("undoes a write that fails inside of a transaction, and no more", async () => {
  const transaction = await storage.begin();
  await transaction.write("t1", account("a"));
  await expect(transaction.write("t1", [...account("b"), ...account("a")])).rejects.toMatchObject({
    code: "not_unique",
  });
  await transaction.commit();

  expect(await ids(storage)).toEqual(["a"]);
});

it("lets reads and writes outside wait until the transaction ends", async () => {
  const transaction = await storage.begin();
  await transaction.write("t1", account("a"));
  const reading = ids(storage);
  const writing = storage.write("t1", account("b"));
  await transaction.rollback();

  expect(await reading).toEqual([]);
  await writing;
  expect(await ids(storage)).toEqual(["b"]);
});

it("gives up waiting after the time given", async () => {
  const impatient = await openAccounts(5);
  const transaction = await impatient.begin();

  await expect(impatient.find(query(accounts), bind())).rejects.toMatchObject({ code: "unit_wait_timeout" });
  await transaction.rollback();
  await impatient.close();
});

it("refuses a transaction that has ended, but its rollback", async () => {
  const transaction = await storage.begin();
  await transaction.commit();

  await transaction.rollback();
  await expect(transaction.write("t1", account("a"))).rejects.toMatchObject({ code: "unit_closed" });
  expect(await ids(storage)).toEqual([]);
});

it("closes once what is under way has ended, and refuses every call from then on", async () => {
  const transaction = await storage.begin();
  const reading = ids(storage);
  const closing = storage.close();
  await expect(storage.begin()).rejects.toMatchObject({ code: "storage_unavailable" });
  await transaction.write("t1", account("a"));
  await transaction.commit();
  await closing;
  await storage.close();

  expect(await reading).toEqual(["a"]);
  await expect(ids(storage)).rejects.toSatisfy((error) => CrmError.is(error, "storage_unavailable"));
});
