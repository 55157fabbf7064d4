/** What a pooler in transaction mode does not carry, and what goes on without it. */
import { type CrmError, createCrm } from "@relata/core";
import { findPooler, freshSchemas, type Pooler, startPooler } from "@relata/postgres-server";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { teamCopies } from "./fixtures/team-copies.ts";
import { type PostgresOptions, postgres } from "./postgres-adapter.ts";

let pooler: Pooler | undefined;

const behind = freshSchemas(({ schema }) => postgres({ connectionString: pooler!.url, schema, pooler: "transaction" }));
const throughUrl = freshSchemas(({ schema }) => postgres({ connectionString: pooler!.url, schema }));
const throughPool = freshSchemas(({ schema }) => {
  const pool = new pg.Pool({ connectionString: pooler!.url, max: 1 });
  onTestFinished(() => pool.end());
  return postgres({ pool, schema });
});

it.each(["session", true, ""])("is not the option pooler: %j", async (given) => {
  const adapter = postgres({ connectionString: inject("databaseUrl"), pooler: given } as unknown as PostgresOptions);
  const opened = adapter.open({ schema: { tables: new Map() }, waitTimeoutMs: 1_000 });
  await expect(opened).rejects.toMatchObject({
    code: "storage_unavailable",
    message: '`pooler` must be "transaction", or be left out.',
  });
});

describe.runIf(findPooler() !== undefined)("behind a pooler", () => {
  beforeAll(async () => {
    pooler = await startPooler({ url: inject("databaseUrl") });
  });
  afterAll(() => pooler?.stop());

  const adapter = (factory = behind) => factory((cleanUp) => onTestFinished(async () => void (await cleanUp())));
  const closed = <C extends { close(): Promise<void> }>(crm: C): C => {
    onTestFinished(() => crm.close());
    return crm;
  };
  const open = async (waitTimeoutMs?: number) =>
    closed(await createCrm({ storage: adapter(), ...(waitTimeoutMs === undefined ? {} : { waitTimeoutMs }) }));

  /** What becomes of a few calls of a CRM whose adapter does not know of the pooler. */
  async function failureOf(factory: typeof throughUrl): Promise<CrmError> {
    try {
      const crm = closed(await createCrm({ storage: adapter(factory) }));
      const { id } = await crm.accounts.create({ name: "Acme" });
      for (let i = 0; i < 8; i++) await crm.accounts.get(id);
    } catch (error) {
      return error as CrmError;
    }
    throw new Error("It has worked.");
  }

  it("named statements fail where the option is left out, and the error names the option", async () => {
    const error = await failureOf(throughPool);
    expect(error).toMatchObject({ code: "storage_unavailable", details: { sqlState: "26000" } });
    expect(error.message).toContain(
      'Give postgres() the option pooler: "transaction", and a pool of your own no settings.',
    );
  });

  it("the settings of a connection are refused where the option is left out, and the error names the option", async () => {
    const error = await failureOf(throughUrl);
    expect(error.code).toBe("storage_unavailable");
    expect(error.message).toContain("unsupported startup parameter: lock_timeout");
    expect(error.message).toContain(
      'Give postgres() the option pooler: "transaction", and a pool of your own no settings.',
    );
  });

  it("the limits hold in units and in single calls, and are not left on the session for others", async () => {
    const crm = await open();
    const limits = sql<{ lock: string; idle: string }>`
      select current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle`;
    await crm.transaction(async (tx) => {
      expect((await limits.execute(tx.native())).rows).toEqual([{ lock: "5s", idle: "1min" }]);
    });
    expect((await limits.execute(crm.native())).rows).toEqual([{ lock: "5s", idle: "1min" }]);
    const direct = new pg.Client(pooler!.url);
    await direct.connect();
    onTestFinished(() => direct.end());
    for (let i = 0; i < 5; i++) {
      const { rows } = await direct.query("select current_setting('lock_timeout') as lock");
      expect(rows).toEqual([{ lock: "0" }]);
    }
  });

  it("a unit or a call for which the pooler has no session fails in time, and leaves nothing", async () => {
    const storage = adapter();
    const crm = closed(await createCrm({ storage, waitTimeoutMs: 1_000 }));
    const patient = closed(await createCrm({ storage }));
    const holding = Array.from({ length: 4 }, () => new pg.Client(pooler!.url));
    for (const client of holding) {
      await client.connect();
      await client.query("begin");
    }
    const refused = { code: "unit_wait_timeout", retryable: true, details: { waitedMs: 1_000 } };
    await expect(crm.accounts.create({ name: "Single" })).rejects.toMatchObject(refused);
    await expect(crm.accounts.list()).rejects.toMatchObject(refused);
    await expect(crm.transaction((tx) => tx.accounts.create({ name: "Unit" }))).rejects.toMatchObject(refused);
    for (const client of holding) await client.end();
    const { id } = await patient.accounts.create({ name: "Later" });
    expect((await patient.accounts.list()).items.map((account) => account.id)).toEqual([id]);
  });

  it("many units and writes at once happen whole, more of them than the pooler has sessions", async () => {
    const crm = await open();
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    await Promise.all(
      numbers.flatMap((n) => [
        crm.accounts.create({ name: `Single ${n}` }),
        crm.transaction(async (tx) => {
          const { id } = await tx.accounts.create({ name: `Pair ${n}` });
          await tx.contacts.create({ familyName: "A", accountId: id });
        }),
      ]),
    );
    expect(await crm.accounts.count()).toBe(40);
    expect(await crm.contacts.count()).toBe(20);
    const { items } = await crm.accounts.list({ limit: 100, include: { contacts: true } });
    expect(items.filter(({ contacts }) => contacts.length === 1)).toHaveLength(20);
  });

  it("the CRM takes part in a transaction of the application's own", async () => {
    const crm = await open();
    const client = new pg.Client(pooler!.url);
    await client.connect();
    onTestFinished(() => client.end());
    await client.query("begin");
    const unit = crm.using(client);
    const { id } = await unit.accounts.create({ name: "Acme" });
    await unit.accounts.update(id, { name: "Acme Ltd" });
    await client.query("commit");
    await unit.committed();
    expect(await crm.accounts.get(id)).toMatchObject({ name: "Acme Ltd", version: 2 });
  });

  it("events are found by time, and nothing listens", async () => {
    const got: string[] = [];
    const outbox = { drainEveryMs: 50 };
    const crm = closed(await createCrm({ storage: adapter(), outbox, subscribers: teamCopies(got) }));
    await crm.teams.create({ id: "t1", name: "A" });
    for (const end = Date.now() + 30_000; got.length === 0 && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(got).toEqual(["t1"]);
    const { rows } = await sql<{
      channels: number;
    }>`select count(*)::int as channels from pg_listening_channels()`.execute(crm.native());
    expect(rows).toEqual([{ channels: 0 }]);
  });

  it("what is settled is known of all sessions", async () => {
    const crm = await open(1_000);
    const holding = new pg.Client(inject("databaseUrl"));
    await holding.connect();
    onTestFinished(() => holding.end());
    await holding.query("begin");
    const { rows } = await holding.query("select floor(extract(epoch from now()) * 1000)::float8 as begun");
    await new Promise((resolve) => setTimeout(resolve, 300));
    // What the role has waited at most, and a second.
    expect((await crm.settled()).getTime()).toBeLessThanOrEqual(rows[0].begun - 2_000);
  });
});
