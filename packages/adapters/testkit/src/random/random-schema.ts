/** Schemas of one to three tables, with columns of every kind, rules and references, to themselves and in rings as well. */
import type { ColumnKind, Join, StorageSchema, TableSchema } from "@relata/core/adapter";
import * as fc from "fast-check";
import { type ColumnPlan, defineSchema, defineTable } from "../schema/define-table.ts";

const kinds: readonly ColumnKind[] = ["text", "integer", "bigint", "boolean", "date", "instant", "uuid", "json"];

const columnShape = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...kinds) },
    fc.constantFrom<ColumnKind>("text", "integer", "bigint"),
  ),
  nullable: fc.boolean(),
  listed: fc.integer({ min: 0, max: 7 }),
});

const tableShape = fc.record({
  idKind: fc.constantFrom("text" as const, "uuid" as const),
  columns: fc.array(columnShape, { minLength: 1, maxLength: 6 }),
  references: fc.array(fc.record({ target: fc.nat(2), nullable: fc.boolean() }), { maxLength: 2 }),
  unique: fc.array(fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
  indexes: fc.array(fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
  asOfIndexes: fc.array(fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 2 }), { maxLength: 1 }),
});

type TableShape = typeof tableShape extends fc.Arbitrary<infer Shape> ? Shape : never;

/** All tables have a history, or none, so that every question can be asked of the past, or none. */
export const randomSchema: fc.Arbitrary<StorageSchema> = fc
  .tuple(fc.array(tableShape, { minLength: 1, maxLength: 3 }), fc.nat(2))
  .map(([shapes, chance]) =>
    defineSchema(...shapes.map((shape, at) => tableFrom(shape, at, { shapes, history: chance > 0 }))),
  );

function tableFrom(
  shape: TableShape,
  at: number,
  { shapes, history }: { readonly shapes: readonly TableShape[]; readonly history: boolean },
): TableSchema {
  const columns: Record<string, ColumnPlan> = {};
  for (const [number, { kind, nullable, listed }] of shape.columns.entries()) {
    const values = kind === "text" && listed === 0 ? { values: ["a", "B", "it's"] } : {};
    columns[`${kind}_${number}`] = { kind, nullable, ...values };
  }
  const references: Record<string, string> = {};
  for (const [number, reference] of shape.references.entries()) {
    const target = reference.target % shapes.length;
    const kind = shapes[target]?.idKind ?? "text";
    columns[`ref_${number}_id`] = { kind, nullable: reference.nullable || target >= at };
    references[`ref_${number}_id`] = `t${target}s`;
  }
  const indexable = Object.keys(columns).filter((name) => !/^(json|boolean)/.test(name));
  const rules = (lists: readonly (readonly number[])[]) => {
    const named = lists.map((list) => [...new Set(list.map((number) => indexable[number % indexable.length] ?? "id"))]);
    return [...new Map(named.map((list) => [list.join(), list])).values()];
  };
  return defineTable({
    entity: `t${at}`,
    idKind: shape.idKind,
    columns,
    references,
    unique: indexable.length === 0 ? [] : rules(shape.unique),
    indexes: rules(shape.indexes),
    history,
    asOfIndexes: history ? rules(shape.asOfIndexes) : [],
  });
}

/** What can be joined to a table's rows. */
export interface Relation extends Join {
  readonly cardinality: "one" | "many";
}

/** References, their other sides, and rows that share a reference. */
export function relationsOf(schema: StorageSchema, table: TableSchema): readonly Relation[] {
  const toOne = table.foreignKeys.map(
    ({ column, target }) => ({ table: target, local: column, foreign: "id", cardinality: "one" }) as const,
  );
  const toMany = [...schema.tables.values()].flatMap((other) => {
    const keys = other.foreignKeys.filter((key) => key.target === table.name);
    return keys.map(
      ({ column }) => ({ table: other.name, local: "id", foreign: column, cardinality: "many" }) as const,
    );
  });
  const siblings = table.foreignKeys.map(
    ({ column }) => ({ table: table.name, local: column, foreign: column, cardinality: "many" }) as const,
  );
  return [...toOne, ...toMany, ...siblings];
}
