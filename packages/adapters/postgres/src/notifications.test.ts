import { fork } from "node:child_process";
import { once } from "node:events";
import { createCrm } from "@relata/core";
import type { Storage } from "@relata/core/adapter";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { ownDatabase } from "./fixtures/own-database.ts";
import { teamCopies } from "./fixtures/team-copies.ts";
import { type PostgresOptions, postgres } from "./postgres-adapter.ts";

const database = ownDatabase();

/** So seldom that only a hint can have woken a drain. */
const SELDOM = { drainEveryMs: 3_600_000 };

async function openStorage(place: Partial<PostgresOptions> = {}): Promise<Storage> {
  const source = "pool" in place ? {} : { connectionString: database.url() };
  const adapter = postgres({ ...source, ...place } as PostgresOptions);
  const storage = await adapter.open({ schema: { tables: new Map() }, waitTimeoutMs: 1_000 });
  onTestFinished(() => storage.close());
  return storage;
}

/** How often a storage's listeners are told, from when it listens on. */
async function counted(storage: Storage): Promise<{ hints: number }> {
  const told = { hints: 0 };
  storage.onHint(() => told.hints++);
  // Listening begins with a hint: what came before it was not heard.
  await until(() => told.hints === 1);
  told.hints = 0;
  return told;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; await pause(5)) if (await holds()) return;
  expect(await holds()).toBe(true);
}

async function administer(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.url());
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

const LISTENING = "select pid from pg_stat_activity where datname = current_database() and query like 'listen %'";
const listeners = async () => (await administer(LISTENING)).length;

it("has an event that one CRM has written delivered by another long before that one looks by itself", async () => {
  const open = async (got: string[], outbox = {}) => {
    const storage = postgres({ connectionString: database.url(), schema: "told" });
    const crm = await createCrm({ storage, outbox, subscribers: teamCopies(got) });
    onTestFinished(() => crm.close());
    return crm;
  };
  const got: string[] = [];
  await open(got, SELDOM);
  const writing = await open([]);
  await until(async () => (await listeners()) === 1);
  await writing.as({ tenantId: "other" }).teams.create({ id: "t1", name: "A" });
  await until(() => got.length === 1);
  await writing.transaction((tx) => tx.teams.create({ id: "t2", name: "B" }));
  await until(() => got.length === 2);
  expect(got).toEqual(["t1", "t2"]);
});

it("tells the listeners of this process at once and once, and those of others", async () => {
  const [one, two] = [await openStorage(), await openStorage()];
  const [toldOne, toldTwo] = [await counted(one), await counted(two)];
  one.hint();
  await Promise.resolve();
  await Promise.resolve();
  expect(toldOne.hints).toBe(1);
  await until(() => toldTwo.hints === 1);
  await pause(50);
  expect([toldOne.hints, toldTwo.hints]).toEqual([1, 1]);
});

it("sends many hints as few", async () => {
  const [one, two] = [await openStorage(), await openStorage()];
  const told = await counted(two);
  for (let i = 0; i < 100; i++) one.hint();
  await until(() => told.hints === 2);
  await pause(50);
  expect(told.hints).toBe(2);
});

it("keeps schemas and prefixes apart", async () => {
  const told = await Promise.all(
    [{ schema: "a" }, { schema: "a", prefix: "x_" }].map(async (place) => counted(await openStorage(place))),
  );
  (await openStorage({ schema: "a", prefix: "x_" })).hint();
  await until(() => told[1]!.hints === 1);
  expect(told[0]!.hints).toBe(0);
});

it("listens again after its session was ended, and tells that there may be something to do", async () => {
  const [one, two] = [await openStorage(), await openStorage()];
  const told = await counted(two);
  await administer(LISTENING.replace("pid", "pg_terminate_backend(pid)"));
  await until(() => told.hints === 1);
  one.hint();
  await until(() => told.hints === 2);
});

it("listens with a pool of the application's, on a connection that is none of the pool's", async () => {
  const pool = new pg.Pool({ connectionString: database.url(), max: 1 });
  pool.on("error", () => {});
  onTestFinished(() => pool.end());
  const told = await counted(await openStorage({ pool, connectionString: undefined } as never));
  const client = await pool.connect();
  (await openStorage()).hint();
  await until(() => told.hints === 1);
  client.release();
});

it("is not sent while no connection is free, and then is again", async () => {
  const pool = new pg.Pool({ connectionString: database.url(), max: 1 });
  onTestFinished(() => pool.end());
  const one = await openStorage({ pool } as never);
  const told = await counted(await openStorage());
  const unit = await one.begin();
  one.hint();
  await pause(1_200);
  expect(told.hints).toBe(0);
  await unit.rollback();
  one.hint();
  await until(() => told.hints === 1);
});

it("ends with the storage: nothing listens any more, and a late hint is nothing", async () => {
  const storage = await openStorage();
  const told = await counted(storage);
  expect(await listeners()).toBe(1);
  await storage.close();
  await until(async () => (await listeners()) === 0);
  storage.hint();
  await pause(20);
  expect(told.hints).toBe(1);
  storage.onHint(() => {});
  await pause(50);
  expect(await listeners()).toBe(0);
});

it.each(["open", "closed"])(
  "keeps no process alive whose CRM is %s",
  async (end) => {
    const child = fork(new URL("./fixtures/ending-process.ts", import.meta.url), [database.url(), end], {
      execArgv: ["--conditions=@relata/source"],
    });
    const said: unknown[] = [];
    child.on("message", (word) => said.push(word));
    const [code] = await once(child, "close");
    expect([code, said]).toEqual([0, [end]]);
  },
  30_000,
);
