/** Questions and figures about the tables of a schema. */
import type {
  ColumnKey,
  ColumnSchema,
  Join,
  MeasureQuery,
  Storable,
  StorageSchema,
  TableSchema,
} from "@relata/core/adapter";
import * as fc from "fast-check";
import { everything } from "../question/condition.ts";
import { type Figures, type Inclusion, type Question, sortKeys } from "../question/question.ts";
import { entityTables, tableOf } from "../schema/define-table.ts";
import { type RandomConditions, randomConditions } from "./random-condition.ts";
import { type Relation, relationsOf } from "./random-schema.ts";
import { valueOfKind } from "./random-values.ts";

const conditionDepth = 4;

interface RandomReads {
  /** A condition, an order, often a position, a limit and includes. */
  readonly question: fc.Arbitrary<Question>;
  /** With a limit and columns that contain those of the order, to be asked again and again. */
  readonly walk: fc.Arbitrary<Question & { readonly limit: number }>;
  readonly figures: fc.Arbitrary<Figures>;
}

export function randomReads(schema: StorageSchema): RandomReads {
  const conditions = randomConditions(schema);
  const tables = entityTables(schema);
  const context = { schema, conditions };
  const past = tables.every((table) => table.history !== undefined);
  const asked = <T extends object>(questions: readonly fc.Arbitrary<T>[]) =>
    past
      ? fc.tuple(fc.oneof(...questions), instant).map(([question, at]) => ({ ...question, ...at }))
      : fc.oneof(...questions);
  return {
    question: asked(
      tables.map((table) => questionOn(table, { ...context, depth: 2, columns: ["id"] }).chain(withPosition(table))),
    ),
    walk: asked(tables.map((table) => walkOn(table, conditions))),
    figures: asked(tables.map((table) => figuresOn(table, context))),
  };
}

/** Nearly always one at which something may have happened. */
const instant: fc.Arbitrary<{ readonly asOf?: number }> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.integer({ min: -1, max: 45 }).map((asOf) => ({ asOf })) },
);

function walkOn(table: TableSchema, conditions: RandomConditions): RandomReads["walk"] {
  return fc.record({
    table: fc.constant(table.name),
    columns: fc.constant(plainColumns(table).map((column) => column.name)),
    where: fc.oneof(fc.constant(everything), conditions(table, 1)),
    orderBy: orderOn(table),
    limit: fc.integer({ min: 1, max: 4 }),
  });
}

function figuresOn(table: TableSchema, { schema, conditions }: Context): fc.Arbitrary<Figures> {
  return fc.record({
    table: fc.constant(table.name),
    where: fc.oneof(fc.constant(everything), conditions(table, conditionDepth - 1)),
    groupBy: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: groupKeyOn(schema, table) },
        { weight: 1, arbitrary: fc.record({ cases: fc.array(conditions(table, 1), { minLength: 1, maxLength: 3 }) }) },
      ),
      { maxLength: 3 },
    ),
    measures: fc.array(measureOn(table), { minLength: 1, maxLength: 4 }),
  });
}

interface Context {
  readonly schema: StorageSchema;
  readonly conditions: RandomConditions;
}

interface QuestionContext extends Context {
  /** Levels of includes. */
  readonly depth: number;
  /** Columns that the question must have. */
  readonly columns: readonly string[];
}

function questionOn(table: TableSchema, context: QuestionContext): fc.Arbitrary<Question> {
  const { schema, conditions, depth } = context;
  const relations = depth === 0 ? [] : relationsOf(schema, table);
  const inclusions = relations.map((relation) => inclusionOf(relation, { ...context, depth: depth - 1 }));
  const none: fc.Arbitrary<readonly Inclusion[]> = fc.constant([]);
  const include = inclusions.length === 0 ? none : fc.array(fc.oneof(...inclusions), { maxLength: 2 });
  return fc
    .record(
      {
        table: fc.constant(table.name),
        columns: fc.uniqueArray(fc.constantFrom(...table.columns.map((column) => column.name)), { maxLength: 5 }),
        where: fc.oneof(fc.constant(everything), conditions(table, depth === 2 ? conditionDepth : 1)),
        orderBy: orderOn(table),
        limit: fc.integer({ min: 1, max: 6 }),
        include,
      },
      { requiredKeys: ["table", "columns", "where", "orderBy", "include"] },
    )
    .map((question) => {
      const needed = [...context.columns, ...question.include.map((part) => part.local)];
      return { ...question, columns: [...new Set([...question.columns, ...needed])] };
    });
}

function inclusionOf(relation: Relation, context: QuestionContext): fc.Arbitrary<Inclusion> {
  const { cardinality, local, foreign } = relation;
  const question = questionOn(tableOf(context.schema, relation.table), { ...context, columns: [foreign] });
  return question.map((inner) => {
    const { limit, ...withoutLimit } = inner;
    return { cardinality, local, foreign, question: cardinality === "one" ? withoutLimit : inner };
  });
}

function withPosition(table: TableSchema): (question: Question) => fc.Arbitrary<Question> {
  return (question) => {
    const values = sortKeys(question).map((key) => {
      const column = table.columns.find(({ name }) => name === key.column) as ColumnSchema;
      const value: fc.Arbitrary<Storable> = valueOfKind(column.kind);
      return column.nullable ? fc.oneof(value, fc.constant(null)) : value;
    });
    return fc.oneof(
      fc.constant(question),
      fc.tuple(...values).map((after) => ({ ...question, after })),
    );
  };
}

function orderOn(table: TableSchema): fc.Arbitrary<readonly string[]> {
  const names = plainColumns(table).map((column) => column.name);
  const key = fc.tuple(fc.constantFrom("", "-"), fc.constantFrom(...names));
  const keys = fc.uniqueArray(key, { maxLength: 3, selector: ([, name]) => name });
  return keys.map((list) => list.map(([sign, name]) => `${sign}${name}`));
}

function groupKeyOn(schema: StorageSchema, table: TableSchema): fc.Arbitrary<ColumnKey> {
  return fc
    .array(fc.nat(3), { maxLength: 2 })
    .chain((turns) => {
      const path: Join[] = [];
      let reached = table;
      for (const turn of turns) {
        const ways = reached.foreignKeys;
        const way = ways[turn % Math.max(1, ways.length)];
        if (!way) break;
        path.push({ table: way.target, local: way.column, foreign: "id" });
        reached = tableOf(schema, way.target);
      }
      return fc.tuple(fc.constant(path), fc.constantFrom(...plainColumns(reached)), fc.boolean(), someStarts);
    })
    .map(([path, { name: column, kind }, isBucketed, startingAt]): ColumnKey => {
      if (!isBucketed || (kind !== "date" && kind !== "instant")) return { path, column };
      return { path, column, bucket: kind === "date" ? "month" : { startingAt } };
    });
}

const someStarts = fc
  .array(valueOfKind("instant"), { minLength: 1, maxLength: 5 })
  .map((starts) => (starts as number[]).sort((a, b) => a - b));

function measureOn(table: TableSchema): fc.Arbitrary<MeasureQuery> {
  const named = (kinds: readonly ColumnSchema["kind"][]) => {
    const columns = table.columns.filter((column) => kinds.includes(column.kind) && column.name !== "tenant_id");
    return fc.constantFrom(...columns.map((column) => column.name));
  };
  const number = named(["integer", "bigint"]);
  return fc.oneof(
    fc.constant({ kind: "rows" as const }),
    fc.record({
      kind: fc.constant("count" as const),
      column: fc.constantFrom(...table.columns.map((column) => column.name)),
    }),
    fc.record({
      kind: fc.constant("countDistinct" as const),
      column: fc.constantFrom(...plainColumns(table).map((column) => column.name)),
    }),
    fc.record({
      kind: fc.constantFrom("min" as const, "max" as const),
      column: named(["text", "date", "integer", "bigint", "instant"]),
    }),
    fc.record(
      { kind: fc.constant("sum" as const), column: number, weight: number },
      { requiredKeys: ["kind", "column"] },
    ),
  );
}

/** Columns with values that can be ordered. */
function plainColumns(table: TableSchema): readonly ColumnSchema[] {
  return table.columns.filter((column) => column.kind !== "json" && column.name !== "tenant_id");
}
