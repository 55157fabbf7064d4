/** aggregate: asks the database for groups as fine as it can make them, and adds them up to those that were asked for. */

import type { Scope } from "../kernel.ts";
import type { AggregateQuery, GroupKey, MeasureQuery, Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { wordsOf } from "../thrown.ts";
import { toScaledUnbounded } from "../value/decimal.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { invalidQuery, type Params } from "./compilation.ts";
import { andArchived, checkedLimit } from "./compile-find.ts";
import { compileWhere } from "./compile-where.ts";
import { compareStored, compileFigures, type Figure } from "./figures.ts";
import { compileGroupKeys, type NamedGroupKey } from "./group-keys.ts";
import { refuseUnknown } from "./read-records.ts";
import { sendAggregate } from "./read-session.ts";

export interface AggregateRequest {
  readonly where?: unknown;
  readonly groupBy?: unknown;
  readonly measures?: unknown;
  readonly having?: unknown;
  readonly orderBy?: unknown;
  readonly limit?: unknown;
  readonly archived?: unknown;
}

const KNOWN = ["where", "groupBy", "measures", "having", "orderBy", "limit", "archived"];

export async function aggregateRecords(scope: Scope, request: AggregateRequest): Promise<readonly object[]> {
  const { entity, kernel } = scope;
  refuseUnknown(scope, request, KNOWN);
  const plan: Plan = {
    keys: compileGroupKeys(kernel.schema, entity, request.groupBy),
    figures: compileFigures(entity, request.measures),
  };
  refuseSharedNames(scope, plan);
  const keep = compileHaving(scope, plan, request.having);
  const compare = compileComparison(scope, plan, request.orderBy);
  const limit = request.limit === undefined ? Number.POSITIVE_INFINITY : checkedLimit(entity, request.limit, 1_000_000);
  const groups = (await loadGroups(scope, plan, request)).filter(keep).sort(compare);
  return groups.slice(0, limit).map((group) => rowOf(plan, group));
}

interface Plan {
  readonly keys: readonly NamedGroupKey[];
  readonly figures: readonly Figure[];
}

interface Group {
  readonly keys: readonly Storable[];
  /** For each figure, its results: for money by currency. */
  readonly results: (readonly Storable[] | Map<string, readonly Storable[]>)[];
}

/** A count of different values is asked for by itself wherever the other groups are to be added up. */
async function loadGroups(scope: Scope, plan: Plan, request: AggregateRequest): Promise<Group[]> {
  const currencies = [...new Set(plan.figures.flatMap((figure) => figure.currency ?? []))];
  const addsUp = currencies.length > 0 || plan.keys.some((key) => key.bucketOf);
  const together = plan.figures.filter((figure) => !(figure.distinctOf && addsUp));
  const measures: MeasureQuery[] = together.flatMap((figure) => figure.queries);
  const groupBy: GroupKey[] = [
    ...plan.keys.map((key) => key.query),
    ...currencies.map((column) => ({ path: [], column })),
  ];
  const groups = new Map<string, Group>();

  const rows = await ask(scope, request, { groupBy, measures: measures.length > 0 ? measures : [{ kind: "rows" }] });
  for (const row of rows) {
    const group = groupOf(groups, plan, row);
    let at = groupBy.length;
    for (const figure of together) {
      const results = row.slice(at, at + figure.queries.length) as Storable[];
      at += figure.queries.length;
      const position = figure.currency === undefined ? -1 : plan.keys.length + currencies.indexOf(figure.currency);
      const currency = row[position] as string | null | undefined;
      add(group, { at: plan.figures.indexOf(figure), figure, results, currency });
    }
  }
  for (const figure of plan.figures.filter((candidate) => candidate.distinctOf && addsUp)) {
    await countDistinct(scope, request, { plan, figure, groups });
  }
  // Without keys there is one group, also over nothing, where a currency to group by finds none.
  if (plan.keys.length === 0) groupOf(groups, plan, []);
  return [...groups.values()];
}

async function countDistinct(
  scope: Scope,
  request: AggregateRequest,
  { plan, figure, groups }: { readonly plan: Plan; readonly figure: Figure; readonly groups: Map<string, Group> },
): Promise<void> {
  const value: GroupKey = { path: [], column: figure.distinctOf! };
  const rows = await ask(scope, request, {
    groupBy: [...plan.keys.map((key) => key.query), value],
    measures: [{ kind: "rows" }],
  });
  const seen = new Map<Group, Set<Storable>>();
  for (const row of rows) {
    const group = groupOf(groups, plan, row);
    const values = seen.get(group) ?? new Set();
    const stored = row[plan.keys.length] as Storable;
    if (stored !== null) values.add(stored);
    seen.set(group, values);
  }
  const at = plan.figures.indexOf(figure);
  for (const [group, values] of seen) group.results[at] = [values.size];
}

function ask(
  scope: Scope,
  request: AggregateRequest,
  asked: Pick<AggregateQuery, "groupBy" | "measures">,
): Promise<readonly Row[]> {
  const { kernel, entity } = scope;
  const params: Params = [];
  const where = andArchived(
    entity,
    compileWhere({ schema: kernel.schema, entity, params }, request.where),
    request.archived,
  );
  const query: AggregateQuery = { table: entity.table.name, where, ...asked };
  return sendAggregate(scope, query, params);
}

function groupOf(groups: Map<string, Group>, { keys, figures }: Plan, row: Row): Group {
  const values = keys.map(({ bucketOf }, i) => {
    const stored = row[i] as Storable;
    return bucketOf && stored !== null ? bucketOf(stored as string) : stored;
  });
  const name = JSON.stringify(values, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  let group = groups.get(name);
  if (!group) {
    group = {
      keys: values,
      results: figures.map((figure) => (figure.currency === undefined ? figure.nothing : new Map())),
    };
    groups.set(name, group);
  }
  return group;
}

/** What one row of the database says of one figure, the one at `at`. */
interface PartialFigure {
  readonly at: number;
  readonly figure: Figure;
  readonly results: readonly Storable[];
  readonly currency: string | null | undefined;
}

function add(group: Group, { at, figure, results, currency }: PartialFigure): void {
  const known = group.results[at]!;
  if (!(known instanceof Map)) {
    group.results[at] = figure.merge(known, results);
  } else if (typeof currency === "string") {
    known.set(currency, figure.merge(known.get(currency) ?? figure.nothing, results));
  }
}

function rowOf({ keys, figures }: Plan, group: Group): object {
  const row: Record<string, unknown> = {};
  keys.forEach((key, i) => {
    row[key.name] = key.decode(group.keys[i]!);
  });
  figures.forEach((figure, i) => {
    const results = group.results[i]!;
    row[figure.name] =
      results instanceof Map
        ? [...results]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([currency, own]) => figure.finish(own, currency))
            .filter((money) => money !== null)
        : figure.finish(results, undefined);
  });
  return row;
}

const SCALE = 24;

/** Figures are compared exactly, as integers of one scale. */
function compileHaving(scope: Scope, { figures }: Plan, having: unknown): (group: Group) => boolean {
  if (having === undefined) return () => true;
  const { name: entity } = scope.entity;
  if (!isPlainObject(having)) throw invalidQuery(entity, "having", "must be an object of conditions on measures");
  const conditions = Object.entries(having).flatMap(([name, filter]) => {
    const at = figures.findIndex((figure) => figure.name === name);
    const figure = figures[at];
    if (!figure || figure.scale === undefined)
      throw invalidQuery(entity, `having.${name}`, "is not a measure that is a number");
    const factor = 10n ** BigInt(SCALE - figure.scale);
    if (!isPlainObject(filter)) throw invalidQuery(entity, `having.${name}`, "must be an object like { gt: 5 }");
    return Object.entries(filter).map(([operator, given]) => {
      const wanted = toScaledUnbounded(wordsOf(given), SCALE);
      const holds = COMPARE.get(operator);
      if (typeof wanted !== "bigint" || !holds)
        throw invalidQuery(entity, `having.${name}.${operator}`, "is not a condition on a number");
      return (group: Group) => {
        const value = figure.sortable(group.results[at] as readonly Storable[]);
        return value !== null && holds((value as bigint) * factor, wanted);
      };
    });
  });
  return (group) => conditions.every((holds) => holds(group));
}

const COMPARE: ReadonlyMap<string, (a: bigint, b: bigint) => boolean> = new Map([
  ["gt", (a, b) => a > b],
  ["gte", (a, b) => a >= b],
  ["lt", (a, b) => a < b],
  ["lte", (a, b) => a <= b],
]);

/** As asked for; then by the group keys, so that the order is total. Nulls last ascending, first descending. */
function compileComparison(scope: Scope, { keys, figures }: Plan, orderBy: unknown): (a: Group, b: Group) => number {
  const { name: entity } = scope.entity;
  if (orderBy !== undefined && !Array.isArray(orderBy)) throw invalidQuery(entity, "orderBy", "must be a list");
  const asked = ((orderBy ?? []) as unknown[]).flatMap((element) => {
    if (!isPlainObject(element)) throw invalidQuery(entity, "orderBy", "must be a list of objects");
    return Object.entries(element).map(([name, direction]) => {
      if (direction !== "asc" && direction !== "desc")
        throw invalidQuery(entity, `orderBy.${name}`, 'must be "asc" or "desc"');
      const key = keys.findIndex((candidate) => candidate.name === name);
      const at = figures.findIndex((figure) => figure.name === name);
      if (key < 0 && (at < 0 || figures[at]!.currency !== undefined)) {
        throw invalidQuery(entity, `orderBy.${name}`, "is neither a group key nor a measure with an order");
      }
      const value = (group: Group) =>
        key >= 0 ? group.keys[key]! : figures[at]!.sortable(group.results[at] as readonly Storable[]);
      return { value, sign: direction === "asc" ? 1 : -1 };
    });
  });
  const byKeys = keys.map((_, i) => ({ value: (group: Group) => group.keys[i]!, sign: 1 }));
  const order = [...asked, ...byKeys];
  return (a, b) => {
    for (const { value, sign } of order) {
      const difference = compareNullsLast(value(a), value(b));
      if (difference !== 0) return difference * sign;
    }
    return 0;
  };
}

function compareNullsLast(a: Storable, b: Storable): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return compareStored(a, b);
}

function refuseSharedNames({ entity }: Scope, { keys, figures }: Plan): void {
  for (const key of keys) {
    if (figures.some((figure) => figure.name === key.name))
      throw invalidQuery(entity.name, key.name, "names a group key and a measure");
  }
}
