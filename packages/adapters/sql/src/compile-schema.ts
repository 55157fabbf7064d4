/** From a migration step to the statements that carry it out. */
import type {
  AppReferenceSchema,
  ColumnSchema,
  ForeignKeySchema,
  IndexSchema,
  Storable,
  TableSchema,
} from "@relata/core/adapter";
import { sql } from "kysely";
import type { Compiler } from "./compiler.ts";
import type { SqlDialect } from "./sql-dialect.ts";
import type { Fragment } from "./statement.ts";

export function createTable(compiler: Compiler, table: TableSchema): string {
  const { dialect } = compiler;
  const parts = [
    ...table.columns.map((column) => define(compiler, table, column)),
    sql`constraint ${dialect.constraint(`${table.name}_pk`)} primary key (${sql.join(table.primaryKey.map((name) => sql.id(name)))})`,
    ...table.foreignKeys.map((key) => foreignKey(dialect, table, key)),
    ...(table.appReferences ?? []).map((key) => appReference(dialect, table, key)),
  ];
  const { tableOptions } = dialect;
  const options = tableOptions ? sql` ${tableOptions}` : sql``;
  return text(compiler, sql`create table ${dialect.table(table.name)} (${sql.join(parts)})${options}`);
}

/** The column alone: its foreign key, if it has one, is the adapter's to add, as not every database can. */
export function addColumn(compiler: Compiler, table: TableSchema, column: ColumnSchema): string {
  return text(
    compiler,
    sql`alter table ${compiler.dialect.table(table.name)} add column ${define(compiler, table, column)}`,
  );
}

/** What ends the definition of a column, for databases where a rule is changed by changing the definition. */
export function columnRules(compiler: Compiler, table: TableSchema, column: ColumnSchema): string {
  return text(compiler, sql.join(rules(compiler, table, column), sql` `));
}

/** A rule of a table that is there: that a column refers to a row of a table of the SDK, or of the application. */
export function addReference(
  compiler: Compiler,
  table: TableSchema,
  key: ForeignKeySchema | AppReferenceSchema,
): string {
  const { dialect } = compiler;
  const rule = "targetColumn" in key ? appReference(dialect, table, key) : foreignKey(dialect, table, key);
  return text(compiler, sql`alter table ${dialect.table(table.name)} add ${rule}`);
}

function foreignKey(dialect: SqlDialect, table: TableSchema, { column, target }: ForeignKeySchema): Fragment {
  const own = sql.id("tenant_id");
  const rule = dialect.constraint(`${table.name}.${column}`);
  return sql`constraint ${rule} foreign key (${own}, ${sql.id(column)}) references ${dialect.table(target)} (${own}, ${sql.id("id")})${dialect.foreignKeyOptions}`;
}

/** The application's table is named as the application names it. */
function appReference(dialect: SqlDialect, table: TableSchema, key: AppReferenceSchema): Fragment {
  const rule = dialect.constraint(`${table.name}.${key.column}`);
  return sql`constraint ${rule} foreign key (${sql.id(key.column)}) references ${sql.id(key.target)} (${sql.id(key.targetColumn)})${dialect.foreignKeyOptions}`;
}

/** `id` ends an index that is not unique, so that it gives rows in a total order and a page after another is a range of it. */
export function createIndex(
  compiler: Pick<Compiler, "kysely" | "dialect">,
  table: TableSchema,
  { name, unique, columns: ordered, concurrently = false }: IndexSchema & { readonly concurrently?: boolean },
): string {
  const { dialect } = compiler;
  const columns = unique || ordered.includes("id") ? ordered : [...ordered, "id"];
  const words = `create ${unique ? "unique " : ""}index ${concurrently ? "concurrently " : ""}`;
  const list = sql.join(columns.map((name) => sql.id(name)));
  return text(
    compiler,
    sql`${sql.raw(words)}${dialect.index(name, "create")} on ${dialect.table(table.name)} (${list})`,
  );
}

/** A row with its values in the statement, to be printed as well as run. */
export function insertRow(compiler: Compiler, table: TableSchema, values: readonly Storable[]): string {
  const columns = table.columns.map((column) => sql.id(column.name));
  const literals = values.map((value) => sql.lit(value));
  return text(
    compiler,
    sql`insert into ${compiler.dialect.table(table.name)} (${sql.join(columns)}) values (${sql.join(literals)})`,
  );
}

export function dropIndex(compiler: Pick<Compiler, "kysely" | "dialect">, index: IndexSchema): string {
  return text(compiler, sql`drop index ${compiler.dialect.index(index.name, "refer")}`);
}

function define(compiler: Compiler, table: TableSchema, column: ColumnSchema): Fragment {
  const parts = [
    sql.id(column.name),
    sql.raw(compiler.dialect.declaredType(column)),
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
    ...(check ? [sql`constraint ${dialect.constraint(`${table.name}.${column.name}`)} check (${check})`] : []),
  ];
}

function text({ kysely }: Pick<Compiler, "kysely">, fragment: Fragment): string {
  return fragment.compile(kysely).sql;
}
