/** A file that is as large as wanted without being written record by record. */
import { DatabaseSync } from "node:sqlite";
import { withoutIndexes } from "./write-file.ts";

/** Of so many records that are asked for by their ids, evenly spread. */
const IDS = 20_000;

/**
 * Copies each opportunity under ids of their own, so that there are about `times` as many; their stage entries are not copied. Gives some ids,
 * evenly spread.
 */
export async function multiplyRows(filename: string, times: number): Promise<readonly string[]> {
  await withoutIndexes(filename, (database) => {
    const columns = database
      .prepare("select name from pragma_table_info('opportunity') where name <> 'id'")
      .all()
      .map(({ name }) => name)
      .join();
    database.exec("pragma journal_mode = off");
    database.exec(`insert or ignore into opportunity (id, ${columns})
      with recursive copy (number) as (values (1) union all select number + 1 from copy where number < ${times - 1})
      select substr(id, 1, 32) || printf('%04x', number), ${columns} from opportunity, copy`);
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
