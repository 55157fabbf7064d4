import { createCrm } from "@relata/core";
import type { Storage } from "@relata/core/adapter";
import pg from "pg";
import { expect, inject, it, onTestFinished } from "vitest";
import { ownDatabase } from "./fixtures/own-database.ts";
import { postgres } from "./postgres-adapter.ts";

const database = ownDatabase();

/** What core may have waited, and a second. */
const WAIT_MS = 1_000;
const MARGIN_MS = WAIT_MS + 1_000;

async function openStorage(role?: string): Promise<Storage> {
  const adapter = postgres({ connectionString: database.url(role) });
  const storage = await adapter.open({ schema: { tables: new Map() }, waitTimeoutMs: WAIT_MS });
  onTestFinished(() => storage.close());
  return storage;
}

/** A session of another process, of the tests' superuser. */
async function session(connectionString = database.url()): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

async function openCrm() {
  const crm = await createCrm({
    storage: postgres({ connectionString: database.url() }),
    waitTimeoutMs: WAIT_MS,
  });
  onTestFinished(() => crm.close());
  return crm;
}

async function serverTime(client: pg.Client, expression = "clock_timestamp()"): Promise<number> {
  const { rows } = await client.query(`select floor(extract(epoch from ${expression}) * 1000)::float8 as ms`);
  return rows[0].ms;
}

it("stays before a unit that another CRM has open, and moves on after it", async () => {
  const [writing, reading] = [await openCrm(), await openCrm()];
  const written = await writing.transaction(async (tx) => {
    const { createdAt } = await tx.teams.create({ id: "t1", name: "A" });
    await new Promise((resolve) => setTimeout(resolve, MARGIN_MS + 200));
    expect((await reading.settled()).getTime()).toBeLessThan(createdAt.getTime());
    expect(await reading.asOf(new Date(createdAt)).teams.list()).toMatchObject({ items: [], unsettled: true });
    return createdAt;
  });
  const settled = await reading.settled();
  expect(settled.getTime()).toBeGreaterThanOrEqual(written.getTime());
  const page = await reading.asOf(written).teams.list();
  expect(page.items).toMatchObject([{ id: "t1" }]);
  expect("unsettled" in page).toBe(false);
});

it("is earlier than now by what core may have waited, and a second", async () => {
  const storage = await openStorage();
  const client = await session();
  const before = await serverTime(client);
  const settled = (await storage.settledAt())!;
  const after = await serverTime(client);
  expect(settled).toBeGreaterThanOrEqual(before - MARGIN_MS);
  expect(settled).toBeLessThanOrEqual(after - MARGIN_MS);
});

it("is earlier by as much than the begin of the oldest transaction of any session on the database, and of no other database", async () => {
  const storage = await openStorage();
  const [older, newer] = [await session(), await session()];
  await older.query("begin");
  const begun = await serverTime(older, "now()");
  await newer.query("begin");
  expect(await storage.settledAt()).toBe(begun - MARGIN_MS);
  await older.query("rollback");
  const elsewhere = await session(inject("databaseUrl"));
  await elsewhere.query("begin");
  await newer.query("rollback");
  await newer.query("begin");
  const last = await serverTime(newer, "now()");
  expect(await storage.settledAt()).toBe(last - MARGIN_MS);
});

it("stays where it was while a transaction has written whose begin the role may not see", async () => {
  const client = await session();
  const role = `settled_${process.pid}`;
  await client.query(`create role ${role} login`);
  onTestFinished(async () => void (await client.query(`drop role ${role}`)));
  const storage = await openStorage(role);
  const writer = await session();
  await writer.query("begin");
  const before = (await storage.settledAt())!;
  expect(before).toBeGreaterThan(0);
  await writer.query("select pg_current_xact_id()");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await storage.settledAt()).toBe(before);
  const late = await openStorage(role);
  expect(await late.settledAt()).toBe(0);
  await client.query(`grant pg_read_all_stats to ${role}`);
  const begun = await serverTime(writer, "now()");
  expect(await late.settledAt()).toBe(begun - MARGIN_MS);
  await writer.query("rollback");
  expect(await late.settledAt()).toBeGreaterThan(begun - MARGIN_MS);
});

it("stays where it was while a session that is not tracked holds a lock on a table of the schema", async () => {
  await openCrm();
  const storage = await openStorage();
  const hidden = await session();
  await hidden.query("set track_activities = off");
  const before = (await storage.settledAt())!;
  await hidden.query("begin");
  await hidden.query("select 1 from crm.team");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await storage.settledAt()).toBe(before);
  await hidden.query("rollback");
  expect(await storage.settledAt()).toBeGreaterThan(before);
});
