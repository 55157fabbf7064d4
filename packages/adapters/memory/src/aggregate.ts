/** Compiles groups and figures to a function of their values. */
import type { AggregateQuery, GroupKey, Row, Storable } from "@relata/core/adapter";
import { compilePredicate, type FindTable } from "./evaluate-predicate.ts";
import { createLookup } from "./lookup-rows.ts";
import { compileMeasure, type Tally } from "./measure.ts";
import { eachMember } from "./plan/access-path.ts";
import { createPathChoice } from "./plan/choose-path.ts";
import { conditionsOf } from "./plan/conditions.ts";
import type { Run } from "./run.ts";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, type TableStore } from "./table-store.ts";

export type Aggregate = (run: Run) => readonly Row[];

export function compileAggregate(query: AggregateQuery, findTable: FindTable): Aggregate {
  const store = findTable(query.table);
  const test = compilePredicate(query.where, store, findTable);
  const choosePath = createPathChoice(store, conditionsOf(query.where, store), { orderBy: [], isLimited: false });
  const keys = query.groupBy.map((key) => compileGroupKey(key, store, findTable));
  const measures = query.measures.map((measure) => compileMeasure(measure, store));

  return (run) => {
    const groups = createGroups(() => measures.map((start) => start()));
    if (keys.length === 0) groups.of([]);
    const partition = store.partitions.get(run.tenantId);
    if (partition !== undefined) {
      const place = { partition, run, after: undefined };
      const path = choosePath(place, Number.POSITIVE_INFINITY);
      eachMember(path, run, () =>
        path.walk(place, (row) => {
          run.visited++;
          if (test(row, run)) for (const tally of groups.of(keys.map((key) => key(row, run)))) tally.add(row);
          return true;
        }),
      );
    }
    return groups.rows();
  };
}

/** The tallies of each combination of key values, found through one map for each key. */
function createGroups(start: () => Tally[]): { of(values: readonly Storable[]): Tally[]; rows(): Row[] } {
  type Level = Map<Storable, Level | Tally[]>;
  const root: Level = new Map();
  const groups: { values: readonly Storable[]; tallies: Tally[] }[] = [];

  return {
    of(values) {
      let level = root;
      for (let at = 0; at < values.length - 1; at++) {
        const value = values[at] as Storable;
        const known = level.get(value);
        const next: Level = known instanceof Map ? known : new Map();
        level.set(value, next);
        level = next;
      }
      const value = values[values.length - 1] ?? null;
      const known = level.get(value);
      if (Array.isArray(known)) return known;
      const tallies = start();
      level.set(value, tallies);
      groups.push({ values, tallies });
      return tallies;
    },
    rows: () => groups.map(({ values, tallies }) => [...values, ...tallies.map((tally) => tally.result())]),
  };
}

type ReadKey = (row: StoredRow, run: Run) => Storable;

function compileGroupKey(key: GroupKey, store: TableStore, findTable: FindTable): ReadKey {
  const [join, ...path] = key.path;
  if (join === undefined) {
    const { position } = columnOf(store, key.column);
    const isMonth = key.bucket === "month";
    return (row) => {
      const value = row[position] as Storable;
      return isMonth && value !== null ? (value as string).slice(0, 7) : value;
    };
  }
  const related = findTable(join.table);
  const { position } = columnOf(store, join.local);
  const lookup = createLookup(related, join.foreign);
  const read = compileGroupKey({ ...key, path }, related, findTable);
  return (row, run) => {
    const value = row[position] as Storable;
    const partition = related.partitions.get(run.tenantId);
    let found: Storable = null;
    if (value === null || partition === undefined) return found;
    lookup(partition, value, (joined) => {
      found = read(joined, run);
      return false;
    });
    return found;
  };
}
