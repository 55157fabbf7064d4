/** Compiles a read to a function of its values. */
import type { FindQuery, IncludeQuery, Row, RowElement, Storable } from "@relata/core/adapter";
import { createCollector } from "./collect-rows.ts";
import { compareBy } from "./compare-rows.ts";
import { compilePredicate, type FindTable } from "./evaluate-predicate.ts";
import { eachMember } from "./plan/access-path.ts";
import { createPathChoice } from "./plan/choose-path.ts";
import { conditionsOf } from "./plan/conditions.ts";
import { type Run, readParam } from "./run.ts";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, sortKeyOf, type TableStore } from "./table-store.ts";

export type Find = (run: Run) => readonly Row[];

/** @param foreign the column that must have the run's outer value: for the query of an include */
export function compileFind(query: FindQuery, findTable: FindTable, foreign?: string): Find {
  const collect = compileCollect(query, findTable, foreign);
  const project = compileProjection(query, findTable);
  return (run) => {
    const rows = collect(run);
    const projected: Row[] = [];
    for (const row of rows) projected.push(project(row, run));
    return projected;
  };
}

function compileCollect(query: FindQuery, findTable: FindTable, foreign?: string): (run: Run) => StoredRow[] {
  const store = findTable(query.table);
  const test = compilePredicate(query.where, store, findTable);
  const conditions = conditionsOf(query.where, store);
  const foreignPosition = foreign === undefined ? undefined : columnOf(store, foreign).position;
  if (foreignPosition !== undefined)
    conditions.equalities.set(foreignPosition, { read: (run) => run.outer, isNull: false });
  const orderBy = query.orderBy.map((key) => sortKeyOf(store, key.column, key.direction));
  const compare = compareBy(orderBy);
  const choosePath = createPathChoice(store, conditions, { orderBy, isLimited: query.limit !== undefined });

  return (run) => {
    const partition = store.partitions.get(run.tenantId);
    const limit = query.limit === undefined ? Number.POSITIVE_INFINITY : (readParam(run, query.limit) as number);
    if (partition === undefined || limit < 1) return [];
    const { outer } = run;
    const after = query.after?.reduce<StoredRow>((row, key, at) => {
      row[orderBy[at]?.position ?? 0] = key.isNull ? null : readParam(run, key.value);
      return row;
    }, []);
    const path = choosePath({ partition, run, after }, limit);

    const found: StoredRow[][] = [];
    eachMember(path, run, () => {
      const collector = createCollector(path, compare, limit);
      path.walk({ partition, run, after }, (row) => {
        run.visited++;
        if (foreignPosition !== undefined && row[foreignPosition] !== outer) return true;
        if (!test(row, run) || (after !== undefined && compare(row, after) <= 0)) return true;
        return collector.take(row);
      });
      found.push(collector.rows());
    });
    return found.length === 1 ? (found[0] as StoredRow[]) : found.flat().sort(compare).slice(0, limit);
  };
}

function compileProjection(query: FindQuery, findTable: FindTable): (row: StoredRow, run: Run) => Row {
  const store = findTable(query.table);
  const positions = query.columns.map((column) => columnOf(store, column).position);
  const includes = query.include.map((include) => compileInclude(include, store, findTable));
  return (row, run) => {
    const projected: RowElement[] = [];
    for (const position of positions) projected.push(row[position] as Storable);
    for (const include of includes) projected.push(include(row, run));
    return projected;
  };
}

function compileInclude(
  include: IncludeQuery,
  store: TableStore,
  findTable: FindTable,
): (row: StoredRow, run: Run) => RowElement {
  const { position } = columnOf(store, include.local);
  const find = compileFind(include.query, findTable, include.foreign);
  return (row, run) => {
    const value = row[position] as Storable;
    run.outer = value;
    const rows = value === null ? [] : find(run);
    return include.cardinality === "many" ? rows : (rows[0] ?? null);
  };
}
