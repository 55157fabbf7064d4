/** What a list of steps must lead to: other rows, or one of the refusals that are right. */
import { type ColumnSchema, rebasedValue, type Storable, type TableSchema, type WriteStep } from "@relata/core/adapter";
import type { Refusal } from "../bench/refusal.ts";
import { conditionOf } from "../question/condition-of.ts";
import { tableOf } from "../schema/define-table.ts";
import { holds } from "./holds.ts";
import { allRows, type ModelRow, type ModelTables, rowsOf, withRows } from "./tables.ts";

/**
 * - `applied`: the rows afterwards.
 * - `refused`: what an adapter may say; several rules may be broken at once, and any of them may be found first.
 * - `open`: the contract leaves the outcome to the database, because a rule is broken only between the beginning and the end.
 */
type Outcome =
  | { readonly kind: "applied"; readonly tables: ModelTables }
  | { readonly kind: "refused"; readonly refusals: readonly Refusal[] }
  | { readonly kind: "open" };

export function applySteps(before: ModelTables, tenantId: string, steps: readonly WriteStep[]): Outcome {
  const states = [before];
  const dangling: Refusal[] = [];
  for (const step of steps) {
    const tables = states.at(-1) ?? before;
    const table = tableOf(before.schema, step.table);
    const { after, refusals: guards } = applyStep(tables, tenantId, step);
    if (passesThroughConflict(tables, after, table)) return { kind: "open" };
    states.push(after);
    const history = table.history === undefined ? [] : [tableOf(before.schema, table.history)];
    const rules = [table, ...history].flatMap((each) => brokenUniqueRules(each, after));
    const broken = [...guards, ...brokenValues(table, step), ...rules];
    dangling.push(...brokenReferences(states));
    if (broken.length > 0) return { kind: "refused", refusals: [...broken, ...dangling] };
  }
  if (dangling.length === 0) return { kind: "applied", tables: states.at(-1) ?? before };
  return brokenReferences(states).length > 0 ? { kind: "refused", refusals: dangling } : { kind: "open" };
}

interface Step<Kind extends WriteStep["kind"] = WriteStep["kind"]> {
  readonly tables: ModelTables;
  readonly tenantId: string;
  readonly step: Extract<WriteStep, { readonly kind: Kind }>;
}

interface Result {
  readonly after: ModelTables;
  readonly refusals: readonly Refusal[];
}

function applyStep(tables: ModelTables, tenantId: string, step: WriteStep): Result {
  switch (step.kind) {
    case "insert":
      return inserted({ tables, tenantId, step });
    case "update":
    case "delete":
      return guarded({ tables, tenantId, step });
    case "rebase": {
      const { table, column } = step;
      const rows = allRows(tables, table).map((row): ModelRow => {
        const value = row.tenant_id === tenantId ? rebasedValue(row[column] ?? null, step) : null;
        return value === null ? row : { ...row, [column]: value };
      });
      return { after: withRows(tables, table, rows), refusals: [] };
    }
    case "erase": {
      const { table, ids } = step;
      const stays = (row: ModelRow) => row.tenant_id !== tenantId || !ids.includes(String(row.id));
      const { history } = tableOf(tables.schema, table);
      const names = history === undefined ? [table] : [table, history];
      const after = names.reduce((left, name) => withRows(left, name, allRows(left, name).filter(stays)), tables);
      return { after, refusals: [] };
    }
    case "forbid": {
      const where = conditionOf(step.where, step.params);
      const isFound = rowsOf(tables, step.table, tenantId).some((row) => holds(where, row, tables));
      const { entity } = tableOf(tables.schema, step.table);
      return { after: tables, refusals: isFound ? [{ code: "guard_failed", entity }] : [] };
    }
  }
}

function inserted({ tables, tenantId, step }: Step<"insert">): Result {
  const table = tableOf(tables.schema, step.table);
  const blank = Object.fromEntries(table.columns.map((column): [string, Storable] => [column.name, null]));
  const added = step.rows.map((values) => ({ ...blank, tenant_id: tenantId, ...assigned(step.columns, values) }));
  return { after: withRows(tables, table.name, [...allRows(tables, table.name), ...added]), refusals: [] };
}

function guarded({ tables, tenantId, step }: Step<"update" | "delete">): Result {
  const table = tableOf(tables.schema, step.table);
  const existing = allRows(tables, table.name);
  const isIt = (row: ModelRow, id: string) => row.tenant_id === tenantId && row.id === id;
  const failing = step.rows.some(
    ({ id, version }) => !existing.some((row) => isIt(row, id) && row.version === version),
  );
  const after =
    step.kind === "delete"
      ? existing.filter((row) => !step.rows.some(({ id }) => isIt(row, id)))
      : existing.map((row) => {
          const change = step.rows.find(({ id }) => isIt(row, id));
          return change ? { ...row, ...assigned(step.columns, change.values) } : row;
        });
  return {
    after: withKept(withRows(tables, table.name, after), { tables, tenantId, step }),
    refusals: failing ? [{ code: "guard_failed", entity: table.entity }] : [],
  };
}

/** With the rows as they were before the step, where their table has history. */
function withKept(after: ModelTables, { tables, tenantId, step }: Step<"update" | "delete">): ModelTables {
  const { history } = tableOf(tables.schema, step.table);
  if (history === undefined) return after;
  const kept = rowsOf(tables, step.table, tenantId).flatMap((row): ModelRow[] => {
    const guard = step.rows.find(({ id }) => id === row.id);
    if (!guard) return [];
    return [{ ...row, ended_at: guard.endedAt ?? null, ended_by: step.endedBy ?? null }];
  });
  return withRows(after, history, [...allRows(after, history), ...kept]);
}

function assigned(columns: readonly string[], values: readonly Storable[]): ModelRow {
  return Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null]));
}

function brokenValues(table: TableSchema, step: WriteStep): Refusal[] {
  if (step.kind !== "insert" && step.kind !== "update") return [];
  const rows = step.kind === "insert" ? step.rows : step.rows.map((row) => row.values);
  const broken = (column: ColumnSchema, value: Storable) =>
    value === null ? !column.nullable : column.values !== undefined && !column.values.includes(String(value));
  return table.columns
    .filter((column) => step.columns.includes(column.name))
    .filter((column) => rows.some((values) => broken(column, values[step.columns.indexOf(column.name)] ?? null)))
    .map((column) => ({ code: "value_refused", entity: table.entity, field: column.field }));
}

function brokenUniqueRules(table: TableSchema, tables: ModelTables): Refusal[] {
  const rows = allRows(tables, table.name);
  return uniqueRules(table)
    .filter((columns) => {
      const keys = rows.map((row) => keyOf(row, columns)).filter((key) => key !== undefined);
      return new Set(keys).size < keys.length;
    })
    .map((columns) => {
      const field = table.columns.find((column) => column.name === columns[1])?.field;
      return { code: "not_unique", entity: table.entity, field };
    });
}

/** Whether, while rows change one by one, two of them may agree that agree neither before nor afterwards. */
function passesThroughConflict(before: ModelTables, after: ModelTables, table: TableSchema): boolean {
  const earlier = new Map(allRows(before, table.name).map((row) => [keyOf(row, ["tenant_id", "id"]), row]));
  return uniqueRules(table).some((columns) => {
    const owners = new Map([...earlier].map(([id, row]) => [keyOf(row, columns), id]));
    return allRows(after, table.name).some((row) => {
      const id = keyOf(row, ["tenant_id", "id"]);
      const key = keyOf(row, columns);
      const owner = key === undefined ? undefined : owners.get(key);
      return owner !== undefined && owner !== id;
    });
  });
}

function uniqueRules(table: TableSchema): (readonly string[])[] {
  return [table.primaryKey, ...table.indexes.filter((index) => index.unique).map((index) => index.columns)];
}

function keyOf(row: ModelRow, columns: readonly string[]): string | undefined {
  const values = columns.map((column) => row[column] ?? null);
  return values.includes(null) ? undefined : JSON.stringify(values.map(String));
}

/**
 * References of the last state that lead nowhere. Where the list has written the reference it was not found, where the list has
 * deleted the row it is still referenced; where it did both, either is right.
 */
function brokenReferences(states: readonly ModelTables[]): Refusal[] {
  const first = states[0] as ModelTables;
  const last = states.at(-1) as ModelTables;
  return [...last.schema.tables.values()].flatMap((table) =>
    table.foreignKeys.flatMap(({ column, target }) => {
      const field = table.columns.find(({ name }) => name === column)?.field;
      const idsIn = (state: ModelTables) =>
        new Set(allRows(state, target).map((row) => keyOf(row, ["tenant_id", "id"])));
      const present = idsIn(last);
      const everPresent = states.map(idsIn);
      const referencesAtFirst = new Set(
        allRows(first, table.name).map((row) => keyOf(row, ["tenant_id", "id", column])),
      );
      return allRows(last, table.name).flatMap((row) => {
        const reference = keyOf(row, ["tenant_id", column]);
        if (reference === undefined || present.has(reference)) return [];
        const written = !referencesAtFirst.has(keyOf(row, ["tenant_id", "id", column]));
        const deleted = everPresent.some((ids) => ids.has(reference));
        const codes = [...(written ? ["reference_not_found"] : []), ...(deleted ? ["still_referenced"] : [])];
        return codes.map((code) => ({ code, entity: table.entity, field }));
      });
    }),
  );
}
