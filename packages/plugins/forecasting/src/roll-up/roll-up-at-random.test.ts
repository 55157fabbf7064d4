/** Random deals and random questions against a plain model, and each figure against what is behind it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ForecastingCrm, makeStages, openForecasting, storages } from "../forecasting-fixture.ts";
import { add, type Figure, isZero } from "./figure.ts";
import type { Forecast, ForecastCell } from "./line.ts";
import {
  addedUp,
  type Category,
  type Currency,
  categories,
  categoryOfDeal,
  convertedSum,
  creditsOf,
  dealsAtRandom,
  industries,
  isUnder,
  type ModelDeal,
  type ModelQuery,
  managers,
  queryAtRandom,
  rates,
  textOf,
  USERS,
  type User,
} from "./roll-up-fixture.ts";

const TODAY = "2026-11-15";
const months = { "2026-Q4": ["10", "11", "12"], "2026-10": ["10"], "2026-11": ["11"], "2026-12": ["12"] } as const;

interface Making {
  readonly accounts: readonly string[];
  readonly on: (day: string) => void;
}

/** All are made on the first of September, and moved today. */
async function make(crm: ForecastingCrm, deals: readonly ModelDeal[], { accounts, on }: Making): Promise<void> {
  const ids: string[] = [];
  for (const deal of deals) {
    const money = (units: number | null) =>
      units === null ? null : { amount: textOf(BigInt(units), deal.currency), currency: deal.currency };
    const made = await crm.opportunities.create({
      name: "Deal",
      ownerId: deal.owner,
      source: deal.source,
      accountId: deal.account === null ? null : accounts[deal.account]!,
      amount: money(deal.amount),
      oneTimeAmount: deal.oneTime ? money(deal.oneTime) : null,
      recurringAmount: deal.annual ? money(deal.annual) : null,
      recurringInterval: deal.annual ? "year" : null,
      expectedCloseDate: deal.day,
    });
    ids.push(made.id);
  }
  on(TODAY);
  for (const [at, deal] of deals.entries()) {
    const id = ids[at]!;
    const closes = deal.stage === "won" || deal.stage === "lost";
    if (deal.stage !== "pipeline")
      await crm.opportunities.moveTo(id, deal.stage, closes && deal.day ? { closeDate: closeDateOf(deal) } : {});
    if (deal.override) await crm.opportunities.update(id, { forecastCategory: deal.override });
    for (const kind of ["revenue", "overlay"] as const) {
      const splits = deal[kind].map(([userId, part]) => ({ userId, percent: (part / 10_000).toFixed(4) }));
      if (splits.length > 0) await crm.opportunities.setSplits(id, kind, splits);
    }
  }
}

const closeDateOf = ({ day }: ModelDeal) => (day === null || day > TODAY ? TODAY : day);

/** A deal as it is stored: of nothing there is no amount, the whole follows its parts where it is absent, and what closes has a day. */
function stored(deal: ModelDeal): ModelDeal {
  const [oneTime, annual] = [deal.oneTime || null, deal.annual || null];
  const whole = oneTime === null && annual === null ? null : (oneTime ?? 0) + (annual ?? 0);
  const amount = deal.amount ?? whole;
  const closes = deal.stage === "won" || deal.stage === "lost";
  return { ...deal, oneTime, annual, amount, day: closes ? closeDateOf(deal) : deal.day };
}

/** Who gets what in a line. */
type Belongs = (deal: ModelDeal, user: User | null) => boolean;

function figureOf(deals: readonly ModelDeal[], query: ModelQuery, belongs: Belongs): Figure {
  const parts = new Map<Currency, bigint>();
  for (const deal of deals) {
    for (const [user, units] of creditsOf(deal, query)) {
      if (query.under !== undefined && !isUnder(user, query.under)) continue;
      if (belongs(deal, user)) parts.set(deal.currency, (parts.get(deal.currency) ?? 0n) + units);
    }
  }
  if (query.measure === "count") return Number([...parts.values()].reduce((sum, units) => sum + units, 0n)) / 1_000_000;
  if (query.convert)
    return { amount: textOf(convertedSum(parts, query.convert), query.convert), currency: query.convert };
  return [...parts].sort().map(([currency, units]) => ({ amount: textOf(units, currency), currency }));
}

function behindOf(deals: readonly ModelDeal[], query: ModelQuery, { period, category }: Asked): readonly ModelDeal[] {
  return deals.filter((deal) => {
    const own = categoryOfDeal(deal);
    if (own === "omitted" || !addedUp(category, query.method).includes(own)) return false;
    return deal.day !== null && (months[period] as readonly string[]).includes(deal.day.slice(5, 7));
  });
}

interface Asked {
  readonly period: keyof typeof months;
  readonly category: Category;
}

function belongsTo(query: ModelQuery, key: string | null, part: "own" | "total"): Belongs {
  if (query.rollUp === "source") return ({ source }) => source === key;
  if (query.rollUp === "account.industry")
    return ({ account }) => (account === null ? null : industries[account]!) === key;
  return (_, user) => (key === null || part === "own" ? user === key : isUnder(user, key as User));
}

const shareSum = (shares: readonly Figure[]) =>
  shares.reduce<Figure | undefined>((sum, each) => (sum === undefined ? each : add(sum, each)), undefined);

describe.each(storages)("roll-ups at random on %s", (storage, makeStorage) => {
  const runs = storage === "memory" ? 12 : 3;

  it("are what a plain model says, and what is behind each figure adds up to it", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        dealsAtRandom,
        fc.array(fc.tuple(queryAtRandom, fc.nat(), fc.constantFrom(...categories)), { minLength: 10, maxLength: 10 }),
        async (made, queries) => {
          const { crm, on } = await openForecasting(makeStorage);
          on("2026-09-01");
          await makeStages(crm);
          await crm.settings.change({ reportingCurrency: "EUR" });
          await crm.exchangeRates.createMany(rates);
          for (const id of USERS) await crm.users.create({ id, name: id, managerId: managers[id] });
          const accounts = await crm.accounts.createMany(industries.map((industry, i) => ({ name: `${i}`, industry })));
          await make(crm, made, { accounts: accounts.map(({ id }) => id), on });
          const deals = made.map(stored);
          for (const [query, at, category] of queries) await check(crm, deals, { query, at, category });
          await crm.close();
        },
      ),
      { numRuns: runs, endOnFailure: true },
    );
  });
});

interface Checked {
  readonly query: ModelQuery;
  readonly at: number;
  readonly category: Category;
}

async function check(
  crm: ForecastingCrm,
  deals: readonly ModelDeal[],
  { query, at, category }: Checked,
): Promise<void> {
  const { convert, ...rest } = query;
  const asked = { ...rest, ...(convert ? { convert: { in: convert, on: TODAY } } : {}) };
  const forecast = await crm.forecasting.forecast({ ...asked, period: "2026-Q4" });
  const cellFigures = (cells: readonly ForecastCell[], belongs: Belongs) => {
    for (const cell of cells) {
      const period = cell.period as keyof typeof months;
      for (const each of categories)
        expect(cell[each], `${JSON.stringify(query)} ${period} ${each}`).toEqual(
          figureOf(behindOf(deals, query, { period, category: each }), query, belongs),
        );
    }
  };
  cellFigures(forecast.total, () => true);
  for (const { key, own, total } of forecast.lines) {
    cellFigures(own, belongsTo(query, key, "own"));
    cellFigures(total, belongsTo(query, key, "total"));
  }
  checkAsides(forecast, deals, query);
  const lines = [undefined, ...forecast.lines];
  const line = lines[at % lines.length];
  const part = at % 2 === 0 ? ("own" as const) : ("total" as const);
  const cells = line ? line[part] : forecast.total;
  const cell = cells[at % cells.length]!;
  const shares: Figure[] = [];
  const seen = new Set<string>();
  let after: string | undefined;
  do {
    const place = { ...(line ? { line: line.key, part } : {}), category, limit: 2, after } as const;
    const page = await crm.forecasting.opportunitiesBehind({ ...asked, by: undefined, period: cell.period, ...place });
    for (const { id, share } of page.items) {
      expect(seen.has(id)).toBe(false);
      seen.add(id);
      if (share !== null) shares.push(typeof share === "number" || convert ? share : [share]);
    }
    after = page.next;
  } while (after !== undefined);
  const sum = shareSum(shares);
  const figure = cell[category];
  if (sum === undefined) expect(isZero(figure)).toBe(true);
  else expect(sum, JSON.stringify({ asked, line: line?.key, part, category })).toEqual(figure);
}

function checkAsides({ overdue, undated }: Forecast, deals: readonly ModelDeal[], query: ModelQuery): void {
  const open = deals.filter((deal) => categoryOfDeal(deal) !== "omitted" && categoryOfDeal(deal) !== "closed");
  const late = open.filter(({ day }) => day !== null && day >= "2026-10-01" && day < TODAY);
  const without = open.filter(({ day }) => day === null);
  for (const [told, of] of [
    [overdue, late],
    [undated, without],
  ] as const) {
    expect(told.figure).toEqual(figureOf(of, query, () => true));
    const counted = { ...query, measure: "count" } as const;
    const credited = of.filter((deal) =>
      creditsOf(deal, counted).some(([user]) => query.under === undefined || isUnder(user, query.under)),
    );
    expect(told.count).toBe(credited.length);
  }
}
