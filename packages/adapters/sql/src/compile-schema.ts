/** From a migration step to the statements that carry it out. */
import type { ColumnSchema, IndexSchema, Storable, TableSchema } from "@relata/core/adapter";
import { sql } from "kysely";
import type { Compiler } from "./compiler.ts";
import type { Fragment } from "./statement.ts";

export function createTable(compiler: Compiler, table: TableSchema): string {
  const target = [sql.id("tenant_id"), sql.id("id")];
  const parts = [
    ...table.columns.map((column) => define(compiler, table, column)),
    sql`constraint ${sql.id(`${table.name}_pk`)} primary key (${sql.join(table.primaryKey.map((name) => sql.id(name)))})`,
    ...table.foreignKeys.map(
      (key) =>
        sql`constraint ${sql.id(`${table.name}.${key.column}`)} foreign key (${sql.id("tenant_id")}, ${sql.id(
          key.column,
        )}) references ${sql.id(key.target)} (${sql.join(target)})`,
    ),
    ...(table.appReferences ?? []).map(
      (key) =>
        sql`constraint ${sql.id(`${table.name}.${key.column}`)} foreign key (${sql.id(key.column)}) references ${sql.id(
          key.target,
        )} (${sql.id(key.targetColumn)})`,
    ),
  ];
  const { tableOptions } = compiler.dialect;
  const options = tableOptions ? sql` ${tableOptions}` : sql``;
  return text(compiler, sql`create table ${sql.id(table.name)} (${sql.join(parts)})${options}`);
}

/** The column alone: its foreign key, if it has one, is the adapter's to add, as not every database can. */
export function addColumn(compiler: Compiler, table: TableSchema, column: ColumnSchema): string {
  return text(compiler, sql`alter table ${sql.id(table.name)} add column ${define(compiler, table, column)}`);
}

/** What ends the definition of a column, for databases where a rule is changed by changing the definition. */
export function columnRules(compiler: Compiler, table: TableSchema, column: ColumnSchema): string {
  return text(compiler, sql.join(rules(compiler, table, column), sql` `));
}

/** `id` ends an index that is not unique, so that it gives rows in a total order and a page after another is a range of it. */
export function createIndex({ kysely }: Pick<Compiler, "kysely">, table: TableSchema, index: IndexSchema): string {
  const columns = index.unique || index.columns.includes("id") ? index.columns : [...index.columns, "id"];
  const builder = kysely.schema
    .createIndex(index.name)
    .on(table.name)
    .columns([...columns]);
  return (index.unique ? builder.unique() : builder).compile().sql;
}

/** A row with its values in the statement, to be printed as well as run. */
export function insertRow(compiler: Compiler, table: TableSchema, values: readonly Storable[]): string {
  const columns = table.columns.map((column) => sql.id(column.name));
  const literals = values.map((value) => sql.lit(value));
  return text(compiler, sql`insert into ${sql.id(table.name)} (${sql.join(columns)}) values (${sql.join(literals)})`);
}

export function dropIndex({ kysely }: Pick<Compiler, "kysely">, index: IndexSchema): string {
  return kysely.schema.dropIndex(index.name).compile().sql;
}

function define(compiler: Compiler, table: TableSchema, column: ColumnSchema): Fragment {
  const parts = [
    sql.id(column.name),
    sql.raw(compiler.dialect.columnType(column)),
    ...(column.default === undefined ? [] : [sql`default ${sql.lit(column.default)}`]),
    ...rules(compiler, table, column),
  ];
  return sql.join(parts, sql` `);
}

/** The check is named after its column, because the name is all that a database tells when the check fails. */
function rules({ dialect }: Compiler, table: TableSchema, column: ColumnSchema): readonly Fragment[] {
  const check = dialect.columnCheck(column);
  return [
    ...(column.nullable ? [] : [sql`not null`]),
    ...(check ? [sql`constraint ${sql.id(`${table.name}.${column.name}`)} check (${check})`] : []),
  ];
}

function text({ kysely }: Pick<Compiler, "kysely">, fragment: Fragment): string {
  return fragment.compile(kysely).sql;
}
