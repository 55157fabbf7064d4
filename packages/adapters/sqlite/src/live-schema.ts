/** The tables as they are in the file, read from SQLite's own tables. */
import type {
  ForeignKeySchema,
  IndexSchema,
  LiveColumn,
  LiveSchema,
  LiveTable,
  StorageSchema,
} from "@relata/core/adapter";
import { readMeanings } from "./column-meanings.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { listedValues, readDefinition } from "./table-definition.ts";

/** Tables are the SDK's by name, or, where no schema names them any more, by the columns that all of them begin with. */
export function readLiveSchema(connection: SqliteConnection, schema: StorageSchema): LiveSchema {
  const names = connection.all("select name from sqlite_schema where type = 'table'").map(([name]) => String(name));
  const meanings = readMeanings(connection);
  const tables = names.map((name): readonly [string, LiveTable] => {
    return [name, readLiveTable(connection, name, meanings.get(name))];
  });
  const begins = (table: LiveTable) => [...table.columns.keys()].slice(0, 3).join() === "tenant_id,id,version";
  return { tables: new Map(tables.filter(([name, table]) => schema.tables.has(name) || begins(table))) };
}

function readLiveTable(connection: SqliteConnection, name: string, meanings?: ReadonlyMap<string, string>): LiveTable {
  const lists = listedValues(readDefinition(connection, name));
  // What is not 0 in "hidden" is a column that SQLite computes.
  const columns = connection.all(
    `select name, type, "notnull", dflt_value is not null or hidden <> 0 from pragma_table_xinfo(?)`,
    [name],
  );
  return {
    columns: new Map(
      columns.map(([column, type, notNull, hasDefault]): [string, LiveColumn] => {
        const meaning = meanings?.get(String(column));
        const values = lists.get(String(column));
        const live = { type: String(type), nullable: notNull === 0, hasDefault: hasDefault === 1 };
        return [String(column), { ...live, ...(meaning ? { meaning } : {}), ...(values ? { values } : {}) }];
      }),
    ),
    indexes: readIndexes(connection, name),
    foreignKeys: readForeignKeys(connection, name),
  };
}

/** The first column of each is the tenant's, the second the reference. */
function readForeignKeys(connection: SqliteConnection, table: string): readonly ForeignKeySchema[] {
  const keys = connection.all(`select "from", "table" from pragma_foreign_key_list(?) where seq = 1 order by id desc`, [
    table,
  ]);
  return keys.map(([column, target]) => ({ column: String(column), target: String(target) }));
}

function readIndexes(connection: SqliteConnection, table: string): ReadonlyMap<string, IndexSchema> {
  const indexes = connection.all(`select name, "unique" from pragma_index_list(?) where origin = 'c'`, [table]);
  return new Map(
    indexes.map(([index, unique]): [string, IndexSchema] => {
      const name = String(index);
      const columns = connection.all("select name from pragma_index_info(?) order by seqno", [name]);
      return [name, { name, columns: columns.map(([column]) => String(column)), unique: unique === 1 }];
    }),
  );
}
