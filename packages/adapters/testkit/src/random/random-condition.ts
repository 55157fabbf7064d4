/** Random conditions: every kind of predicate, nested. */
import type { ColumnSchema, Join, StorageSchema, TableSchema } from "@relata/core/adapter";
import * as fc from "fast-check";
import { and, type Condition, not, or, tree } from "../question/condition.ts";
import { tableOf } from "../schema/define-table.ts";
import { relationsOf } from "./random-schema.ts";
import { valueOfKind } from "./random-values.ts";

const comparisons = ["eq", "ne", "lt", "lte", "gt", "gte"] as const;
const matches = ["contains", "startsWith", "endsWith"] as const;

/** Conditions on the rows of a table, at most so deep; made once, since they are large. */
export type RandomConditions = (table: TableSchema, depth: number) => fc.Arbitrary<Condition>;

export function randomConditions(schema: StorageSchema): RandomConditions {
  const made = new Map<string, fc.Arbitrary<Condition>>();
  const conditions: RandomConditions = (table, depth) => {
    const name = `${table.name} ${depth}`;
    const arbitrary =
      made.get(name) ?? (depth === 0 ? leafCondition(schema, table) : fc.oneof(...branches(table, depth)));
    made.set(name, arbitrary);
    return arbitrary;
  };
  const branches = (table: TableSchema, depth: number): fc.WeightedArbitrary<Condition>[] => {
    const part = conditions(table, depth - 1);
    const relations = relationsOf(schema, table).map(({ table: other, local, foreign }) => {
      const where = conditions(tableOf(schema, other), Math.max(0, depth - 2));
      return relationCondition({ table: other, local, foreign }, where);
    });
    return [
      { weight: 3, arbitrary: conditions(table, 0) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom(and, or), fc.array(part, { maxLength: 3 }))
          .map(([make, of]) => make(...of)),
      },
      { weight: 2, arbitrary: part.map(not) },
      ...relations.map((arbitrary) => ({ weight: 1, arbitrary })),
    ];
  };
  return conditions;
}

function relationCondition(join: Join, where: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> {
  const quantifier = fc.constantFrom("some" as const, "none" as const, "every" as const);
  return fc
    .tuple(quantifier, where)
    .map(([chosen, inner]) => ({ kind: "relation", quantifier: chosen, ...join, where: inner }));
}

function leafCondition(schema: StorageSchema, table: TableSchema): fc.Arbitrary<Condition> {
  const columns = table.columns.filter((column) => column.name !== "tenant_id");
  return fc.oneof(...columns.map(columnCondition), ...treeConditions(schema, table));
}

/** On the id, and on references, wherever the table that is meant refers to itself. `concreteRoots` chooses the rows. */
function treeConditions(schema: StorageSchema, table: TableSchema): fc.Arbitrary<Condition>[] {
  const nodes = [
    { column: "id", target: table.name },
    ...table.foreignKeys.map(({ column, target }) => ({ column, target })),
  ];
  return nodes.flatMap(({ column, target }) => {
    const keys = tableOf(schema, target).foreignKeys.filter((key) => key.target === target);
    return keys.map(({ column: parent }) =>
      fc
        .record({
          root: fc.nat(60).map((number) => `row ${number}`),
          relation: fc.constantFrom("descendants" as const, "ancestors" as const),
          self: fc.boolean(),
        })
        .map(({ root, relation, self }) => tree(column, root, { table: target, parent, relation, self })),
    );
  });
}

function columnCondition({ name: column, kind }: ColumnSchema): fc.Arbitrary<Condition> {
  const isNull: Condition = { kind: "null", column };
  if (kind === "json") return fc.constant(isNull);
  const value = valueOfKind(kind);
  const text = fc.tuple(fc.constantFrom(...matches), valueOfKind("text"));
  return fc.oneof(
    fc
      .tuple(fc.constantFrom(...comparisons), value)
      .map(([operator, other]): Condition => ({ kind: "compare", column, operator, value: other })),
    fc.array(value, { maxLength: 4 }).map((values): Condition => ({ kind: "in", column, values })),
    fc.tuple(value, value).map(([low, high]): Condition => ({ kind: "between", column, low, high })),
    ...(kind === "text"
      ? [text.map(([operator, part]): Condition => ({ kind: "text", column, operator, value: String(part) }))]
      : []),
    fc.constant(isNull),
  );
}
