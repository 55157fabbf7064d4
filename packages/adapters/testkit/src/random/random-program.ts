/** Programs: lists of writes, reads, units and savepoints, which are made concrete against the state that they meet. */
import type { StorageSchema, TableSchema } from "@relata/core/adapter";
import * as fc from "fast-check";
import { firstTenant, secondTenant } from "../bench/store.ts";
import type { Figures, Question, Route } from "../question/question.ts";
import { entityTables } from "../schema/define-table.ts";
import type { StepPlan } from "./plan-step.ts";
import { type RandomConditions, randomConditions } from "./random-condition.ts";
import { randomReads } from "./random-question.ts";
import { randomRoute } from "./random-route.ts";
import { randomSchema } from "./random-schema.ts";
import { valueFor } from "./random-values.ts";

export type Operation =
  | { readonly kind: "write"; readonly tenantId: string; readonly steps: readonly StepPlan[] }
  | { readonly kind: "find"; readonly tenantId: string; readonly question: Question }
  | { readonly kind: "walk"; readonly tenantId: string; readonly question: Question & { readonly limit: number } }
  | { readonly kind: "aggregate"; readonly tenantId: string; readonly figures: Figures }
  | { readonly kind: "traverse"; readonly tenantId: string; readonly route: Route }
  | { readonly kind: "unit"; readonly body: readonly Operation[]; readonly end: "commit" | "rollback" }
  | { readonly kind: "savepoint"; readonly body: readonly Operation[]; readonly end: "release" | "rollback" };

export interface Program {
  readonly schema: StorageSchema;
  readonly operations: readonly Operation[];
}

export const randomProgram: fc.Arbitrary<Program> = randomSchema.chain((schema) => {
  const tenantId = fc.oneof(
    { weight: 3, arbitrary: fc.constant(firstTenant) },
    { weight: 1, arbitrary: fc.constant(secondTenant) },
  );
  const step = stepOn(schema);
  const { question, walk, figures } = randomReads(schema);
  const route = randomRoute(schema);
  const simple: fc.WeightedArbitrary<Operation>[] = [
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant("write" as const),
        tenantId,
        steps: fc.array(step, { minLength: 1, maxLength: 3 }),
      }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("find" as const), tenantId, question }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("walk" as const), tenantId, question: walk }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("aggregate" as const), tenantId, figures }) },
    ...(route
      ? [{ weight: 1, arbitrary: fc.record({ kind: fc.constant("traverse" as const), tenantId, route }) }]
      : []),
  ];
  const savepoint = (body: fc.Arbitrary<Operation>): fc.Arbitrary<Operation> =>
    fc.record({
      kind: fc.constant("savepoint" as const),
      body: fc.array(body, { maxLength: 4 }),
      end: fc.constantFrom("release" as const, "rollback" as const),
    });
  const inner = fc.oneof(...simple);
  const inSavepoint = fc.oneof({ weight: 5, arbitrary: inner }, { weight: 1, arbitrary: savepoint(inner) });
  const inUnit = fc.oneof({ weight: 4, arbitrary: inner }, { weight: 1, arbitrary: savepoint(inSavepoint) });
  const unit = fc.record({
    kind: fc.constant("unit" as const),
    body: fc.array(inUnit, { maxLength: 8 }),
    end: fc.constantFrom("commit" as const, "rollback" as const),
  });

  const inserts = entityTables(schema).map((table) => {
    const steps = fc.array(insertInto(table, { min: 2, max: 6 }), { minLength: 1, maxLength: 1 });
    return fc.record({ kind: fc.constant("write" as const), tenantId, steps });
  });
  const filling = fc.tuple(...inserts, ...inserts, ...inserts, ...inserts);
  const operations = fc.array(fc.oneof({ weight: 5, arbitrary: inner }, { weight: 2, arbitrary: unit }), {
    minLength: 4,
    maxLength: 24,
  });
  return fc.tuple(filling, operations).map(([first, then]) => ({ schema, operations: [...first, ...then] }));
});

function stepOn(schema: StorageSchema): fc.Arbitrary<StepPlan> {
  const conditions = randomConditions(schema);
  const steps = entityTables(schema).map((table) =>
    fc.oneof(
      { weight: 4, arbitrary: insertInto(table, { min: 1, max: 4 }) },
      { weight: 4, arbitrary: updateOf(table) },
      { weight: 2, arbitrary: deleteFrom(table) },
      { weight: 1, arbitrary: erasureOf(table) },
      { weight: 1, arbitrary: prohibitionOn(table, conditions) },
    ),
  );
  return fc.oneof(...steps);
}

function insertInto(table: TableSchema, count: { readonly min: number; readonly max: number }): fc.Arbitrary<StepPlan> {
  const rows = fc.array(rowOf(table), { minLength: count.min, maxLength: count.max });
  return fc.record({ kind: fc.constant("insert" as const), table: fc.constant(table.name), tick, rows });
}

/** How much later than all that is stored a step happens. */
const tick = fc.nat(2);

function updateOf(table: TableSchema): fc.Arbitrary<StepPlan> {
  const names = writable(table).map((column) => column.name);
  const columns = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 });
  const rows = fc.array(fc.record({ target: fc.nat(60), staleness: fc.nat(25), row: rowOf(table) }), {
    minLength: 1,
    maxLength: 3,
  });
  return fc.record({ kind: fc.constant("update" as const), table: fc.constant(table.name), tick, columns, rows });
}

function deleteFrom(table: TableSchema): fc.Arbitrary<StepPlan> {
  const rows = fc.array(fc.record({ target: fc.nat(60), staleness: fc.nat(25) }), { minLength: 1, maxLength: 3 });
  return fc.record({ kind: fc.constant("delete" as const), table: fc.constant(table.name), tick, rows });
}

function erasureOf(table: TableSchema): fc.Arbitrary<StepPlan> {
  const targets = fc.array(fc.nat(60), { maxLength: 3 });
  return fc.record({ kind: fc.constant("erase" as const), table: fc.constant(table.name), targets });
}

function prohibitionOn(table: TableSchema, conditions: RandomConditions): fc.Arbitrary<StepPlan> {
  return fc.record({
    kind: fc.constant("forbid" as const),
    table: fc.constant(table.name),
    where: conditions(table, 2),
  });
}

function rowOf(table: TableSchema) {
  const unique = new Set(table.indexes.filter((index) => index.unique).flatMap((index) => index.columns));
  const cells = writable(table).map((column) => {
    const isReference = table.foreignKeys.some((key) => key.column === column.name);
    const cell = isReference
      ? fc.record({ reference: fc.nat(400) })
      : fc.record({ value: valueFor(column, unique.has(column.name)) });
    return [column.name, cell] as const;
  });
  return fc.record({ id: fc.nat(300), cells: fc.record(Object.fromEntries(cells)) });
}

function writable(table: TableSchema) {
  return table.columns.slice(3).filter((column) => column.name !== "updated_at");
}
