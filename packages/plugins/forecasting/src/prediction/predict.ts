/** The prediction of a period from the tenant's own history. */
import { dayAt, dayNumberOf, invalidInput, type Money } from "@relata/core/plugin";
import * as z from "zod";
import type { ForecastingContext } from "../parts.ts";
import type { PeriodQuery } from "../period/asked-periods.ts";
import { askPeriodScope, checkedQuery, periodScopeFields } from "../roll-up/ask-forecast.ts";
import { scopedUsers } from "../roll-up/forecast.ts";
import { inOneState } from "../roll-up/in-one-state.ts";
import { chanceOfReaching, distributionOf, sumOfDraws } from "./distribution.ts";
import { leastHistory } from "./history.ts";
import { outlook } from "./outlook.ts";
import type { Outlook, OutlookInput, OwnerOutlook } from "./outlook-result.ts";
import type { CurrencyPrediction, PredictedAmounts, Prediction, QuotaPrediction } from "./prediction.ts";
import { type KnownQuota, readQuotas } from "./quotas.ts";
import { numbersInto } from "./rates.ts";
import { dealsIn, type KnownDeals, moneyOf, readDeals } from "./read-deals.ts";
import { readTotals, totalsIn } from "./read-totals.ts";
import { checkSignals, defaultSignals, readSignals } from "./signal-values.ts";
import { calendarPositions } from "./tenant-days.ts";
import type { Window } from "./window.ts";

export interface PredictQuery {
  /** A month, a quarter or a year by its name, or all from one of them to another. */
  readonly period: PeriodQuery;
  /** The instant whose knowledge counts; the handle's own, unless given. */
  readonly asOf?: Date | undefined;
  /** Into one currency, all by the rates of one day; as `forecast` has it. */
  readonly convert?: { readonly in?: string | undefined; readonly on?: string | undefined } | undefined;
  /** Which opportunities, as in a list of them: those that are counted, and those that are learned from. */
  readonly where?: object | undefined;
  /** Only figures of this user and of those below; learned from is all the same. */
  readonly under?: string | undefined;
  /** The key of a pipeline; of all pipelines, unless given. */
  readonly pipeline?: string | undefined;
  /** A whole number: the same one gives the same draws. 1, unless given. */
  readonly seed?: number | undefined;
  /** Fields of opportunities that may carry something beyond stage and age. Owner, account, source and expected close date, unless given. */
  readonly signals?: readonly string[] | undefined;
}

const { asOf, convert, where, under, pipeline, period } = periodScopeFields;
export const predictionFields = {
  ...{ asOf, convert, where, under, pipeline },
  seed: z.int().optional(),
  signals: z.array(z.string().min(1)).max(20).optional(),
};
/** How far ahead a period may end: what three years of history say of more is nothing, and each day costs. */
const mostDays = 3_660;

const predictSchema = z.strictObject({ ...predictionFields, period });

export async function predict(context: ForecastingContext, given: PredictQuery): Promise<Prediction> {
  const { seed = 1, signals: names = defaultSignals, ...query } = checkedQuery("predict", predictSchema, given);
  checkSignals(context, "predict", names);
  const read = await inOneState(context, (tx) => readAll(tx, query, { seed, names }));
  const { known, input, users } = read;
  const outlooks = read.currencies.map((currency) => ({
    currency,
    found: outlook({ ...input, deals: dealsIn(known, currency, read.ratios), sample: sampleOf(read, currency) }),
  }));
  const [first = { found: outlook(input) }] = outlooks;
  return {
    ...{ asOf: read.asOf, from: read.from, until: read.until },
    ...summaryOf(first.found, known),
    currencies: outlooks.map(({ currency, found }) => currencyPrediction(found, currency, read.quotas)),
    opportunities: opportunitiesOf(first.found, known, users),
  };
}

function sampleOf(
  { known, input: { owners }, ratios, totals }: Awaited<ReturnType<typeof readAll>>,
  currency: string,
): OutlookInput["sample"] {
  const { learned } = known;
  return learned && totals && { learned, totals: totalsIn(totals, known, { owners, currency, ratios }) };
}

/** All that is asked of the storage, so that no unit is open while figures are made. */
async function readAll(
  context: ForecastingContext,
  query: Omit<PredictQuery, "seed" | "signals">,
  { seed, names }: { readonly seed: number; readonly names: readonly string[] },
) {
  const asked = await askPeriodScope(context, "predict", query);
  const { columns, from, until } = asked.periods;
  if (until < asked.today) {
    const message = `ended on ${until}, before ${asked.today}, the day of asOf: ask for a period that goes on, or give an earlier asOf`;
    throw invalidInput("predict", [{ field: "period", code: "not_allowed", message }]);
  }
  if (dayNumberOf(until) - dayNumberOf(asked.today) > mostDays) {
    const message = `ends on ${until}, more than ten years after ${asked.today}, the day of asOf: ask for a nearer one`;
    throw invalidInput("predict", [{ field: "period", code: "not_allowed", message }]);
  }
  const users = await scopedUsers(asked);
  const known = await readDeals(asked.at, { where: asked.where, signals: names, sampled: true });
  const window = { origin: known.today, from: dayNumberOf(from), to: dayNumberOf(until) };
  const { convert } = asked;
  return {
    ...{ asOf: asked.at.now(), from, until, users, known },
    input: await outlookInput(known, { window, names, users, seed }),
    currencies: convert ? [convert.in] : known.currencies,
    ratios: convert ? await numbersInto(asked.at, convert, known.currencies) : new Map<string, number>(),
    quotas: await readQuotas(asked.at, columns, users),
    totals: known.learned ? await readTotals(known, window, asked.where) : undefined,
  };
}

/** What outlooks of one origin have in common. */
export interface Wanted {
  readonly window: Window;
  readonly names: readonly string[];
  readonly users: readonly string[] | undefined;
  readonly seed: number;
}

/** With the amounts of all currencies mixed: chances do not depend on them. */
export async function outlookInput(known: KnownDeals, { window, names, users, seed }: Wanted): Promise<OutlookInput> {
  const { at, days, deals, riskFrom, settings, learned } = known;
  const learnedDeals = learned ? deals.filter(({ owner }) => learned.includes(owner)) : deals;
  const owners = [...new Set(deals.map(({ owner }) => owner))]
    .filter((owner) => users === undefined || users.includes(owner))
    .sort((a, b) => (a === "" || b === "" ? (a === "" ? 1 : -1) : a < b ? -1 : 1));
  return {
    deals,
    owners,
    stages: [...known.stages.keys()],
    probabilities: new Map([...known.stages].map(([id, { probability }]) => [id, probability])),
    calendar: calendarPositions(settings, Math.min(riskFrom, window.origin), window.to),
    riskFrom,
    window,
    signals: await readSignals({ at, days, deals: learnedDeals, riskFrom, origin: window.origin, names }),
    seed,
  };
}

function summaryOf(found: Outlook, { riskFrom, leftOut, learned }: KnownDeals) {
  const { method, history } = found;
  const { closed, won, days } = leastHistory;
  const short = `History is too short: ${history.won} won and ${history.lost} lost in ${history.days} days, and a fit takes ${closed} closed ones, ${won} of them won, in ${days} days. The probabilities of stages stand in.`;
  return {
    method,
    reason: method === "stage_probability" ? short : null,
    signals: found.signals,
    neverClosing: found.neverClosing ?? null,
    history: {
      from: dayAt(riskFrom),
      won: history.won,
      lost: history.lost,
      leftOut,
      learnedOwners: learned?.length ?? null,
    },
  };
}

function opportunitiesOf(found: Outlook, { deals }: KnownDeals, users: readonly string[] | undefined) {
  const amounts = new Map(deals.map(({ id, money }) => [id, money]));
  return found.deals.flatMap(({ deal: { id, owner }, chance, contributions }) =>
    users === undefined || users.includes(owner)
      ? [{ id, ownerId: owner === "" ? null : owner, amount: amounts.get(id) ?? null, chance, contributions }]
      : [],
  );
}

function currencyPrediction(found: Outlook, currency: string, quotas: readonly KnownQuota[]): CurrencyPrediction {
  const sum = (of: (owner: OwnerOutlook) => number): number => found.owners.reduce((total, one) => total + of(one), 0);
  const draws = sumOfDraws(found.owners.map((owner) => owner.draws));
  const whole = {
    won: sum(({ won }) => won),
    open: sum(({ open }) => open),
    arriving: sum(({ arriving }) => arriving),
    runRate: sum(({ runRate }) => runRate),
    mean: sum(({ mean }) => mean),
    draws,
  };
  return {
    currency,
    total: amountsOf(whole, currency),
    owners: found.owners.map((owner) => ({
      ownerId: owner.owner === "" ? null : owner.owner,
      ...amountsOf(owner, currency),
    })),
    quotas: quotas.filter(({ amount }) => amount.currency === currency).map((quota) => quotaPrediction(found, quota)),
    pooling: found.pooling,
  };
}

function quotaPrediction({ owners }: Outlook, { userId, amount, users }: KnownQuota): QuotaPrediction {
  const below = new Set(users);
  const draws = sumOfDraws(owners.filter(({ owner }) => below.has(owner)).map((owner) => owner.draws));
  return { userId, quota: amount, chance: chanceOfReaching(draws, Number(amount.amount)) };
}

function amountsOf(parts: Omit<OwnerOutlook, "owner">, currency: string): PredictedAmounts {
  const money = (amount: number): Money => moneyOf(amount, currency);
  const { p10, p50, p90 } = distributionOf(parts.draws);
  return {
    won: money(parts.won),
    open: money(parts.open),
    arriving: money(parts.arriving),
    runRate: money(parts.runRate),
    mean: money(parts.mean),
    p10: money(p10),
    p50: money(p50),
    p90: money(p90),
  };
}
