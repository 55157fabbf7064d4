/** Queries and writes in words, for storages that have no language of their own. Values stand as ?0, ?1, …: queries hold none. */
import type { Predicate } from "./predicate.ts";
import type { AggregateQuery, FindQuery, GroupKey, MeasureQuery, TraverseQuery, WriteStep } from "./query.ts";

const OPERATORS = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;

export function describeFind(query: FindQuery): string {
  const { table, columns, where, orderBy, after, limit, include, lock } = query;
  return [
    `find ${table} (${columns.join(", ")})`,
    ...whereParts(where),
    ...(orderBy.length > 0
      ? [`order by ${orderBy.map(({ column, direction }) => `${column} ${direction}`).join(", ")}`]
      : []),
    ...(after ? [`after ${after.map(({ value, isNull }) => (isNull ? "null" : `?${value}`)).join(", ")}`] : []),
    ...(limit === undefined ? [] : [`limit ?${limit}`]),
    ...asOfParts(query),
    ...(lock === undefined ? [] : [`lock ${lock}`]),
    ...include.map(({ cardinality, query: included }) => `include ${cardinality} [${describeFind(included)}]`),
  ].join(" ");
}

export function describeAggregate(query: AggregateQuery): string {
  const { table, where, groupBy, measures } = query;
  return [
    `aggregate ${table} (${measures.map(describeMeasure).join(", ")})`,
    ...whereParts(where),
    ...(groupBy.length > 0 ? [`by ${groupBy.map(describeKey).join(", ")}`] : []),
    ...asOfParts(query),
  ].join(" ");
}

export function describeTraverse(query: TraverseQuery): string {
  const { table, from, to, types, direction, where, whereAgainst, start, end, depth, edges } = query;
  const typed = (column: string, type: string | undefined) => (type === undefined ? column : `(${type}, ${column})`);
  const nodes = (ids: number, type: number | undefined) => (type === undefined ? `?${ids}` : `(?${type}, ?${ids})`);
  return [
    `traverse ${table} ${direction} ${typed(from, types?.from)} -> ${typed(to, types?.to)} from ${nodes(start, types?.start)}`,
    ...(end === undefined ? [] : [`to ${nodes(end, types?.end)}`]),
    ...whereParts(where),
    ...(whereAgainst === undefined ? [] : [`against where ${describePredicate(whereAgainst)}`]),
    ...(depth === undefined ? [] : [`depth ?${depth}`]),
    ...(edges === false ? ["without edges"] : []),
    ...asOfParts(query),
  ].join(" ");
}

export function describeSteps(steps: readonly WriteStep[]): string {
  return steps
    .map((step) => `${step.kind} ${step.table}${"columns" in step ? ` (${step.columns.join(", ")})` : ""}`)
    .join("; ");
}

function asOfParts({ asOf }: Pick<FindQuery, "asOf">): string[] {
  return asOf === undefined ? [] : [`as of ?${asOf}`];
}

function whereParts(where: Predicate): string[] {
  const condition = describePredicate(where);
  return condition === "true" ? [] : [`where ${condition}`];
}

function describePredicate(predicate: Predicate): string {
  switch (predicate.kind) {
    case "and":
    case "or":
      if (predicate.of.length === 0) return predicate.kind === "and" ? "true" : "false";
      return predicate.of.length === 1
        ? describePredicate(predicate.of[0]!)
        : `(${predicate.of.map(describePredicate).join(` ${predicate.kind} `)})`;
    case "not":
      return `not ${describePredicate(predicate.of)}`;
    case "compare":
      return `${predicate.column} ${OPERATORS[predicate.operator]} ?${predicate.value}`;
    case "in":
      return `${predicate.column} in ?${predicate.values}`;
    case "between":
      return `${predicate.column} between ?${predicate.low} and ?${predicate.high}`;
    case "text":
      return `${predicate.column} ${predicate.operator} ?${predicate.value}`;
    case "null":
      return `${predicate.column} is null`;
    case "relation":
      return `${predicate.quantifier} ${predicate.table}.${predicate.foreign} = ${predicate.local} [${describePredicate(predicate.where)}]`;
    case "tree": {
      const { column, relation, table, parent, root, self, paths } = predicate;
      return `${column} in ${relation} of ?${root} by ${table}.${parent}${self ? " and itself" : ""}${paths ? `, or by ${paths.table}` : ""}`;
    }
    default:
      return predicate satisfies never;
  }
}

function describeMeasure(measure: MeasureQuery): string {
  if (measure.kind === "rows") return "rows";
  const weighted = measure.kind === "sum" && measure.weight !== undefined ? ` * ${measure.weight}` : "";
  return `${measure.kind} ${measure.column}${weighted}`;
}

function describeKey(key: GroupKey): string {
  if ("cases" in key) return `the first of [${key.cases.map(describePredicate).join(", ")}]`;
  const { path, column, bucket } = key;
  const name = [...path.map(({ table }) => table), column].join(".");
  if (bucket === undefined) return name;
  return bucket === "month"
    ? `month of ${name}`
    : `${name} from ${bucket.startingAt.map((start) => `?${start}`).join(", ")}`;
}
