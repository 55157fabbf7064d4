/** Turns questions into the contract's queries: frozen, free of values, and the same object for the same shape. */
import type {
  AggregateQuery,
  Bindings,
  FindQuery,
  GroupKey,
  IncludeQuery,
  Predicate,
  TraverseQuery,
} from "@relata/core/adapter";
import { type Condition, everything } from "./condition.ts";
import { type Figures, type Question, type Route, sortKeys } from "./question.ts";

type BoundValue = Bindings["params"][number];

interface Prepared<Query> {
  readonly query: Query;
  readonly params: readonly BoundValue[];
}

/** Remembers the shapes that it has made, so that an adapter's statement cache is put to the test as well. */
export interface Shapes {
  find(question: Question): Prepared<FindQuery>;
  aggregate(figures: Figures): Prepared<AggregateQuery>;
  traverse(route: Route): Prepared<TraverseQuery>;
}

export function createShapes(): Shapes {
  const known = new Map<string, object>();
  const same = <Query extends object>(query: Query): Query => {
    const key = JSON.stringify(query);
    const before = known.get(key) as Query | undefined;
    if (before) return before;
    known.set(key, deepFreeze(query));
    return query;
  };
  return {
    find(question) {
      const params: BoundValue[] = [];
      return { query: same(findQuery(question, params)), params };
    },
    aggregate(figures) {
      const params: BoundValue[] = [];
      const { table, where = everything, groupBy = [], measures, asOf } = figures;
      const query = {
        table,
        where: predicate(where, params),
        groupBy: groupBy.map((key) => groupKey(key, params)),
        measures: structuredClone(measures),
        ...(asOf === undefined ? {} : { asOf: params.push(asOf) - 1 }),
      };
      return { query: same(query), params };
    },
    traverse(route) {
      const params: BoundValue[] = [];
      return { query: same(traverseQuery(route, params)), params };
    },
  };
}

function traverseQuery(route: Route, params: BoundValue[]): TraverseQuery {
  const { table, from, to, types, direction = "along", where = everything, whereAgainst } = route;
  const { start, end, depth, edges, limit, asOf } = route;
  const bind = (value: BoundValue) => params.push(value) - 1;
  return {
    table,
    from,
    to,
    direction,
    where: predicate(where, params),
    ...(whereAgainst === undefined ? {} : { whereAgainst: predicate(whereAgainst, params) }),
    start: bind(start),
    ...(end === undefined ? {} : { end: bind(end) }),
    ...(types && {
      types: {
        from: types.from,
        to: types.to,
        start: bind(types.start),
        ...(types.end === undefined ? {} : { end: bind(types.end) }),
      },
    }),
    ...(depth === undefined ? {} : { depth: bind(depth) }),
    ...(limit === undefined ? {} : { limit: bind(limit) }),
    ...(edges === undefined ? {} : { edges }),
    ...(asOf === undefined ? {} : { asOf: bind(asOf) }),
  };
}

function groupKey(key: NonNullable<Figures["groupBy"]>[number], params: BoundValue[]): GroupKey {
  if ("cases" in key) return { cases: key.cases.map((condition) => predicate(condition, params)) };
  const { bucket, ...rest } = key;
  return {
    ...structuredClone(rest),
    ...(bucket && { bucket: bucket === "month" ? bucket : bound(bucket.startingAt, params) }),
  };
}

function bound(starts: readonly number[], params: BoundValue[]) {
  return { startingAt: starts.map((start) => params.push(start) - 1) };
}

function findQuery(question: Question, params: BoundValue[]): FindQuery {
  const { table, columns = ["id"], where = everything, after, limit, include = [], asOf, lock } = question;
  return {
    table,
    columns: [...columns],
    where: predicate(where, params),
    orderBy: sortKeys(question).map((key) => ({ ...key })),
    ...(after ? { after: after.map((value) => ({ value: params.push(value) - 1, isNull: value === null })) } : {}),
    ...(limit === undefined ? {} : { limit: params.push(limit) - 1 }),
    ...(asOf === undefined ? {} : { asOf: params.push(asOf) - 1 }),
    ...(lock === undefined ? {} : { lock }),
    include: include.map((inclusion): IncludeQuery => {
      const { cardinality, local, foreign } = inclusion;
      return { cardinality, local, foreign, query: findQuery(inclusion.question, params) };
    }),
  };
}

/** A condition as a `forbid` step has it. */
export function preparePredicate(condition: Condition): { where: Predicate; params: readonly BoundValue[] } {
  const params: BoundValue[] = [];
  const where = predicate(condition, params);
  return { where, params };
}

function predicate(condition: Condition, params: BoundValue[]): Predicate {
  const bind = (value: BoundValue) => params.push(value) - 1;
  switch (condition.kind) {
    case "and":
    case "or":
      return { kind: condition.kind, of: condition.of.map((part) => predicate(part, params)) };
    case "not":
      return { kind: "not", of: predicate(condition.of, params) };
    case "compare":
    case "text":
      return { ...condition, value: bind(condition.value) };
    case "in":
      return { ...condition, values: bind(condition.values) };
    case "between":
      return { ...condition, low: bind(condition.low), high: bind(condition.high) };
    case "null":
      return { ...condition };
    case "tree": {
      const { paths, root, ...rest } = condition;
      return {
        ...rest,
        root: bind(root),
        ...(paths ? { paths: { table: paths.table, top: bind(paths.top) } } : {}),
      };
    }
    case "relation":
      return { ...condition, where: predicate(condition.where, params) };
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
