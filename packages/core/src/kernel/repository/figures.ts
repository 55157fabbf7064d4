/** The measures of an aggregate: what the database is asked for, how its groups add up, and the figure that results. */

import { CrmError } from "../../errors.ts";
import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import type { FieldKind } from "../entity/field.ts";
import type { MeasureQuery } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { wordsOf } from "../thrown.ts";
import { isDate } from "../value/calendar.ts";
import { minorDigitsOf } from "../value/currency.ts";
import { fromScaled, shortest } from "../value/decimal.ts";
import { divideRounded } from "../value/divide-rounded.ts";
import { moneyOf } from "../value/money.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { compareText } from "../value/text.ts";
import { invalidQuery, refuseName } from "./compilation.ts";

/** How a sum of money becomes one amount. */
export interface FigureConversion {
  readonly to: string;
  /** The one day whose rates convert, or the column that has each record's own. */
  readonly day: string | undefined;
  readonly column: string | undefined;
  /** What weights have multiplied the sum by. */
  readonly divisor: bigint;
}

export interface Figure {
  readonly name: string;
  readonly queries: readonly MeasureQuery[];
  /** The currency column, for money: one result for each currency. */
  readonly currency: string | undefined;
  /** Set for a count of different values, which does not add up over groups: it is asked for by itself. */
  readonly distinctOf: string | undefined;
  /** Set for a sum that is converted: its results are then one number of minor units, or null. */
  readonly conversion?: FigureConversion | undefined;
  /** Adds the results of two groups. */
  merge(a: readonly Storable[], b: readonly Storable[]): readonly Storable[];
  /** What no group at all amounts to. */
  readonly nothing: readonly Storable[];
  /** A number that orders and compares exactly: scaled by 10^`scale`; or undefined for what is no number. */
  readonly scale: number | undefined;
  sortable(results: readonly Storable[]): Storable;
  finish(results: readonly Storable[], currency: string | undefined): unknown;
}

const MORE_DIGITS = 6;

/** Kinds whose values have no order that means something. */
const UNORDERED: ReadonlySet<FieldKind> = new Set<FieldKind>(["json", "boolean", "oneOf", "id", "reference"]);

export function compileFigures(entity: EntitySchema, measures: unknown): readonly Figure[] {
  if (!isPlainObject(measures)) throw invalidQuery(entity.name, "measures", "must be an object of named measures");
  const named = Object.entries(measures);
  if (named.length === 0) throw invalidQuery(entity.name, "measures", "must name at least one measure");
  return named.map(([name, measure]) => {
    refuseName(entity, "measures", name);
    return compileFigure(entity, name, measure as MeasureRequest);
  });
}

interface MeasureRequest {
  readonly fn: string;
  readonly field: string;
  readonly percent?: string;
  readonly in?: unknown;
  readonly on?: unknown;
}

function compileFigure(entity: EntitySchema, name: string, measure: MeasureRequest): Figure {
  const fn = measure?.fn;
  if (fn === "count") return counting(name, { kind: "rows" });
  const field = entity.fields.get(measure?.field);
  if (!field) throw invalidQuery(entity.name, wordsOf(measure?.field), "is not a field to measure");
  const column = field.columns[0]!.name;
  const conversion = conversionOf(entity, field, measure);
  switch (fn) {
    case "countDistinct":
      if (field.columns.length > 1)
        throw invalidQuery(entity.name, field.name, "is money, whose values cannot be counted");
      return { ...counting(name, { kind: "countDistinct", column }), distinctOf: column };
    case "sum":
    case "avg":
      return totalling(entity, field, { name, fn, percent: measure.percent, conversion });
    case "min":
    case "max":
      return extreme(entity, field, { name, fn });
    default:
      throw invalidQuery(entity.name, name, `has no measure "${wordsOf(fn)}"`);
  }
}

function counting(name: string, query: MeasureQuery): Figure {
  return {
    name,
    queries: [query],
    currency: undefined,
    distinctOf: undefined,
    merge: ([a], [b]) => [(a as number) + (b as number)],
    nothing: [0],
    scale: 0,
    sortable: ([total]) => BigInt(total as number),
    finish: ([total]) => total,
  };
}

interface Total {
  readonly name: string;
  readonly fn: "sum" | "avg";
  readonly percent: string | undefined;
  readonly conversion: Omit<FigureConversion, "divisor"> | undefined;
}

function totalling(entity: EntitySchema, field: FieldSchema, { name, fn, percent, conversion }: Total): Figure {
  const { kind } = field.definition;
  if (kind !== "integer" && kind !== "decimal" && kind !== "money") {
    throw invalidQuery(entity.name, field.name, "is neither a number nor money, and cannot be summed");
  }
  const column = field.columns[0]!.name;
  const weight = percent === undefined ? undefined : percentField(entity, percent);
  const sum: MeasureQuery = { kind: "sum", column, ...(weight ? { weight: weight.columns[0]!.name } : {}) };
  const divisor = weight ? 100n * 10n ** BigInt(weight.definition.scale ?? 0) : 1n;
  const ownScale = kind === "decimal" ? (field.definition.scale ?? 6) : 0;
  const averaged = fn === "avg" && kind !== "money";
  const scale = averaged ? ownScale + MORE_DIGITS : ownScale;
  const exact = ([total, count]: readonly Storable[]): bigint | null => {
    if (total === null || total === undefined) return null;
    if (fn === "sum") return divisor === 1n ? (total as bigint) : divideRounded(total as bigint, divisor);
    const finer = averaged ? 10n ** BigInt(MORE_DIGITS) : 1n;
    return divideRounded((total as bigint) * finer, BigInt(count as number));
  };
  if (conversion)
    return converted({ name, query: sum, currency: field.columns[1]!.name, conversion: { ...conversion, divisor } });
  return {
    name,
    queries: fn === "sum" ? [sum] : [sum, { kind: "count", column }],
    currency: field.columns[1]?.name,
    distinctOf: undefined,
    merge: ([a, m], [b, n]) => [
      addSums(a as bigint | null, b as bigint | null),
      ((m as number) ?? 0) + ((n as number) ?? 0),
    ],
    nothing: [null, 0],
    scale: kind === "money" ? undefined : scale,
    sortable: exact,
    finish: (results, currency) => {
      const value = exact(results);
      if (value === null) return null;
      if (kind === "money") return moneyOf(value, currency!);
      if (kind === "decimal" || averaged) return shortest(fromScaled(value, scale));
      return safeNumber(entity, field, value);
    },
  };
}

/** Undefined where none is asked for. */
function conversionOf(
  entity: EntitySchema,
  field: FieldSchema,
  { fn, in: to, on }: MeasureRequest,
): Omit<FigureConversion, "divisor"> | undefined {
  if (to === undefined && on === undefined) return undefined;
  const refuse = (problem: string) => invalidQuery(entity.name, field.name, problem);
  if (fn !== "sum" || field.definition.kind !== "money") throw refuse("is converted only where it is a sum of money");
  if (typeof to !== "string" || minorDigitsOf(to) === undefined)
    throw refuse(`cannot be converted to "${wordsOf(to)}", which is not an ISO 4217 currency`);
  if (typeof on === "string" && isDate(on)) return { to, day: on, column: undefined };
  const dated = typeof on === "string" ? entity.fields.get(on) : undefined;
  if (dated?.definition.kind !== "date")
    throw refuse(`cannot be converted on "${wordsOf(on)}": name a date field, or a day such as "2026-12-31"`);
  return { to, day: undefined, column: dated.columns[0]!.name };
}

interface Converted {
  readonly name: string;
  readonly query: MeasureQuery;
  readonly currency: string;
  readonly conversion: FigureConversion;
}

function converted({ name, query, currency, conversion }: Converted): Figure {
  return {
    name,
    queries: [query],
    currency,
    distinctOf: undefined,
    conversion,
    merge: ([a], [b]) => [addSums(a as bigint | null, b as bigint | null)],
    nothing: [null],
    scale: minorDigitsOf(conversion.to)!,
    sortable: ([units]) => units!,
    finish: ([units]) => (units === null ? null : moneyOf(units as bigint, conversion.to)),
  };
}

function percentField(entity: EntitySchema, name: string): FieldSchema {
  const field = entity.fields.get(name);
  const kind = field?.definition.kind;
  if (!field || (kind !== "decimal" && kind !== "integer"))
    throw invalidQuery(entity.name, name, "is no number of per cent");
  return field;
}

function extreme(
  entity: EntitySchema,
  field: FieldSchema,
  { name, fn }: { readonly name: string; readonly fn: "min" | "max" },
): Figure {
  const { kind, scale } = field.definition;
  if (UNORDERED.has(kind)) {
    throw invalidQuery(entity.name, field.name, `has no order, and so no ${fn}`);
  }
  const numeric = kind === "integer" || kind === "decimal";
  return {
    name,
    queries: [{ kind: fn, column: field.columns[0]!.name }],
    currency: field.columns[1]?.name,
    distinctOf: undefined,
    merge: ([a], [b]) => {
      if (a === null || b === null) return [a ?? b ?? null];
      return [compareStored(a!, b!) < 0 === (fn === "min") ? a! : b!];
    },
    nothing: [null],
    scale: numeric ? (kind === "decimal" ? (scale ?? 6) : 0) : undefined,
    sortable: ([value]) => (kind === "integer" && value !== null ? BigInt(value as number) : value!),
    finish: ([value], currency) => {
      if (value === null || value === undefined) return null;
      return field.codec.decode(currency === undefined ? [value] : [value, currency]);
    },
  };
}

function addSums(a: bigint | null, b: bigint | null): bigint | null {
  return a === null ? b : b === null ? a : a + b;
}

/** Of two values of one column, neither null. */
export function compareStored(a: Storable, b: Storable): number {
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

function safeNumber(entity: EntitySchema, field: FieldSchema, value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new CrmError(
    "sum_overflow",
    `The sum of ${entity.name}.${field.name} is ${value}, too large to be held exactly as a number.`,
    {
      details: { entity: entity.name, field: field.name, sum: value.toString() },
    },
  );
}
