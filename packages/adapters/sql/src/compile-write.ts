/** From a write step to the statement for one of its rows: a reused statement for one row is as fast as one for many. */
import { CrmError, type Storable, type TableSchema, type WriteStep } from "@relata/core/adapter";
import { sql } from "kysely";
import type { Compiler } from "./compile-find.ts";
import { ownRows } from "./source.ts";
import { compileStatement, type Fragment, type Slot } from "./statement.ts";

/** A row of a step as the values of its statement, in order. */
export interface CompiledWrite {
  readonly sql: string;
  readonly table: TableSchema;
}

export function compileWrite(compiler: Compiler, step: WriteStep): CompiledWrite {
  const table = compiler.schema.tables.get(step.table);
  if (!table) throw new CrmError("invalid_query", `There is no table "${step.table}" in the schema.`);
  return { sql: compileStatement(compiler.kysely, writeFragment(step)).sql, table };
}

/** What distinguishes the statements of steps; the values do not. */
export function writeShape(step: WriteStep): string {
  return step.kind === "delete" ? `delete ${step.table}` : `${step.kind} ${step.table} ${step.columns.join(",")}`;
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

const placeholder: Slot = { read: () => undefined };

function writeFragment(step: WriteStep): Fragment {
  const table = sql.id(step.table);
  const guard = sql`${sql.id("id")} = ${placeholder} and ${sql.id("version")} = ${placeholder}`;
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
  }
}
