/** New indexes on tables with rows: built while the tables are in use, and again after an interruption. */
import { createCrm, planMigrations, runMigrations } from "@relata/core";
import { definePlugin, reference, text } from "@relata/core/plugin";
import { type AdapterPlace, freshPlaces } from "@relata/postgres-server";
import type pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { devices, settings } from "./fixtures/device-versions.ts";
import { codeIndexes, openPlain, upgrade, waiting } from "./fixtures/live-database.ts";
import { appPool } from "./fixtures/schema.ts";
import { column, refusal, session } from "./fixtures/sessions.ts";
import { postgres } from "./postgres-adapter.ts";

const placeOf = freshPlaces();
const secured = freshPlaces({ appUser: true });

const BUILD = "create index concurrently%device__code%";
const BUILD_UNIQUE = "create unique index concurrently%device__code%";

/** A database with devices, a plain session, and one with a transaction that has locked a device. */
async function inUse(codes: readonly string[] = ["A", "B"]) {
  const place = await placeOf(onTestFinished);
  const crm = await openPlain({ place }, codes);
  const client = await session(place.connectionString);
  const other = await session(place.connectionString);
  const lockOne = () =>
    other.query(`begin; update "${place.schema}".device set name = 'locked' where code = '${codes[0]}'`);
  return { place, crm, client, other, lockOne };
}

/** What the ledger has of the second set of automatic steps. */
function noted(client: pg.Client, { schema }: AdapterPlace): Promise<unknown[]> {
  return column(client, `select steps from "${schema}".relata__ledger where migration = 'automatic 000002'`);
}

const concurrent = (seen: readonly string[]) => seen.filter((text) => /index concurrently/i.test(text));

describe("an index on a table with rows", () => {
  it.each([
    { to: "indexed", statement: BUILD, index: "device__code__idx", columns: '("tenant_id", "code", "id")' },
    { to: "unique", statement: BUILD_UNIQUE, index: "device__code__key", columns: '("tenant_id", "code")' },
  ] as const)("is built while others write, noted and told: $to", async ({ to, statement, index, columns }) => {
    const { place, crm, client, other, lockOne } = await inUse();
    await lockOne();
    const seen: string[] = [];
    const upgraded = runMigrations({ ...settings({ place, seen }), plugins: [devices[to]] });
    await waiting(client, statement);
    await crm.devices.create({ name: "C", code: "C" });
    const [b] = (await crm.devices.list({ where: { code: "B" } })).items;
    await crm.devices.update(b!.id, { code: "BB" });
    await crm.devices.delete(b!.id);
    await other.query("rollback");
    const { steps } = await upgraded;
    const unique = to === "unique" ? "unique " : "";
    const statements = [
      `drop index concurrently if exists "${place.schema}"."${index}"`,
      `create ${unique}index concurrently "${index}" on "${place.schema}"."device" ${columns}`,
    ];
    expect(concurrent(seen)).toEqual(statements);
    expect(steps.map(({ description, sql }) => [description, sql])).toEqual([
      [`create the index ${index} of device`, statements],
      ["note relata/automatic 000002 in relata__ledger", [expect.stringMatching(/^insert into /)]],
    ]);
    expect(await noted(client, place)).toEqual([[`create the index ${index} of device`]]);
    expect(await codeIndexes(client, place)).toEqual([index]);
    await upgrade({ place, migrate: "verify" }, to);
  });

  it("comes with the columns that it needs, which are added before", async () => {
    const { place, crm, client, other, lockOne } = await inUse();
    await lockOne();
    const seen: string[] = [];
    const owned = definePlugin({
      id: "owners",
      requires: [devices.plain],
      extend: { device: { ownerId: reference("user").optional(), note: text().optional() } },
    });
    const options = { ...settings({ place, seen, waitTimeoutMs: 2_000 }), plugins: [devices.plain, owned] };
    expect(await refusal(runMigrations(options))).toMatchObject({ code: "lock_timeout", retryable: true });
    await other.query("rollback");
    const { steps } = await runMigrations(options);
    expect(steps.map(({ description }) => description)).toEqual([
      "add the column owners_owner_id to device",
      "create the index device__owners_owner_id__idx of device",
      "add the column owners_note to device",
      "add the column owners_owner_id to device__history",
      "add the column owners_note to device__history",
      "note relata/automatic 000002 in relata__ledger",
    ]);
    expect(concurrent(seen).slice(-1)).toEqual([
      `create index concurrently "device__owners_owner_id__idx" on "${place.schema}"."device" ("tenant_id", "owners_owner_id", "id")`,
    ]);
    expect((await noted(client, place))[0]).toHaveLength(5);
    await crm.devices.create({ name: "C", code: "C" });
    await (await createCrm({ ...settings({ place, migrate: "verify" }), plugins: [devices.plain, owned] })).close();
  });

  it("is built in the migration's transaction where there are no rows", async () => {
    const { place } = await inUse([]);
    const seen: string[] = [];
    await upgrade({ place, seen }, "indexed");
    expect(concurrent(seen)).toEqual([]);
    await upgrade({ place, migrate: "verify" }, "indexed");
    const empty = await placeOf(onTestFinished);
    await upgrade({ place: empty, seen }, "unique");
    expect(concurrent(seen)).toEqual([]);
  });

  it("is told by a plan that builds nothing, and that waits for nobody who writes", async () => {
    const { place, client, lockOne } = await inUse();
    await lockOne();
    const seen: string[] = [];
    const options = { ...settings({ place, seen, waitTimeoutMs: 20_000 }), plugins: [devices.unique] };
    const { steps } = await planMigrations(options);
    expect(steps[0]).toMatchObject({
      description: "create the index device__code__key of device",
      sql: [
        `drop index if exists "${place.schema}"."device__code__key"`,
        `create unique index "device__code__key" on "${place.schema}"."device" ("tenant_id", "code")`,
      ],
    });
    expect(seen.filter((text) => /^(create|drop).*index/i.test(text))).toEqual([]);
    expect(await codeIndexes(client, place)).toEqual([]);
    expect(await noted(client, place)).toEqual([]);
  });

  it("is not built for a database that is refused", async () => {
    const { place, client } = await inUse();
    await client.query(`alter table "${place.schema}".device alter column name drop not null`);
    const seen: string[] = [];
    expect(await refusal(upgrade({ place, seen }, "indexed"))).toMatchObject({
      code: "schema_mismatch",
      message: "device.name may be empty in the database, but is declared as always present.",
    });
    expect(concurrent(seen)).toEqual([]);
  });

  it("is built as another user than the CRM's, under row-level security", async () => {
    const place = await secured(onTestFinished);
    const options = (seen: string[] = []) => ({
      storage: postgres({ ...place, rowLevelSecurity: true }),
      onQuery: ({ text }: { readonly text: string }) => void seen.push(text),
    });
    const crm = await createCrm({ ...options(), plugins: [devices.plain] });
    for (const tenantId of ["north", "south"]) await crm.as({ tenantId }).devices.create({ name: "A", code: "A" });
    await crm.close();
    const seen: string[] = [];
    await (await createCrm({ ...options(seen), plugins: [devices.unique] })).close();
    expect(concurrent(seen)).toHaveLength(2);
    await (await createCrm({ ...options(), migrate: "verify", plugins: [devices.unique] })).close();
  });

  it("leaves the limits of the application's connections as they were", async () => {
    const { place } = await inUse();
    const pool = appPool(place, { max: 2 });
    pool.on("connect", (client) => void client.query("set statement_timeout = 12345; set lock_timeout = 2345"));
    const storage = postgres({ pool, schema: place.schema });
    const crm = await createCrm({ storage, plugins: [devices.indexed] });
    const limits = "select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock";
    const clients = [await pool.connect(), await pool.connect()];
    for (const client of clients) {
      expect((await client.query(limits)).rows).toEqual([{ statement: "12345ms", lock: "2345ms" }]);
      client.release();
    }
    await crm.close();
  });

  it("needs a second connection, and says so in time", async () => {
    const { place, client } = await inUse();
    const storage = postgres({ pool: appPool(place, { max: 1 }), schema: place.schema });
    expect(await refusal(createCrm({ storage, plugins: [devices.indexed], waitTimeoutMs: 1_000 }))).toMatchObject({
      code: "unit_wait_timeout",
      message: expect.stringContaining("all 1 are in use"),
    });
    expect(await codeIndexes(client, place)).toEqual([]);
    await upgrade({ place }, "indexed");
  });
});

describe("a build that does not come to its end", () => {
  it.each([
    ["indexed", BUILD, "device__code__idx"],
    ["unique", BUILD_UNIQUE, "device__code__key"],
  ] as const)(
    "leaves an index that verify misses, and that the next opening builds anew: %s",
    async (to, statement, index) => {
      const { place, client, other, lockOne } = await inUse();
      await lockOne();
      const interrupted = refusal(upgrade({ place }, to));
      await client.query("select pg_terminate_backend($1)", [await waiting(client, statement)]);
      expect(await interrupted).toMatchObject({ code: "storage_unavailable", retryable: true });
      expect(await codeIndexes(client, place)).toEqual([`${index} invalid`]);
      expect(await noted(client, place)).toEqual([]);
      expect(await refusal(upgrade({ place, migrate: "verify" }, to))).toMatchObject({
        code: "schema_mismatch",
        message: `The database is not as declared: the index ${index} of device is missing. Open it once with migrate: "auto".`,
      });
      await other.query("rollback");
      await upgrade({ place }, to);
      expect(await codeIndexes(client, place)).toEqual([index]);
      expect(await noted(client, place)).toEqual([[`create the index ${index} of device`]]);
      await upgrade({ place, migrate: "verify" }, to);
    },
  );

  it("is no build at all after a cancelled one: the index is dropped at once", async () => {
    const { place, client, other, lockOne } = await inUse();
    await lockOne();
    const interrupted = refusal(upgrade({ place }, "indexed"));
    await client.query("select pg_cancel_backend($1)", [await waiting(client, BUILD)]);
    await waiting(client, "drop index concurrently%");
    await other.query("rollback");
    expect(await interrupted).toMatchObject({ code: "statement_timeout" });
    expect(await codeIndexes(client, place)).toEqual([]);
  });

  it("is refused in core's words where records break a new unique rule, and nothing is left", async () => {
    const { place, crm, client } = await inUse(["A", "B", "A"]);
    expect(await refusal(upgrade({ place }, "unique"))).toMatchObject({
      code: "not_unique",
      message:
        "The records that exist break the new rule that no two of device have the same code: make them differ first. Nothing was changed.",
      details: { entity: "device", field: "code" },
    });
    expect(await codeIndexes(client, place)).toEqual([]);
    expect(await noted(client, place)).toEqual([]);
    await crm.devices.create({ name: "fourth", code: "A" });
    const { items } = await crm.devices.list({ where: { code: "A" } });
    for (const [i, { id }] of items.entries()) await crm.devices.update(id, { code: `A${i}` });
    await upgrade({ place }, "unique");
    expect(await codeIndexes(client, place)).toEqual(["device__code__key"]);
  });
});

describe("an index that somebody has changed by hand", () => {
  it.each([
    ["over other columns", "create index device__code__idx on device (tenant_id, name)"],
    ["unique", "create unique index device__code__idx on device (tenant_id, code, id)"],
    [
      "over a part of the rows",
      "create index device__code__idx on device (tenant_id, code, id) where code is not null",
    ],
    ["gone", ""],
  ])("is missed by verify and made anew: %s", async (_, statement) => {
    const { place, client } = await inUse();
    await upgrade({ place }, "indexed");
    const definition = `select pg_get_indexdef('"${place.schema}".device__code__idx'::regclass)`;
    const [before] = await column(client, definition);
    await client.query(`set search_path = "${place.schema}"; drop index device__code__idx; ${statement}`);
    expect(await refusal(upgrade({ place, migrate: "verify" }, "indexed"))).toMatchObject({ code: "schema_mismatch" });
    await upgrade({ place }, "indexed");
    expect(await column(client, definition)).toEqual([before]);
  });
});
