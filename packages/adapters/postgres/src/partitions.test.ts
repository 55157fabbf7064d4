/** Keys, unique rules and foreign keys that begin with the tenant, and what that allows: tables partitioned by it. */
import { createCrm, planMigrations } from "@relata/core";
import { freshPlaces, leasedSchemas } from "@relata/postgres-server";
import { testCrm } from "@relata/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { partitioned, partitionedStatements } from "./fixtures/partitioned.ts";
import { column, session } from "./fixtures/sessions.ts";
import { postgres } from "./postgres-adapter.ts";

// Each opens databases of its own.
const placeOf = freshPlaces({ appUser: true });

/** Rules of the schema's tables, with the columns that they are of. */
const INDEXES = (schema: string, which: string) => `
  select c.relname || ' ' || i.relname || ' ' || a.attname
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]
  where c.relnamespace = '"${schema}"'::regnamespace and ${which} order by 1`;
const FOREIGN_KEYS = (schema: string, which: string) => `
  select c.relname || ' ' || k.conname || ' ' || a.attname || ' ' || b.attname
  from pg_constraint k join pg_class c on c.oid = k.conrelid
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    join pg_attribute b on b.attrelid = k.confrelid and b.attnum = k.confkey[1]
  where c.relnamespace = '"${schema}"'::regnamespace and k.contype = 'f' and ${which} order by 1`;

describe("the tables of core", () => {
  it("have the tenant first in every key, index, unique rule and foreign key", async () => {
    const place = await placeOf(onTestFinished);
    const crm = await createCrm({ storage: postgres(place) });
    await crm.close();
    const { schema } = place;
    const superuser = await session(place.migrateWith!.connectionString);
    const all = await column(superuser, INDEXES(schema, "true"));
    expect(all).toEqual(
      expect.arrayContaining([
        "account account_pk tenant_id",
        "account__history account__history_pk tenant_id",
        "event_delivery event_delivery_pk tenant_id",
        "relata__ledger relata__ledger_pk tenant_id",
        "user user_pk tenant_id",
      ]),
    );
    expect(await column(superuser, INDEXES(schema, "a.attname <> 'tenant_id'"))).toEqual([]);
    expect(await column(superuser, INDEXES(schema, "x.indisunique and not x.indisprimary"))).not.toEqual([]);
    expect(await column(superuser, FOREIGN_KEYS(schema, "true"))).toEqual(
      expect.arrayContaining(["contact contact.account_id tenant_id tenant_id"]),
    );
    const elsewhere = "(a.attname, b.attname) is distinct from ('tenant_id', 'tenant_id')";
    expect(await column(superuser, FOREIGN_KEYS(schema, elsewhere))).toEqual([]);
    const without = `select c.relname from pg_class c
      where c.relnamespace = '"${schema}"'::regnamespace and c.relkind = 'r'
        and not exists (select 1 from pg_index x where x.indrelid = c.oid and x.indisprimary)`;
    expect(await column(superuser, without)).toEqual([]);
  });

  it("are partitioned by the statements of the guide, verified, and guarded by row-level security, each partition too", async () => {
    const place = await placeOf(onTestFinished);
    const storage = postgres({ ...place, rowLevelSecurity: true });
    const { steps } = await planMigrations({ storage });
    const script = steps.flatMap(({ sql }) => sql).flatMap((statement) => partitionedStatements(statement, 4));
    const superuser = await session(place.migrateWith!.connectionString);
    await superuser.query(`begin; ${script.join(";\n")}; commit`);
    await superuser.query(`do $$ declare part regclass; begin
      for part in select oid::regclass from pg_class where relnamespace = '"${place.schema}"'::regnamespace and relispartition and relkind = 'r'
      loop execute format('alter table %s enable row level security', part); end loop; end $$`);
    const crm = await createCrm({ storage, migrate: "verify" });
    onTestFinished(() => crm.close());
    for (const tenantId of ["t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"]) {
      const tenant = crm.as({ tenantId });
      const account = await tenant.accounts.create({ name: `of ${tenantId}` });
      await tenant.contacts.create({ familyName: "Berg", accountId: account.id });
      await tenant.accounts.update(account.id, { name: `${tenantId} again` });
    }
    expect(await crm.as({ tenantId: "t5" }).accounts.list()).toMatchObject({ items: [{ name: "t5 again" }] });
    const used = `select count(distinct tableoid)::int from "${place.schema}".account`;
    expect(await column(superuser, used)).toEqual([4]);
    const app = await session(place.connectionString);
    expect(await column(app, `select name from "${place.schema}".account`, "t5")).toEqual(["t5 again"]);
    expect(await column(app, `select name from "${place.schema}".account`)).toEqual([]);
    for (const part of [0, 1, 2, 3]) {
      expect(await column(app, `select name from "${place.schema}".account_p${part}`, "t5")).toEqual([]);
    }
  });
});

testCrm(
  "partitioned tables of postgres",
  leasedSchemas((place) => partitioned(place, 2)),
  { parts: ["records", "updates", "deletions", "reading the past", "tenants", "trees", "the outbox"] },
);
