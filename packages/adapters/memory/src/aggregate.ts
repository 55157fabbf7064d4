/** Compiles groups and figures to a function of their values. */
import {
  type AggregateQuery,
  always,
  type ColumnKey,
  type GroupKey,
  oncePer,
  type Param,
  type Row,
  type Storable,
} from "@relata/core/adapter";
import { compilePredicate, compileRest } from "./evaluate-predicate.ts";
import { createLookup } from "./lookup-rows.ts";
import { compileMeasure, type Tally } from "./measure.ts";
import { type AccessPath, eachMember } from "./plan/access-path.ts";
import { createPathChoice } from "./plan/choose-path.ts";
import { conditionsOf } from "./plan/conditions.ts";
import { createFindSources, type FindSources, type RowSource, tableOf } from "./row-source.ts";
import { type Run, readParam } from "./run.ts";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, type FindTable, type TableStore } from "./table-store.ts";

export type Aggregate = (run: Run) => readonly Row[];

export function compileAggregate(query: AggregateQuery, findTable: FindTable): Aggregate {
  const findSources = createFindSources(findTable, query.asOf);
  const store = tableOf(query.table, findSources);
  const walks = findSources(query.table).map((source) => compileWalk(query, source, findSources));
  const keys = query.groupBy.map((key) => compileGroupKey(key, store, findSources));
  const measures = query.measures.map((measure) => compileMeasure(measure, store));

  return (run) => {
    const groups = createGroups(() => measures.map((start) => start()));
    if (keys.length === 0) groups.of([]);
    const values: Storable[] = keys.map(() => null);
    let tallies: readonly Tally[] | undefined;
    for (const walk of walks) {
      walk(run, (row) => {
        // Rows of one group often come one after another.
        for (let at = 0; at < keys.length; at++) {
          const value = (keys[at] as ReadKey)(row, run);
          if (value !== values[at]) tallies = undefined;
          values[at] = value;
        }
        tallies ??= groups.of(values);
        for (let at = 0; at < tallies.length; at++) (tallies[at] as Tally).add(row);
      });
    }
    return groups.rows();
  };
}

/** Goes over the rows of a source that satisfy the query. */
function compileWalk(query: AggregateQuery, { store, restrict, inLayout }: RowSource, findSources: FindSources) {
  const where = restrict(query.where);
  const restOf = oncePer((path: AccessPath) => compileRest(where, path, { store, findSources }));
  const choosePath = createPathChoice(store, conditionsOf(where, store), { orderBy: [], isLimited: false });
  return (run: Run, take: (row: StoredRow) => void) => {
    const partition = store.partitions.get(run.tenantId);
    if (partition === undefined) return;
    const place = { partition, run, after: undefined };
    const path = choosePath(place, Number.POSITIVE_INFINITY);
    const test = restOf(path);
    eachMember(path, run, () =>
      path.walk(place, (row) => {
        run.visited++;
        if (test === undefined || test(row, run)) take(inLayout(row));
        return true;
      }),
    );
  };
}

/** The tallies of each combination of key values, found through one map for each key. The values are copied. */
function createGroups(start: () => Tally[]): { of(values: readonly Storable[]): Tally[]; rows(): Row[] } {
  type Level = Map<Storable, Level | Tally[]>;
  const root: Level = new Map();
  const groups: { values: readonly Storable[]; tallies: Tally[] }[] = [];

  return {
    of(values) {
      let level = root;
      for (let at = 0; at < values.length - 1; at++) {
        const value = values[at] as Storable;
        let next = level.get(value) as Level | undefined;
        if (next === undefined) {
          next = new Map();
          level.set(value, next);
        }
        level = next;
      }
      const value = values[values.length - 1] ?? null;
      const known = level.get(value) as Tally[] | undefined;
      if (known !== undefined) return known;
      const tallies = start();
      level.set(value, tallies);
      groups.push({ values: values.slice(), tallies });
      return tallies;
    },
    rows: () => groups.map(({ values, tallies }) => [...values, ...tallies.map((tally) => tally.result())]),
  };
}

type ReadKey = (row: StoredRow, run: Run) => Storable;

function compileGroupKey(key: GroupKey, store: TableStore, findSources: FindSources): ReadKey {
  if ("cases" in key) {
    const tests = key.cases.map((where) => compilePredicate(where, store, findSources));
    return (row, run) => {
      const place = tests.findIndex((test) => test(row, run));
      return place < 0 ? tests.length : place;
    };
  }
  return compileColumnKey(key, store, findSources);
}

function compileColumnKey(key: ColumnKey, store: TableStore, findSources: FindSources): ReadKey {
  const [join, ...path] = key.path;
  if (join === undefined) {
    const { position } = columnOf(store, key.column);
    const { bucket } = key;
    return (row, run) => {
      const value = row[position] as Storable;
      if (bucket === undefined || value === null) return value;
      return bucket === "month" ? (value as string).slice(0, 7) : lastStart(value as number, bucket.startingAt, run);
    };
  }
  const { position } = columnOf(store, join.local);
  const related = findSources(join.table).map((source) => ({
    partitions: source.store.partitions,
    lookup: createLookup(source.store, join.foreign),
    counts: compilePredicate(source.restrict(always), source.store, findSources),
    read: compileColumnKey({ ...key, path }, source.store, findSources),
  }));
  return (row, run) => {
    const value = row[position] as Storable;
    let found: Storable = null;
    if (value === null) return found;
    for (const { partitions, lookup, counts, read } of related) {
      const partition = partitions.get(run.tenantId);
      if (partition === undefined) continue;
      lookup(partition, value, (joined) => {
        if (!counts(joined, run)) return true;
        found = read(joined, run);
        return false;
      });
    }
    return found;
  };
}

/** The last start that is not after the value, or the first one. */
function lastStart(value: number, starts: readonly Param[], run: Run): Storable {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((readParam(run, starts[middle]!) as number) <= value) low = middle;
    else high = middle;
  }
  return readParam(run, starts[low]!);
}
