/** From a write step to the statement for one of its rows: a reused statement for one row is as fast as one for many. */
import { CrmError, type Storable, type TableSchema, type WriteStep } from "@relata/core/adapter";
import { sql } from "kysely";
import type { Compiler } from "./compiler.ts";
import { prefixEnd } from "./prefix-end.ts";
import { lastingColumns, ownRows } from "./source.ts";
import { compileStatement, type Fragment, type Slot } from "./statement.ts";

/** A row of a step as the values of its statement, in order. */
export interface CompiledWrite {
  readonly sql: string;
  readonly table: TableSchema;
  /**
   * Of a table with history: for an update or a delete, the statement that keeps the row as it is, to be run before; for an erasure
   * the one that takes the kept versions away.
   */
  readonly history: string | undefined;
}

/** A step that changes rows. */
export type ChangingStep = Exclude<WriteStep, { readonly kind: "forbid" }>;

export function compileWrite(compiler: Compiler, step: ChangingStep): CompiledWrite {
  const table = tableNamed(compiler, step.table);
  const text = (fragment: Fragment) => compileStatement(compiler.kysely, fragment).sql;
  const history = table.history === undefined ? undefined : tableNamed(compiler, table.history);
  const kept = history && historyFragment(step, table, history);
  return { sql: text(writeFragment(step)), table, history: kept && text(kept) };
}

export function tableNamed({ schema }: Pick<Compiler, "schema">, name: string): TableSchema {
  const table = schema.tables.get(name);
  if (!table) throw new CrmError("invalid_query", `There is no table "${name}" in the schema.`);
  return table;
}

/** What distinguishes the statements of steps; the values do not. */
export function writeShape(step: ChangingStep): string {
  if (step.kind === "rebase") return `rebase ${step.table} ${step.column} ${prefixEnd(step.from) === undefined}`;
  return `${step.kind} ${step.table} ${"columns" in step ? step.columns.join(",") : ""}`;
}

export function insertValues(tenantId: string, row: readonly Storable[]): readonly Storable[] {
  return [tenantId, ...row];
}

/** The values of an update (`set`) or, without them, of a delete. */
export function guardedValues(
  tenantId: string,
  row: { readonly id: string; readonly version: number; readonly values?: readonly Storable[] },
): readonly Storable[] {
  return [...(row.values ?? []), tenantId, row.id, row.version];
}

/** The values of the statement that keeps a row in history. */
export function keptValues(
  tenantId: string,
  row: { readonly id: string; readonly version: number; readonly endedAt?: number },
  endedBy: string | null = null,
): readonly (Storable | undefined)[] {
  return [row.endedAt, endedBy, tenantId, row.id, row.version];
}

/** The values of a rebase. A text ends before `end` that begins with `from`. */
export function rebasedValues(
  tenantId: string,
  { from, to, limit }: Extract<WriteStep, { readonly kind: "rebase" }>,
): readonly Storable[] {
  const rest = from.length + 1;
  return [to, rest, limit, to, rest, limit - 1, to, rest, tenantId, from, ...endOf(from)];
}

function endOf(from: string): readonly string[] {
  const end = prefixEnd(from);
  return end === undefined ? [] : [end];
}

/** The values of an erasure. */
export function erasedValues(tenantId: string, id: string): readonly Storable[] {
  return [tenantId, id];
}

const placeholder: Slot = { read: () => undefined };

const isRow = sql`${sql.id("id")} = ${placeholder}`;
const guard = sql`${isRow} and ${sql.id("version")} = ${placeholder}`;

function historyFragment(step: ChangingStep, table: TableSchema, history: TableSchema): Fragment | undefined {
  if (step.kind === "insert" || step.kind === "rebase") return undefined;
  if (step.kind === "erase") return sql`delete from ${sql.id(history.name)} ${ownRows(placeholder, isRow)}`;
  const columns = lastingColumns(table).map(({ name }) => sql.id(name));
  return sql`insert into ${sql.id(history.name)} (${sql.join([sql.id("ended_at"), sql.id("ended_by"), ...columns])}) select ${sql.join([sql`${placeholder}`, sql`${placeholder}`, ...columns])} from ${sql.id(table.name)} ${ownRows(placeholder, guard)}`;
}

function writeFragment(step: ChangingStep): Fragment {
  const table = sql.id(step.table);
  switch (step.kind) {
    case "insert": {
      const columns = ["tenant_id", ...step.columns];
      return sql`insert into ${table} (${sql.join(columns.map((name) => sql.id(name)))}) values (${sql.join(columns.map(() => placeholder))})`;
    }
    case "update": {
      const set = sql.join(step.columns.map((name) => sql`${sql.id(name)} = ${placeholder}`));
      return sql`update ${table} set ${set} ${ownRows(placeholder, guard)}`;
    }
    case "delete":
      return sql`delete from ${table} ${ownRows(placeholder, guard)}`;
    case "rebase":
      return rebaseFragment(step);
    case "erase":
      return sql`delete from ${table} ${ownRows(placeholder, isRow)}`;
  }
}

/** A list of the values that it takes is `rebasedValues`. */
function rebaseFragment({ table, column, from }: Extract<ChangingStep, { readonly kind: "rebase" }>): Fragment {
  const text = sql.id(column);
  const rebased = sql`${placeholder} || substr(${text}, ${placeholder})`;
  const end = prefixEnd(from) === undefined ? sql`` : sql` and ${text} < ${placeholder}`;
  return sql`update ${sql.id(table)} set ${text} = case when length(${rebased}) >= ${placeholder} then substr(${rebased}, 1, ${placeholder}) || '*' else ${rebased} end ${ownRows(placeholder, sql`${text} >= ${placeholder}${end}`)}`;
}
