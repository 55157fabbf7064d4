/** A way to reach the rows that may satisfy a query. */
import type { Param, Predicate } from "@relata/core/adapter";
import type { CompareRows } from "../compare-rows.ts";
import type { Partition } from "../partition.ts";
import { listOf, type Run } from "../run.ts";
import type { StoredRow, Visit } from "../stored-row.ts";

export interface AccessPath {
  /** How its rows come: in the query's order; in the order of its first keys, which `sameRun` finds equal; in none. */
  readonly order: "full" | "partial" | "none";
  readonly sameRun: CompareRows;
  /** The `in` list whose values it looks up, one walk for each. */
  readonly members?: Param;
  /** The columns whose values it takes from the query. */
  readonly fixed: ReadonlySet<number>;
  /** The parts of the predicate that hold for each of its rows: what is left is to be tested. */
  readonly covers: ReadonlySet<Predicate>;
  /** Whether its rows are those behind `after` alone; otherwise each is to be compared with it. */
  seeks(place: Place): boolean;
  walk(place: Place, visit: Visit): void;
}

export interface Place {
  readonly partition: Partition;
  readonly run: Run;
  /** Holds the values of the order's keys of the row that the page comes after. */
  readonly after: StoredRow | undefined;
}

/** Does `work` for each value of the `in` list that the path looks up, or once. */
export function eachMember(path: AccessPath, run: Run, work: () => void): void {
  if (path.members === undefined) {
    work();
    return;
  }
  for (const member of listOf(run, path.members)) {
    run.member = member;
    work();
  }
}
