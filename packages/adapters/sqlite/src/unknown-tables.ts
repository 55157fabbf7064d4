/** Tables that the schema does not have, of plugins that are not installed or of the application's own: whether their rows lost what they refer to. */
import { type CrmError, stillReferencedByTable } from "@relata/core/adapter";
import { jsonList } from "./bind.ts";
import { quoteName } from "./quote.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

export interface LostTargets {
  readonly known: readonly string[];
  /** The table from which rows of these ids were taken. */
  readonly target: string;
  readonly ids: readonly string[];
  readonly cause: unknown;
}

/** One statement, and one for each foreign key that leads from such a table to the target. */
export function findUnknownReferring(
  connection: SqliteConnection,
  { known, target, ids, cause }: LostTargets,
): CrmError | undefined {
  const keys = connection.all(
    `select name, json_group_array(json_array("from", coalesce("to", 'id'))) from (
      select tables.name, keys.id, keys."from", keys."to" from sqlite_master as tables, pragma_foreign_key_list(tables.name) as keys
      where tables.type = 'table' and keys."table" = ? and tables.name not in (select value from json_each(?)) order by 1, 2, keys.seq
    ) group by name, id`,
    [target, jsonList(known)],
  );
  for (const [name, columns] of keys as [string, string][]) {
    const pairs = JSON.parse(columns) as [from: string, to: string][];
    const own = pairs.find(([, to]) => to === "id")?.[0];
    if (own === undefined) continue;
    const same = pairs.map(([from, to]) => `there.${quoteName(to)} = referring.${quoteName(from)}`);
    const [row] = connection.all(
      `select 1 from ${quoteName(name)} as referring where ${quoteName(own)} in (select value from json_each(?))
      and not exists (select 1 from ${quoteName(target)} as there where ${same.join(" and ")}) limit 1`,
      [jsonList(ids)],
    );
    if (row) return stillReferencedByTable(name, cause);
  }
  return undefined;
}
