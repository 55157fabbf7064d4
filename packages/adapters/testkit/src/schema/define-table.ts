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
}

/** A table with the columns that every table has; fields are named in camel case, so that they differ from their columns. */
export function defineTable(plan: TablePlan): TableSchema {
  const name = plan.name ?? `${plan.entity}s`;
  const index = (columns: readonly string[], unique: boolean) => ({
    name: `${name}_${columns.join("_")}_${unique ? "unique" : "index"}`,
    columns: ["tenant_id", ...columns],
    unique,
  });
  return {
    name,
    entity: plan.entity,
    columns: [
      defineColumn("tenant_id", "text"),
      defineColumn("id", plan.idKind ?? "text"),
      defineColumn("version", "integer"),
      ...Object.entries(plan.columns).map(([column, columnPlan]) => defineColumn(column, columnPlan)),
    ],
    indexes: [
      ...(plan.unique ?? []).map((columns) => index(columns, true)),
      ...(plan.indexes ?? []).map((columns) => index(columns, false)),
    ],
    foreignKeys: Object.entries(plan.references ?? {}).map(([column, target]) => ({ column, target })),
  };
}

export function defineColumn(name: string, plan: ColumnPlan): ColumnSchema {
  const field = name.replace(/_id$/, "Id").replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  if (typeof plan === "object") return { meaning: plan.kind, ...plan, name, field, nullable: plan.nullable ?? false };
  const nullable = plan.endsWith("?");
  const kind = (nullable ? plan.slice(0, -1) : plan) as ColumnKind;
  return { name, field, kind, meaning: kind, nullable };
}

export function defineSchema(...tables: readonly TableSchema[]): StorageSchema {
  return { tables: new Map(tables.map((table) => [table.name, table])) };
}

/** @throws when the schema has no such table: a mistake in a fact. */
export function tableOf(schema: StorageSchema, name: string): TableSchema {
  const table = schema.tables.get(name);
  if (!table) throw new Error(`The schema of this fact has no table "${name}".`);
  return table;
}
