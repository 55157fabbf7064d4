/** Whether a row satisfies a predicate: the meaning that every other storage must agree with. */
import type { Comparison, Predicate, Storable, TextMatch } from "@relata/core/adapter";
import type { CompareValues } from "./compare-values.ts";
import { compileLineage } from "./lineage.ts";
import { createLookup } from "./lookup-rows.ts";
import { listOf, type Run, readParam } from "./run.ts";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, sortKeyOf, type TableStore } from "./table-store.ts";

/** Two-valued: false covers what SQL calls unknown. */
export type TestRow = (row: StoredRow, run: Run) => boolean;

export type FindTable = (name: string) => TableStore;

export function compilePredicate(predicate: Predicate, store: TableStore, findTable: FindTable): TestRow {
  const compile = (inner: Predicate) => compilePredicate(inner, store, findTable);
  switch (predicate.kind) {
    case "and":
      return everyOf(predicate.of.map(compile));
    case "or":
      return someOf(predicate.of.map(compile));
    case "not": {
      const test = compile(predicate.of);
      return (row, run) => !test(row, run);
    }
    case "compare":
      return compileComparison(predicate, store);
    case "in": {
      const { position } = columnOf(store, predicate.column);
      return (row, run) => row[position] !== null && listOf(run, predicate.values).has(row[position] as Storable);
    }
    case "between": {
      const { position, compare } = sortKeyOf(store, predicate.column);
      return (row, run) => {
        const value = row[position] as Storable;
        return (
          value !== null &&
          compare(value, readParam(run, predicate.low)) >= 0 &&
          compare(value, readParam(run, predicate.high)) <= 0
        );
      };
    }
    case "text": {
      const { position } = columnOf(store, predicate.column);
      const matches = textMatches[predicate.operator];
      return (row, run) =>
        row[position] !== null && matches(row[position] as string, readParam(run, predicate.value) as string);
    }
    case "null": {
      const { position } = columnOf(store, predicate.column);
      return (row) => row[position] === null;
    }
    case "relation":
      return compileRelation(predicate, store, findTable);
    case "tree": {
      const { position } = columnOf(store, predicate.column);
      const lineage = compileLineage(predicate, findTable(predicate.table));
      return (row, run) => row[position] !== null && lineage(run).has(row[position] as Storable);
    }
    default:
      return predicate satisfies never;
  }
}

function compileComparison(predicate: Predicate & { kind: "compare" }, store: TableStore): TestRow {
  const { position, compare } = sortKeyOf(store, predicate.column);
  const { operator, value } = predicate;
  if (operator === "eq") return (row, run) => row[position] === run.params[value];
  if (operator === "ne") return (row, run) => row[position] !== run.params[value];
  const holds = orderHolds[operator];
  const compareWith: CompareValues = compare;
  return (row, run) => row[position] !== null && holds(compareWith(row[position] as Storable, readParam(run, value)));
}

function compileRelation(
  predicate: Predicate & { kind: "relation" },
  store: TableStore,
  findTable: FindTable,
): TestRow {
  const related = findTable(predicate.table);
  const { position } = columnOf(store, predicate.local);
  const lookup = createLookup(related, predicate.foreign);
  const test = compilePredicate(predicate.where, related, findTable);
  const wanted = predicate.quantifier !== "every";
  /** Whether a related row exists for which the test gives `wanted`. */
  const exists: TestRow = (row, run) => {
    const value = row[position] as Storable;
    const partition = related.partitions.get(run.tenantId);
    if (value === null || partition === undefined) return false;
    let found = false;
    lookup(partition, value, (candidate) => {
      found = test(candidate, run) === wanted;
      return !found;
    });
    return found;
  };
  return predicate.quantifier === "some" ? exists : (row, run) => !exists(row, run);
}

function everyOf(tests: readonly TestRow[]): TestRow {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  return (row, run) => {
    for (const test of tests) if (!test(row, run)) return false;
    return true;
  };
}

function someOf(tests: readonly TestRow[]): TestRow {
  return (row, run) => {
    for (const test of tests) if (test(row, run)) return true;
    return false;
  };
}

const orderHolds: Record<Exclude<Comparison, "eq" | "ne">, (order: number) => boolean> = {
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
};

const textMatches: Record<TextMatch, (text: string, part: string) => boolean> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
};
