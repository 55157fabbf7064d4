import { sum } from "@relata/core";
import { addDays } from "@relata/core/plugin";
import { describe, expect, it } from "vitest";
import {
  eur,
  type ForecastingCrm,
  makeDeal,
  makeStages,
  makeUsers,
  openForecasting,
  refusal,
  storages,
} from "../forecasting-fixture.ts";

type Opened = Awaited<ReturnType<typeof openForecasting>>;

/** Two reps who sell alike from January on: each day one starts, and after ten to thirty days two of three are won. */
async function sellAlike({ crm, on }: Opened): Promise<ForecastingCrm> {
  on("2026-01-01");
  await makeUsers(crm, "lead > ann", "lead > ben");
  await makeStages(crm);
  const open: { id: string; day: string; stage: string }[] = [];
  for (let day = 0; day < 220; day += 1) {
    on(addDays("2026-01-01", day));
    const [made] = await crm.opportunities.createMany([
      { name: `Deal ${day}`, ownerId: day % 2 ? "ann" : "ben", amount: eur(String(100 + (day % 7) * 50)) },
    ]);
    open.push({ id: made!.id, day: addDays("2026-01-01", day + 10 + (day % 5) * 5), stage: day % 3 ? "won" : "lost" });
    const closing = open.filter((deal) => deal.day === addDays("2026-01-01", day));
    if (closing.length > 0) await crm.opportunities.moveMany(closing.map(({ id, stage }) => ({ id, stage })));
  }
  return crm;
}

describe.each(storages)("a prediction on %s", (_, make) => {
  it("is of each owner and opportunity, with what is won already and the chance of the quota", {
    timeout: 60_000,
  }, async () => {
    const crm = await sellAlike(await openForecasting(make));
    await crm.forecasting.setQuotas([
      { userId: "ann", period: "2026-Q3", amount: eur("1") },
      { userId: "ben", period: "2026-Q3", amount: eur("9000000") },
    ]);
    await crm.forecasting.setQuota({ userId: "lead", period: "2026-Q3", amount: eur("12000") });
    const prediction = await crm.forecasting.predict({ period: "2026-Q3" });
    expect(prediction).toMatchObject({
      from: "2026-07-01",
      until: "2026-09-30",
      method: "competing_risks",
      reason: null,
    });
    const [{ currency, owners, quotas, total }] = prediction.currencies as [(typeof prediction.currencies)[number]];
    expect(currency).toBe("EUR");
    expect(owners.map(({ ownerId }) => ownerId)).toEqual(["ann", "ben"]);
    expect(quotas.map(({ userId, quota, chance }) => [userId, quota.amount, chance])).toEqual([
      ["ann", "1.00", 1],
      ["ben", "9000000.00", 0],
      // Who owns nothing, but has both below.
      ["lead", "12000.00", expect.closeTo(1, 2)],
    ]);
    const won = await crm.opportunities.aggregate({
      where: { status: "won", actualCloseDate: { gte: "2026-07-01" } },
      measures: { won: sum("amount") },
    });
    expect(total.won).toEqual(won[0]!.won[0]);
    const [low, middle, high] = [total.p10, total.p50, total.p90].map(({ amount }) => Number(amount));
    expect(Number(total.won.amount)).toBeLessThan(low!);
    expect(low).toBeLessThan(middle!);
    expect(middle).toBeLessThan(high!);
    // About 0.65 deals of 250 are won each day; 54 days are left.
    expect(middle! - Number(total.won.amount)).toBeGreaterThan(6_000);
    expect(middle! - Number(total.won.amount)).toBeLessThan(11_000);
    expect(prediction.opportunities.length).toBe(await crm.opportunities.count({ where: { status: "open" } }));
    expect(await crm.forecasting.predict({ period: "2026-Q3" })).toEqual({ ...prediction, asOf: expect.any(Date) });
    const below = await crm.forecasting.predict({ period: "2026-Q3", under: "ann" });
    expect(below.currencies[0]!.owners.map(({ ownerId }) => ownerId)).toEqual(["ann"]);
    expect(below.currencies[0]!.quotas.map(({ userId }) => userId)).toEqual(["ann"]);
    expect(below.opportunities.every(({ ownerId }) => ownerId === "ann")).toBe(true);
  });

  it("says so with too little history, and counts by the probabilities of stages", async () => {
    const { crm } = await openForecasting(make);
    await makeUsers(crm, "ann");
    await makeStages(crm);
    await makeDeal(crm, { stage: "pipeline", owner: "ann", amount: "1000", date: "2026-12-01" });
    await makeDeal(crm, {
      stage: "commit",
      owner: null,
      amount: { amount: "500", currency: "USD" },
      date: "2027-12-01",
    });
    await makeDeal(crm, { stage: "won", owner: "ann", amount: "300", date: "2026-11-15" });
    const { method, reason, currencies, opportunities } = await crm.forecasting.predict({ period: "2026-Q4" });
    expect(method).toBe("stage_probability");
    expect(reason).toContain("1 won and 0 lost");
    expect(currencies.map(({ currency, total }) => [currency, total.won.amount, total.mean.amount])).toEqual([
      ["EUR", "300.00", "400.00"],
      ["USD", "0.00", "0.00"],
    ]);
    expect(opportunities.map(({ ownerId, chance }) => [ownerId, chance])).toEqual([
      ["ann", 0.1],
      [null, 0],
    ]);
  });

  it("writes sums of any size as amounts", { timeout: 60_000 }, async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    const whole = { amount: { amount: "9000000000000000000", currency: "JPY" }, expectedCloseDate: "2026-12-01" };
    await crm.opportunities.createMany(
      Array.from({ length: 300 }, (_, at) => ({ ...whole, name: `Deal ${at}`, probability: "100" })),
    );
    const { currencies } = await crm.forecasting.predict({ period: "2026-Q4" });
    expect(currencies[0]!.total.open.amount).toMatch(/^2[67]\d{20}$/);
  });

  it("of an empty CRM is empty", async () => {
    const { crm } = await openForecasting(make);
    const prediction = await crm.forecasting.predict({ period: "2026-Q4" });
    expect(prediction).toMatchObject({ method: "stage_probability", currencies: [], opportunities: [] });
    const { currency, horizons } = await crm.forecasting.backtest();
    expect(currency).toBe(null);
    expect(horizons.map(({ months, origins }) => [months, origins.length])).toEqual([
      [1, 0],
      [3, 0],
    ]);
    const asked = await crm.forecasting.backtest({ origins: ["2026-09-30"] });
    expect(asked.horizons.map(({ origins }) => origins.map(({ outcome }) => outcome))).toEqual([[0], []]);
  });

  it("refuses what it cannot answer, naming the field", async () => {
    const opened = await openForecasting(make);
    const { crm } = opened;
    await makeStages(crm);
    const codes = async (call: Promise<unknown>) => {
      const { code, details } = await refusal(call);
      const issues = details.issues as readonly { readonly field: string; readonly code: string }[] | undefined;
      return [code, ...(issues ?? []).map(({ field }) => field)];
    };
    expect(await codes(crm.forecasting.predict({ period: "2026-Q3" }))).toEqual(["invalid_input", "period"]);
    expect(await codes(crm.forecasting.predict({ period: "9999-Q4" }))).toEqual(["invalid_input", "period"]);
    expect(await codes(crm.forecasting.predict({ period: "soon" }))).toEqual(["invalid_input", "period"]);
    expect(await codes(crm.forecasting.predict({ period: "2026-Q4", seed: 1.5 }))).toEqual(["invalid_input", "seed"]);
    expect(await codes(crm.forecasting.predict({ period: "2026-Q4", signals: ["mood"] }))).toEqual([
      "invalid_input",
      "signals.0",
    ]);
    expect(await codes(crm.forecasting.predict({ period: "2026-Q4", under: "nobody" }))).toEqual(["not_found"]);
    expect(await codes(crm.forecasting.backtest({ origins: ["2026-02-30"] }))).toEqual(["invalid_input", "origins.0"]);
    expect(await codes(crm.forecasting.backtest({ horizons: [0] }))).toEqual(["invalid_input", "horizons.0"]);
    await makeDeal(crm, { stage: "won", amount: "1000", date: "2026-11-15" });
    await makeDeal(crm, { stage: "won", amount: { amount: "500", currency: "USD" }, date: "2026-11-15" });
    opened.on("2026-12-31");
    expect(await codes(crm.forecasting.backtest({ origins: ["2026-11-30"], horizons: [1] }))).toEqual([
      "invalid_input",
      "convert",
    ]);
  });
});
