/** Changes tables: what ALTER TABLE cannot do is done to the table's definition. */
import {
  type ColumnSchema,
  CrmError,
  type ExistingTableStep,
  type MigrationStep,
  type Storable,
  type TableName,
  type TableSchema,
} from "@relata/core/adapter";
import { addColumn, type Compiler, columnRules, createIndex, createTable, dropIndex, insertRow } from "@relata/sql";
import { bind } from "./bind.ts";
import { meaningStatements } from "./column-meanings.ts";
import { quoteName, quoteText } from "./quote.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import {
  readDefinition,
  withConstraint,
  withConstraintsRenamed,
  withNotNull,
  withNull,
  withoutForeignKeys,
  withRules,
} from "./table-definition.ts";

/** Runs a statement, and keeps it. */
interface Work {
  readonly connection: SqliteConnection;
  readonly compiler: Compiler;
  run(statement: string): void;
}

/** Returns what was run. @throws `CrmError` `schema_mismatch` for a table whose definition was changed by hand. */
export function applyStep(connection: SqliteConnection, compiler: Compiler, step: MigrationStep): readonly string[] {
  const statements: string[] = [];
  const run = (statement: string) => {
    statements.push(statement);
    connection.exec(statement);
  };
  changeTable({ connection, compiler, run }, step);
  for (const statement of meaningStatements(connection, step)) run(statement);
  return statements;
}

function changeTable(work: Work, step: MigrationStep): void {
  const { compiler, run } = work;
  switch (step.kind) {
    case "create_table":
      run(createTable(compiler, step.table));
      return;
    case "create_index":
      run(createIndex(compiler, step.table, step.index));
      return;
    case "insert_row":
      run(insertRow(compiler, step.table, step.values.map(bound)));
      return;
    case "add_column": {
      const { table, column } = step;
      run(addColumn(compiler, table, column));
      for (const rule of referenceRules(table, column.name)) {
        amend(work, table, withConstraint(definitionOf(work, table), rule));
      }
      return;
    }
    case "widen_column": {
      const { table, column } = step;
      const rules = columnRules(compiler, table, column);
      amendColumn(work, step, withRules(definitionOf(work, table), column.name, rules));
      return;
    }
    default:
      changeExisting(work, step);
  }
}

function referenceRules({ foreignKeys, appReferences = [] }: TableSchema, name: string): readonly string[] {
  const rule = (columns: string, target: string, targetColumns: string) =>
    `foreign key (${columns}) references ${quoteName(target)} (${targetColumns})`;
  return [
    ...foreignKeys
      .filter(({ column }) => column === name)
      .map(({ column, target }) => rule(`"tenant_id", ${quoteName(column)}`, target, '"tenant_id", "id"')),
    ...appReferences
      .filter(({ column }) => column === name)
      .map(({ column, target, targetColumn }) => rule(quoteName(column), target, quoteName(targetColumn))),
  ];
}

function changeExisting(work: Work, step: ExistingTableStep): void {
  const { compiler, run } = work;
  const { table } = step;
  switch (step.kind) {
    case "drop_index":
      run(dropIndex(compiler, step.index));
      return;
    case "rename_table": {
      run(`alter table ${quoteName(table.name)} rename to ${quoteName(step.to.name)}`);
      const rename = (name: string) =>
        name.startsWith(`${table.name}.`) || name === `${table.name}_pk`
          ? step.to.name + name.slice(table.name.length)
          : name;
      amend(work, step.to, withConstraintsRenamed(definitionOf(work, step.to), rename));
      return;
    }
    case "rename_column": {
      run(`alter table ${quoteName(table.name)} rename column ${quoteName(step.column)} to ${quoteName(step.to.name)}`);
      const rename = (name: string) =>
        name === `${table.name}.${step.column}` ? `${table.name}.${step.to.name}` : name;
      amend(work, table, withConstraintsRenamed(definitionOf(work, table), rename));
      return;
    }
    case "drop_table":
      for (const name of referringTo(work, table.name)) {
        const other = { name, entity: name };
        amend(work, other, withoutForeignKeys(definitionOf(work, other), { target: table.name }));
      }
      run(`drop table ${quoteName(table.name)}`);
      return;
    case "drop_column":
      amend(work, table, withoutForeignKeys(definitionOf(work, table), { column: step.column }));
      run(`alter table ${quoteName(table.name)} drop column ${quoteName(step.column)}`);
      return;
    case "allow_null":
      amendColumn(work, step, withNull(definitionOf(work, table), step.column));
      return;
    case "forbid_null":
      refuseNull(work, step);
      amendColumn(work, step, withNotNull(definitionOf(work, table), step.column));
      return;
    case "set_meaning":
    // SQLite has no row-level security, and asks for none of these.
    case "create_policies":
    case "drop_policies":
      return;
    default:
      step satisfies never;
  }
}

function referringTo({ connection }: Work, target: string): readonly string[] {
  const rows = connection.all(
    `select distinct s.name from sqlite_schema s, pragma_foreign_key_list(s.name) k
    where s.type = 'table' and k."table" = ? and s.name <> ?`,
    [target, target],
  );
  return rows.map(([name]) => String(name));
}

function refuseNull({ connection }: Work, { table, column }: { readonly table: TableName; readonly column: string }) {
  const rows = connection.all(`select id from ${quoteName(table.name)} where ${quoteName(column)} is null limit 1`);
  if (rows.length === 0) return;
  throw new CrmError("value_refused", `${table.entity} "${rows[0]?.[0]}" has no value in the column ${column}.`, {
    details: { entity: table.entity, field: column },
  });
}

function amendColumn(
  work: Work,
  { table, column }: { readonly table: TableName; readonly column: ColumnSchema | string },
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
  amend(work, table, definition);
}

function definitionOf({ connection }: Work, table: TableName): string {
  return readDefinition(connection, table.name);
}

/**
 * ALTER TABLE adds no foreign key of two columns, and takes no rule away from a column. The table's definition is amended instead, as
 * SQLite's documentation describes for changes that leave the stored rows as they are
 * (https://sqlite.org/lang_altertable.html#otheralter).
 */
function amend(work: Work, table: TableName, definition: string): void {
  const { connection, run } = work;
  if (definition === definitionOf(work, table)) return;
  const [[version] = []] = connection.all("pragma schema_version");
  connection.unprotected(() => {
    run("pragma writable_schema = on");
    try {
      run(
        `update sqlite_schema set sql = ${quoteText(definition)} where type = 'table' and name = ${quoteText(table.name)}`,
      );
      // Makes every connection, this one included, read the definition again.
      run(`pragma schema_version = ${Number(version) + 1}`);
    } finally {
      run("pragma writable_schema = off");
    }
  });
}

function bound(value: Storable): Storable {
  return bind(value) as Storable;
}
