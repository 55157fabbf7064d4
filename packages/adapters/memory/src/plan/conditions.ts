/** The part of a predicate that indexes can answer: what must hold for every row found, column by column. */
import { always, type Param, type Predicate, type Storable } from "@relata/core/adapter";
import { type Read, type Run, readParam } from "../run.ts";
import { columnOf, sortKeyOf, type TableStore } from "../table-store.ts";

/** By position of the column. A column may stand in several, and has the last of several equalities, or of several lists. */
export interface Conditions {
  readonly equalities: Map<number, Equality>;
  readonly memberships: Map<number, Membership>;
  readonly ranges: Map<number, readonly Range[]>;
}

interface Equality {
  readonly read: Read;
  readonly isNull: boolean;
  /** The part of the predicate that it is; none for what an include asks of its rows. */
  readonly part: Predicate | undefined;
}

interface Membership {
  readonly values: Param;
  readonly part: Predicate;
}

export interface Range {
  readonly place: PlaceInRange;
  readonly part: Predicate;
}

/** Negative, zero or positive: whether a value lies before, in or after a range. */
export type PlaceInRange = (value: Storable, run: Run) => number;

export function conditionsOf(predicate: Predicate, store: TableStore): Conditions {
  const conditions: Conditions = { equalities: new Map(), memberships: new Map(), ranges: new Map() };
  collect(predicate, store, conditions);
  return conditions;
}

function collect(predicate: Predicate, store: TableStore, into: Conditions): void {
  switch (predicate.kind) {
    case "and":
      for (const part of predicate.of) collect(part, store, into);
      return;
    case "null":
      into.equalities.set(columnOf(store, predicate.column).position, {
        read: () => null,
        isNull: true,
        part: predicate,
      });
      return;
    case "in":
      into.memberships.set(columnOf(store, predicate.column).position, { values: predicate.values, part: predicate });
      return;
    case "compare":
      if (predicate.operator === "eq") {
        const read: Read = (run) => readParam(run, predicate.value);
        into.equalities.set(columnOf(store, predicate.column).position, { read, isNull: false, part: predicate });
        return;
      }
      break;
    default:
      break;
  }
  const range = rangeOf(predicate, store);
  if (range === undefined) return;
  const others = into.ranges.get(range.position) ?? [];
  into.ranges.set(range.position, [...others, { place: range.place, part: predicate }]);
}

/** What is left of a predicate where these parts of it are known to hold. */
export function withoutParts(predicate: Predicate, parts: ReadonlySet<Predicate>): Predicate {
  if (parts.has(predicate)) return always;
  if (predicate.kind !== "and") return predicate;
  return { kind: "and", of: predicate.of.map((part) => withoutParts(part, parts)).filter((part) => !isAlways(part)) };
}

export function isAlways(predicate: Predicate): boolean {
  return predicate.kind === "and" && predicate.of.length === 0;
}

function rangeOf(predicate: Predicate, store: TableStore): { position: number; place: PlaceInRange } | undefined {
  if (predicate.kind === "between") {
    const { position, compare } = sortKeyOf(store, predicate.column);
    const { low, high } = predicate;
    return {
      position,
      place: (value, run) =>
        compare(value, readParam(run, low)) < 0 ? -1 : compare(value, readParam(run, high)) > 0 ? 1 : 0,
    };
  }
  if (predicate.kind === "text" && predicate.operator === "startsWith") {
    const { position, compare } = sortKeyOf(store, predicate.column);
    return {
      position,
      place: (value, run) => {
        const start = readParam(run, predicate.value) as string;
        return (value as string).startsWith(start) ? 0 : compare(value, start);
      },
    };
  }
  if (predicate.kind !== "compare") return undefined;
  const { position, compare } = sortKeyOf(store, predicate.column);
  const order: Read = (run) => readParam(run, predicate.value);
  switch (predicate.operator) {
    case "lt":
      return { position, place: (value, run) => (compare(value, order(run)) < 0 ? 0 : 1) };
    case "lte":
      return { position, place: (value, run) => (compare(value, order(run)) <= 0 ? 0 : 1) };
    case "gt":
      return { position, place: (value, run) => (compare(value, order(run)) > 0 ? 0 : -1) };
    case "gte":
      return { position, place: (value, run) => (compare(value, order(run)) >= 0 ? 0 : -1) };
    default:
      return undefined;
  }
}
