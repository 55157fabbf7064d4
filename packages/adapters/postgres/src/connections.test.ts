import { randomUUID } from "node:crypto";
import { count, createCrm, sum } from "@relata/core";
import { type PostgresServer, startServer } from "@relata/postgres-server";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { failure, query } from "./fixtures/schema.ts";
import { type PostgresOptions, postgres } from "./postgres-adapter.ts";

let server: PostgresServer;
let place: { readonly connectionString: string; readonly schema: string };

beforeAll(async () => {
  server = await startServer({ settings: { synchronous_commit: "on" } });
  place = { connectionString: server.url, schema: "crm" };
  await (await createCrm({ storage: postgres(place) })).close();
}, 60_000);
afterAll(() => server.stop());

/** The application's pool, with no listener of the application's for what is lost. */
function barePool(options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString: place.connectionString, ...options });
  onTestFinished(() => pool.end());
  return pool;
}

async function open(options: PostgresOptions, waitTimeoutMs = 2_000) {
  const crm = await createCrm({ storage: postgres(options), waitTimeoutMs, migrate: "off" });
  onTestFinished(async () => {
    // A connection that a test has ended may tell of it after the CRM has stopped listening.
    if ("pool" in options) options.pool.on?.("error", () => undefined);
    await crm.close();
  });
  return crm;
}

type OpenCrm = Awaited<ReturnType<typeof open>>;

/** A unit that holds its connection until it is told to end. */
async function holdUnit(crm: OpenCrm) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let tellBegun = (_: number) => {};
  const begun = new Promise<number>((resolve) => {
    tellBegun = resolve;
  });
  const unit = crm.transaction(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx.native());
    tellBegun(rows[0]!.pid);
    await ended;
    await tx.accounts.create({ name: "Held" });
  });
  unit.catch(() => undefined);
  return { unit, end, pid: await begun };
}

/** Ends sessions, and returns when they are gone. */
async function terminateAll(which: string): Promise<void> {
  const found = await query<{ pid: number }>(place, `select pid from pg_stat_activity where ${which}`);
  const pids = found.map(({ pid }) => pid).join(", ");
  if (found.length === 0) return;
  await query(place, `select pg_terminate_backend(pid) from pg_stat_activity where pid in (${pids})`);
  await expect.poll(() => query(place, `select 1 from pg_stat_activity where pid in (${pids})`)).toEqual([]);
}

const terminate = (pid: number) => terminateAll(`pid = ${pid}`);

/** Another session's lock on a row, until it is given back. */
async function lockRow(table: string, id: string): Promise<() => Promise<unknown>> {
  const client = new pg.Client({ connectionString: place.connectionString });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("begin");
  await client.query(`select 1 from crm.${table} where id = $1 for update`, [id]);
  return () => client.query("rollback");
}

const SOURCES: Readonly<Record<string, (max: number) => PostgresOptions>> = {
  "a pool of its own": (maxConnections) => ({ ...place, maxConnections }),
  "the application's pool": (max) => ({ pool: barePool({ max }), schema: place.schema }),
};

describe.each(Object.entries(SOURCES))("%s", (_, source) => {
  it.each([1, 2])("of %i that is exhausted is a clear error in time, and leaks nothing", async (max) => {
    const crm = await open(source(max), 500);
    const held = await Promise.all(Array.from({ length: max }, () => holdUnit(crm)));
    const start = performance.now();
    const error = await failure(crm.accounts.count());
    const waited = performance.now() - start;
    expect([error.code, error.retryable]).toEqual(["unit_wait_timeout", true]);
    expect(error.details).toMatchObject({ waitedMs: 500, inUse: max, waiting: 1 });
    expect(error.message).toContain("make the pool larger");
    expect(waited).toBeGreaterThan(480);
    expect(waited).toBeLessThan(10_000);
    expect((await failure(crm.accounts.create({ name: "Late" }))).code).toBe("unit_wait_timeout");
    expect((await failure(crm.transaction(async (tx) => tx.accounts.count()))).code).toBe("unit_wait_timeout");
    for (const { end } of held) end();
    await Promise.all(held.map(({ unit }) => unit));
    const names = Array.from({ length: 3 * max }, (_, n) => `After ${n}`);
    await Promise.all(names.map((name) => crm.accounts.create({ name })));
    const again = await Promise.all(Array.from({ length: max }, () => holdUnit(crm)));
    for (const { end } of again) end();
    await Promise.all(again.map(({ unit }) => unit));
    expect(await crm.accounts.count({ where: { name: "Late" } })).toBe(0);
  });

  it("that is exhausted says so also where the pool gives up first", async () => {
    const limited = source(1);
    const options =
      "pool" in limited
        ? { pool: barePool({ max: 1, connectionTimeoutMillis: 1_000 }), schema: place.schema }
        : { ...limited, connectTimeoutMs: 1_000 };
    const crm = await open(options, 20_000);
    const { unit, end } = await holdUnit(crm);
    const error = await failure(crm.accounts.count());
    expect(error).toMatchObject({ code: "unit_wait_timeout", retryable: true, details: { waitedMs: 1_000, inUse: 1 } });
    end();
    await unit;
  });

  it("is usable after a connection was ended while a unit did nothing", async () => {
    const crm = await open(source(1));
    const { unit, end, pid } = await holdUnit(crm);
    await terminate(pid);
    end();
    const error = await failure(unit);
    expect([error.code, error.retryable]).toEqual(["storage_unavailable", true]);
    expect(error.message).toContain("terminating connection due to administrator command");
    expect(await crm.accounts.count({ where: { name: "Held" } })).toBeGreaterThanOrEqual(0);
  });

  it("is usable after a connection was ended during a statement of a unit", async () => {
    const crm = await open(source(1));
    const unit = crm.transaction(async (tx) => {
      await tx.accounts.create({ name: "Cut" });
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx.native());
      setTimeout(() => void terminate(rows[0]!.pid), 30);
      await sql`select pg_sleep(30)`.execute(tx.native());
    });
    const error = await failure(unit);
    expect([error.code, error.retryable]).toEqual(["storage_unavailable", true]);
    expect(await crm.accounts.count({ where: { name: "Cut" } })).toBe(0);
  });

  it("is usable after a connection was ended before a commit, and nothing was written", async () => {
    const crm = await open(source(1));
    const unit = crm.transaction(async (tx) => {
      await tx.accounts.create({ name: "Uncommitted" });
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx.native());
      await terminate(rows[0]!.pid);
    });
    const error = await failure(unit);
    expect([error.code, error.retryable]).toEqual(["storage_unavailable", true]);
    expect(await crm.accounts.count({ where: { name: "Uncommitted" } })).toBe(0);
  });

  it("is usable after its idle connections were ended", async () => {
    const crm = await open(source(3));
    for (let n = 0; n < 5; n++) {
      await Promise.all(Array.from({ length: 3 }, () => crm.accounts.count()));
      await terminateAll("pid <> pg_backend_pid() and state = 'idle'");
    }
    expect(await crm.accounts.count({ where: { name: "None" } })).toBe(0);
  });

  it("does each unit with a key once, while connections are ended at random", { timeout: 60_000 }, async () => {
    const crm = await open(source(6), 10_000);
    const run = randomUUID();
    let working = true;
    let ended = 0;
    const end = async () => {
      for (; working; await new Promise((resolve) => setTimeout(resolve, 15))) {
        const victims = await query(
          place,
          `select pg_terminate_backend(pid) from pg_stat_activity
          where pid <> pg_backend_pid() and backend_type = 'client backend' order by random() limit 1`,
        );
        ended += victims.length;
      }
    };
    const ending = end();
    const write = async (writer: number) => {
      for (let n = 0; n < 15; n++) {
        await crm.transaction(
          async (tx) => {
            await tx.accounts.create({ name: run });
            await tx.contacts.create({ familyName: run });
          },
          { retries: 100, idempotencyKey: `${run} ${writer} ${n}` },
        );
      }
    };
    await Promise.all(Array.from({ length: 6 }, (_, writer) => write(writer)));
    working = false;
    await ending;
    expect(ended).toBeGreaterThan(5);
    expect(await crm.accounts.count({ where: { name: run } })).toBe(90);
    expect(await crm.contacts.count({ where: { familyName: run } })).toBe(90);
    const inTransaction = await query(place, "select 1 from pg_stat_activity where state like 'idle in transaction%'");
    expect(inTransaction).toEqual([]);
  });

  it.each(["shutDown", "crash"] as const)("is usable after the server's %s and restart", async (stop) => {
    const crm = await open(source(3));
    await Promise.all(Array.from({ length: 3 }, () => crm.accounts.count()));
    const kept = await crm.accounts.create({ name: "Kept" });
    await server[stop]();
    const read = await failure(crm.accounts.count());
    expect([read.code, read.retryable]).toEqual(["storage_unavailable", true]);
    const write = await failure(crm.accounts.create({ name: "Down" }));
    expect([write.code, write.retryable]).toEqual(["storage_unavailable", true]);
    expect(write.message).toContain("Start the server");
    await server.restart();
    expect((await crm.accounts.get(kept.id)).name).toBe("Kept");
    expect(await crm.accounts.count({ where: { name: "Down" } })).toBe(0);
    await crm.accounts.create({ name: "Up" });
  });

  it("takes the limits of each unit", async () => {
    const crm = await open(source(3));
    const slow = crm.transaction(async (tx) => sql`select pg_sleep(30)`.execute(tx.native()), {
      statementTimeoutMs: 50,
    });
    expect(await failure(slow)).toMatchObject({ code: "statement_timeout", retryable: false });

    const account = await crm.accounts.create({ name: "Locked" });
    const unlock = await lockRow("account", account.id);
    const waiting = crm.transaction(async (tx) => tx.accounts.update(account.id, { name: "Second" }), {
      lockTimeoutMs: 50,
    });
    expect(await failure(waiting)).toMatchObject({ code: "lock_timeout", retryable: true });
    await unlock();
    expect((await crm.accounts.get(account.id)).name).toBe("Locked");

    const idle = crm.transaction(
      async (tx) => {
        await tx.accounts.create({ name: "Idle" });
        await new Promise((resolve) => setTimeout(resolve, 300));
        await tx.accounts.count();
      },
      { idleTimeoutMs: 50 },
    );
    const error = await failure(idle);
    expect([error.code, error.retryable]).toEqual(["storage_unavailable", true]);
    expect(error.message).toContain("idle-in-transaction timeout");
    expect(await crm.accounts.count({ where: { name: "Idle" } })).toBe(0);
  });
});

describe("the application's pool", () => {
  it("has as many listeners after many units as before, and after the CRM is closed as before it was opened", async () => {
    const pool = barePool({ max: 1 });
    const countListeners = async () => {
      const client = await pool.connect();
      const { connection } = client as unknown as { readonly connection: NodeJS.EventEmitter };
      const counted = [client.listenerCount("error"), connection.listenerCount("readyForQuery")];
      client.release();
      return counted;
    };
    const countPools = () => ["error", "connect", "acquire"].map((name) => pool.listenerCount(name as "error"));
    const pools = countPools();
    const crm = await createCrm({ storage: postgres({ pool, schema: place.schema }), migrate: "off" });
    const before = await countListeners();
    for (let n = 0; n < 30; n++) {
      await crm.transaction(async (tx) => {
        await tx.accounts.create({ name: "Many" });
        await tx.accounts.count();
      });
      await crm.accounts.count();
    }
    expect(await countListeners()).toEqual(before);
    await crm.close();
    expect(countPools()).toEqual(pools);
    expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);
  });

  it("keeps its parsers, which change none of the CRM's answers, and the driver's own are as they were", async () => {
    const oids = [16, 20, 23, 25, 114, 1082, 1184, 1700, 2950, 3802] as const;
    const parsersOf = () => oids.map((oid) => pg.types.getTypeParser(oid));
    const before = parsersOf();
    const types = { getTypeParser: (oid: number) => (text: string) => ({ [oid]: text }) } as never;
    const pool = barePool({ types });
    const strange = await open({ pool, schema: place.schema });
    const plain = await open(place);
    const account = await strange.accounts.create({ name: "Parsed" });
    await strange.opportunities.createMany(
      ["90071992547409.93", "0.07", "12500.00"].map((amount) => ({
        name: "Parsed",
        accountId: account.id,
        amount: { amount, currency: "EUR" },
        expectedCloseDate: "2026-12-15",
      })),
    );
    const answers = async (crm: OpenCrm) => [
      await crm.opportunities.list({ where: { name: "Parsed" }, include: { account: true } }),
      await crm.opportunities.aggregate({
        where: { name: "Parsed" },
        groupBy: { month: { expectedCloseDate: "month" } },
        measures: { deals: count(), value: sum("amount") },
      }),
      await crm.opportunities.history((await crm.opportunities.find({ where: { name: "Parsed" } }))!.id),
    ];
    expect(await answers(strange)).toEqual(await answers(plain));
    expect((await pool.query("select 1::int8 as one")).rows).toEqual([{ one: { "20": "1" } }]);
    expect(parsersOf()).toEqual(before);
  });

  it("with a limit of its own for answers leaves no write in doubt unsaid, nor runs it twice", async () => {
    const crm = await open({ pool: barePool({ query_timeout: 500 }), schema: place.schema });
    const tag = await crm.tags.create({ name: "Waited for" });
    const unlock = await lockRow("tag", tag.id);
    const error = await failure(crm.tags.update(tag.id, { name: "Late" }));
    await unlock();
    expect(["outcome_unknown", "storage_unavailable"]).toContain(error.code);
    expect((await crm.tags.get(tag.id)).version).toBeLessThanOrEqual(2);
  });
});

it("closes while a unit is open: after its end, once, and refuses later calls", async () => {
  const crm = await createCrm({ storage: postgres({ ...place, maxConnections: 2 }), migrate: "off" });
  const { unit, end } = await holdUnit(crm);
  const closing = [crm.close(), crm.close()];
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await failure(crm.accounts.count())).code).toBe("storage_unavailable");
  end();
  await unit;
  await Promise.all(closing);
  const sessions = () => query(place, "select 1 from pg_stat_activity where application_name = 'relata'");
  await expect.poll(sessions).toEqual([]);
});
