/** Row-level security as it is switched on, verified and switched off, and who it binds. */
import { createCrm, planMigrations } from "@relata/core";
import { defineEntity, definePlugin, text } from "@relata/core/plugin";
import { type AdapterPlace, freshPlaces } from "@relata/postgres-server";
import type pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { column, refusal, session } from "./fixtures/sessions.ts";
import { postgres } from "./postgres-adapter.ts";

// Each opens databases of its own.
const placeOf = freshPlaces({ appUser: true });

const device = defineEntity("device", {
  plural: "devices",
  fields: { name: text(), code: text().optional() },
});
const devices = definePlugin({ id: "devices", entities: [device] });

interface OpenOptions {
  readonly place: AdapterPlace;
  readonly rowLevelSecurity?: boolean;
  readonly migrate?: "auto" | "verify" | "off";
}

function optionsOf({ place, rowLevelSecurity, migrate = "auto" }: OpenOptions) {
  const security = rowLevelSecurity === undefined ? {} : { rowLevelSecurity };
  return { storage: postgres({ ...place, ...security }), migrate };
}

function closedLater<C extends { close(): Promise<void> }>(crm: C): C {
  onTestFinished(() => crm.close());
  return crm;
}

async function open(options: OpenOptions) {
  return closedLater(await createCrm(optionsOf(options)));
}

async function openWithDevices(options: OpenOptions) {
  return closedLater(await createCrm({ ...optionsOf(options), plugins: [devices] }));
}

async function policiesIn(superuser: pg.Client, { schema }: AdapterPlace): Promise<unknown[]> {
  return column(
    superuser,
    `select tablename || ' ' || policyname from pg_policies where schemaname = '${schema}' and tablename in ('account', 'device', 'relata__ledger') order by 1`,
  );
}

const ALL_POLICIES = ["account", "device", "relata__ledger"].flatMap((table) => [
  `${table} relata_every_tenant`,
  `${table} relata_tenant`,
]);

describe("rowLevelSecurity switched on later", () => {
  it("is missed by verify, and given to every table, also of a plugin that is gone", async () => {
    const place = await placeOf(onTestFinished);
    const superuser = await session(place.migrateWith!.connectionString);
    const before = await openWithDevices({ place });
    await before.as({ tenantId: "north" }).accounts.create({ name: "Nordwind" });
    expect(await policiesIn(superuser, place)).toEqual([]);

    const verified = await refusal(open({ place, rowLevelSecurity: true, migrate: "verify" }));
    expect(verified).toMatchObject({
      code: "schema_mismatch",
      message: expect.stringContaining("has not the policies of row-level security"),
      details: {
        differences: expect.arrayContaining([
          "the table account has not the policies of row-level security",
          "the table device has not the policies of row-level security",
          "the table relata__ledger has not the policies of row-level security",
        ]),
      },
    });
    const after = await open({ place, rowLevelSecurity: true });
    expect(await policiesIn(superuser, place)).toEqual(ALL_POLICIES);
    expect(await after.as({ tenantId: "north" }).accounts.count()).toBe(1);
    expect(await after.as({ tenantId: "south" }).accounts.count()).toBe(0);
    await open({ place, rowLevelSecurity: true, migrate: "verify" });
  });

  it("is refused where nothing is said of it afterwards, and undone where false is", async () => {
    const place = await placeOf(onTestFinished);
    const superuser = await session(place.migrateWith!.connectionString);
    await openWithDevices({ place, rowLevelSecurity: true });
    expect(await policiesIn(superuser, place)).toEqual(ALL_POLICIES);
    for (const migrate of ["auto", "verify", "off"] as const) {
      expect(await refusal(open({ place, migrate }))).toMatchObject({
        code: "schema_mismatch",
        message: `The table "${place.schema}.account" has the policies of row-level security. Open the CRM with rowLevelSecurity: true; or with false, and migrations drop them.`,
      });
    }
    expect(await refusal(open({ place, rowLevelSecurity: false, migrate: "verify" }))).toMatchObject({
      code: "schema_mismatch",
      details: {
        differences: expect.arrayContaining([
          "the table account has policies of row-level security, which is switched off",
        ]),
      },
    });
    const crm = await open({ place, rowLevelSecurity: false });
    expect(await policiesIn(superuser, place)).toEqual([]);
    await crm.accounts.create({ name: "Acme" });
    const app = await session(place.connectionString);
    expect(await column(app, `select name from "${place.schema}".account`)).toEqual(["Acme"]);
  });
});

describe("policies that somebody has changed", () => {
  it.each([
    ["drop policy relata_tenant on account"],
    ["alter table account no force row level security"],
    ["alter table account disable row level security"],
    ["alter policy relata_tenant on account using (true)"],
    ["alter policy relata_every_tenant on account to postgres"],
  ])("are missed by verify, and made anew: %s", async (change) => {
    const place = await placeOf(onTestFinished);
    const superuser = await session(place.migrateWith!.connectionString);
    await open({ place, rowLevelSecurity: true });
    await superuser.query(`set search_path = "${place.schema}"; ${change.replace("to postgres", "to current_user")}`);
    expect(await refusal(open({ place, rowLevelSecurity: true, migrate: "verify" }))).toMatchObject({
      code: "schema_mismatch",
      message:
        'The database is not as declared: the table account has not the policies of row-level security. Open it once with migrate: "auto".',
    });
    await open({ place, rowLevelSecurity: true });
    await open({ place, rowLevelSecurity: true, migrate: "verify" });
    const app = await session(place.connectionString);
    expect(await column(app, `select name from "${place.schema}".account`)).toEqual([]);
  });
});

describe("the statements of a migration", () => {
  it("are printed with the policies, and with the tenant of the ledger's rows", async () => {
    const place = await placeOf(onTestFinished);
    const { steps } = await planMigrations({ storage: postgres({ ...place, rowLevelSecurity: true }) });
    const printed = steps.flatMap((step) => step.sql);
    const account = `"${place.schema}"."account"`;
    expect(printed).toEqual(
      expect.arrayContaining([
        `create policy relata_tenant on ${account} using (tenant_id = current_setting('relata.tenant', true))`,
        `create policy relata_every_tenant on ${account} for select using (current_setting('relata.every_tenant', true) = 'on')`,
        `alter table ${account} enable row level security, force row level security`,
        "set local relata.tenant = 'relata'",
      ]),
    );
    const superuser = await session(place.migrateWith!.connectionString);
    await superuser.query(`begin; ${printed.filter((line) => !line.startsWith("--")).join(";\n")}; commit`);
    await open({ place, rowLevelSecurity: true, migrate: "verify" });
  });
});

describe("users whom policies do not bind", () => {
  it("are refused when the CRM is opened", async () => {
    const place = await placeOf(onTestFinished);
    const { connectionString } = place.migrateWith!;
    const superuser = await session(connectionString);
    const user = (await column(superuser, "select current_user"))[0];
    const unbound = (name: unknown) =>
      expect.stringMatching(
        new RegExp(
          `^rowLevelSecurity would bind nobody: the user "${name}" of ".*" is a superuser or has BYPASSRLS\\. `,
        ),
      );
    expect(
      await refusal(open({ place: { schema: place.schema, connectionString }, rowLevelSecurity: true })),
    ).toMatchObject({
      code: "storage_unavailable",
      message: unbound(user),
    });
    const app = new URL(place.connectionString).username;
    await superuser.query(`alter role "${app}" bypassrls`);
    onTestFinished(async () => void (await superuser.query(`alter role "${app}" nobypassrls`)));
    expect(await refusal(open({ place, rowLevelSecurity: true }))).toMatchObject({
      code: "storage_unavailable",
      message: unbound(app),
    });
  });
});

describe("the owner of the tables", () => {
  it("is bound too, and migrates and fills in records for all tenants", async () => {
    const { schema, connectionString, migrateWith } = await placeOf(onTestFinished);
    const superuser = await session(migrateWith!.connectionString);
    const owner = new URL(connectionString).username;
    await superuser.query(`grant create on schema "${schema}" to "${owner}"`);
    const place = { schema, connectionString };
    const before = await openWithDevices({ place, rowLevelSecurity: true });
    for (const tenantId of ["north", "south"]) await before.as({ tenantId }).devices.create({ name: tenantId });
    const later = definePlugin({
      id: "devices",
      entities: [device],
      migrations: [
        {
          id: "codes",
          backfill: {
            device: {
              async run(context, all) {
                await context.devices.updateMany(all.map(({ id, name }) => ({ id, code: name.toUpperCase() })));
              },
            },
          },
        },
      ],
    });
    const after = closedLater(await createCrm({ ...optionsOf({ place, rowLevelSecurity: true }), plugins: [later] }));
    expect((await after.as({ tenantId: "north" }).devices.list()).items).toMatchObject([{ code: "NORTH" }]);
    expect((await after.as({ tenantId: "south" }).devices.list()).items).toMatchObject([{ code: "SOUTH" }]);
    const app = await session(connectionString);
    expect(await column(app, `select code from "${schema}".device`)).toEqual([]);
    expect(await column(app, `select code from "${schema}".device`, "south")).toEqual(["SOUTH"]);
  });
});

describe("migrateWith", () => {
  it("is needed where the user may not create tables", async () => {
    const { migrateWith, ...place } = await placeOf(onTestFinished);
    expect(await refusal(open({ place }))).toMatchObject({
      code: "storage_unavailable",
      message: expect.stringContaining("lacks a right: permission denied for schema"),
    });
    const crm = await open({ place: { ...place, migrateWith: migrateWith! } });
    await crm.accounts.create({ name: "Acme" });
    const superuser = await session(migrateWith!.connectionString);
    const owners = `select distinct tableowner = current_user from pg_tables where schemaname = '${place.schema}'`;
    expect(await column(superuser, owners)).toEqual([true]);
    await open({ place, migrate: "verify" });
  });
});
