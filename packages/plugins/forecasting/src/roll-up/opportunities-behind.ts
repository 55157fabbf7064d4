/** The opportunities behind a figure, in pages, each with its share of it: the shares add up to the figure. */
import { decodeCursor, encodeCursor, type Money } from "@relata/core/plugin";
import * as z from "zod";
import { type ForecastCategory, forecastCategories } from "../category/category.ts";
import { type Categories, readCategories, stageWithoutCategory } from "../category/category-of.ts";
import type { ForecastingContext } from "../parts.ts";
import { type AskedPeriodScope, askPeriodScope, checkedQuery } from "./ask-forecast.ts";
import { type Aside, type Behind, conditionBehind, creditedUsers, isAside } from "./behind-condition.ts";
import { addTo } from "./cells.ts";
import { type CreditedOpportunity, creditedFrom, creditedOpportunities, creditedQuery } from "./credited.ts";
import { dimensionOf } from "./dimension.ts";
import { numbers } from "./figure.ts";
import { ratiosInto } from "./figure-rule.ts";
import { type ForecastQuery, forecastFields, scopedUsers } from "./forecast.ts";
import { type Cut, conversionsInto, isAbove, type Threshold, thresholdOf } from "./rounded-shares.ts";
import { decimalOf, type Tally } from "./tally.ts";

export interface LineQuery extends ForecastQuery {
  /** The key of a line, null for the line of what has none; all lines together, unless given. */
  readonly line?: string | null | undefined;
  /** What counts for the line itself, or with all below; `total`, unless said. */
  readonly part?: "own" | "total" | undefined;
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number | undefined;
  /** The `next` of the page before, of the same query. */
  readonly after?: string | undefined;
}

export interface BehindQuery extends LineQuery {
  /** Whose figure; with `method` `cumulative`, with all that it adds up. */
  readonly category: ForecastCategory;
}

/** An opportunity, and its part of a figure. */
export interface ForecastOpportunity extends Omit<CreditedOpportunity, "tally" | "users"> {
  /** Open, and expected to close before the day of `asOf`. */
  readonly overdue: boolean;
  /** Its own part, in the currency of the figure where that is converted; of the measure `count` a number; null where it has no such amount. */
  readonly share: Money | number | null;
}

export interface ForecastOpportunities {
  /** By id. */
  readonly items: readonly ForecastOpportunity[];
  readonly next: string | undefined;
}

const lineFields = {
  ...forecastFields,
  line: z.string().nullable().optional(),
  part: z.enum(["own", "total"]).optional(),
  limit: z.int().min(1).max(1_000).optional(),
  after: z.string().optional(),
};
const asideSchema = z.strictObject(lineFields);
const behindSchema = z.strictObject({ ...lineFields, category: z.enum(forecastCategories) });

/**
 * Of the figure of a category in a line; the query is that of the forecast, with the name of one column, or the whole, as its period. Where
 * figures are converted, the first page looks at all that is behind the figure, since a cent goes where most is left.
 */
export function opportunitiesBehind(context: ForecastingContext, given: BehindQuery): Promise<ForecastOpportunities> {
  const { category, ...query } = checkedQuery("opportunitiesBehind", behindSchema, given);
  return pageOf(context, query, { name: "opportunitiesBehind", which: category });
}

/** Of those that a forecast tells apart. */
export function opportunitiesAside(
  context: ForecastingContext,
  which: Aside,
  given: LineQuery,
): Promise<ForecastOpportunities> {
  return pageOf(context, checkedQuery(which, asideSchema, given), { name: which, which });
}

interface Wanted extends Pick<Behind, "which"> {
  /** Of the query, for errors. */
  readonly name: string;
}

async function pageOf(context: ForecastingContext, query: LineQuery, wanted: Wanted): Promise<ForecastOpportunities> {
  const { rollUp = "owner", line, part = "total", limit = 50, after, ...scope } = query;
  const asked = await askPeriodScope(context, wanted.name, scope);
  const categories = await readCategories(asked.at);
  const belonging = line === undefined ? undefined : (await dimensionOf(asked, rollUp)).belonging(line, part);
  const behind: Behind = { which: wanted.which, belonging, users: await scopedUsers(asked) };
  const where = conditionBehind(asked, categories, behind);
  await refuseWithoutCategory(asked, categories, behind);
  const { users } = creditedUsers(behind);
  const name = JSON.stringify([wanted, line, part, rollUp, scope]);
  const from = after === undefined ? undefined : placeOf(decodeCursor(name, after));
  const listed = { ...creditedQuery(asked), where: where as never, limit };
  const page = await asked.at.opportunities.list({ ...listed, after: from?.after });
  const credited = page.items.map((record) => creditedFrom(asked, categories, { record, users }));
  const all = () => creditedOpportunities(asked, categories, { where, users });
  const whole = page.next === undefined && from === undefined ? () => credited : all;
  const { shareOf, threshold } = await sharing(asked, { whole, page: credited, from });
  const rest = threshold ? [threshold.rest, threshold.of, threshold.id] : [null, null, null];
  return {
    items: credited.map((each) => itemOf(asked, each, shareOf)),
    next: page.next === undefined ? undefined : encodeCursor(name, [page.next, ...rest]),
  };
}

/** Where a page begins, and who of those behind the figure get a cent more. */
interface Place {
  readonly after: string;
  readonly threshold: Threshold | undefined;
}

function placeOf([after, rest, of, id]: readonly unknown[]): Place {
  const threshold = rest === null ? undefined : { rest: rest as bigint, of: of as bigint, id: id as string };
  return { after: after as string, threshold };
}

type ShareOf = (opportunity: CreditedOpportunity) => Money | number | null;

interface Sharing {
  readonly whole: () => Iterable<CreditedOpportunity> | AsyncIterable<CreditedOpportunity>;
  readonly page: readonly CreditedOpportunity[];
  readonly from: Place | undefined;
}

async function sharing(
  { at, measure, convert }: AskedPeriodScope,
  { whole, page, from }: Sharing,
): Promise<{ readonly shareOf: ShareOf; readonly threshold?: Threshold | undefined }> {
  if (measure === "count") return { shareOf: ({ tally }) => numbers.finish(tally) as number };
  if (!convert) return { shareOf: ({ tally }) => moneyOf(tally) };
  const tallies = new Map<string, Tally>();
  for await (const { id, tally } of from === undefined ? whole() : page) tallies.set(id, tally);
  const sum = new Map<string, bigint>();
  for (const tally of tallies.values()) addTo(sum, tally);
  const ratios = await ratiosInto(at, convert, sum.keys());
  const conversions = conversionsInto(convert.in, ratios, sum.keys());
  const cuts = new Map([...tallies].map(([id, tally]) => [id, conversions.cut(tally)]));
  const threshold =
    from === undefined ? thresholdOf(restsOf(cuts), conversions.total(sum) - wholeOf(cuts)) : from.threshold;
  return {
    threshold,
    shareOf({ id, tally }) {
      if (tally.size === 0) return null;
      const cut = cuts.get(id)!;
      const more = isAbove(threshold, id, cut) ? 1n : 0n;
      return { amount: decimalOf(cut.whole + more, convert.in), currency: convert.in };
    },
  };
}

type Cuts = ReadonlyMap<string, Cut>;

function restsOf(cuts: Cuts): readonly Threshold[] {
  return [...cuts].map(([id, { rest, of }]) => ({ id, rest, of }));
}

function wholeOf(cuts: Cuts): bigint {
  let sum = 0n;
  for (const { whole } of cuts.values()) sum += whole;
  return sum;
}

/** An opportunity is in one currency. */
function moneyOf(tally: Tally): Money | null {
  const [part] = tally;
  return part === undefined ? null : { amount: decimalOf(part[1], part[0]), currency: part[0] };
}

function itemOf({ today }: AskedPeriodScope, credited: CreditedOpportunity, shareOf: ShareOf): ForecastOpportunity {
  const { tally: _, users: __, ...own } = credited;
  const overdue = own.status === "open" && own.date !== null && own.date < today;
  return { ...own, overdue, share: shareOf(credited) };
}

/** Figures of open opportunities in a stage without a category fail, and so do lists of what is behind them. */
async function refuseWithoutCategory(asked: AskedPeriodScope, categories: Categories, behind: Behind): Promise<void> {
  const lacking = categories.stages.filter(({ category }) => category === undefined);
  if (lacking.length === 0 || behind.which === "closed") return;
  const open = { ...categories, stages: lacking.map((stage) => ({ ...stage, category: "pipeline" as const })) };
  const condition = conditionBehind({ ...asked, method: "single" }, open, {
    ...behind,
    which: isAside(behind.which) ? behind.which : "pipeline",
  });
  const where = { and: [condition, { forecastCategory: null }] } as never;
  const found = await asked.at.opportunities.find({ where, select: ["stageId"] });
  if (found)
    throw stageWithoutCategory(
      asked.at,
      categories.stages,
      lacking.find(({ id }) => id === found.stageId),
    );
}
