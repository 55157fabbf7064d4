/** Reads the tables that exist and changes them, under the lock for writing and in one transaction. */
import {
  type AppReferenceSchema,
  type ColumnSchema,
  CrmError,
  type ForeignKeySchema,
  type IndexSchema,
  type LiveColumn,
  type LiveSchema,
  type LiveTable,
  type MigrationStep,
  type Migrator,
  type TableSchema,
} from "@relata/core/adapter";
import { addColumn, type Compiler, columnRules, createIndex, createTable, dropIndex } from "@relata/sql";
import { checkAppTables } from "./app-tables.ts";
import { keepMeanings, readMeanings } from "./column-meanings.ts";
import { writePlannerStatistics } from "./planner-statistics.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { listedValues, withConstraint, withNull, withRules } from "./table-definition.ts";

export interface MigratorOptions {
  readonly connection: SqliteConnection;
  readonly compiler: Compiler;
  /** Runs work alone on the connection, and again while another connection holds the lock. */
  inTurn<T>(work: () => T): Promise<T>;
}

export function createMigrator({ connection, compiler, inTurn }: MigratorOptions): Migrator {
  return {
    columnType: (column) => compiler.dialect.columnType(column),
    migrate: (plan) =>
      inTurn(() => {
        connection.run("begin immediate");
        try {
          checkAppTables(connection, compiler.schema);
          const steps = plan(readLiveSchema(connection, compiler));
          for (const step of steps) applyStep(connection, compiler, step);
          keepMeanings(connection, steps);
          if (steps.length > 0) writePlannerStatistics(connection, compiler.schema);
          connection.run("commit");
          return steps;
        } catch (error) {
          if (connection.isTransaction) connection.run("rollback");
          throw error;
        }
      }),
  };
}

/** Tables are the SDK's by name, or, where no schema names them any more, by the columns that all of them begin with. */
function readLiveSchema(connection: SqliteConnection, { schema }: Compiler): LiveSchema {
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
  };
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

function applyStep(connection: SqliteConnection, compiler: Compiler, step: MigrationStep): void {
  switch (step.kind) {
    case "create_table":
      connection.run(createTable(compiler, step.table));
      return;
    case "create_index":
      connection.run(createIndex(compiler, step.table, step.index));
      return;
    case "drop_index":
      connection.run(dropIndex(compiler, step.index));
      return;
    case "add_column": {
      connection.run(addColumn(compiler, step.table, step.column));
      const key = step.table.foreignKeys.find(({ column }) => column === step.column.name);
      if (key) addForeignKey(connection, step.table, key);
      const appKey = step.table.appReferences?.find(({ column }) => column === step.column.name);
      if (appKey) addAppReference(connection, step.table, appKey);
      return;
    }
    case "widen_column": {
      const { table, column } = step;
      const rules = columnRules(compiler, table, column);
      amendColumn(connection, step, withRules(readDefinition(connection, table.name), column.name, rules));
      return;
    }
    case "allow_null":
      amendColumn(connection, step, withNull(readDefinition(connection, step.table.name), step.column));
      return;
    default:
      step satisfies never;
  }
}

function addForeignKey(connection: SqliteConnection, table: TableSchema, { column, target }: ForeignKeySchema): void {
  const key = `foreign key ("tenant_id", ${quote(column)}) references ${quote(target)} ("tenant_id", "id")`;
  amendDefinition(connection, table, withConstraint(readDefinition(connection, table.name), key));
}

function addAppReference(connection: SqliteConnection, table: TableSchema, key: AppReferenceSchema): void {
  const { column, target, targetColumn } = key;
  const rule = `foreign key (${quote(column)}) references ${quote(target)} (${quote(targetColumn)})`;
  amendDefinition(connection, table, withConstraint(readDefinition(connection, table.name), rule));
}

function amendColumn(
  connection: SqliteConnection,
  { table, column }: { readonly table: TableSchema; readonly column: ColumnSchema | string },
  definition: string | undefined,
): void {
  if (definition === undefined) {
    const field = typeof column === "string" ? column : column.field;
    throw new CrmError(
      "schema_mismatch",
      `${table.entity}.${field} cannot be widened: the definition of the table "${table.name}" was changed by hand.`,
      { details: { entity: table.entity, field } },
    );
  }
  amendDefinition(connection, table, definition);
}

function readDefinition(connection: SqliteConnection, table: string): string {
  const [[definition] = []] = connection.all("select sql from sqlite_schema where type = 'table' and name = ?", [
    table,
  ]);
  return String(definition);
}

/**
 * ALTER TABLE adds no foreign key of two columns, and takes no rule away from a column. The table's definition is amended instead, as
 * SQLite's documentation describes for changes that leave the stored rows as they are
 * (https://sqlite.org/lang_altertable.html#otheralter).
 */
function amendDefinition(connection: SqliteConnection, table: TableSchema, definition: string): void {
  const [[version] = []] = connection.all("pragma schema_version");
  connection.unprotected(() => {
    connection.exec("pragma writable_schema = on");
    try {
      connection.run("update sqlite_schema set sql = ? where type = 'table' and name = ?", [definition, table.name]);
      // Makes every connection, this one included, read the definition again.
      connection.exec(`pragma schema_version = ${Number(version) + 1}`);
    } finally {
      connection.exec("pragma writable_schema = off");
    }
  });
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
