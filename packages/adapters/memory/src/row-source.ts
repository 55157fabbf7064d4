/** Which rows a query ranges over: those of the tables as they are, or the versions that were valid at an instant. */
import { CrmError, type Param, type Predicate } from "@relata/core/adapter";
import { inColumnsOf } from "./copy-columns.ts";
import type { StoredRow } from "./stored-row.ts";
import type { FindTable, TableStore } from "./table-store.ts";

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
        inLayout: inColumnsOf(history, current),
      },
    ];
  };
}

/** The table whose columns a query names. */
export function tableOf(table: string, findSources: FindSources): TableStore {
  return (findSources(table)[0] as RowSource).store;
}
