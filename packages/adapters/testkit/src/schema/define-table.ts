/** Short descriptions of tables, for facts and random schemas. */
import type { ColumnKind, ColumnSchema, Storable, StorageSchema, TableSchema } from "@relata/core/adapter";

/** A kind, with a question mark where null is allowed; or the parts of a column. */
export type ColumnPlan =
  | ColumnKind
  | `${ColumnKind}?`
  | {
      readonly kind: ColumnKind;
      /** The kind, when absent. */
      readonly meaning?: string;
      readonly nullable?: boolean;
      readonly values?: readonly string[];
      readonly default?: Storable;
    };

interface TablePlan {
  readonly entity: string;
  /** The entity with an s, when absent. */
  readonly name?: string;
  readonly idKind?: "text" | "uuid";
  readonly columns: Readonly<Record<string, ColumnPlan>>;
  /** Columns of each rule or index, without `tenant_id`. */
  readonly unique?: readonly (readonly string[])[];
  readonly indexes?: readonly (readonly string[])[];
  /** Column → table. */
  readonly references?: Readonly<Record<string, string>>;
  /** Keeps superseded and deleted versions; the table then has a column `updated_at`, and its schema a history table. */
  readonly history?: boolean;
  /** Columns of each index for lists of the past, without `tenant_id`. */
  readonly asOfIndexes?: readonly (readonly string[])[];
}

/** A table with the columns that every table has; fields are named in camel case, so that they differ from their columns. */
export function defineTable(plan: TablePlan): TableSchema {
  const name = plan.name ?? `${plan.entity}s`;
  const index = (columns: readonly string[], unique: boolean) => ({
    name: `${name}_${columns.join("_")}_${unique ? "unique" : "index"}`,
    columns: ["tenant_id", ...columns],
    unique,
  });
  const asOfIndexes = (plan.asOfIndexes ?? []).map((columns) => index([...columns, "id", "updated_at"], false));
  return {
    name,
    entity: plan.entity,
    primaryKey: ["tenant_id", "id"],
    columns: [
      defineColumn("tenant_id", "text"),
      defineColumn("id", plan.idKind ?? "text"),
      defineColumn("version", "integer"),
      ...(plan.history ? [defineColumn("updated_at", "instant")] : []),
      ...Object.entries(plan.columns).map(([column, columnPlan]) => defineColumn(column, columnPlan)),
    ],
    indexes: [
      ...(plan.unique ?? []).map((columns) => index(columns, true)),
      ...(plan.indexes ?? []).map((columns) => index(columns, false)),
      ...(plan.history ? [index(["updated_at", ...new Set([...(plan.asOfIndexes ?? []).flat(), "id"])], false)] : []),
      ...asOfIndexes,
    ],
    foreignKeys: Object.entries(plan.references ?? {}).map(([column, target]) => ({ column, target })),
    ...(plan.history ? { history: `${name}__history` } : {}),
  };
}

/** As core makes it: the same columns without their lists of values, and the indexes for lists of the past. */
function historyOf(table: TableSchema, name: string): TableSchema {
  const columns = table.columns.map(({ values: _, ...column }): ColumnSchema => column);
  const ordered = table.indexes.filter((index) => index.columns.at(-1) === "updated_at");
  const covered = table.indexes.find((index) => index.columns[1] === "updated_at")?.columns.slice(2) ?? [];
  return {
    name,
    entity: table.entity,
    primaryKey: ["tenant_id", "id", "version"],
    columns: [...columns, defineColumn("ended_at", "instant"), defineColumn("ended_by", "text?")],
    indexes: [
      { name: `${name}_ended`, columns: ["tenant_id", "ended_at", "updated_at", ...covered], unique: false },
      { name: `${name}_begun`, columns: ["tenant_id", "updated_at", "ended_at", ...covered], unique: false },
      ...ordered.map((index) => ({ ...index, name: `${name}_${index.name}`, columns: [...index.columns, "ended_at"] })),
    ],
    foreignKeys: [],
  };
}

export function defineColumn(name: string, plan: ColumnPlan): ColumnSchema {
  const field = name.replace(/_id$/, "Id").replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  if (typeof plan === "object") return { meaning: plan.kind, ...plan, name, field, nullable: plan.nullable ?? false };
  const nullable = plan.endsWith("?");
  const kind = (nullable ? plan.slice(0, -1) : plan) as ColumnKind;
  return { name, field, kind, meaning: kind, nullable };
}

/** The tables, and the history of those that have one. */
export function defineSchema(...tables: readonly TableSchema[]): StorageSchema {
  const all = tables.flatMap((table) => (table.history ? [table, historyOf(table, table.history)] : [table]));
  return { tables: new Map(all.map((table) => [table.name, table])) };
}

/** The tables of entities, without those that keep their history. */
export function entityTables(schema: StorageSchema): readonly TableSchema[] {
  return [...schema.tables.values()].filter((table) => !table.primaryKey.includes("version"));
}

/** @throws when the schema has no such table: a mistake in a fact. */
export function tableOf(schema: StorageSchema, name: string): TableSchema {
  const table = schema.tables.get(name);
  if (!table) throw new Error(`The schema of this fact has no table "${name}".`);
  return table;
}
