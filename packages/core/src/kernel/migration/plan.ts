/**
 * Compares what is declared with what is in the database. What is missing is added and what is too narrow is widened, where rows that
 * exist allow it. Whatever nothing declares any more stays, but for rules that would refuse records.
 */
import { CrmError } from "../../errors.ts";
import { type ResolvedSchema, tablesOf } from "../entity/entity-schema.ts";
import type { LiveColumn, LiveSchema, LiveTable, MigrationStep, Migrator } from "../storage/storage-adapter.ts";
import type { ColumnSchema, IndexSchema, TableSchema } from "../storage/storage-schema.ts";

const EITHER = "change it back, or declare a new field under another name";

/** In an order in which columns come before their indexes. @throws `schema_mismatch` for what rows that exist may not allow. */
export function planMigration(
  schema: ResolvedSchema,
  live: LiveSchema,
  columnType: Migrator["columnType"],
): readonly MigrationStep[] {
  return tablesOf(schema).flatMap((table): MigrationStep[] => {
    const existing = live.tables.get(table.name);
    if (!existing) return [{ kind: "create_table", table }, ...table.indexes.map((index) => createIndex(table, index))];
    return [
      ...columnSteps(table, existing, columnType),
      ...abandonedColumns(table, existing),
      ...obsoleteRules(table, existing).map((index): MigrationStep => ({ kind: "drop_index", table, index })),
      ...table.indexes.filter((index) => !existing.indexes.has(index.name)).map((index) => createIndex(table, index)),
    ];
  });
}

function createIndex(table: TableSchema, index: IndexSchema): MigrationStep {
  return { kind: "create_index", table, index };
}

function columnSteps(table: TableSchema, existing: LiveTable, columnType: Migrator["columnType"]): MigrationStep[] {
  return table.columns.flatMap((column): MigrationStep[] => {
    const live = existing.columns.get(column.name);
    const type = columnType(column);
    if (!live && isPartOfField(table, column, existing)) {
      throw mismatch(
        table,
        column,
        `has no column ${column.name} in the database, which values that exist would need: ${EITHER}`,
      );
    }
    if (!live && (column.nullable || column.default !== undefined)) return [{ kind: "add_column", table, column }];
    if (!live) {
      throw mismatch(
        table,
        column,
        "is missing from the database, and records that exist would have no value for it: make it optional() or give it a default()",
      );
    }
    // Values are never converted, as nobody has said how: they would be read as something else.
    if (live.meaning !== undefined && live.meaning !== column.meaning) {
      throw mismatch(table, column, `is ${live.meaning} in the database, but declared as ${column.meaning}: ${EITHER}`);
    }
    if (live.type !== type) {
      throw mismatch(table, column, `is of type ${live.type} in the database, but declared as ${type}`);
    }
    if (live.nullable && !column.nullable) {
      throw mismatch(table, column, "may be empty in the database, but is declared as always present");
    }
    if (!live.values && column.values) {
      throw mismatch(table, column, "may be any text in the database, but is declared as one of a list");
    }
    const widened = widen(column, live);
    return widened ? [{ kind: "widen_column", table, column: widened }] : [];
  });
}

/** Whether the database has another column of the same field: only folded text gains one, and rows that exist would miss it. */
function isPartOfField(table: TableSchema, column: ColumnSchema, existing: LiveTable): boolean {
  return table.columns.some((other) => other.field === column.field && existing.columns.has(other.name));
}

/**
 * Columns that no field has any more, and that would refuse every record that is created without them: a process that does not know
 * them leaves them empty from now on. What they hold stays.
 */
function abandonedColumns(table: TableSchema, existing: LiveTable): MigrationStep[] {
  const declared = new Set(table.columns.map((column) => column.name));
  return [...existing.columns].flatMap(([column, { nullable, hasDefault }]): MigrationStep[] =>
    declared.has(column) || nullable || hasDefault ? [] : [{ kind: "allow_null", table, column }],
  );
}

/** The column as both the declaration and the rows that exist need it; undefined when the database accepts all of that already. */
function widen(column: ColumnSchema, live: LiveColumn): ColumnSchema | undefined {
  const values = column.values && [...new Set([...(live.values ?? []), ...column.values])];
  if (live.nullable === column.nullable && live.values?.length === values?.length) return undefined;
  return values ? { ...column, values } : column;
}

/**
 * The rules that core has made and that are not declared any more: they would go on to refuse records. A rule over a column that is
 * not declared at all is kept, as the plugin that it belongs to may only be absent from this process.
 */
function obsoleteRules(table: TableSchema, existing: LiveTable): IndexSchema[] {
  const declared = new Set(table.columns.map((column) => column.name));
  return [...existing.indexes.values()].filter(
    ({ name, unique, columns }) =>
      unique &&
      name.startsWith(`${table.name}__`) &&
      columns.every((column) => declared.has(column)) &&
      !table.indexes.some((index) => index.name === name),
  );
}

/** @throws `schema_mismatch` where `steps` would have to be taken first. */
export function refuseMissing(steps: readonly MigrationStep[]): void {
  const [first] = steps;
  if (!first) return;
  const others = steps.length > 1 ? ` ${steps.length - 1} more changes are needed.` : "";
  throw new CrmError(
    "schema_mismatch",
    `The database is not as declared: ${difference(first)}.${others} Open it once with migrate: "auto".`,
    { details: { entity: first.table.entity, missing: steps.length } },
  );
}

function difference(step: MigrationStep): string {
  const { name } = step.table;
  switch (step.kind) {
    case "create_table":
      return `the table ${name} is missing`;
    case "add_column":
      return `the column ${step.column.name} of ${name} is missing`;
    case "widen_column":
      return `the column ${step.column.name} of ${name} accepts less`;
    case "allow_null":
      return `the column ${step.column} of ${name} must have a value, but is not declared any more`;
    case "create_index":
      return `the index ${step.index.name} of ${name} is missing`;
    case "drop_index":
      return `the index ${step.index.name} of ${name} holds a rule that is not declared any more`;
    default:
      return step satisfies never;
  }
}

function mismatch(table: TableSchema, column: ColumnSchema, problem: string): CrmError {
  return new CrmError("schema_mismatch", `${table.entity}.${column.field} ${problem}.`, {
    details: { entity: table.entity, field: column.field },
  });
}
