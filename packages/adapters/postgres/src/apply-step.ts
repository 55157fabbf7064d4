/** From a migration step to the statements that carry it out. */
import {
  type ColumnSchema,
  CrmError,
  type ExistingTableStep,
  type MigrationStep,
  type TableName,
  type TableSchema,
} from "@relata/core/adapter";
import { addColumn, addReference, type Compiler, createIndex, createTable, dropIndex, insertRow } from "@relata/sql";
import { sql } from "kysely";
import { MEANING } from "./live-schema.ts";
import { type Namespace, placedName, qualifiedTable, quoteName, quoteText } from "./namespace.ts";
import { createPolicies, dropPolicies, renewPolicies } from "./policies.ts";

export interface StepCompiler {
  readonly compiler: Compiler;
  readonly namespace: Namespace;
  /** Tables are created with the policies of row-level security. */
  readonly rowLevelSecurity: boolean;
}

/** A rule that the database has, by the table and the column that its name is made of. */
export interface LiveRule {
  readonly table: string;
  readonly column: string;
}

/** What a step needs to know of the database. */
export interface Surroundings {
  /** The foreign keys of other tables to the step's own, and rules of its columns. */
  readonly referring: readonly LiveRule[];
  readonly rules: readonly LiveRule[];
}

/** The columns of a table that does not exist yet may refer to others that do not: those references come later. */
export function createTableStatements(
  { compiler, namespace, rowLevelSecurity }: StepCompiler,
  table: TableSchema,
): readonly string[] {
  return [
    createTable(compiler, { ...table, foreignKeys: [] }),
    ...table.columns.map((column) => meaning(namespace, table, column)),
    ...(rowLevelSecurity ? createPolicies(namespace, table.name) : []),
  ];
}

export function referenceStatement({ compiler }: StepCompiler, table: TableSchema, column: string): string {
  return addReference(compiler, table, table.foreignKeys.find((key) => key.column === column)!);
}

export function stepStatements(
  context: StepCompiler,
  step: Exclude<MigrationStep, { readonly kind: "create_table" }>,
  around: Surroundings,
): readonly string[] {
  const { compiler, namespace } = context;
  switch (step.kind) {
    case "create_index":
      // What an interrupted attempt has left has the name, and is of no use.
      return [
        `drop index if exists ${quoteName(namespace.schema)}.${quoteName(placedName(namespace, step.index.name))}`,
        createIndex(compiler, step.table, step.index),
      ];
    case "insert_row":
      return [insertRow(compiler, step.table, step.values)];
    case "add_column": {
      const { table, column } = step;
      const isOwn = (key: { readonly column: string }) => key.column === column.name;
      return [
        addColumn(compiler, table, column),
        ...table.foreignKeys.filter(isOwn).map((key) => addReference(compiler, table, key)),
        ...(table.appReferences ?? []).filter(isOwn).map((key) => addReference(compiler, table, key)),
        meaning(namespace, table, column),
      ];
    }
    case "widen_column":
      return widen(context, step);
    default:
      return existing(context, step, around);
  }
}

/** Rows that satisfied the narrower rule satisfy the wider one: they need not be looked at. */
function widen(
  { compiler, namespace }: StepCompiler,
  { table, column }: { readonly table: TableSchema; readonly column: ColumnSchema },
): readonly string[] {
  const { name, nullable } = column;
  const alter = `alter table ${qualifiedTable(namespace, table.name)}`;
  const rule = quoteName(placedName(namespace, `${table.name}.${name}`));
  const check = compiler.dialect.columnCheck(column);
  const condition = check && sql`${check}`.compile(compiler.kysely).sql;
  return [
    ...(nullable ? [`${alter} alter column ${quoteName(name)} drop not null`] : []),
    `${alter} drop constraint if exists ${rule}`,
    ...(condition ? [`${alter} add constraint ${rule} check (${condition}) not valid`] : []),
  ];
}

function existing(
  { compiler, namespace }: StepCompiler,
  step: ExistingTableStep,
  { referring, rules }: Surroundings,
): readonly string[] {
  const { table } = step;
  const alter = `alter table ${qualifiedTable(namespace, table.name)}`;
  const column = "column" in step ? quoteName(step.column) : "";
  const renamedRules = (place: TableName, renamed: (rule: LiveRule) => LiveRule) =>
    rules.map((rule) => {
      const to = renamed(rule);
      const from = quoteName(placedName(namespace, `${rule.table}.${rule.column}`));
      return `alter table ${qualifiedTable(namespace, place.name)} rename constraint ${from} to ${quoteName(placedName(namespace, `${to.table}.${to.column}`))}`;
    });
  switch (step.kind) {
    case "drop_index":
      return [dropIndex(compiler, step.index)];
    case "rename_table": {
      const key = (name: string) => quoteName(placedName(namespace, `${name}_pk`));
      return [
        `${alter} rename to ${quoteName(placedName(namespace, step.to.name))}`,
        `alter table ${qualifiedTable(namespace, step.to.name)} rename constraint ${key(table.name)} to ${key(step.to.name)}`,
        ...renamedRules(step.to, (rule) => ({ ...rule, table: step.to.name })),
      ];
    }
    case "rename_column":
      return [
        `${alter} rename column ${column} to ${quoteName(step.to.name)}`,
        ...renamedRules(table, (rule) =>
          rule.column === step.column ? { ...rule, column: step.to.name } : rule,
        ).filter((_, i) => rules[i]!.column === step.column),
      ];
    case "drop_table":
      return [
        ...referring.map(
          (rule) =>
            `alter table ${qualifiedTable(namespace, rule.table)} drop constraint ${quoteName(placedName(namespace, `${rule.table}.${rule.column}`))}`,
        ),
        `drop table ${qualifiedTable(namespace, table.name)}`,
      ];
    case "drop_column":
      return [`${alter} drop column ${column}`];
    case "allow_null":
      return [`${alter} alter column ${column} drop not null`];
    case "forbid_null":
      return [`${alter} alter column ${column} set not null`];
    case "create_policies":
      return renewPolicies(namespace, table.name);
    case "drop_policies":
      return dropPolicies(namespace, table.name);
    case "set_meaning":
      return [comment(namespace, table, { name: step.column, meaning: step.meaning })];
  }
}

function meaning(namespace: Namespace, table: TableName, column: ColumnSchema): string {
  return comment(namespace, table, column);
}

function comment(
  namespace: Namespace,
  table: TableName,
  { name, meaning: stands }: Pick<ColumnSchema, "name" | "meaning">,
): string {
  return `comment on column ${qualifiedTable(namespace, table.name)}.${quoteName(name)} is ${quoteText(MEANING + stands)}`;
}

/** A row that has no value where there must be one from now on. */
export function nullFound(table: TableName, column: string, id: string): CrmError {
  return new CrmError("value_refused", `${table.entity} "${id}" has no value in the column ${column}.`, {
    details: { entity: table.entity, field: column },
  });
}
