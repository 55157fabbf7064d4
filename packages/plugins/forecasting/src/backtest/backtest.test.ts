import { addDays, dayNumberOf } from "@relata/core/plugin";
import { describe, expect, it } from "vitest";
import { type ForecastingCrm, makeUsers, openForecasting, storages } from "../forecasting-fixture.ts";
import { knownAt, type SyntheticRow, syntheticRows } from "../prediction/synthetic-deals-fixture.ts";
import { calendarPositions } from "../prediction/tenant-days.ts";
import { replay } from "./replay.ts";

const FIRST = "2025-01-01";
const ORIGINS = ["2025-05-31", "2025-06-30"];
const owners = ["ann", "ben", "cem"];
const dayOf = (day: number) => addDays(FIRST, day);

const rows = syntheticRows({
  ...{ deals: 420, startingDays: 240, owners, never: 0.2 },
  won: ({ position }) => (position === 2 ? 0.03 : 0.015),
  lost: () => 0.012,
});

const pipeline = (probability: string): Parameters<ForecastingCrm["pipelines"]["define"]>[0] => ({
  ...{ key: "sales", name: "Sales", entityType: "opportunity", isDefault: true },
  stages: [
    { key: "open", name: "Open", outcome: "open", probability },
    { key: "won", name: "Won", outcome: "won" },
    { key: "lost", name: "Lost", outcome: "lost" },
  ],
});

/** Told day by day, until a day is over. What `abroad` owns is in dollars. */
async function tell(
  { crm, on }: Awaited<ReturnType<typeof openForecasting>>,
  last: number,
  { abroad, priced = true }: { readonly abroad?: string; readonly priced?: boolean } = {},
): Promise<ForecastingCrm> {
  on(FIRST);
  await makeUsers(crm, "lead > ann", "lead > ben", "cem");
  await crm.exchangeRates.create({ baseCurrency: "USD", quoteCurrency: "EUR", day: FIRST, rate: "0.9" });
  await crm.pipelines.define(pipeline("50"));
  const ids = new Map<string, string>();
  for (let day = 0; day <= last; day += 1) {
    const [starting, closing] = [
      rows.filter(({ start }) => start === day),
      rows.filter(({ closed }) => closed?.on === day),
    ];
    if (starting.length + closing.length === 0) continue;
    on(dayOf(day));
    const made = await crm.opportunities.createMany(
      starting.map(({ id, owner, amount }) => ({
        ...{ name: id, ownerId: owner, expectedCloseDate: abroad === undefined ? null : dayOf(day + 60) },
        amount: priced ? { amount: String(amount), currency: owner === abroad ? "USD" : "EUR" } : null,
      })),
    );
    for (const { name, id } of made) ids.set(name, id);
    if (closing.length > 0)
      await crm.opportunities.moveMany(
        closing.map(({ id, closed }) => ({ id: ids.get(id)!, stage: closed!.won ? "won" : "lost" })),
      );
  }
  return crm;
}

const asked = { origins: ORIGINS, horizons: [1], signals: [] };

describe.each(storages)("a back-test on %s", (_, make) => {
  it("tells of an origin what it told before the later was recorded otherwise", { timeout: 60_000 }, async () => {
    const opened = await openForecasting(make);
    const crm = await tell(opened, 215, { abroad: "cem" });
    const signals = ["ownerId", "expectedCloseDate"];
    const forecastsOf = async (under?: string) => {
      const { horizons } = await crm.forecasting.backtest({ ...asked, signals, under, convert: { in: "EUR" } });
      return horizons[0]!.origins.map(({ outcome: _outcome, calibration: _calibration, ...origin }) => ({
        ...origin,
        owners: origin.owners.map(({ ownerId, forecasts }) => ({ ownerId, forecasts })),
      }));
    };
    const before = [await forecastsOf(), await forecastsOf("lead")];
    expect(before[0]!.map(({ origin, method }) => [origin, method])).toEqual(
      ORIGINS.map((origin) => [origin, "competing_risks"]),
    );
    expect(before[1]![0]!.owners.map(({ ownerId }) => ownerId)).toEqual(["ann", "ben"]);
    const { items: open } = await crm.opportunities.list({ where: { status: "open" }, limit: 60 });
    const { items: won } = await crm.opportunities.list({ where: { status: "won" }, limit: 60 });
    await crm.opportunities.updateMany(
      [...open, ...won].map(({ id }) => ({
        ...{ id, ownerId: "cem", amount: { amount: "90000", currency: "EUR" } },
        expectedCloseDate: "2025-06-10",
      })),
    );
    await crm.opportunities.moveMany(open.slice(0, 30).map(({ id }) => ({ id, stage: "won" })));
    await crm.opportunities.moveMany(won.slice(0, 30).map(({ id }) => ({ id, stage: "open" })));
    await crm.opportunities.delete(open[40]!.id);
    await crm.opportunities.archive(won[40]!.id);
    await crm.users.update("ann", { managerId: null });
    await crm.users.update("cem", { managerId: "lead" });
    await crm.exchangeRates.create({ baseCurrency: "USD", quoteCurrency: "EUR", day: "2025-05-15", rate: "7" });
    await crm.pipelines.define(pipeline("95"));
    await crm.forecasting.setCategories({ pipeline: "sales", stages: { open: "commit" } });
    await crm.forecasting.setQuotas([{ userId: "ann", period: "2025-07", amount: { amount: "5", currency: "EUR" } }]);
    const adjusted = { period: "2025-07", userId: "ann", category: "commit", by: "ann" } as const;
    await crm.forecasting.adjust({ ...adjusted, amount: { amount: "70000", currency: "EUR" } });
    await crm.settings.change({
      timeZone: "America/Los_Angeles",
      fiscalCalendar: { kind: "months", startMonth: 2, namedBy: "start" },
    });
    expect([await forecastsOf(), await forecastsOf("lead")]).toEqual(before);
  });

  it("knows what was won where nothing has an amount", { timeout: 60_000 }, async () => {
    const crm = await tell(await openForecasting(make), 215, { priced: false });
    const { currency, horizons } = await crm.forecasting.backtest(asked);
    expect(currency).toBe(null);
    const { calibration, origins } = horizons[0]!;
    expect(origins.map(({ outcome }) => outcome)).toEqual([0, 0]);
    expect(calibration!.reliability.reduce((sum, { deals, won }) => sum + deals * won, 0)).toBeGreaterThan(10);
  });

  it("begins with the first origin at which there was an opportunity, unless origins are given", {
    timeout: 60_000,
  }, async () => {
    const crm = await tell(await openForecasting(make), 215, { abroad: "cem" });
    const { horizons } = await crm.forecasting.backtest({ horizons: [1], signals: [], convert: { in: "EUR" } });
    expect(horizons[0]!.origins.map(({ origin }) => origin)).toEqual([
      "2025-01-31",
      "2025-02-28",
      "2025-03-31",
      "2025-04-30",
      "2025-05-31",
      "2025-06-30",
    ]);
  });

  it("reads what the days were: figures are those of the same deals without a CRM", { timeout: 60_000 }, async () => {
    const crm = await tell(await openForecasting(make), 215);
    const { horizons } = await crm.forecasting.backtest(asked);
    const days = rows.map(atRealDays);
    const riskFrom = Math.min(...days.flatMap(({ closed }) => (closed ? [closed.on] : [])));
    const windows = ORIGINS.map((origin, index) => ({
      ...{ origin: dayNumberOf(origin), from: dayNumberOf(origin) + 1 },
      to: dayNumberOf(["2025-06-30", "2025-07-31"][index]!),
    }));
    const { known, later } = {
      known: (day: number) => knownAt(days, day),
      later: knownAt(days, dayNumberOf(FIRST) + 215),
    };
    const calendar = calendarPositions(
      { fiscalCalendar: { kind: "months", startMonth: 1, namedBy: "start" }, weekStart: "monday" },
      ...([riskFrom, dayNumberOf("2025-12-31")] as const),
    );
    const pure = replay(
      windows.map((window) => ({
        known: {
          deals: known(window.origin),
          owners,
          stages: ["open"],
          probabilities: new Map([["open", 0.5]]),
          calendar,
          riskFrom,
          window,
          seed: 1,
        },
        ...{ judgement: "", later },
      })),
    );
    const shown = horizons[0]!;
    expect(pure.origins.map(({ forecast }) => forecast.outlook.method)).toEqual(["competing_risks", "competing_risks"]);
    expect(shown.origins.map(({ company }) => company)).toEqual(pure.origins.map(({ forecast }) => forecast.company));
    expect(shown.origins.map(({ outcome }) => outcome)).toEqual(pure.origins.map(({ outcome }) => outcome));
    expect(shown.methods[0]!.owners).toEqual(pure.scores.predicted);
    expect(shown.calibration).toEqual(pure.calibration);
  });
});

const atRealDays = ({ start, closed, ...row }: SyntheticRow): SyntheticRow => ({
  ...row,
  start: start + dayNumberOf(FIRST),
  ...(closed ? { closed: { ...closed, on: closed.on + dayNumberOf(FIRST) } } : {}),
});
