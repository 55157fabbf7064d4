/** The access path through an ordered index: equal values first, then at most one range, in the query's order if it fits. */
import { compareBy, type SortKey } from "../compare-rows.ts";
import type { IndexRule } from "../index-rule.ts";
import type { Read, Run } from "../run.ts";
import type { StoredRow } from "../stored-row.ts";
import type { AccessPath } from "./access-path.ts";
import type { Conditions, PlaceInRange } from "./conditions.ts";

export interface IndexPath extends AccessPath {
  readonly hasRange: boolean;
}

export function createIndexPath(rule: IndexRule, conditions: Conditions, orderBy: readonly SortKey[]): IndexPath {
  const { prefix, members } = prefixOf(rule, conditions);
  const rest = rule.keys.slice(prefix.length);
  const range = rest[0] && conditions.ranges.get(rest[0].position);
  const fixed = new Set(prefix.map((value) => value.key.position));

  const isSettled = (key: SortKey) => fixed.has(key.position) || conditions.equalities.has(key.position);
  const settled = orderBy.filter(isSettled);
  const wanted = orderBy.filter((key) => !isSettled(key));
  const direction = wanted[0]?.direction ?? "asc";
  let matching = 0;
  while (wanted[matching]?.position === rest[matching]?.position && wanted[matching]?.direction === direction)
    matching++;
  const matched = wanted.slice(0, matching);
  const compareMatched = compareBy(matched);
  const valueAt = (position: number, run: Run) =>
    (conditions.equalities.get(position)?.read ?? ((run: Run) => run.member))(run);
  const placeOf = createPlace(prefix, range && rest[0] ? { position: rest[0].position, tests: range } : undefined);

  return {
    order: matching === wanted.length ? "full" : matching > 0 ? "partial" : "none",
    sameRun: compareMatched,
    fixed,
    hasRange: range !== undefined,
    ...(members === undefined ? {} : { members }),
    walk({ partition, run, after }, visit) {
      const index = partition.ordered[rule.at]?.index;
      if (index === undefined) return;
      const place = placeOf(run);
      // A page may start behind a row that has another value in a settled column: then all rows of this one must be compared.
      const seeks = after !== undefined && settled.every(({ position }) => after[position] === valueAt(position, run));
      const isPassed = (row: StoredRow) => seeks && compareMatched(row, after) < 0;
      if (direction === "asc") {
        const skip = (row: StoredRow) => {
          const found = place(row);
          return found < 0 || (found === 0 && isPassed(row));
        };
        index.ascend(skip, (row) => place(row) <= 0 && visit(row));
      } else {
        const skip = (row: StoredRow) => {
          const found = place(row);
          return found > 0 || (found === 0 && isPassed(row));
        };
        index.descend(skip, (row) => place(row) >= 0 && visit(row));
      }
    },
  };
}

interface FixedValue {
  readonly key: SortKey;
  readonly read: Read;
}

/** The leading columns of the index that have one value each; of `in` lists, one is taken, value by value. */
function prefixOf(rule: IndexRule, conditions: Conditions): { prefix: FixedValue[]; members: number | undefined } {
  const prefix: FixedValue[] = [];
  let members: number | undefined;
  for (const key of rule.keys) {
    const equality = conditions.equalities.get(key.position);
    const membership = conditions.memberships.get(key.position);
    if (equality) prefix.push({ key, read: equality.read });
    else if (membership !== undefined && members === undefined) {
      members = membership;
      prefix.push({ key, read: (run) => run.member });
    } else break;
  }
  return { prefix, members };
}

/** Whether a row lies before (negative), in or after the part of the index that the conditions leave. */
function createPlace(
  prefix: readonly FixedValue[],
  range: { readonly position: number; readonly tests: readonly PlaceInRange[] } | undefined,
): (run: Run) => (row: StoredRow) => number {
  if (prefix.length === 0 && range === undefined) return () => () => 0;
  const compare = compareBy(prefix.map((value) => value.key));
  return (run) => {
    const wanted: StoredRow = [];
    for (const { key, read } of prefix) wanted[key.position] = read(run);
    return (row) => {
      const order = compare(row, wanted);
      if (order !== 0 || range === undefined) return order;
      const value = row[range.position];
      if (value === null || value === undefined) return 1;
      let place = 0;
      for (const test of range.tests) {
        const found = test(value, run);
        if (found < 0) return -1;
        if (found > 0) place = 1;
      }
      return place;
    };
  };
}
