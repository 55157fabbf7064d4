/** Which rows a query ranges over: those of the tables as they are, or the versions that were valid at an instant. */
import { CrmError, type Param, type Predicate } from "@relata/core/adapter";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, type FindTable, type TableStore } from "./table-store.ts";

export interface RowSource {
  readonly store: TableStore;
  /** The predicate, for those rows of the store that count. */
  restrict(where: Predicate): Predicate;
  /** The row with its values where the table itself has them. */
  inLayout(row: StoredRow): StoredRow;
}

/** The sources of a table's rows: one, or the current rows and those of its history. */
export type FindSources = (table: string) => readonly RowSource[];

/** @param asOf the instant of an as-of read */
export function createFindSources(findTable: FindTable, asOf: Param | undefined): FindSources {
  if (asOf === undefined) {
    return (name) => [{ store: findTable(name), restrict: (where) => where, inLayout: (row) => row }];
  }
  const begun: Predicate = { kind: "compare", column: "updated_at", operator: "lte", value: asOf };
  const notEnded: Predicate = { kind: "compare", column: "ended_at", operator: "gt", value: asOf };
  return (name) => {
    const current = findTable(name);
    if (current.schema.history === undefined)
      throw new CrmError("invalid_query", `The table "${name}" has no history to be read as of an instant.`);
    const history = findTable(current.schema.history);
    return [
      { store: current, restrict: (where) => ({ kind: "and", of: [begun, where] }), inLayout: (row) => row },
      {
        store: history,
        restrict: (where) => ({ kind: "and", of: [notEnded, begun, where] }),
        inLayout: layoutChange(history, current),
      },
    ];
  };
}

/** The table whose columns a query names. */
export function tableOf(table: string, findSources: FindSources): TableStore {
  return (findSources(table)[0] as RowSource).store;
}

/**
 * Columns that were added since stand behind those that only history has, and one that was dropped leaves its place empty, so that
 * rows of the two tables may differ in layout.
 */
function layoutChange(from: TableStore, to: TableStore): (row: StoredRow) => StoredRow {
  const pairs = [...to.columns].map(([name, { position }]) => [columnOf(from, name).position, position] as const);
  if (pairs.every(([source, target]) => source === target)) return (row) => row;
  const blank: StoredRow = new Array(to.width).fill(null);
  return (row) => {
    const changed = blank.slice();
    for (const [source, target] of pairs) changed[target] = row[source] ?? null;
    return changed;
  };
}
