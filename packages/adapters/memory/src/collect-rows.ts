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

/** Keeps the first ones in order, and passes over what comes after the last of them. */
function collectSmallest(compare: CompareRows, limit: number): Collector {
  const rows: StoredRow[] = [];
  if (limit === Number.POSITIVE_INFINITY) return { take: (row) => rows.push(row) > 0, rows: () => rows.sort(compare) };
  return {
    take(row) {
      if (rows.length === limit) {
        if (compare(rows[limit - 1] as StoredRow, row) <= 0) return true;
        rows.pop();
      }
      let low = 0;
      let high = rows.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (compare(rows[middle] as StoredRow, row) <= 0) low = middle + 1;
        else high = middle;
      }
      rows.splice(low, 0, row);
      return true;
    },
    rows: () => rows,
  };
}
