/** All that a prediction needs of the opportunities, as known at the instant of the context. */
import { dayNumberOf, dayAt as dayText, type Money, minorDigitsOf } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";
import type { Deal } from "./deal-history.ts";
import { type ReadSpan, readSpan } from "./read-span.ts";
import { type Closing, type Entry, readEntries, staysOf } from "./read-stays.ts";
import { signalValue } from "./signal-values.ts";
import { type TenantDays, tenantDays } from "./tenant-days.ts";

export interface KnownDeal extends Deal {
  readonly money: Money | null;
  /** The day on which its record was made. */
  readonly createdOn: number;
}

export interface KnownDeals extends ReadSpan {
  readonly at: ForecastingContext;
  readonly settings: Awaited<ReturnType<ForecastingContext["settings"]["current"]>>;
  readonly days: TenantDays;
  /** The last day that is known. */
  readonly today: number;
  /** With the amount of their own currency. */
  readonly deals: readonly KnownDeal[];
  /** The open stages by id. */
  readonly stages: ReadonlyMap<string, { readonly key: string; readonly probability: number }>;
  /** All currencies of amounts, in order. */
  readonly currencies: readonly string[];
}

export interface DealsQuery {
  /** Which opportunities. */
  readonly where: object;
  /** Fields of opportunities that may carry a signal. */
  readonly signals: readonly string[];
  /** Whether some owners may stand for all where there is much history. */
  readonly sampled: boolean;
}

/**
 * What is open, and what closed in the span that is read: a query for each thousand of opportunities, and for the stays of each two hundred; settings,
 * stages and the extent of the span by one query each.
 */
export async function readDeals(at: ForecastingContext, { where, signals, sampled }: DealsQuery): Promise<KnownDeals> {
  const settings = await at.settings.current();
  const days = tenantDays(settings.timeZone);
  const today = days.numberOf(at.now());
  const span = await readSpan(at, { where, today: dayText(today), sampled });
  const stages = await at.stages.list({
    where: { pipeline: { entityType: "opportunity" } },
    archived: "include",
    limit: 1_000,
  });
  const outcomes = new Map(stages.items.map(({ id, outcome }) => [id, outcome]));
  const read = [
    ...(await readRecords(at, openQuery(where), signals)),
    ...(await readRecords(at, closedQuery("won", { ...span, today, where }), signals)),
    ...(await readRecords(at, closedQuery("lost", { ...span, today, where }), signals)),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
  const learned = span.learned && new Set(span.learned);
  const isLearned = ({ ownerId }: OpportunityFields) => learned?.has(ownerId ?? "") !== false;
  const entries = await readEntries(
    at,
    read.filter(isLearned).map(({ id }) => id),
  );
  const deals = read.flatMap((record): KnownDeal[] => {
    const closing = closingOf(record, today);
    const own = isLearned(record) ? (entries.get(record.id) ?? []) : presentEntry(record);
    const stays = staysOf(own, closing, { outcomes, days });
    return stays.length === 0
      ? []
      : [dealOf(record, { stays, signals, today, createdOn: days.numberOf(record.createdAt) })];
  });
  const currencies = [...new Set(deals.flatMap(({ money }) => (money ? [money.currency] : [])))].sort();
  const open = stages.items.filter(({ outcome }) => outcome === "open");
  return {
    ...span,
    at,
    settings,
    days,
    today,
    deals,
    stages: new Map(open.map(({ id, key, probability }) => [id, { key, probability: Number(probability) / 100 }])),
    currencies,
  };
}

const fields = [
  "ownerId",
  "amount",
  "status",
  "probability",
  "expectedCloseDate",
  "actualCloseDate",
  "stageId",
  "stageEnteredAt",
  "createdAt",
] as const;

interface OpportunityFields {
  readonly id: string;
  readonly ownerId: string | null;
  readonly amount: Money | null;
  readonly status: "open" | "won" | "lost";
  readonly probability: string;
  readonly expectedCloseDate: string | null;
  readonly actualCloseDate: string | null;
  readonly stageId: string;
  readonly stageEnteredAt: Date;
  readonly createdAt: Date;
}

interface RecordsQuery {
  readonly where: object;
  /** That of an index, so that no page has to be sorted. */
  readonly orderBy: readonly object[];
}

async function readRecords(
  at: ForecastingContext,
  { where, orderBy }: RecordsQuery,
  signals: readonly string[],
): Promise<readonly OpportunityFields[]> {
  const select = [...new Set([...fields, ...signals])] as readonly (typeof fields)[number][];
  const query = { where: where as never, orderBy: orderBy as never, select };
  return Array.fromAsync(at.opportunities.iterate(query));
}

const openQuery = (where: object): RecordsQuery => ({
  where: { and: [{ status: "open" }, where] },
  orderBy: [{ stageEnteredAt: "asc" }],
});

interface ClosedSpan {
  readonly learned: readonly string[] | undefined;
  readonly riskFrom: number;
  readonly today: number;
  readonly where: object;
}

const closedQuery = (status: "won" | "lost", { riskFrom, today, where, learned }: ClosedSpan): RecordsQuery => ({
  where: {
    and: [{ status, actualCloseDate: { between: [dayText(riskFrom), dayText(today)] } }, ownedBy(learned), where],
  },
  orderBy: [learned ? { ownerId: "asc" } : { actualCloseDate: "asc" }],
});

/** A closing that is dated in the future has happened by now. */
function closingOf({ status, actualCloseDate }: OpportunityFields, today: number): Closing {
  const closedOn = actualCloseDate === null ? undefined : Math.min(today, dayNumberOf(actualCloseDate));
  return { status, closedOn: status === "open" ? undefined : closedOn };
}

const ownedBy = (learned: readonly string[] | undefined) => (learned ? { ownerId: { in: learned } } : {});

/** Of a deal that is open, and whose way to its stage is not read. */
const presentEntry = ({ stageId, stageEnteredAt }: OpportunityFields): readonly Entry[] => [
  { stageId, enteredAt: stageEnteredAt, leftAt: null },
];

interface DealParts {
  readonly createdOn: number;
  readonly stays: Deal["stays"];
  readonly signals: readonly string[];
  readonly today: number;
}

function dealOf(record: OpportunityFields, { stays, signals, today, createdOn }: DealParts): KnownDeal {
  const { id, ownerId, amount, probability, expectedCloseDate } = record;
  return {
    id,
    owner: ownerId ?? "",
    money: amount,
    amount: amount === null ? 0 : Number(amount.amount),
    stays,
    createdOn,
    probability: Number(probability) / 100,
    ...(expectedCloseDate === null ? {} : { expectedCloseOn: dayNumberOf(expectedCloseDate) }),
    signals: signals.map((field) => signalValue((record as unknown as Record<string, unknown>)[field], today)),
  };
}

/** The same deals in one currency: an amount of another one counts by its ratio, or not at all. */
export function dealsIn(
  { deals }: Pick<KnownDeals, "deals">,
  currency: string,
  ratios: ReadonlyMap<string, number>,
): readonly Deal[] {
  return deals.map((deal) => {
    if (deal.money === null || deal.money.currency === currency) return deal;
    return { ...deal, amount: numberIn(deal.money, currency, ratios) };
  });
}

/** Units of a currency; none of what is in another without a ratio. */
export function numberIn(money: Money, currency: string, ratios: ReadonlyMap<string, number>): number {
  return Number(money.amount) * (money.currency === currency ? 1 : (ratios.get(money.currency) ?? 0));
}

/** An amount that was computed, rounded to the currency's minor unit. */
export function moneyOf(amount: number, currency: string): Money {
  const text = amount.toFixed(minorDigitsOf(currency) ?? 2);
  return { amount: Number(text) === 0 ? text.replace("-", "") : text, currency };
}
