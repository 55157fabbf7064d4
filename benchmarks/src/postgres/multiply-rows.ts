/** A database that is as large as wanted without being written record by record. */
import { onClient } from "./database.ts";

const IDS = 20_000;

/**
 * Copies each opportunity under ids of their own, so that there are about `times` as many; their stage entries are not copied. Secondary
 * indexes are built afterwards. Gives some ids, evenly spread.
 */
export function multiplyRows(url: string, times: number): Promise<readonly string[]> {
  return onClient(url, async (client) => {
    const { rows: columns } = await client.query<{ readonly name: string }>(
      "select column_name as name from information_schema.columns where table_schema = 'crm' and table_name = 'opportunity'",
    );
    const names = columns.map(({ name }) => name).filter((name) => name !== "id");
    const { rows: indexes } = await client.query<{ readonly name: string; readonly text: string }>(
      "select indexname as name, indexdef as text from pg_indexes where schemaname = 'crm' and tablename = 'opportunity' and indexname <> 'opportunity_pk'",
    );
    await client.query("set maintenance_work_mem = '1GB'");
    for (const { name } of indexes) await client.query(`drop index crm."${name}"`);
    // The references of a copy are those of its original.
    await client.query("set session_replication_role = replica");
    await client.query(
      `insert into crm.opportunity (id, ${names.join()})
      select overlay(id::text placing lpad(to_hex(copy), 4, '0') from 33)::uuid, ${names.join()}
      from crm.opportunity, generate_series(1, $1::int) as copy on conflict do nothing`,
      [times - 1],
    );
    for (const { text } of indexes) await client.query(text);
    const { rows } = await client.query<{ readonly id: string }>("select id from crm.opportunity order by id");
    const every = Math.ceil(rows.length / IDS);
    return rows.filter((_, number) => number % every === 0).map(({ id }) => id);
  });
}
