/** Which access path a query takes: settled from its shape as far as possible, and by the number of rows when it runs. */
import type { SortKey } from "../compare-rows.ts";
import { listOf } from "../run.ts";
import { idPosition } from "../stored-row.ts";
import { isHistory, type TableStore } from "../table-store.ts";
import type { AccessPath, Place } from "./access-path.ts";
import type { Conditions } from "./conditions.ts";
import { createHashPath, createIdPath, type HashPath, scan } from "./hash-path.ts";
import { createIndexPath, type IndexPath } from "./index-path.ts";

/** So few rows are sorted sooner than anything else is weighed. */
const fewRows = 64;

export type ChoosePath = (place: Place, limit: number) => AccessPath;

/** What the rows are for: an order that is walked lets a limited query stop early, and spares any other the sorting only. */
export interface Purpose {
  readonly orderBy: readonly SortKey[];
  readonly isLimited: boolean;
}

export function createPathChoice(store: TableStore, conditions: Conditions, purpose: Purpose): ChoosePath {
  const { orderBy, isLimited } = purpose;
  if (isLookup(store, conditions)) {
    const path = createIdPath(conditions);
    return () => path;
  }

  const ordered = store.rules
    .map((rule) => createIndexPath(rule, conditions, orderBy))
    .filter((path) => path.fixed.size > 0 || path.hasRange || (orderBy.length > 0 && path.order !== "none"));
  const best = ordered.toSorted((a, b) => merit(b, isLimited) - merit(a, isLimited))[0];
  const hashed = store.lookedUp
    .map((position, at) => createHashPath(position, at, conditions))
    .filter((path) => path !== undefined);
  if (hashed.every(({ position }) => best?.fixed.has(position))) return () => best ?? scan;

  return (place, limit) => {
    const { path, count } = smallest(hashed, place);
    if (best === undefined || count <= fewRows) return path;
    if (best.fixed.has(path.position)) return best;
    if (best.order !== "full" || limit === Number.POSITIVE_INFINITY) return best.fixed.size > 1 ? best : path;
    // One row in so many of the walk has the hashed value.
    const visitedByWalk = (limit * place.partition.rows.size) / count;
    return visitedByWalk < count ? best : path;
  };
}

/** Whether the conditions name the only row of each id. */
function isLookup({ schema }: TableStore, { equalities, memberships }: Conditions): boolean {
  return (equalities.has(idPosition) || memberships.has(idPosition)) && !isHistory(schema);
}

/** Equal values narrow most. Then comes an order that lets the walk stop, then a range, then an order that spares sorting. */
function merit(path: IndexPath, isLimited: boolean): number {
  const order = path.order === "none" ? 0 : path.order === "full" && isLimited ? 3 : 1;
  return path.fixed.size * 4 + order + (path.hasRange ? 2 : 0) - (path.members === undefined ? 0 : 1);
}

function smallest(paths: readonly HashPath[], { partition, run }: Place): { path: HashPath; count: number } {
  let best: { path: HashPath; count: number } | undefined;
  for (const path of paths) {
    let count = 0;
    const index = partition.lookups[path.at]?.index;
    if (path.members === undefined) count = index?.count(path.read(run)) ?? 0;
    else for (const member of listOf(run, path.members)) count += index?.count(member) ?? 0;
    if (best === undefined || count < best.count) best = { path, count };
  }
  return best as { path: HashPath; count: number };
}
