/** The past, replayed from history: at each origin only what was known then is read. */
import { addDays, addMonths, dayAt, dayNumberOf, invalidInput, isDate } from "@relata/core/plugin";
import * as z from "zod";
import type { ForecastingContext } from "../parts.ts";
import type { OutlookInput } from "../prediction/outlook-result.ts";
import { outlookInput, type PredictQuery, predictionFields, type Wanted } from "../prediction/predict.ts";
import { numbersInto } from "../prediction/rates.ts";
import { dealsIn, type KnownDeal, type KnownDeals, readDeals } from "../prediction/read-deals.ts";
import { checkSignals, defaultSignals } from "../prediction/signal-values.ts";
import { tenantDays } from "../prediction/tenant-days.ts";
import { monthsEarlier, type Window } from "../prediction/window.ts";
import { type AskedScope, askScope, checkedQuery } from "../roll-up/ask-forecast.ts";

import type { Conversion } from "../roll-up/figure.ts";
import { scopedUsers } from "../roll-up/forecast.ts";
import { inOneState } from "../roll-up/in-one-state.ts";
import { readManagers } from "../roll-up/managers.ts";
import type { Backtest, HorizonBacktest, OriginBacktest } from "./backtest.ts";
import { judgementAt } from "./judgement-baseline.ts";
import { readWon } from "./read-won.ts";
import { methodNames, type Replay, type ReplayedOrigin, type ReplayOrigin, replay } from "./replay.ts";

export interface BacktestQuery extends Omit<PredictQuery, "period"> {
  /**
   * The days at whose ends forecasts are made: the ends of the latest twelve months whose windows have ended, unless given; of these, those at
   * which there was an opportunity to learn from.
   */
  readonly origins?: readonly string[] | undefined;
  /** How many months what is forecast lasts, from the day after the origin on: 1 and 3, unless given. */
  readonly horizons?: readonly number[] | undefined;
}

const mostOrigins = 60;
const usualOrigins = 12;
const day = z
  .string()
  .refine(isDate, { message: 'must be a day such as "2026-12-31"', params: { code: "invalid_date" } });
const backtestSchema = z.strictObject({
  ...predictionFields,
  origins: z.array(day).min(1).max(mostOrigins).optional(),
  horizons: z.array(z.int().min(1).max(12)).min(1).max(12).optional(),
});

/** An origin whose window has not ended by the instant of the query is left out: nothing is known of what came of it. */
export async function runBacktest(context: ForecastingContext, given: BacktestQuery): Promise<Backtest> {
  const { origins, horizons = [1, 3], ...query } = checkedQuery("backtest", backtestSchema, given);
  const { seed = 1, signals: names = defaultSignals, ...scope } = query;
  checkSignals(context, "backtest", names);
  const { asOf, currency, read } = await inOneState(context, (tx) =>
    readAll(tx, scope, { origins, horizons, names, seed }),
  );
  return {
    ...{ asOf, currency },
    horizons: read.map(({ months, origins: known }) => horizonReport(months, replay(known))),
  };
}

interface Reading extends AskedWindows {
  readonly names: readonly string[];
  readonly seed: number;
}

/** All that is asked of the storage, so that no unit is open while figures are made. */
async function readAll(
  context: ForecastingContext,
  scope: Omit<PredictQuery, "period" | "seed" | "signals">,
  { origins, horizons, names, seed }: Reading,
) {
  const asked = await askScope(context, "backtest", scope);
  // Refused here where there is no such user; who is below is asked at each origin.
  await scopedUsers(asked);
  const windows = askedWindows(asked.today, { origins, horizons });
  const used = windows.flatMap((horizon) => horizon.windows);
  const won = await wonLater(asked, used);
  const known = new Map<number, Origin>();
  for (const origin of new Set(used.map((window) => window.origin))) {
    const wanted = { names, seed, window: longestOf(used, origin), empty: origins !== undefined };
    const read = await readOrigin(asked, { wanted, won, convertOn: scope.convert?.on });
    if (read) known.set(origin, read);
  }
  const currency = currencyOf(asked, [...known.values()]);
  const partial = scope.where !== undefined || scope.pipeline !== undefined || scope.under !== undefined;
  const read: { months: number; origins: ReplayOrigin[] }[] = [];
  for (const { months, windows: own } of windows) {
    const horizon: ReplayOrigin[] = [];
    for (const window of own) {
      const origin = known.get(window.origin);
      if (origin === undefined) continue;
      const judgement = await judgementAt(origin.known, { window, currency, convert: origin.convert, partial });
      horizon.push({ ...replayOrigin(origin, { window, currency }), judgement });
    }
    read.push({ months, origins: horizon });
  }
  return { asOf: asked.at.now(), currency, read };
}

interface AskedWindows {
  readonly origins: readonly string[] | undefined;
  readonly horizons: readonly number[];
}

function askedWindows(today: string, { origins, horizons }: AskedWindows) {
  const ended = dayNumberOf(today);
  return [...new Set(horizons)].map((months) => {
    const days = origins === undefined ? monthEnds(today, months) : [...new Set(origins)].sort();
    return { months, windows: days.map((origin) => windowOf(origin, months)).filter(({ to }) => to <= ended) };
  });
}

/** The ends of the latest calendar months whose windows may have ended, in order. */
function monthEnds(today: string, months: number): readonly string[] {
  const after = addDays(today, 1);
  const first = addMonths(`${after.slice(0, 8)}01`, -months);
  return Array.from({ length: usualOrigins }, (_, index) => addDays(addMonths(first, index - usualOrigins + 1), -1));
}

function windowOf(origin: string, months: number): Window {
  const number = dayNumberOf(origin);
  return {
    ...monthsEarlier({ origin: number, from: number + 1, to: number }, -months),
    origin: number,
    from: number + 1,
  };
}

const longestOf = (windows: readonly Window[], origin: number): Window =>
  windows.filter((window) => window.origin === origin).reduce((one, other) => (other.to > one.to ? other : one));

async function wonLater(asked: AskedScope, windows: readonly Window[]) {
  if (windows.length === 0) return [];
  const from = Math.min(...windows.map((window) => window.from));
  const to = Math.max(...windows.map((window) => window.to));
  return readWon(asked.at, { from, to }, asked.where);
}

interface Origin {
  readonly known: KnownDeals;
  /** For the longest window. */
  readonly input: OutlookInput;
  /** What was won later by those who are asked for. */
  readonly won: readonly KnownDeal[];
  readonly convert: Conversion | undefined;
  readonly ratios: ReadonlyMap<string, number>;
}

interface OriginWanted {
  /** `empty`: also where nothing was known yet. */
  readonly wanted: Omit<Wanted, "users"> & { readonly empty: boolean };
  readonly won: readonly KnownDeal[];
  readonly convertOn: string | undefined;
}

/** By the context of the origin alone: managers, settings and rates of then. Rates are those of its day, unless the query names one. */
async function readOrigin(asked: AskedScope, { wanted, won, convertOn }: OriginWanted): Promise<Origin | undefined> {
  const { origin } = wanted.window;
  const at = asked.at.asOf(await endOfDay(asked, origin));
  const known = await readDeals(at, { where: asked.where, signals: wanted.names, sampled: false });
  if (known.deals.length === 0 && !wanted.empty) return undefined;
  const users = asked.under === undefined ? undefined : await usersThen(at, asked.under);
  const input = await outlookInput(known, { ...wanted, users });
  const own = users === undefined ? won : won.filter(({ owner }) => users.includes(owner));
  if (asked.convert === undefined) return { known, input, won: own, convert: undefined, ratios: new Map() };
  const conversion = { in: asked.convert.in, on: convertOn ?? dayAt(origin) };
  const ratios = await numbersInto(at, conversion, [...known.currencies, ...currenciesOf(own)]);
  return { known, input, won: own, convert: conversion, ratios };
}

/** By the time zone of then, which may be another than that of now. */
async function endOfDay({ at, settings }: AskedScope, day: number): Promise<Date> {
  const { timeZone } = await at.asOf(tenantDays(settings.timeZone).endOf(day)).settings.current();
  return tenantDays(timeZone).endOf(day);
}

/** The user and everybody below as of then; nobody where there was no such user yet. */
async function usersThen(at: ForecastingContext, under: string): Promise<readonly string[]> {
  const managers = await readManagers(at);
  return managers.nodes.some(({ id }) => id === under) ? managers.atOrUnder(under).map(({ id }) => id) : [];
}

const currenciesOf = (deals: readonly KnownDeal[]): readonly string[] =>
  deals.flatMap(({ money }) => (money ? [money.currency] : []));

/** The one that all is in. @throws `invalid_input` where there are several, and nothing says into which to convert */
function currencyOf(asked: AskedScope, origins: readonly Origin[]): string | null {
  if (asked.convert) return asked.convert.in;
  const found = new Set(origins.flatMap(({ known, won }) => [...known.currencies, ...currenciesOf(won)]));
  const [first, second] = [...found].sort();
  if (second === undefined) return first ?? null;
  const message = `is required: amounts are in ${[...found].sort().join(", ")}, and one figure is to be compared with one outcome`;
  throw invalidInput("backtest", [{ field: "convert", code: "missing_field", message }]);
}

interface Replaying {
  readonly window: Window;
  readonly currency: string | null;
}

function replayOrigin(
  { known, input, ratios, won }: Origin,
  { window, currency }: Replaying,
): Omit<ReplayOrigin, "judgement"> {
  if (currency === null) return { known: { ...input, window }, later: won };
  const deals = dealsIn(known, currency, ratios);
  return { known: { ...input, deals, window }, later: dealsIn({ deals: won }, currency, ratios) };
}

function horizonReport(months: number, { origins, scores, companyScores, calibration }: Replay): HorizonBacktest {
  return {
    months,
    methods: methodNames.map((method) => ({
      method,
      owners: scores[method] ?? null,
      company: companyScores[method] ?? null,
      missing:
        origins.map(({ forecast }) => forecast.missing[method]).findLast((reason) => reason !== undefined) ?? null,
    })),
    calibration: calibration ?? null,
    origins: origins.map(originReport),
  };
}

function originReport({
  known,
  forecast,
  outcomes,
  outcome,
  calibration,
  constantRate,
}: ReplayedOrigin): OriginBacktest {
  const { outlook } = forecast;
  return {
    origin: dayAt(known.window.origin),
    from: dayAt(known.window.from),
    until: dayAt(known.window.to),
    method: outlook.method,
    outcome,
    company: forecast.company,
    owners: known.owners.map((owner, index) => ({
      ownerId: owner === "" ? null : owner,
      outcome: outcomes[index]!,
      forecasts: forecast.owners[index]!,
    })),
    calibration: calibration ?? null,
    constantRate,
    pooling: outlook.pooling,
    signals: outlook.signals,
    neverClosing: outlook.neverClosing ?? null,
  };
}
