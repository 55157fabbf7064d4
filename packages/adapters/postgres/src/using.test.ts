import { randomUUID } from "node:crypto";
import { createCrm } from "@relata/core";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type AppTables, countInvoices, createInvoices, WAYS } from "./fixtures/app-transaction.ts";
import { appPool, failure, query, sharedSchema } from "./fixtures/schema.ts";
import { postgres } from "./postgres-adapter.ts";

const place = sharedSchema();
const pooled = "a client of the application's pool";

beforeAll(async () => {
  await (await createCrm({ storage: postgres(place) })).close();
  await createInvoices(place);
});

/** A CRM whose root is a tenant of the fact's own. */
async function open() {
  const told: string[] = [];
  const errors: unknown[] = [];
  const root = await createCrm({
    storage: postgres({ ...place, maxConnections: 4 }),
    migrate: "off",
    onError: (error) => errors.push(error),
    hooks: {
      account: {
        before: async (_, batch) => batch.map(({ input }) => ({ description: `before ${input.name}` })),
        committed: async (_, batch) => void told.push(...batch.map(({ after }) => `hook ${after?.name}`)),
      },
    },
    subscribers: {
      copies: { on: ["account.created"], deliver: (_, { data }) => void told.push(`copy ${data.after.name}`) },
    },
  });
  onTestFinished(() => root.close());
  root.on("account.created", ({ data }) => void told.push(`listener ${data.after.name}`));
  return { root, crm: root.as({ tenantId: randomUUID() }), told, errors };
}

describe.each(Object.entries(WAYS))("a unit in the application's transaction, on %s", (_, begin) => {
  it("commits with it, and reads what it writes as everywhere", async () => {
    const { crm } = await open();
    const before = await countInvoices(place);
    const app = await begin(place);
    const unit = crm.using(app.handle);
    const account = await unit.accounts.create({ name: "Acme" });
    const deal = await unit.opportunities.create({
      name: "Rollout",
      accountId: account.id,
      amount: { amount: "90071992547409.93", currency: "EUR" },
      expectedCloseDate: "2026-12-15",
    });
    await unit.opportunities.moveTo(deal.id, "won");
    await app.insertInvoice(5);
    const inside = await unit.opportunities.get(deal.id, { include: { account: true } });
    expect(inside).toMatchObject({
      id: deal.id,
      status: "won",
      amount: { amount: "90071992547409.93", currency: "EUR" },
      expectedCloseDate: "2026-12-15",
      account: { id: account.id, name: "Acme", description: "before Acme", createdAt: account.createdAt },
    });
    await app.commit();
    await unit.committed();
    expect([(await countInvoices(place)) - before, await crm.accounts.count()]).toEqual([1, 1]);
    expect(await crm.opportunities.get(deal.id, { include: { account: true } })).toEqual(inside);
  });

  it("is undone with it", async () => {
    const { crm } = await open();
    const before = await countInvoices(place);
    const app = await begin(place);
    const unit = crm.using(app.handle);
    await app.insertInvoice(5);
    await unit.accounts.createMany([{ name: "Acme" }, { name: "Globex" }]);
    expect(await unit.accounts.count()).toBe(2);
    await app.rollback();
    await unit.rolledBack();
    expect([(await countInvoices(place)) - before, await crm.accounts.count()]).toEqual([0, 0]);
  });

  it("leaves no part of a write that fails, and the transaction goes on", async () => {
    const { crm } = await open();
    const before = await countInvoices(place);
    const app = await begin(place);
    const unit = crm.using(app.handle);
    await app.insertInvoice(5);
    const kept = await unit.accounts.create({ name: "Kept" });
    const missing = "0197d3c0-0000-7000-8000-000000000000";
    const failed = await failure(unit.contacts.create({ familyName: "A", accountId: missing }));
    expect([failed.code, failed.details.field]).toEqual(["reference_not_found", "accountId"]);
    const stale = await failure(unit.accounts.update(kept.id, { name: "Stale" }, { version: 7 }));
    expect(stale.code).toBe("stale_version");
    await unit.accounts.create({ name: "Also kept" });
    await app.insertInvoice(6);
    await app.commit();
    await unit.committed();
    expect([(await countInvoices(place)) - before, await crm.accounts.count(), await crm.contacts.count()]).toEqual([
      2, 2, 0,
    ]);
  });

  it("is followed by events, hooks and deliveries when it is told of the commit, and by none after a rollback", async () => {
    const { root, crm, told } = await open();
    const undone = await begin(place);
    const lost = crm.using(undone.handle);
    await lost.accounts.create({ name: "Undone" });
    await undone.rollback();
    await lost.rolledBack();

    const app = await begin(place);
    const unit = crm.using(app.handle);
    const name = `Kept ${randomUUID()}`;
    await unit.accounts.create({ name });
    const takenBack = unit.transaction(async (inner) => {
      await inner.accounts.create({ name: "Taken back" });
      throw new Error("no");
    });
    await expect(takenBack).rejects.toThrow("no");
    await app.commit();
    expect(told).toEqual([]);
    await unit.committed();
    expect(told).toEqual([`listener ${name}`, `hook ${name}`]);
    await root.eventDeliveries.drain();
    expect(told.filter((text) => text.endsWith(name))).toEqual([`listener ${name}`, `hook ${name}`, `copy ${name}`]);
    expect(told).not.toContain("copy Undone");
    expect(told).not.toContain("copy Taken back");
  });

  it("gives native inside of it, for one statement at a time and none that ends the transaction", async () => {
    const { root } = await open();
    const app = await begin(place);
    const unit = root.using(app.handle);
    const name = `Native ${randomUUID()}`;
    await unit.accounts.create({ name });
    const names = sql<{ name: string }>`select name from ${sql.table(`${place.schema}.account`)} where name = ${name}`;
    expect(await names.execute(unit.native()).then(({ rows }) => rows.length)).toBe(1);
    for (const text of [
      "commit",
      "rollback to x",
      "/* /* */ */ commit",
      "-- x\rcommit",
      "prepare transaction 'x'",
      "select 1; commit",
    ]) {
      const refused = await failure(sql.raw(text).execute(unit.native()));
      expect([text, refused.code]).toEqual([text, "native_refused"]);
    }
    expect((await failure(sql`select 1/0`.execute(unit.native()))).code).toBe("storage_failed");
    await unit.accounts.create({ name });
    await app.commit();
    await unit.committed();
    expect(await root.accounts.count({ where: { name } })).toBe(2);
  });

  it("refuses a second unit until the first is told how the transaction ended", async () => {
    const { crm } = await open();
    const app = await begin(place);
    const unit = crm.using(app.handle);
    expect(() => crm.using(app.handle)).toThrow("another unit uses the handle");
    expect(() => unit.using(app.handle)).toThrow("inside of a unit already");
    await app.rollback();
    await unit.rolledBack();
  });

  it("sends nothing after the transaction has ended, told or not", async () => {
    const { crm } = await open();
    const app = await begin(place);
    const unit = crm.using(app.handle);
    await unit.accounts.create({ name: "Undone" });
    await app.rollback();
    expect((await failure(unit.accounts.create({ name: "Late" }))).code).toBe("unit_closed");
    expect((await failure(unit.accounts.count())).code).toBe("unit_closed");
    await unit.rolledBack();
    expect((await failure(unit.rolledBack())).code).toBe("unit_closed");
    expect(await crm.accounts.count()).toBe(0);
  });
});

describe("a unit on a client", () => {
  it("says so when committed() is called before the commit, and can be told again", async () => {
    const { crm } = await open();
    const app = await WAYS[pooled]!(place);
    const unit = crm.using(app.handle);
    await unit.accounts.create({ name: "Acme" });
    expect((await failure(unit.committed())).code).toBe("unit_open");
    await app.commit();
    await unit.committed();
    expect(await crm.accounts.count()).toBe(1);
  });

  it("that was forgotten keeps nobody from the next transaction on the same client, and writes nothing into it", async () => {
    const { crm, told } = await open();
    const client = await appPool(place, { max: 1 }).connect();
    onTestFinished(() => client.release());
    await client.query("begin");
    const forgotten = crm.using(client);
    await forgotten.accounts.create({ name: "First" });
    await client.query("commit");
    await client.query("begin");
    const unit = crm.using(client);
    expect((await failure(forgotten.accounts.create({ name: "Late" }))).code).toBe("unit_closed");
    await unit.accounts.create({ name: "Second" });
    await forgotten.committed();
    expect(told).toEqual(["listener First", "hook First"]);
    expect(() => crm.using(client)).toThrow("another unit uses the handle");
    await client.query("commit");
    await unit.committed();
    expect(await crm.accounts.count()).toBe(2);
  });

  it("fails as retryable when its connection is lost, and does not end the process", async () => {
    const { crm } = await open();
    const client = new pg.Client({ connectionString: place.connectionString });
    await client.connect();
    await client.query("begin");
    const unit = crm.using(client);
    await unit.accounts.create({ name: "Lost" });
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    const ended = new Promise((resolve) => client.once("end", resolve));
    await query(place, `select pg_terminate_backend(${rows[0]!.pid})`);
    await ended;
    const lost = await failure(unit.accounts.create({ name: "Late" }));
    expect([lost.code, lost.retryable]).toEqual(["storage_unavailable", true]);
    await unit.rolledBack();
    expect(await crm.accounts.count()).toBe(0);
  });

  it("leaves as many listeners as there were", async () => {
    const { crm } = await open();
    const client = await appPool(place, { max: 1 }).connect();
    onTestFinished(() => client.release());
    const listeners = () => {
      const { connection } = client as unknown as { readonly connection: NodeJS.EventEmitter };
      return [...client.eventNames(), ...connection.eventNames()].map((name) => [
        String(name),
        client.listenerCount(name as string),
        connection.listenerCount(name),
      ]);
    };
    const before = listeners();
    for (const end of ["commit", "rollback", "forgotten"]) {
      await client.query("begin");
      const unit = crm.using(client);
      await unit.accounts.create({ name: "Acme" });
      await client.query(end === "commit" ? "commit" : "rollback");
      if (end === "commit") await unit.committed();
      if (end === "rollback") await unit.rolledBack();
    }
    expect(listeners()).toEqual(before);
  });

  it("is told of to onError, with the place, when nobody has said how it ended", async () => {
    const { root, crm, errors } = await open();
    const app = await WAYS[pooled]!(place);
    crm.using(app.handle);
    await app.commit();
    await root.close();
    expect(errors).toMatchObject([{ code: "unit_forgotten" }]);
    expect(String(errors[0])).toContain("using.test.ts");
  });
});

it("joins the transaction that a callback of Kysely is given", async () => {
  const { crm, told } = await open();
  const db = new Kysely<AppTables>({ dialect: new PostgresDialect({ pool: appPool(place) }) }).withSchema(place.schema);
  const unit = await db.transaction().execute(async (trx) => {
    const joined = crm.using(trx);
    await joined.accounts.create({ name: "Acme" });
    await trx.insertInto("invoice").values({ total: 3 }).execute();
    return joined;
  });
  expect(told).toEqual([]);
  await unit.committed();
  expect(told).toEqual(["listener Acme", "hook Acme"]);
});

describe("what is no transaction", () => {
  it.each([
    ["nothing", () => undefined],
    ["something else", () => ({ query() {} })],
    ["a pool", () => appPool(place)],
    ["a Kysely", () => new Kysely({ dialect: new PostgresDialect({ pool: appPool(place) }) })],
    ["a client that was never connected", () => new pg.Client({ connectionString: place.connectionString })],
    [
      "a client without a transaction",
      async () => {
        const client = await appPool(place).connect();
        onTestFinished(() => client.release());
        return client;
      },
    ],
    [
      "a closed client",
      async () => {
        const client = new pg.Client({ connectionString: place.connectionString });
        await client.connect();
        await client.query("begin; commit");
        await client.end();
        return client;
      },
    ],
  ])("is refused: %s", async (_, make) => {
    const { crm } = await open();
    const handle = await make();
    expect(() => crm.using(handle)).toThrow(expect.objectContaining({ code: "using_unavailable" }));
  });
});
