/**
 * Compares what is declared with what is in the database. What is missing is added and what is too narrow is widened, where rows that
 * exist allow it. Whatever nothing declares any more stays, but for rules that would refuse records; of paths it is noted.
 */
import { CrmError } from "../../errors.ts";
import { type ResolvedSchema, tablesOf } from "../entity/entity-schema.ts";
import type { LiveColumn, LiveSchema, LiveTable, MigrationStep, Migrator } from "../storage/storage-adapter.ts";
import type { ColumnSchema, IndexSchema, TableSchema } from "../storage/storage-schema.ts";
import { STALE_PATH_MEANING } from "../storage/tree-path.ts";
import { abandonedPaths, keptAgain } from "./stale-paths.ts";

const EITHER = "change it back, declare a new field under another name, or write a migration that converts it";

/** What differs between the declaration and the database: what can be done about it at once, and what cannot. */
export interface Comparison {
  /** In an order in which columns come before their indexes. All of them are safe. */
  readonly steps: readonly MigrationStep[];
  /** What rows that exist may not allow, or what somebody has changed by hand: a person has to decide. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly entity: string;
  readonly field: string;
  readonly message: string;
}

/** @throws `schema_mismatch` for what rows that exist may not allow, with all `problems` in its details. */
export function planMigration(
  schema: ResolvedSchema,
  live: LiveSchema,
  columnType: Migrator["columnType"],
): readonly MigrationStep[] {
  const { steps, problems } = compareSchemas(schema, live, columnType);
  const [first] = problems;
  if (!first) return steps;
  const others = problems.length > 1 ? ` There are ${problems.length - 1} more such differences.` : "";
  throw new CrmError("schema_mismatch", `${first.message}${others}`, {
    details: { entity: first.entity, field: first.field, problems },
  });
}

export function compareSchemas(
  schema: ResolvedSchema,
  live: LiveSchema,
  columnType: Migrator["columnType"],
): Comparison {
  const tables = tablesOf(schema);
  const comparisons = tables.map((table): Comparison => {
    const existing = live.tables.get(table.name);
    if (!existing) {
      const indexes = table.indexes.map((index) => createIndex(table, index));
      return { steps: [{ kind: "create_table", table }, ...indexes], problems: [] };
    }
    const columns = table.columns.map((column) => compareColumn({ table, existing, columnType }, column));
    return {
      steps: [
        ...columns.flatMap((compared) => (compared && "kind" in compared ? [compared] : [])),
        ...keptAgain(table, existing),
        ...abandonedColumns(table, existing),
        ...obsoleteRules(table, existing).map((index): MigrationStep => ({ kind: "drop_index", table, index })),
        ...table.indexes.flatMap((index) => compareIndex(table, index, existing)),
      ],
      problems: [
        ...columns.flatMap((compared) => (compared && "message" in compared ? [compared] : [])),
        ...missingReferences(table, existing),
      ],
    };
  });
  return {
    steps: [
      ...comparisons.flatMap(({ steps }) => steps),
      ...abandonedPaths(new Map(tables.map((table) => [table.name, table])), live),
      ...policySteps(schema, live),
    ],
    problems: onePerField(comparisons.flatMap(({ problems }) => problems)),
  };
}

/** Of every table, also of those that nothing declares any more: their rows stay. */
function policySteps(schema: ResolvedSchema, { tables }: LiveSchema): MigrationStep[] {
  const declared = new Map(tablesOf(schema).map(({ name, entity }) => [name, entity]));
  return [...tables].flatMap(([name, { policies }]): MigrationStep[] => {
    if (policies === undefined) return [];
    const table = { name, entity: declared.get(name) ?? name };
    return [{ kind: policies === "missing" ? "create_policies" : "drop_policies", table }];
  });
}

function createIndex(table: TableSchema, index: IndexSchema): AheadStep {
  return { kind: "create_index", table, index };
}

/** A field of several columns is wrong once. */
function onePerField(problems: readonly Problem[]): readonly Problem[] {
  const byField = new Map<string, Problem>();
  for (const each of problems) {
    const key = `${each.entity}.${each.field}`;
    if (!byField.has(key)) byField.set(key, each);
  }
  return [...byField.values()];
}

/**
 * The indexes that are missing of tables that are there, each behind the columns that it needs: those that stay empty in the records that
 * exist. They can be made before anything else changes.
 */
export function missingIndexes(schema: ResolvedSchema, live: LiveSchema): readonly AheadStep[] {
  return tablesOf(schema).flatMap((table): AheadStep[] => {
    const existing = live.tables.get(table.name);
    if (!existing) return [];
    const added = table.columns.filter(
      (column) => !existing.columns.has(column.name) && column.nullable && !isPartOfField(table, column, existing),
    );
    const known = new Set([...existing.columns.keys(), ...added.map(({ name }) => name)]);
    const indexes = table.indexes.filter(
      ({ name, columns }) => !existing.indexes.has(name) && columns.every((each) => known.has(each)),
    );
    const needed = added.filter(({ name }) => indexes.some(({ columns }) => columns.includes(name)));
    return [
      ...needed.map((column): AheadStep => ({ kind: "add_column", table, column })),
      ...indexes.map((index) => createIndex(table, index)),
    ];
  });
}

export type AheadStep = Extract<MigrationStep, { readonly kind: "create_index" }> | AddColumn;

type AddColumn = Extract<MigrationStep, { readonly column: ColumnSchema }> & { readonly kind: "add_column" };

/** An index that somebody has changed by hand is made anew. */
function compareIndex(table: TableSchema, index: IndexSchema, existing: LiveTable): MigrationStep[] {
  const live = existing.indexes.get(index.name);
  if (!live) return [createIndex(table, index)];
  // Adapters may end an index with the id.
  const columns = index.columns.length < live.columns.length ? [...index.columns, "id"] : index.columns;
  if (live.unique === index.unique && live.columns.join() === columns.join()) return [];
  return [{ kind: "drop_index", table, index: live }, createIndex(table, index)];
}

interface TablePair {
  readonly table: TableSchema;
  readonly existing: LiveTable;
  readonly columnType: Migrator["columnType"];
}

/** The step that a column needs, or what is wrong with it; undefined when the database has it as it is declared. */
function compareColumn(pair: TablePair, column: ColumnSchema): MigrationStep | Problem | undefined {
  const { table, existing, columnType } = pair;
  const live = existing.columns.get(column.name);
  const type = columnType(column);
  if (!live && isPartOfField(table, column, existing)) {
    return problem(
      table,
      column,
      `has no column ${column.name} in the database, which values that exist would need: ${EITHER}`,
    );
  }
  if (!live && (column.nullable || column.default !== undefined)) return { kind: "add_column", table, column };
  if (!live) {
    return problem(
      table,
      column,
      "is missing from the database, and records that exist would have no value for it: make it optional() or give it a default()",
    );
  }
  // Values are never converted unless a migration says how: they would be read as something else.
  if (live.meaning !== undefined && live.meaning !== column.meaning && live.meaning !== STALE_PATH_MEANING) {
    return problem(table, column, `is ${live.meaning} in the database, but declared as ${column.meaning}: ${EITHER}`);
  }
  if (live.type !== type) {
    return problem(table, column, `is of type ${live.type} in the database, but declared as ${type}`);
  }
  if (live.nullable && !column.nullable) {
    return problem(table, column, "may be empty in the database, but is declared as always present");
  }
  if (!live.values && column.values) {
    return problem(table, column, "may be any text in the database, but is declared as one of a list");
  }
  const widened = widen(column, live);
  return widened && { kind: "widen_column", table, column: widened };
}

function missingReferences(table: TableSchema, existing: LiveTable): Problem[] {
  return table.foreignKeys.flatMap(({ column: name, target }) => {
    const column = table.columns.find((candidate) => candidate.name === name);
    const live = existing.columns.get(name);
    if (!column || !live || (live.meaning !== undefined && live.meaning !== column.meaning)) return [];
    if (existing.foreignKeys.some((key) => key.column === name && key.target === target)) return [];
    return [problem(table, column, `refers to the table ${target}, but the foreign key is gone from the database`)];
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

function problem(table: TableSchema, column: ColumnSchema, message: string): Problem {
  return { entity: table.entity, field: column.field, message: `${table.entity}.${column.field} ${message}.` };
}
