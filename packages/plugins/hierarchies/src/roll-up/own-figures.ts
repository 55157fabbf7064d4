/** What the database is asked: one aggregate for all measures, by account where it is wanted, and one more for each `latest`. */
import { type AnyRepository, count, isDate, type Measure, type Money, max, min, sum } from "@relata/core/plugin";
import type { Tally } from "./add-up.ts";
import { type Exact, exactOf, factorOf, plus, times } from "./exact.ts";
import { type Asked, type Ranked, rankOf } from "./figure.ts";
import { groupKeyOf, type ReferencePath } from "./reference-path.ts";

export interface OwnQuery {
  readonly path: ReferencePath;
  readonly where: object;
  readonly archived: "exclude" | "include" | "only" | undefined;
  /** Otherwise all of it is one account's, whose name is empty. */
  readonly byAccount: boolean;
}

/** Rows of an aggregate, and what their keys are called. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly keyOf: (field: string) => string;
}

type Row = { readonly [name: string]: unknown };

const ACCOUNT = "account";

/** Groups are as fine as conversions by a field's day and per cent by a field need them, so that nothing is rounded in between. */
export async function readSums(repository: AnyRepository, query: OwnQuery, measures: readonly Asked[]): Promise<Rows> {
  const asked = measures.filter(({ fn }) => fn !== "latest");
  if (asked.length === 0) return { rows: [], keyOf: String };
  const fields = [...new Set(asked.flatMap(finerKeys))];
  const keyOf = (field: string) => `key${fields.indexOf(field)}`;
  const rows = await repository.aggregate({
    ...filterOf(query),
    groupBy: {
      ...(query.byAccount ? { [ACCOUNT]: groupKeyOf(query.path) } : {}),
      ...Object.fromEntries(fields.map((field) => [keyOf(field), field])),
    },
    measures: Object.fromEntries(asked.map((measure) => [columnOf(measure), plainMeasure(measure)])),
  });
  return { rows, keyOf };
}

/** The latest `by` of each value, for each account. */
export async function readLatest(repository: AnyRepository, query: OwnQuery, { field, by }: Asked): Promise<Rows> {
  const { where, ...others } = filterOf(query);
  const rows = await repository.aggregate({
    ...others,
    where: { and: [where, { [by!.name]: { ne: null } }] },
    groupBy: { ...(query.byAccount ? { [ACCOUNT]: groupKeyOf(query.path) } : {}), value: field.name },
    measures: { at: max(by!.name) },
  });
  return { rows, keyOf: String };
}

/** The sums of each account, by parts. */
export function sumsOf({ rows, keyOf }: Rows, asked: Asked): ReadonlyMap<string, Tally<Exact>> {
  return collect(rows, plus, (row) => {
    const factor = asked.percent === undefined ? undefined : row[keyOf(asked.percent)];
    if (factor === null) return [];
    const weigh = (value: Exact) => (factor === undefined ? value : times(value, factorOf(String(factor))));
    const value = row[columnOf(asked)];
    if (!Array.isArray(value)) return value === null ? [] : [["", weigh(exactOf(String(value)))]];
    const day = dayField(asked);
    return (value as readonly Money[]).map(({ amount, currency }) => {
      const name = day === undefined ? currency : `${currency} ${(row[keyOf(day)] as string | null) ?? ""}`;
      return [name, weigh(exactOf(amount))];
    });
  });
}

/** The least or greatest value of each account, of money by currency. */
export function extremesOf(
  { rows }: Rows,
  asked: Asked,
  merge: (a: Ranked, b: Ranked) => Ranked,
): ReadonlyMap<string, Tally<Ranked>> {
  return collect(rows, merge, (row) => {
    const value = row[columnOf(asked)];
    const { kind } = asked.field;
    if (value === null) return [];
    if (!Array.isArray(value)) return [["", { value: value as Ranked["value"], ranks: [rankOf(kind, value)] }]];
    return (value as readonly Money[]).map((money) => [money.currency, { value: money, ranks: [rankOf(kind, money)] }]);
  });
}

export function latestOf(
  { rows }: Rows,
  { field, by }: Asked,
  merge: (a: Ranked, b: Ranked) => Ranked,
): ReadonlyMap<string, Tally<Ranked>> {
  return collect(rows, merge, ({ at, value }) => [
    ["", { value: value as Ranked["value"], ranks: [rankOf(by!.kind, at), rankOf(field.kind, value)] }],
  ]);
}

/** The field that says on which day each record is converted; undefined where it is one day for all, or none. */
function dayField({ on }: Asked): string | undefined {
  return on === undefined || isDate(on) ? undefined : on;
}

function finerKeys(asked: Asked): readonly string[] {
  return [asked.percent, dayField(asked)].filter((field) => field !== undefined);
}

/** Of no other name in the rows, whatever it is called. */
function columnOf({ name }: Asked): string {
  return `figure ${name}`;
}

function plainMeasure({ fn, field }: Asked): Measure<string, string> {
  if (fn === "count") return count();
  return fn === "sum" ? sum(field.name) : fn === "min" ? min(field.name) : max(field.name);
}

function filterOf({ where, archived }: OwnQuery): { readonly where: object; readonly archived?: string } {
  return { where, ...(archived === undefined ? {} : { archived }) };
}

function collect<P>(
  rows: readonly Row[],
  merge: (a: P, b: P) => P,
  partsOf: (row: Row) => readonly (readonly [string, P])[],
): ReadonlyMap<string, Tally<P>> {
  const accounts = new Map<string, Map<string, P>>();
  for (const row of rows) {
    const account = (row[ACCOUNT] ?? "") as string;
    const tally = accounts.get(account) ?? new Map<string, P>();
    for (const [name, part] of partsOf(row)) {
      const there = tally.get(name);
      tally.set(name, there === undefined ? part : merge(there, part));
    }
    if (tally.size > 0) accounts.set(account, tally);
  }
  return accounts;
}
