/** What the database adds up for a forecast: groups by whom or what it is for, month, stage and override, whose categories are known here. */
import { count, type Money, sum } from "@relata/core/plugin";
import type { ForecastCategory, OpenCategory } from "../category/category.ts";
import type { Categories } from "../category/category-of.ts";
import type { AskedScope } from "./ask-forecast.ts";
import { creditedTo, fieldOf, numberTally, sharesOf, splitKindOf, withoutSplits } from "./credit.ts";
import { NUMBER, nothing, ONE, type Tally, unitsOf } from "./tally.ts";

/** Opportunities of one kind as they fall into periods: open ones by the day they are expected to close, won ones by the day they did. */
export type Side = "open" | "won";
const dateFields = { open: "expectedCloseDate", won: "actualCloseDate" } as const;

/** What is added up. */
export interface PartsQuery {
  readonly side: Side;
  /** On the day of the side, such as `{ between: [from, until] }`. */
  readonly day: object | null;
  /** What of the opportunity groups are made by, beside category and month; `user` for whom it counts for. */
  readonly line: LineKey | undefined;
  readonly byMonth: boolean;
  /** Only what counts for them. */
  readonly users: readonly string[] | undefined;
}

export type LineKey = { readonly user: true } | { readonly path: readonly string[] };

export interface Part {
  readonly category: ForecastCategory | "omitted";
  /** As the field has it; null for none. */
  readonly line: unknown;
  /** The fiscal month; null where groups are not made by it. */
  readonly month: string | null;
  /** Whether the category is assumed. */
  readonly assumed: boolean;
  readonly tally: Tally;
  /** Of opportunities; of splits, how many. */
  readonly count: number;
}

interface Row {
  readonly [name: string]: unknown;
}

/** One grouped aggregate for each source of credit: one of the owner's, two where revenue is split. */
export async function readParts(
  asked: AskedScope,
  categories: Categories,
  query: PartsQuery,
): Promise<readonly Part[]> {
  const { credit, measure } = asked;
  const kind = splitKindOf(credit);
  const owned = kind === "overlay" ? [] : await ownedRows(asked, query, kind === undefined ? {} : withoutSplits);
  const partOf = partsOf(categories, query.side);
  const parts = owned.map((row) => partOf(row, tallyOfRow(row)));
  if (kind === undefined) return parts;
  if (measure === "one_time" || measure === "annual_recurring")
    return [...parts, ...(await sharedParts(asked, { ...query, kind }, partOf))];
  const split = await splitRows(asked, query, kind);
  return [...parts, ...split.map((row) => partOf(row, tallyOfRow(row)))];
}

function conditionOf({ where }: AskedScope, { side, day }: PartsQuery): object {
  return { and: [{ status: side, [dateFields[side]]: day }, where] };
}

/** Group keys of opportunities, or of what leads to them. */
function keysOf({ side, line, byMonth }: PartsQuery, user: string | undefined, via?: string): object {
  const wrap = (key: unknown) => (via === undefined ? key : { [via]: key });
  const path = line && "path" in line ? wrap(nested(line.path)) : user;
  return {
    ...(line && path !== undefined ? { line: path } : {}),
    ...(byMonth ? { month: wrap({ [dateFields[side]]: "fiscal_month" }) } : {}),
    // What is won is closed, whatever its stage.
    ...(side === "open" ? { stage: wrap("stageId"), override: wrap("forecastCategory") } : {}),
  };
}

function nested(path: readonly string[]): unknown {
  return path.slice(0, -1).reduceRight<unknown>((inner, relation) => ({ [relation]: inner }), path.at(-1));
}

async function ownedRows(asked: AskedScope, query: PartsQuery, more: object): Promise<readonly Row[]> {
  const field = fieldOf(asked.measure);
  return asked.at.repository("opportunity").aggregate({
    where: { and: [conditionOf(asked, query), more, creditedTo("owner", query.users)] },
    groupBy: keysOf(query, "ownerId"),
    measures: { count: count(), ...(field === undefined ? {} : { value: sum(field) }) },
  });
}

async function splitRows(asked: AskedScope, query: PartsQuery, kind: "revenue" | "overlay"): Promise<readonly Row[]> {
  const value = asked.measure === "count" ? { percent: sum("percent") } : { value: sum("amount") };
  return asked.at.repository("opportunitySplit").aggregate({
    where: {
      kind,
      opportunity: { and: [{ archivedAt: null }, conditionOf(asked, query)] },
      ...(query.users === undefined ? {} : { userId: { in: query.users } }),
    },
    groupBy: keysOf(query, "userId", "opportunity"),
    measures: { count: count(), ...value },
  });
}

/** Parts of an amount that no split has: those of each opportunity are shared out here, as its splits share it. */
async function sharedParts(
  asked: AskedScope,
  query: PartsQuery & { readonly kind: "revenue" | "overlay" },
  partOf: PartOf,
): Promise<readonly Part[]> {
  const { kind } = query;
  const where = { and: [conditionOf(asked, query), { splits: { some: { kind } } }] };
  const rows = (await asked.at.repository("opportunity").aggregate({
    where,
    groupBy: { ...keysOf(query, undefined), id: "id" },
    measures: { value: sum(fieldOf(asked.measure)!) },
  })) as readonly Row[];
  const splits = await asked.at.opportunitySplits.aggregate({
    where: { kind, opportunity: { and: [{ archivedAt: null }, where] } as never },
    groupBy: { opportunityId: "opportunityId", userId: "userId", percent: "percent" },
    measures: { splits: count() },
  });
  const byOpportunity = new Map<string, (typeof splits)[number][]>();
  for (const split of splits) {
    const list = byOpportunity.get(split.opportunityId);
    if (list) list.push(split);
    else byOpportunity.set(split.opportunityId, [split]);
  }
  const wanted = query.users && new Set(query.users);
  return rows.flatMap((row) => {
    const own = byOpportunity.get(row.id as string) ?? [];
    const [value = null] = row.value as readonly Money[];
    const shares = sharesOf(kind, value, own);
    return own.flatMap(({ userId }, i) => {
      if (wanted && !wanted.has(userId)) return [];
      const line = query.line && "user" in query.line ? userId : row.line;
      return [partOf({ ...row, line, count: 1 }, shares[i]!)];
    });
  });
}

type PartOf = (row: Row, tally: Tally) => Part;

function partsOf(categories: Categories, side: Side): PartOf {
  return ({ line = null, month = null, stage = "", override = null, count: number }, tally) => {
    const of = { status: side, stageId: stage as string, forecastCategory: override as OpenCategory | null };
    return {
      category: categories.categoryOf(of),
      assumed: categories.isAssumed(of),
      line,
      month: month as string | null,
      tally,
      count: number as number,
    };
  };
}

function tallyOfRow({ value, percent, count: number }: Row): Tally {
  if (percent !== undefined) return percent === null ? nothing : numberTally(percent as string);
  if (value === undefined) return new Map([[NUMBER, BigInt(number as number) * ONE]]);
  return new Map((value as readonly Money[]).map(({ amount, currency }) => [currency, unitsOf(amount, currency)]));
}
