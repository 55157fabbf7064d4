/**
 * The one place where a statement meets the rows of a table, and so the one place where the tenant's condition is added, and that of
 * the instant of an as-of read: a query's root, a relation's sub-select, a join, an include, and the rows of an update or a delete.
 */
import { type ColumnSchema, CrmError, type Param, type StorageSchema, type TableSchema } from "@relata/core/adapter";
import { sql } from "kysely";
import type { SqlDialect } from "./sql-dialect.ts";
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

/** A part of the rows of an as-of read: which versions, and how they are looked up. */
export interface Part {
  readonly versions: "current" | "ended";
  /** Where it is absent, the database decides. */
  readonly way?: Way | undefined;
  /** Of the conditions on time, this one alone. */
  readonly only?: TimeColumn;
}

export type TimeColumn = "updated_at" | "ended_at";

/** By what the query asks and orders by, or by a column of time and nothing else. */
export interface Way {
  readonly by: "order" | TimeColumn;
  /** Hides a column from indexes. */
  unindexed(value: Fragment): Fragment;
}

/** Gives out aliases for one statement. */
export interface Scope {
  /** The rows of a table as they are or, in an as-of read, as they were. */
  source(table: string): Source;
  /** Whether it is an as-of read. */
  readonly isPast: boolean;
  /** In an as-of read. */
  part(table: string, part: Part): Source;
  /** A name that no other part of the statement has. */
  name(): string;
}

export interface ScopeOptions {
  readonly schema: StorageSchema;
  readonly dialect: SqlDialect;
}

/** @param asOf the instant of an as-of read */
export function createScope({ schema, dialect }: ScopeOptions, asOf?: Param): Scope {
  let sources = 0;
  const nextAlias = () => `t${sources++}`;
  const named = (name: string) => {
    const table = schema.tables.get(name);
    if (!table) throw new CrmError("invalid_query", `There is no table "${name}" in the schema.`);
    return table;
  };
  const part = (current: TableSchema, { versions, way, only }: Part) => {
    if (current.history === undefined || asOf === undefined)
      throw new CrmError("invalid_query", `The table "${current.name}" has no history to be read as of an instant.`);
    const alias = nextAlias();
    const time = (name: TimeColumn) => {
      const column = sql`${sql.id(alias, name)}`;
      return way && way.by !== name ? way.unindexed(column) : column;
    };
    const instant = paramSlot(asOf);
    const begun = only === "ended_at" ? [] : [sql`${time("updated_at")} <= ${instant}`];
    const notEnded = versions === "current" || only === "updated_at" ? [] : [sql`${time("ended_at")} > ${instant}`];
    return createSource({
      dialect,
      table: versions === "current" ? current : named(current.history),
      alias,
      conditions: [...begun, ...notEnded],
      hide: way && way.by !== "order" ? way.unindexed : undefined,
    });
  };
  return {
    name: nextAlias,
    isPast: asOf !== undefined,
    source(name) {
      const table = named(name);
      const alias = nextAlias();
      if (asOf === undefined) return createSource({ dialect, table, alias, conditions: [] });
      return unionSource(table, alias, [part(table, { versions: "current" }), part(table, { versions: "ended" })]);
    },
    part: (name, wanted) => part(named(name), wanted),
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

function createSource(options: {
  readonly dialect: SqlDialect;
  readonly table: TableSchema;
  readonly alias: string;
  /** What must hold besides the tenant. */
  readonly conditions: readonly Fragment[];
  /** Hides the columns that a query names from indexes. */
  readonly hide?: ((column: Fragment) => Fragment) | undefined;
}): Source {
  const { dialect, table, alias, hide } = options;
  const tenant = sql`${sql.id(alias, "tenant_id")} = ${tenantSlot}`;
  const introduced = sql`${dialect.table(table.name)} as ${sql.id(alias)}`;
  return aliasedSource({ table, alias, introduced, hide, conditions: [tenant, ...options.conditions] });
}

/** Those that are there when no migration is under way. */
export function lastingColumns({ columns }: TableSchema): readonly ColumnSchema[] {
  return columns.filter(({ passing }) => !passing);
}

/** Sources of the same columns, which hold the tenant's condition themselves, as one. */
function unionSource(table: TableSchema, alias: string, parts: readonly Source[]): Source {
  const selects = parts.map((part) => {
    const columns = lastingColumns(table).map(({ name }) => part.column(name));
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
  readonly hide?: ((column: Fragment) => Fragment) | undefined;
}): Source {
  const { table, alias, introduced, hide = (column) => column } = options;
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  return {
    table,
    schemaOf(name) {
      const column = columns.get(name);
      if (!column) throw new CrmError("invalid_query", `The table "${table.name}" has no column "${name}".`);
      return column;
    },
    column: (name) => hide(sql`${sql.id(alias, name)}`),
    from: (conditions, joins = []) =>
      sql`from ${introduced}${sql.join([sql``, ...joins], sql` `)} where ${conjunction([...options.conditions, ...conditions])}`,
    leftJoin: (condition) => sql`left join ${introduced} on ${conjunction([...options.conditions, condition])}`,
  };
}
