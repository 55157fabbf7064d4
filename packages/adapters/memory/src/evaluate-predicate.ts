/** Whether a row satisfies a predicate: the meaning that every other storage must agree with. */
import { always, type Comparison, type Predicate, type Storable, type TextMatch } from "@relata/core/adapter";
import type { CompareValues } from "./compare-values.ts";
import type { CountedRows } from "./counted-rows.ts";
import { compileLineage } from "./lineage.ts";
import { createLookup } from "./lookup-rows.ts";
import type { AccessPath } from "./plan/access-path.ts";
import { isAlways, withoutParts } from "./plan/conditions.ts";
import type { FindSources } from "./row-source.ts";
import { listOf, type Run, readParam } from "./run.ts";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, sortKeyOf, type TableStore } from "./table-store.ts";

/** Two-valued: false covers what SQL calls unknown. */
export type TestRow = (row: StoredRow, run: Run) => boolean;

export function compilePredicate(predicate: Predicate, store: TableStore, findSources: FindSources): TestRow {
  const compile = (inner: Predicate) => compilePredicate(inner, store, findSources);
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
      return compileRelation(predicate, store, findSources);
    case "tree": {
      const { position } = columnOf(store, predicate.column);
      const lineage = compileLineage(predicate, countedRows(predicate.table, findSources));
      return (row, run) => row[position] !== null && lineage(run).has(row[position] as Storable);
    }
    default:
      return predicate satisfies never;
  }
}

/** What is left to be tested of rows that come by a path, if anything. */
export function compileRest(
  predicate: Predicate,
  path: AccessPath,
  { store, findSources }: { readonly store: TableStore; readonly findSources: FindSources },
): TestRow | undefined {
  const rest = withoutParts(predicate, path.covers);
  return isAlways(rest) ? undefined : compilePredicate(rest, store, findSources);
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

function countedRows(table: string, findSources: FindSources): readonly CountedRows[] {
  return findSources(table).map(({ store, restrict }) => {
    const restriction = restrict(always);
    const counts = restriction === always ? undefined : compilePredicate(restriction, store, findSources);
    return { store, partitions: store.partitions, counts };
  });
}

function compileRelation(
  predicate: Predicate & { kind: "relation" },
  store: TableStore,
  findSources: FindSources,
): TestRow {
  const { position } = columnOf(store, predicate.local);
  const wanted = predicate.quantifier !== "every";
  const related = countedRows(predicate.table, findSources).map((rows) => ({
    ...rows,
    lookup: createLookup(rows.store, predicate.foreign),
    test: compilePredicate(predicate.where, rows.store, findSources),
  }));
  /** Whether a related row exists for which the test gives `wanted`. */
  const exists: TestRow = (row, run) => {
    const value = row[position] as Storable;
    if (value === null) return false;
    let found = false;
    for (const { partitions, lookup, counts, test } of related) {
      const partition = partitions.get(run.tenantId);
      if (partition === undefined) continue;
      lookup(partition, value, (candidate) => {
        found = (counts === undefined || counts(candidate, run)) && test(candidate, run) === wanted;
        return !found;
      });
      if (found) return true;
    }
    return false;
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
