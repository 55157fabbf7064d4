/** The first rows of a query's order, gathered from rows that come in that order, partly in it, or in none. */
import type { CompareRows } from "./compare-rows.ts";
import type { AccessPath } from "./plan/access-path.ts";
import type { StoredRow, Visit } from "./stored-row.ts";

/** Takes rows until it has no use for more. */
export interface Collector {
  readonly take: Visit;
  rows(): StoredRow[];
}

/** @param limit at least 1, or infinity */
export function createCollector(path: AccessPath, compare: CompareRows, limit: number): Collector {
  switch (path.order) {
    case "full":
      return collectFirst(limit);
    case "partial":
      return collectRuns(path.sameRun, compare, limit);
    case "none":
      return collectSmallest(compare, limit);
    default:
      return path.order satisfies never;
  }
}

function collectFirst(limit: number): Collector {
  const rows: StoredRow[] = [];
  return { take: (row) => rows.push(row) < limit, rows: () => rows };
}

/** The rows come in runs: each is sorted when it ends. */
function collectRuns(sameRun: CompareRows, compare: CompareRows, limit: number): Collector {
  const rows: StoredRow[] = [];
  let run: StoredRow[] = [];
  const endRun = () => {
    for (const row of run.sort(compare)) rows.push(row);
    run = [];
  };
  return {
    take(row) {
      if (run[0] !== undefined && sameRun(run[0], row) !== 0) {
        endRun();
        if (rows.length >= limit) return false;
      }
      run.push(row);
      return true;
    },
    rows() {
      endRun();
      return rows.slice(0, limit);
    },
  };
}

/** Sorts and cuts now and then, and passes over what comes after the last row that is left. */
function collectSmallest(compare: CompareRows, limit: number): Collector {
  let rows: StoredRow[] = [];
  let last: StoredRow | undefined;
  const cut = () => {
    rows = rows.sort(compare).slice(0, limit);
    last = rows[limit - 1];
  };
  return {
    take(row) {
      if (last !== undefined && compare(row, last) > 0) return true;
      rows.push(row);
      if (rows.length >= Math.max(1024, 4 * limit)) cut();
      return true;
    },
    rows() {
      cut();
      return rows;
    },
  };
}
