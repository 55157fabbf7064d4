/** Compiles a read to a function of its values. */
import {
  type AfterKey,
  type FindQuery,
  type IncludeQuery,
  oncePer,
  type Row,
  type RowElement,
  type Storable,
} from "@relata/core/adapter";
import { createCollector } from "./collect-rows.ts";
import { compareBy, type SortKey } from "./compare-rows.ts";
import { compileRest } from "./evaluate-predicate.ts";
import { type AccessPath, eachMember } from "./plan/access-path.ts";
import { createPathChoice } from "./plan/choose-path.ts";
import { conditionsOf } from "./plan/conditions.ts";
import { createFindSources, type FindSources, type RowSource, tableOf } from "./row-source.ts";
import { type Run, readParam } from "./run.ts";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, type FindTable, sortKeyOf, type TableStore } from "./table-store.ts";

export type Find = (run: Run) => readonly Row[];

export function compileFind(query: FindQuery, findTable: FindTable): Find {
  return compileLevel(query, createFindSources(findTable, query.asOf));
}

/** @param foreign the column that must have the run's outer value: for the query of an include */
function compileLevel(query: FindQuery, findSources: FindSources, foreign?: string): Find {
  const collect = compileCollect(query, findSources, foreign);
  const project = compileProjection(query, findSources);
  return (run) => {
    const rows = collect(run);
    const projected: Row[] = [];
    for (const row of rows) projected.push(project(row, run));
    return projected;
  };
}

type Collect = (run: Run, limit: number) => StoredRow[];

/** The rows of all sources, each of which gives its own first ones. */
function compileCollect(query: FindQuery, findSources: FindSources, foreign?: string): (run: Run) => StoredRow[] {
  const sources = findSources(query.table).map((source) => ({
    collect: compileSource(query, source, { findSources, foreign }),
    inLayout: source.inLayout,
  }));
  const [first, ...others] = sources;
  const store = tableOf(query.table, findSources);
  const compare = compareBy(query.orderBy.map((key) => sortKeyOf(store, key.column, key.direction)));

  return (run) => {
    const limit = query.limit === undefined ? Number.POSITIVE_INFINITY : (readParam(run, query.limit) as number);
    if (first === undefined || limit < 1) return [];
    const found = first.collect(run, limit);
    if (others.length === 0) return found;
    const all = [found, ...others.map((other) => other.collect(run, limit).map(other.inLayout))].flat();
    return all.sort(compare).slice(0, limit);
  };
}

function compileSource(
  query: FindQuery,
  { store, restrict }: RowSource,
  { findSources, foreign }: { readonly findSources: FindSources; readonly foreign: string | undefined },
): Collect {
  const where = restrict(query.where);
  const conditions = conditionsOf(where, store);
  const foreignPosition = foreign === undefined ? undefined : columnOf(store, foreign).position;
  if (foreignPosition !== undefined)
    conditions.equalities.set(foreignPosition, { read: (run) => run.outer, isNull: false, part: undefined });
  const orderBy = query.orderBy.map((key) => sortKeyOf(store, key.column, key.direction));
  const compare = compareBy(orderBy);
  const choosePath = createPathChoice(store, conditions, { orderBy, isLimited: query.limit !== undefined });
  const restOf = oncePer((path: AccessPath) => compileRest(where, path, { store, findSources }));

  return (run, limit) => {
    const partition = store.partitions.get(run.tenantId);
    if (partition === undefined) return [];
    const { outer } = run;
    const after = query.after && rowOfKeys(query.after, orderBy, run);
    const place = { partition, run, after };
    const path = choosePath(place, limit);
    const test = restOf(path);
    const isForeign = foreignPosition === undefined || path.fixed.has(foreignPosition);

    const found: StoredRow[][] = [];
    eachMember(path, run, () => {
      const collector = createCollector(path, compare, limit);
      const passed = path.seeks(place) ? undefined : after;
      path.walk(place, (row) => {
        run.visited++;
        if (!isForeign && row[foreignPosition] !== outer) return true;
        if (test !== undefined && !test(row, run)) return true;
        if (passed !== undefined && compare(row, passed) <= 0) return true;
        return collector.take(row);
      });
      found.push(collector.rows());
    });
    return found.length === 1 ? (found[0] as StoredRow[]) : found.flat().sort(compare).slice(0, limit);
  };
}

/** A row with nothing but the values that a page comes after. */
function rowOfKeys(after: readonly AfterKey[], orderBy: readonly SortKey[], run: Run): StoredRow {
  const row: StoredRow = [];
  for (const [at, { position }] of orderBy.entries()) {
    const key = after[at];
    if (key) row[position] = key.isNull ? null : readParam(run, key.value);
  }
  return row;
}

function compileProjection(query: FindQuery, findSources: FindSources): (row: StoredRow, run: Run) => Row {
  const store = tableOf(query.table, findSources);
  const positions = query.columns.map((column) => columnOf(store, column).position);
  const includes = query.include.map((include) => compileInclude(include, store, findSources));
  const [start = 0] = positions;
  const end = start + positions.length;
  const isSlice = positions.every((position, at) => position === start + at);
  return (row, run) => {
    const projected: RowElement[] = isSlice ? row.slice(start, end) : [];
    if (!isSlice) for (const position of positions) projected.push(row[position] as Storable);
    for (const include of includes) projected.push(include(row, run));
    return projected;
  };
}

function compileInclude(
  include: IncludeQuery,
  store: TableStore,
  findSources: FindSources,
): (row: StoredRow, run: Run) => RowElement {
  const { position } = columnOf(store, include.local);
  const find = compileLevel(include.query, findSources, include.foreign);
  return (row, run) => {
    const value = row[position] as Storable;
    run.outer = value;
    const rows = value === null ? [] : find(run);
    return include.cardinality === "many" ? rows : (rows[0] ?? null);
  };
}
