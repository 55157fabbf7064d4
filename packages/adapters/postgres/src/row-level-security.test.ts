/** Row-level security, as a user meets it who is neither owner of the tables nor superuser. */
import { createCrm } from "@relata/core";
import { defineEntity, reference } from "@relata/core/plugin";
import { freshPlaces } from "@relata/postgres-server";
import { sql } from "kysely";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { column, refusal, session } from "./fixtures/sessions.ts";
import { postgres } from "./postgres-adapter.ts";

// Each opens databases of its own.
interface Tables {
  account: { tenant_id: string; name: string };
}

const placeOf = freshPlaces({ appUser: true });

const visit = defineEntity("visit", { plural: "visits", fields: { accountId: reference("account") } });

/** Accounts of two tenants, one of them changed; what has happened waits to be delivered. */
async function open() {
  const place = await placeOf(onTestFinished);
  const crm = await createCrm({
    storage: postgres<Tables>({ ...place, rowLevelSecurity: true, maxConnections: 1 }),
    entities: [visit],
    subscribers: { copies: { on: ["account.created"], deliver: () => {} } },
  });
  onTestFinished(() => crm.close());
  const north = crm.as({ tenantId: "north" });
  const south = crm.as({ tenantId: "south" });
  const { id } = await north.accounts.create({ name: "Nordwind" });
  await north.accounts.update(id, { name: "Nordwind AG" });
  await south.accounts.create({ name: "Suedwind" });
  const app = await session(place.connectionString);
  const superuser = await session(place.migrateWith!.connectionString);
  for (const each of [app, superuser]) {
    await each.query(`select set_config('search_path', $1, false)`, [`"${place.schema}",public`]);
  }
  return { place, crm, north, south, id, app, superuser };
}

/** Those of the schema in which a session finds rows. */
async function tablesWithRows(client: pg.Client, tenantId?: string) {
  const names = await column(client, "select tablename from pg_tables where schemaname = current_schema() order by 1");
  const found: unknown[] = [];
  for (const name of names) {
    const rows = await column(client, `select 1 from "${name}" limit 1`, tenantId);
    if (rows.length > 0) found.push(name);
  }
  return { count: names.length, found };
}

describe("a session of the application's own", () => {
  it("finds nothing in any table while no tenant is set", async () => {
    const { app, superuser } = await open();
    const everything = await tablesWithRows(superuser);
    expect(everything.count).toBeGreaterThan(70);
    expect(everything.found).toEqual(["account", "account__history", "event_delivery", "relata__ledger"]);
    expect(await tablesWithRows(app)).toEqual({ count: everything.count, found: [] });
  });

  it("finds the rows of the tenant that is set, and of no other", async () => {
    const { app } = await open();
    expect(await column(app, "select name from account", "north")).toEqual(["Nordwind AG"]);
    expect(await column(app, "select name from account__history", "north")).toEqual(["Nordwind"]);
    expect(await column(app, "select name from account", "south")).toEqual(["Suedwind"]);
    expect(await column(app, "select name from account__history", "south")).toEqual([]);
    expect(await column(app, "select name from account", "east")).toEqual([]);
    expect(await column(app, "select name from account where tenant_id = 'south'", "north")).toEqual([]);
  });

  it("writes no row of another tenant", async () => {
    const { app, superuser } = await open();
    const columns = (
      await column(
        app,
        `select quote_ident(column_name) from information_schema.columns
        where table_schema = current_schema() and table_name = 'account' and column_name not in ('tenant_id', 'id')`,
      )
    ).join();
    const copy = (tenantId: string) =>
      `insert into account (tenant_id, id, ${columns}) select '${tenantId}', gen_random_uuid(), ${columns} from account returning name`;
    const refused = 'new row violates row-level security policy for table "account"';
    expect(await refusal(column(app, copy("south"), "north"))).toMatchObject({ code: "42501", message: refused });
    expect(await refusal(column(app, "update account set tenant_id = 'south'", "north"))).toMatchObject({
      code: "42501",
    });
    expect(await column(app, copy("north"), "north")).toEqual(["Nordwind AG"]);
    expect(
      await column(app, "update account set name = 'x' where tenant_id = 'south' returning name", "north"),
    ).toEqual([]);
    expect(await column(app, "delete from account where tenant_id = 'south' returning name", "north")).toEqual([]);
    expect(await column(superuser, "select name from account order by name")).toEqual(["Nordwind AG", "Suedwind"]);
  });

  it("reads all tenants, and writes none, where it asks for every tenant", async () => {
    const { app } = await open();
    await app.query("select set_config('relata.every_tenant', 'on', false)");
    expect(await column(app, "select name from account order by name")).toEqual(["Nordwind AG", "Suedwind"]);
    expect(await column(app, "update account set name = 'x' returning name")).toEqual([]);
    expect(await column(app, "delete from account returning name")).toEqual([]);
  });
});

describe("native", () => {
  it("shows a handle the rows of its tenant, outside of units and inside", async () => {
    const { place, crm, north, south } = await open();
    const names = async (handle: { native: typeof north.native }) =>
      (await handle.native().withSchema(place.schema).selectFrom("account").select("name").execute()).map(
        ({ name }) => name,
      );
    expect(await names(north)).toEqual(["Nordwind AG"]);
    expect(await names(south)).toEqual(["Suedwind"]);
    expect(await names(crm)).toEqual([]);
    await crm.transaction(async (tx) => {
      expect(await names(tx.as({ tenantId: "south" }))).toEqual(["Suedwind"]);
      expect(await names(tx.as({ tenantId: "north" }))).toEqual(["Nordwind AG"]);
    });
  });

  it("writes no row of another tenant", async () => {
    const { place, north, superuser } = await open();
    const moved = north.transaction((tx) =>
      tx.native().withSchema(place.schema).updateTable("account").set({ tenant_id: "south" }).execute(),
    );
    expect(await refusal(moved)).toMatchObject({
      code: "native_refused",
      message:
        "A row would be another tenant's than the handle's: new row violates row-level security policy for table \"account\".",
    });
    expect(await column(superuser, "select tenant_id from account order by 1")).toEqual(["north", "south"]);
  });

  it("leaves no tenant on the connection, also when a call has failed", async () => {
    const { place, crm, north } = await open();
    const pool = new pg.Pool({ connectionString: place.connectionString, max: 1 });
    onTestFinished(() => pool.end());
    const { migrateWith: _, ...own } = place;
    const joined = await createCrm({
      storage: postgres<Tables>({ pool, schema: own.schema, rowLevelSecurity: true }),
      migrate: "off",
    });
    onTestFinished(() => joined.close());
    const shown = async () => (await pool.query(`select count(*)::int as n from "${place.schema}".account`)).rows[0].n;
    const handle = joined.as({ tenantId: "north" });
    expect(await handle.accounts.count()).toBe(1);
    expect(await shown()).toBe(0);
    await expect(handle.native().selectFrom("account").select(sql`1 / 0`.as("x")).execute()).rejects.toThrow();
    expect(await shown()).toBe(0);
    await handle.transaction((tx) => tx.accounts.create({ name: "Second" }));
    expect(await shown()).toBe(0);
    expect([await north.accounts.count(), await crm.accounts.count()]).toEqual([2, 0]);
  });
});

describe("a transaction that the application has begun", () => {
  it("stays set to its tenant when the application undoes a savepoint of its own", async () => {
    const { place, crm, superuser } = await open();
    const client = await session(place.connectionString);
    await client.query("begin");
    const unit = crm.using(client);
    const north = unit.as({ tenantId: "north" });
    await client.query("savepoint own");
    await north.accounts.create({ name: "Undone" });
    await client.query("rollback to savepoint own");
    await north.accounts.create({ name: "Kept" });
    expect(await north.accounts.count()).toBe(2);
    expect(await unit.as({ tenantId: "south" }).accounts.count()).toBe(1);
    await client.query("commit");
    await unit.committed();
    expect(await column(superuser, "select tenant_id || ' ' || name from account order by 1")).toEqual([
      "north Kept",
      "north Nordwind AG",
      "south Suedwind",
    ]);
  });
});

describe("a reference to nothing", () => {
  it("is refused with the id, though the server does not tell it", async () => {
    const { north, south, id } = await open();
    const { id: theirs } = (await south.accounts.list()).items[0]!;
    const missing = {
      code: "reference_not_found",
      details: { entity: "visit", field: "accountId", reference: theirs },
    };
    expect(await refusal(north.visits.create({ accountId: theirs }))).toMatchObject(missing);
    expect(await refusal(north.visits.createMany([{ accountId: id }, { accountId: theirs }]))).toMatchObject(missing);
    expect(await refusal(north.transaction((tx) => tx.visits.create({ accountId: theirs })))).toMatchObject(missing);
    expect(await north.visits.count()).toBe(0);
  });
});
