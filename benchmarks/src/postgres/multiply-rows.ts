/** A database that is as large as wanted without being written record by record. */
import { type CopiedTable, OPPORTUNITIES } from "../sales/copied-tables.ts";
import { onClient } from "./database.ts";

const IDS = 20_000;

/**
 * Copies each opportunity under ids of their own, so that there are about `times` as many. Secondary indexes are built afterwards. Gives some ids,
 * evenly spread.
 */
export function multiplyRows(
  url: string,
  times: number,
  tables: readonly CopiedTable[] = OPPORTUNITIES,
): Promise<readonly string[]> {
  return onClient(url, async (client) => {
    await client.query("set maintenance_work_mem = '1GB'");
    // The references of a copy are those of its original.
    await client.query("set session_replication_role = replica");
    for (const { table, ids } of tables) {
      const { rows: columns } = await client.query<{ readonly name: string }>(
        "select column_name as name from information_schema.columns where table_schema = 'crm' and table_name = $1",
        [table],
      );
      const names = columns.map(({ name }) => name).filter((name) => !ids.includes(name));
      const { rows: indexes } = await client.query<{ readonly name: string; readonly text: string }>(
        "select indexname as name, indexdef as text from pg_indexes where schemaname = 'crm' and tablename = $1 and indexname not like '%_pk'",
        [table],
      );
      for (const { name } of indexes) await client.query(`drop index crm."${name}"`);
      const copies = ids.map((id) => `overlay(${id}::text placing lpad(to_hex(copy), 4, '0') from 33)::uuid`);
      await client.query(
        `insert into crm.${table} (${[...ids, ...names].join()})
        select ${[...copies, ...names].join()} from crm.${table}, generate_series(1, $1::int) as copy on conflict do nothing`,
        [times - 1],
      );
      for (const { text } of indexes) await client.query(text);
    }
    const { rows } = await client.query<{ readonly id: string }>("select id from crm.opportunity order by id");
    const every = Math.ceil(rows.length / IDS);
    return rows.filter((_, number) => number % every === 0).map(({ id }) => id);
  });
}
