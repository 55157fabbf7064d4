/** aggregate: asks the database for groups as fine as it can make them, and adds them up to those that were asked for. */

import { CrmError } from "../../errors.ts";
import type { Scope } from "../kernel.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { invalidQuery } from "./compilation.ts";
import { checkedLimit } from "./compile-find.ts";
import { convertFigures } from "./convert-figures.ts";
import { compileFigures } from "./figures.ts";
import { type CompiledKey, compileGroupKeys } from "./group-keys.ts";
import { type AggregateRequest, type Group, loadGroups, measureAll, type Plan } from "./load-groups.ts";
import { refuseUnknown } from "./read-records.ts";
import { outOfReach, resolveBuckets } from "./resolve-buckets.ts";
import { compileComparison, compileHaving, type Names } from "./select-groups.ts";

const KNOWN = ["where", "groupBy", "measures", "having", "orderBy", "limit", "archived"];

export async function aggregateRecords(scope: Scope, request: AggregateRequest): Promise<readonly object[]> {
  const { entity, kernel } = scope;
  refuseUnknown(scope, request, KNOWN);
  const compiled = compileGroupKeys(kernel.schema, entity, request.groupBy);
  const figures = compileFigures(entity, request.measures);
  const named: Compiled = { figures, keys: compiled };
  refuseSharedNames(scope, named);
  const keep = compileHaving(scope, named, request.having);
  const compare = compileComparison(scope, named, request.orderBy);
  const limit = request.limit === undefined ? Number.POSITIVE_INFINITY : checkedLimit(entity, request.limit, 1_000_000);
  const { plan, loaded } = await loadInReach(scope, request, named);
  const groups = await convertFigures(scope, figures, loaded);
  const wanted = groups.filter(keep).sort(compare);
  return wanted.slice(0, limit).map((group) => rowOf(plan, group));
}

interface Compiled extends Names {
  readonly keys: readonly CompiledKey[];
}

const MOST_ATTEMPTS = 10;

/** Once more, where instants have been written beyond the reach that was asked for before. */
async function loadInReach(
  scope: Scope,
  request: AggregateRequest,
  compiled: Compiled,
): Promise<{ readonly plan: Plan; readonly loaded: readonly Group[] }> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const keys = await resolveBuckets(scope, compiled.keys, (measures) => measureAll(scope, request, measures));
    const plan: Plan = { keys, figures: compiled.figures };
    try {
      return { plan, loaded: await loadGroups(scope, plan, request) };
    } catch (error) {
      if (error !== outOfReach) throw error;
    }
  }
  throw new CrmError(
    "storage_busy",
    `${scope.entity.plural} are written to faster than their instants can be put into buckets. Try again, or aggregate in a unit.`,
    { retryable: true, details: { entity: scope.entity.name } },
  );
}

function rowOf({ keys, figures }: Plan, group: Group): object {
  const row: Record<string, unknown> = {};
  keys.forEach((key, i) => {
    row[key.name] = key.decode(group.keys[i]!);
  });
  figures.forEach((figure, i) => {
    const results = group.results[i]!;
    row[figure.name] = results instanceof Map ? byCurrency(figure, results) : figure.finish(results, undefined);
  });
  return row;
}

function byCurrency(figure: Plan["figures"][number], results: ReadonlyMap<string, readonly Storable[]>): unknown[] {
  const sums = results.size > 1 ? [...results].sort(([a], [b]) => (a < b ? -1 : 1)) : results;
  const finished: unknown[] = [];
  for (const [currency, own] of sums) {
    const money = figure.finish(own, currency);
    if (money !== null) finished.push(money);
  }
  return finished;
}

function refuseSharedNames({ entity }: Scope, { keys, figures }: Names): void {
  for (const key of keys) {
    if (figures.some((figure) => figure.name === key.name))
      throw invalidQuery(entity.name, key.name, "names a group key and a measure");
  }
}
