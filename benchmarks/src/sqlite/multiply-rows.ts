/** A file that is as large as wanted without being written record by record. */
import { DatabaseSync } from "node:sqlite";
import { type CopiedTable, OPPORTUNITIES } from "../sales/copied-tables.ts";
import { withoutIndexes } from "./write-file.ts";

/** Of so many records that are asked for by their ids, evenly spread. */
const IDS = 20_000;

/** Copies each opportunity under ids of their own, so that there are about `times` as many. Gives some ids, evenly spread. */
export async function multiplyRows(
  filename: string,
  times: number,
  tables: readonly CopiedTable[] = OPPORTUNITIES,
): Promise<readonly string[]> {
  await withoutIndexes(filename, (database) => {
    database.exec("pragma journal_mode = off");
    for (const { table, ids } of tables) {
      const columns = database
        .prepare("select name from pragma_table_info(?)")
        .all(table)
        .map(({ name }) => String(name))
        .filter((name) => !ids.includes(name))
        .join();
      const copies = ids.map((id) => `substr(${id}, 1, 32) || printf('%04x', number)`);
      database.exec(`insert or ignore into ${table} (${ids.join()}, ${columns})
        with recursive copy (number) as (values (1) union all select number + 1 from copy where number < ${times - 1})
        select ${copies.join()}, ${columns} from ${table}, copy`);
    }
  });
  const database = new DatabaseSync(filename);
  const all = database
    .prepare("select id from opportunity order by id")
    .all()
    .map(({ id }) => String(id));
  database.close();
  const every = Math.ceil(all.length / IDS);
  return all.filter((_, number) => number % every === 0);
}
