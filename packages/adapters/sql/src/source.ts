/**
 * The one place where a statement meets the rows of a table, and so the one place where the tenant's condition is added: a query's
 * root, a relation's sub-select, a join, an include, and the rows of an update or a delete.
 */
import { type ColumnSchema, CrmError, type StorageSchema, type TableSchema } from "@relata/core/adapter";
import { sql } from "kysely";
import { type Fragment, type Slot, tenantSlot } from "./statement.ts";

/** A table under an alias, inside one statement. */
export interface Source {
  readonly table: TableSchema;
  schemaOf(column: string): ColumnSchema;
  column(name: string): Fragment;
  /** `from … [joins] where` the tenant's rows that satisfy every condition. */
  from(conditions: readonly Fragment[], joins?: readonly Fragment[]): Fragment;
  /** `left join … on` the tenant's rows that satisfy the condition. */
  leftJoin(condition: Fragment): Fragment;
}

/** Gives out aliases for one statement. */
export interface Scope {
  source(table: string): Source;
  /** A name that no other part of the statement has. */
  name(): string;
}

export function createScope(schema: StorageSchema): Scope {
  let sources = 0;
  return {
    name: () => `t${sources++}`,
    source(name) {
      const table = schema.tables.get(name);
      if (!table) throw new CrmError("invalid_query", `There is no table "${name}" in the schema.`);
      return createSource(table, `t${sources++}`);
    },
  };
}

/** `where` the tenant's rows that satisfy the condition, for an update or a delete. */
export function ownRows(tenant: Slot, condition: Fragment): Fragment {
  return sql`where ${sql.id("tenant_id")} = ${tenant} and ${condition}`;
}

export function conjunction(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 0 ? sql`true` : combined(conditions, sql` and `);
}

/** So many stand side by side; more are put into brackets by halves, as databases limit how deep an expression may be. */
const SIDE_BY_SIDE = 100;

/** At least one condition, joined by `and` or by `or`. */
export function combined(conditions: readonly Fragment[], operator: Fragment): Fragment {
  if (conditions.length <= SIDE_BY_SIDE) return sql`${sql.join(conditions, operator)}`;
  const half = Math.ceil(conditions.length / 2);
  const halves = [conditions.slice(0, half), conditions.slice(half)];
  return sql`${sql.join(
    halves.map((part) => sql`(${combined(part, operator)})`),
    operator,
  )}`;
}

function createSource(table: TableSchema, alias: string): Source {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const tenant = sql`${sql.id(alias, "tenant_id")} = ${tenantSlot}`;
  const introduced = sql`${sql.id(table.name)} as ${sql.id(alias)}`;
  return {
    table,
    schemaOf(name) {
      const column = columns.get(name);
      if (!column) throw new CrmError("invalid_query", `The table "${table.name}" has no column "${name}".`);
      return column;
    },
    column: (name) => sql.id(alias, name),
    from: (conditions, joins = []) =>
      sql`from ${introduced}${sql.join([sql``, ...joins], sql` `)} where ${conjunction([tenant, ...conditions])}`,
    leftJoin: (condition) => sql`left join ${introduced} on ${conjunction([tenant, condition])}`,
  };
}
