/** The `having` and the order of an aggregate: conditions on figures, compared exactly. */

import type { Scope } from "../kernel.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { wordsOf } from "../thrown.ts";
import { toScaledUnbounded } from "../value/decimal.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { invalidQuery } from "./compilation.ts";
import { compareStored, type Figure } from "./figures.ts";
import type { Group } from "./load-groups.ts";

/** What rows of an aggregate have. */
export interface Names {
  readonly keys: readonly { readonly name: string }[];
  readonly figures: readonly Figure[];
}

const SCALE = 24;

/** Figures are compared exactly, as integers of one scale. */
export function compileHaving(scope: Scope, { figures }: Names, having: unknown): (group: Group) => boolean {
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
export function compileComparison(
  scope: Scope,
  { keys, figures }: Names,
  orderBy: unknown,
): (a: Group, b: Group) => number {
  const { name: entity } = scope.entity;
  if (orderBy !== undefined && !Array.isArray(orderBy)) throw invalidQuery(entity, "orderBy", "must be a list");
  const asked = ((orderBy ?? []) as unknown[]).flatMap((element) => {
    if (!isPlainObject(element)) throw invalidQuery(entity, "orderBy", "must be a list of objects");
    return Object.entries(element).map(([name, direction]) => {
      if (direction !== "asc" && direction !== "desc")
        throw invalidQuery(entity, `orderBy.${name}`, 'must be "asc" or "desc"');
      const key = keys.findIndex((candidate) => candidate.name === name);
      const at = figures.findIndex((figure) => figure.name === name);
      if (key < 0 && (at < 0 || isPerCurrency(figures[at]!))) {
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

/** Several sums, one for each currency, have no order. */
function isPerCurrency({ currency, conversion }: Figure): boolean {
  return currency !== undefined && conversion === undefined;
}
