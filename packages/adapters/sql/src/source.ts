/**
 * The one place where a statement meets the rows of a table, and so the one place where the tenant's condition is added, and that of
 * the instant of an as-of read: a query's root, a relation's sub-select, a join, an include, and the rows of an update or a delete.
 */
import { type ColumnSchema, CrmError, type Param, type StorageSchema, type TableSchema } from "@relata/core/adapter";
import { sql } from "kysely";
import { type Fragment, paramSlot, type Slot, tenantSlot } from "./statement.ts";

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

/** Where the versions that were valid at an instant are. */
export type Versions = "current" | "ended";

/** Gives out aliases for one statement. */
export interface Scope {
  /** The rows of a table as they are or, in an as-of read, as they were. */
  source(table: string): Source;
  /** In an as-of read, a part of them. */
  part(table: string, versions: Versions): Source;
}

/** @param asOf the instant of an as-of read */
export function createScope(schema: StorageSchema, asOf?: Param): Scope {
  let sources = 0;
  const named = (name: string) => {
    const table = schema.tables.get(name);
    if (!table) throw new CrmError("invalid_query", `There is no table "${name}" in the schema.`);
    return table;
  };
  const part = (table: TableSchema, versions: Versions) => {
    if (table.history === undefined || asOf === undefined)
      throw new CrmError("invalid_query", `The table "${table.name}" has no history to be read as of an instant.`);
    const alias = `t${sources++}`;
    const instant = paramSlot(asOf);
    const begun = sql`${sql.id(alias, "updated_at")} <= ${instant}`;
    if (versions === "current") return createSource({ table, alias, conditions: [begun] });
    const notEnded = sql`${sql.id(alias, "ended_at")} > ${instant}`;
    return createSource({ table: named(table.history), alias, conditions: [begun, notEnded] });
  };
  return {
    source(name) {
      const table = named(name);
      if (asOf === undefined) return createSource({ table, alias: `t${sources++}`, conditions: [] });
      return unionSource(table, `t${sources++}`, [part(table, "current"), part(table, "ended")]);
    },
    part: (name, versions) => part(named(name), versions),
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

/** @param conditions what must hold besides the tenant */
function createSource(options: {
  readonly table: TableSchema;
  readonly alias: string;
  readonly conditions: readonly Fragment[];
}): Source {
  const { table, alias } = options;
  const tenant = sql`${sql.id(alias, "tenant_id")} = ${tenantSlot}`;
  const introduced = sql`${sql.id(table.name)} as ${sql.id(alias)}`;
  return aliasedSource({ table, alias, introduced, conditions: [tenant, ...options.conditions] });
}

/** Sources of the same columns, which hold the tenant's condition themselves, as one. */
function unionSource(table: TableSchema, alias: string, parts: readonly Source[]): Source {
  const selects = parts.map((part) => {
    const columns = table.columns.map(({ name }) => part.column(name));
    return sql`select ${sql.join(columns)} ${part.from([])}`;
  });
  const introduced = sql`(${sql.join(selects, sql` union all `)}) as ${sql.id(alias)}`;
  return aliasedSource({ table, alias, introduced, conditions: [] });
}

function aliasedSource(options: {
  readonly table: TableSchema;
  readonly alias: string;
  readonly introduced: Fragment;
  readonly conditions: readonly Fragment[];
}): Source {
  const { table, alias, introduced } = options;
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  return {
    table,
    schemaOf(name) {
      const column = columns.get(name);
      if (!column) throw new CrmError("invalid_query", `The table "${table.name}" has no column "${name}".`);
      return column;
    },
    column: (name) => sql.id(alias, name),
    from: (conditions, joins = []) =>
      sql`from ${introduced}${sql.join([sql``, ...joins], sql` `)} where ${conjunction([...options.conditions, ...conditions])}`,
    leftJoin: (condition) => sql`left join ${introduced} on ${conjunction([...options.conditions, condition])}`,
  };
}
