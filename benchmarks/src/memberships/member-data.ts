/** Some hundred memberships of a society, written by its operations, and copies of them by the database. */
import { DatabaseSync } from "node:sqlite";
import { createCrm } from "@relata/core";
import type { StorageAdapter } from "@relata/core/adapter";
import { memberships } from "@relata/memberships";
import type pg from "pg";
import { createRandom } from "../measure/random.ts";

export const BASE = 400;
const LEVELS = ["student", "regular", "supporter", "patron", "life"];
const FIRST_YEAR = 2010;
const LAST_YEAR = 2026;
const COPIED = ["membership", "membership_span"] as const;

export function openCrm(storage: StorageAdapter) {
  return createCrm({ storage, plugins: [memberships()], clock: () => Date.parse("2026-06-15T12:00:00Z") });
}

export type MemberCrm = Awaited<ReturnType<typeof openCrm>>;

/** Each joins on some day, and renews every year until leaving for good; some come back. */
export async function writeMembers(crm: MemberCrm): Promise<void> {
  const random = createRandom(3);
  const { plans } = await crm.memberships.defineProgram({
    key: "society",
    name: "The Society",
    currency: "EUR",
    levels: LEVELS.map((key, rank) => ({
      ...{ key, rank },
      plans: [{ key: "annual", unit: key === "life" ? "lifetime" : "year", price: "60.00" }],
    })),
  });
  const contacts = await crm.contacts.createMany(
    Array.from({ length: BASE }, (_, number) => ({ givenName: `Member ${number}`, familyName: "Silva" })),
  );
  for (const { id: contactId } of contacts) {
    const level = LEVELS[random(10) === 0 ? 4 : random(4)]!;
    const planId = plans[`${level}/annual`]!.id;
    let year = FIRST_YEAR + random(LAST_YEAR - FIRST_YEAR);
    const day = `${String(1 + random(12)).padStart(2, "0")}-${String(1 + random(28)).padStart(2, "0")}`;
    const join = (terms: number) =>
      crm.memberships.join({ contactId, planId, on: `${year}-${day}`, complimentary: true, terms });
    const years = level === "life" ? 1 : 1 + random(5);
    const { membership } = await join(years);
    year += years + 2;
    if (level !== "life" && year < LAST_YEAR && random(4) === 0) await join(1);
    else if (random(12) === 0)
      await crm.memberships.renew(membership.id, { on: `${year}-${day}`, complimentary: true }).catch(() => {});
  }
}

/** Ids of a copy begin with its number; what they refer to is of the same copy, or of the first ones. */
const copyOf = { id: true, membership_id: true } as const;
const copied = (column: string) => column in copyOf;

/** What no two memberships of a program share. */
const UNIQUE: readonly string[] = ["contact_id", "number"];

/** Gives how many memberships there are. */
export function multiplyOnSqlite(filename: string, times: number): number {
  const database = new DatabaseSync(filename, { enableForeignKeyConstraints: false });
  database.exec("pragma cache_size = -400000; pragma temp_store = memory");
  const indexes = database
    .prepare(
      "select name, sql from sqlite_schema where type = 'index' and tbl_name in ('membership', 'membership_span') and sql is not null",
    )
    .all();
  for (const { name } of indexes) database.exec(`drop index "${name}"`);
  for (const table of COPIED) {
    const columns = database
      .prepare(`select name from pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => String(name));
    const values = columns.map((name) => {
      if (UNIQUE.includes(name)) return "null";
      return copied(name) ? `printf('%08x', copy_number) || substr(${name}, 9)` : name;
    });
    database.exec(`insert into ${table} (${columns.join()})
      with recursive copy (copy_number) as (values (1) union all select copy_number + 1 from copy where copy_number < ${times - 1})
      select ${values.join()} from copy cross join (select * from ${table})`);
  }
  for (const { sql } of indexes) database.exec(String(sql));
  database.exec("analyze; pragma wal_checkpoint(truncate)");
  const [row] = database.prepare("select count(*) as number from membership").all();
  database.close();
  return Number(row!.number);
}

export async function multiplyOnPostgres(client: pg.Client, times: number): Promise<number> {
  await client.query(
    "set session_replication_role = replica; set maintenance_work_mem = '1GB'; set work_mem = '256MB'",
  );
  const { rows: indexes } = await client.query<{ readonly name: string; readonly sql: string }>(
    `select i.indexname as name, i.indexdef as sql from pg_indexes i where i.schemaname = 'crm' and i.tablename = any($1)
    and not exists (select 1 from pg_constraint c join pg_namespace n on n.oid = c.connamespace where n.nspname = 'crm' and c.conname = i.indexname)`,
    [COPIED],
  );
  for (const { name } of indexes) await client.query(`drop index crm."${name}"`);
  for (const table of COPIED) {
    const { rows } = await client.query<{ readonly name: string }>(
      "select column_name as name from information_schema.columns where table_schema = 'crm' and table_name = $1 order by ordinal_position",
      [table],
    );
    const values = rows.map(({ name }) => {
      if (UNIQUE.includes(name)) return name === "contact_id" ? "null::uuid" : "null";
      return copied(name) ? `(lpad(to_hex(copy_number), 8, '0') || substr(${name}::text, 9))::uuid` : name;
    });
    await client.query(
      `insert into crm.${table} (${rows.map(({ name }) => name).join()})
      select ${values.join()} from generate_series(1, ${times - 1}) copy_number cross join (select * from crm.${table}) rows`,
    );
  }
  for (const { sql } of indexes) await client.query(sql);
  await client.query("reset session_replication_role");
  const {
    rows: [row],
  } = await client.query("select count(*) as number from crm.membership");
  return Number(row.number);
}
