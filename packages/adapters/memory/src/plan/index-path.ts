/** The access path through an ordered index: equal values first, then at most one range, in the query's order if it fits. */
import type { Param, Predicate } from "@relata/core/adapter";
import { compareBy, type SortKey } from "../compare-rows.ts";
import type { IndexRule } from "../index-rule.ts";
import type { PlaceOfRow } from "../ordered-index.ts";
import { orderedIndex } from "../partition.ts";
import type { Read, Run } from "../run.ts";
import type { StoredRow } from "../stored-row.ts";
import type { AccessPath, Place } from "./access-path.ts";
import type { Conditions, Range } from "./conditions.ts";

export interface IndexPath extends AccessPath {
  readonly hasRange: boolean;
}

export function createIndexPath(rule: IndexRule, conditions: Conditions, orderBy: readonly SortKey[]): IndexPath {
  const { prefix, members, parts } = prefixOf(rule, conditions);
  const rest = rule.keys.slice(prefix.length);
  const ranges = (rest[0] && conditions.ranges.get(rest[0].position)) ?? [];
  const fixed = new Set(prefix.map((value) => value.key.position));

  const isSettled = (key: SortKey) => fixed.has(key.position) || conditions.equalities.has(key.position);
  const settled = orderBy.filter(isSettled);
  const wanted = orderBy.filter((key) => !isSettled(key));
  const direction = wanted[0]?.direction ?? "asc";
  let matching = 0;
  while (wanted[matching]?.position === rest[matching]?.position && wanted[matching]?.direction === direction)
    matching++;
  const order = matching === wanted.length ? "full" : matching > 0 ? "partial" : "none";
  const compareMatched = compareBy(wanted.slice(0, matching));
  const valueAt = (position: number, run: Run) =>
    (conditions.equalities.get(position)?.read ?? ((run: Run) => run.member))(run);
  const placeOf = createPlace(
    prefix,
    ranges.length > 0 && rest[0] ? { position: rest[0].position, ranges } : undefined,
  );

  // A page may start behind a row that has another value in a settled column: then all rows of this one must be compared.
  const startsAfter = ({ run, after }: Place) =>
    after !== undefined && settled.every(({ position }) => after[position] === valueAt(position, run));
  // Rows that equal the last one in the keys which the index has are behind it only by keys that it lacks.
  const isPassed = order === "full" ? (found: number) => found <= 0 : (found: number) => found < 0;

  return {
    order,
    sameRun: compareMatched,
    fixed,
    covers: new Set([...parts, ...ranges.map(({ part }) => part)]),
    hasRange: ranges.length > 0,
    ...(members === undefined ? {} : { members }),
    seeks: (place) => order === "full" && startsAfter(place),
    walk(place, visit) {
      const index = orderedIndex(place.partition, rule.at);
      const inPart = placeOf(place.run);
      const { after } = place;
      const start = startsAfter(place) ? after : undefined;
      const passed = direction === "asc" ? -1 : 1;
      const inPage: PlaceOfRow =
        start === undefined
          ? inPart
          : (row) => {
              const found = inPart(row);
              return found === 0 && isPassed(compareMatched(row, start)) ? passed : found;
            };
      if (direction === "asc") index.ascend(inPage, visit);
      else index.descend(inPage, visit);
    },
  };
}

interface FixedValue {
  readonly key: SortKey;
  readonly read: Read;
}

interface Prefix {
  readonly prefix: readonly FixedValue[];
  readonly members: Param | undefined;
  /** The parts of the predicate that it stands for. */
  readonly parts: readonly Predicate[];
}

/** The leading columns of the index that have one value each; of `in` lists, one is taken, value by value. */
function prefixOf(rule: IndexRule, conditions: Conditions): Prefix {
  const prefix: FixedValue[] = [];
  const parts: Predicate[] = [];
  let members: Param | undefined;
  for (const key of rule.keys) {
    const equality = conditions.equalities.get(key.position);
    const membership = conditions.memberships.get(key.position);
    if (equality) {
      prefix.push({ key, read: equality.read });
      if (equality.part) parts.push(equality.part);
    } else if (membership !== undefined && members === undefined) {
      members = membership.values;
      prefix.push({ key, read: (run) => run.member });
      parts.push(membership.part);
    } else break;
  }
  return { prefix, members, parts };
}

/** Whether a row lies before (negative), in or after the part of the index that the conditions leave. */
function createPlace(
  prefix: readonly FixedValue[],
  range: { readonly position: number; readonly ranges: readonly Range[] } | undefined,
): (run: Run) => PlaceOfRow {
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
      for (const { place: placeIn } of range.ranges) {
        const found = placeIn(value, run);
        if (found < 0) return -1;
        if (found > 0) place = 1;
      }
      return place;
    };
  };
}
