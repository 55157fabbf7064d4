/** What one row alone may have: rules of the database, and the merge keys of an entity. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { layoutOf } from "./stored-row.ts";

export interface OnceRule {
  readonly columns: readonly string[];
  /** By the database; otherwise it is for merges only, empty values agree, and archived rows are left alone. */
  readonly enforced: boolean;
}

export function onceRules({ table, mergeKeys }: EntitySchema): readonly OnceRule[] {
  const unique = table.indexes.filter((index) => index.unique);
  return [
    ...unique.map(({ columns }) => ({ columns: columns.slice(1), enforced: true })),
    ...mergeKeys.map((fields) => ({
      columns: fields.flatMap(({ columns }) => columns.map(({ name }) => name)),
      enforced: false,
    })),
  ];
}

/** What is there already of what a rule wants once, with the ids of those that have it. */
export async function keysTaken(
  scope: Scope,
  rule: OnceRule,
  wanted: readonly (readonly Storable[])[],
): Promise<ReadonlyMap<string, string>> {
  const { kernel, binding, entity } = scope;
  const { columns } = rule;
  const params = columns.map((_, i) =>
    [...new Set(wanted.map((values) => values[i]!))].filter((value) => value !== null),
  );
  const isWanted = (column: string, i: number): Predicate => {
    const given: Predicate = { kind: "in", column, values: i };
    const none: Predicate = { kind: "null", column };
    return wanted.some((values) => values[i] === null) ? { kind: "or", of: [given, none] } : given;
  };
  const live: Predicate[] = rule.enforced ? [] : [{ kind: "null", column: "archived_at" }];
  const where: Predicate = { kind: "and", of: [...columns.map(isWanted), ...live] };
  const orderBy = [{ column: "id", direction: "asc" }] as const;
  const query = kernel.queries.intern({
    table: entity.table.name,
    columns: [...columns, "id"],
    where,
    orderBy,
    include: [],
  });
  const rows = await kernel.units.session(binding.frame).find(query, { tenantId: binding.tenantId, params });
  return new Map(rows.map((row) => [keyOf(rule, row.slice(0, -1) as readonly Storable[])!, row.at(-1) as string]));
}

export function valuesOf(entity: EntitySchema, rule: OnceRule, row: Row): readonly Storable[] {
  const { positions } = layoutOf(entity);
  return rule.columns.map((column) => row[positions.get(column)!] as Storable);
}

/** Undefined where a value is null: there a rule of the database does not hold. */
export function keyOf({ enforced }: OnceRule, values: readonly Storable[]): string | undefined {
  if (enforced && values.includes(null)) return undefined;
  return JSON.stringify(values.map((value) => (typeof value === "bigint" ? `${value}n` : value)));
}
