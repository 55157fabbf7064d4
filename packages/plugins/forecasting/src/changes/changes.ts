/** changes: the waterfall of a forecast between two instants. */
import { dayIn, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import {
  type ForecastCategory,
  type ForecastCredit,
  type ForecastMeasure,
  forecastCategories,
} from "../category/category.ts";
import { type AssumedStage, readCategories } from "../category/category-of.ts";
import type { ForecastingContext } from "../parts.ts";
import { askedPeriods, type PeriodQuery, periodFields } from "../period/asked-periods.ts";
import { type AskedScope, askScope, checkedQuery, type ScopeQuery, scopeFields } from "../roll-up/ask-forecast.ts";
import { type Managers, readManagers } from "../roll-up/managers.ts";
import { addTallies, nothing } from "../roll-up/tally.ts";
import type { Dated } from "./attribute-change.ts";
import { changeKinds } from "./change-kind.ts";
import { isOfOwnFields, readEnds } from "./read-ends.ts";
import type { End, Standings } from "./read-standings.ts";
import { type Waterfall, waterfall } from "./waterfall.ts";
import { readWorth } from "./worth.ts";

export interface ChangesQuery extends Omit<ScopeQuery, "asOf" | "method"> {
  /** Of what is open and closed in it. Without a period: of all that is open, whenever it is expected. */
  readonly period?: PeriodQuery | undefined;
  readonly from: Date;
  /** The handle's own instant, unless given. */
  readonly to?: Date | undefined;
  /** One or several of the categories, each counted by itself; all of them, unless given. */
  readonly category?: ForecastCategory | readonly ForecastCategory[] | undefined;
}

export interface Changes extends Waterfall {
  readonly from: Date;
  readonly to: Date;
  /** The days of the period, the last one included; null without one. */
  readonly period: { readonly from: string; readonly until: string } | null;
  readonly measure: ForecastMeasure;
  readonly credit: ForecastCredit;
  readonly categories: readonly ForecastCategory[];
  /** The stages that had no category at either end, and count there by their probability: as `Forecast.assumed`. */
  readonly assumed: { readonly from: readonly AssumedStage[]; readonly to: readonly AssumedStage[] };
  /** The currency, and the days whose rates hold at either end; null where nothing is converted. */
  readonly converted: { readonly in: string; readonly from: string; readonly to: string } | null;
}

const { asOf: _asOf, method: _method, ...fields } = scopeFields;
const category = z.enum(forecastCategories);
const changesSchema = z.strictObject({
  ...fields,
  period: periodFields.period.optional(),
  from: z.date(),
  to: z.date().optional(),
  category: z.union([category, z.array(category).min(1)]).optional(),
});

/**
 * Reads both ends, each as of its instant, and compares them. Calendar and time zone are those of the second instant; stages, categories,
 * managers and rates are those of each end. Where only changes of its own can make an opportunity count otherwise, only those that have
 * changed are read, and the sum of the others; else both ends as a whole: one query each, one for splits where they are credited, and two for
 * each thousand opportunities that count at one end only.
 */
export async function changes(context: ForecastingContext, given: ChangesQuery): Promise<Changes> {
  const query = checkedQuery("changes", changesSchema, given) as ChangesQuery;
  const asked = await askChanges(context, query);
  const { period, categories, last, isInPeriod } = asked;
  const [start, end] = await endsOf(asked.first, last);
  const dependsOnOthers = last.convert !== undefined || !isOfOwnRecords(query, start, end);
  const { before, after, unchanged } = await readEnds({
    start,
    end,
    from: query.from,
    period,
    isInPeriod,
    dependsOnOthers,
  });
  const { measure, credit, convert, settings, today, under } = last;
  const converted = convert && {
    in: convert.in,
    from: query.convert?.on ?? dayIn(query.from, settings.timeZone),
    to: query.convert?.on ?? today,
  };
  const worth =
    converted &&
    (await readWorth(
      converted.in,
      { asked: asked.first, standings: counting(before, asked), on: converted.from },
      { asked: last, standings: counting(after, asked), on: converted.to },
    ));
  const lens = { from: query.from, categories: new Set(categories), worth, isInPeriod };
  const hasScope = under !== undefined || query.where !== undefined || query.pipeline !== undefined;
  const kinds = changeKinds.filter((kind) => {
    if (kind === "transferred_in" || kind === "transferred_out") return hasScope || credit !== "owner";
    return kind !== "exchange_rate" || converted !== undefined;
  });
  const unit = {
    measure: measure === "count" ? ("number" as const) : ("money" as const),
    in: convert?.in,
    divisor: worth?.divisor ?? 1n,
  };
  const base = categories.map((each) => unchanged.get(each) ?? nothing).reduce(addTallies, nothing);
  const told = waterfall(before, after, { lens, unit, kinds, base });
  return {
    from: query.from,
    to: last.at.now(),
    period,
    measure,
    credit,
    categories,
    assumed: { from: start.categories.assumed(), to: end.categories.assumed() },
    converted: converted ?? null,
    ...told,
  };
}

interface AskedChanges {
  readonly first: AskedScope;
  readonly last: AskedScope;
  readonly period: { readonly from: string; readonly until: string } | null;
  readonly categories: readonly ForecastCategory[];
  isInPeriod(standing: Dated): boolean;
}

/** @throws `invalid_input`, `not_found` */
async function askChanges(context: ForecastingContext, query: ChangesQuery): Promise<AskedChanges> {
  const { from, to, period: named, category: only, ...scope } = query;
  const last = await askScope(context, "changes", { ...scope, asOf: to });
  if (last.at.now() < from) {
    const message = `is ${from.toISOString()}, which is after the instant that it is compared with`;
    throw invalidInput("changes", [{ field: "from", code: "out_of_range", message }]);
  }
  const first = { ...last, at: context.asOf(from) };
  const asked = only === undefined ? undefined : [only].flat();
  if (named === undefined && asked?.includes("closed")) {
    const message = "is closed, and without a period the waterfall is of what is open: name a period";
    throw invalidInput("changes", [{ field: "category", code: "not_allowed", message }]);
  }
  const period = named === undefined ? null : askedPeriods(last.settings, { query: "changes", period: named });
  const possible = forecastCategories.filter((each) => period !== null || each !== "closed");
  return {
    first,
    last,
    period: period && { from: period.from, until: period.until },
    categories: possible.filter((each) => asked?.includes(each) ?? true),
    isInPeriod({ status, expectedCloseDate, actualCloseDate }) {
      if (period === null) return status === "open";
      const day = status === "open" ? expectedCloseDate : actualCloseDate;
      return status !== "lost" && day !== null && day >= period.from && day <= period.until;
    },
  };
}

/** One who is a user at one of the instants only has nothing that counts at the other. @throws `not_found` for one who is none at both */
async function endsOf(first: AskedScope, last: AskedScope): Promise<readonly [End, End]> {
  const start = { asked: first, categories: await readCategories(first.at) };
  const end = { asked: last, categories: await readCategories(last.at) };
  const { under } = last;
  if (under === undefined)
    return [
      { ...start, users: undefined },
      { ...end, users: undefined },
    ];
  const [were, are] = [await readManagers(first.at), await readManagers(last.at)];
  const isIn = ({ nodes }: Managers) => nodes.some(({ id }) => id === under);
  const usersOf = (managers: Managers) => managers.atOrUnder(under).map(({ id }) => id);
  return [
    { ...start, users: isIn(were) ? usersOf(were) : [] },
    { ...end, users: isIn(were) && !isIn(are) ? [] : usersOf(are) },
  ];
}

/** Whether nothing but a change of its own makes an opportunity count otherwise: stages mean the same at both ends, and the scope too. */
function isOfOwnRecords({ where, credit = "owner" }: ChangesQuery, start: End, end: End): boolean {
  const told = ({ categories, users }: End) =>
    JSON.stringify([categories.stages.map(({ id, category }) => [id, category]).sort(), users && [...users].sort()]);
  return credit === "owner" && told(start) === told(end) && isOfOwnFields(where, end.asked);
}

function counting(standings: Standings, { isInPeriod }: AskedChanges): Standings {
  return new Map([...standings].filter(([, standing]) => standing.category !== null && isInPeriod(standing)));
}
