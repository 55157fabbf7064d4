import { describe, expect, it } from "vitest";
import { eur, storages } from "../forecasting-fixture.ts";
import { openTeam, refusal, usd } from "./judgement-fixture.ts";

describe.each(storages)("quotas on %s", (_, storage) => {
  it("tells attainment, gap and coverage of users with all below, and of teams", async () => {
    const { crm, deal } = await openTeam(storage);
    const { id: teamId } = await crm.teams.create({ id: "north", name: "North" });
    const won = await deal("rita", eur("250"), { teamId });
    await crm.opportunities.moveTo(won.id, "won");
    await deal("rita", eur("300"), { teamId });
    await deal("ray", eur("900"), { forecastCategory: "pipeline" });
    await deal("mona", eur("1000"), { forecastCategory: "omitted" });
    await deal("mona", eur("77"), { expectedCloseDate: "2027-01-01" });
    const set = crm.forecasting.setQuota;
    await set({ userId: "mona", period: "2026-Q4", amount: eur("750") });
    await set({ userId: "rita", period: { unit: "quarter", start: "2026-10-01" }, amount: eur("200") });
    await set({ userId: "ray", period: "2026-Q4", amount: eur("0") });
    await set({ userId: "otto", period: "2026-Q4", amount: eur("10") });
    await set({ userId: "vera", period: "2026-12", amount: eur("10") });
    await set({ teamId, period: "2026-Q4", amount: eur("500") });
    const { users, teams } = await crm.forecasting.judged({ period: "2026-Q4" });
    const quotaOf = Object.fromEntries(users.map(({ userId, quota }) => [userId, quota]));
    expect(quotaOf).toEqual({
      vera: null,
      mona: {
        ...{ quota: eur("750.00"), closed: eur("250.00"), open: eur("1200.00") },
        ...{ attainment: "0.333333", gap: eur("500.00"), coverage: "2.4" },
      },
      rita: {
        ...{ quota: eur("200.00"), closed: eur("250.00"), open: eur("300.00") },
        ...{ attainment: "1.25", gap: eur("-50.00"), coverage: null },
      },
      ray: {
        ...{ quota: eur("0.00"), closed: eur("0.00"), open: eur("900.00") },
        ...{ attainment: null, gap: eur("0.00"), coverage: null },
      },
      otto: {
        ...{ quota: eur("10.00"), closed: eur("0.00"), open: eur("0.00") },
        ...{ attainment: "0", gap: eur("10.00"), coverage: "0" },
      },
    });
    expect(teams).toEqual([
      {
        teamId: "north",
        name: "North",
        quota: {
          ...{ quota: eur("500.00"), closed: eur("250.00"), open: eur("300.00") },
          ...{ attainment: "0.5", gap: eur("250.00"), coverage: "1.2" },
        },
      },
    ]);
    expect((await crm.forecasting.judged({ period: "2026-Q4", under: "mona" })).teams).toEqual([]);
  });

  it("takes what is in the quota's currency, or all of it converted; and numbers", async () => {
    const { crm, deal } = await openTeam(storage);
    await crm.exchangeRates.create({ baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-11-01", rate: "0.5" });
    for (const amount of [eur("100"), usd("100")])
      await crm.opportunities.moveTo((await deal("rita", amount)).id, "won");
    await deal("rita", usd("30"));
    await crm.forecasting.setQuota({ userId: "rita", period: "2026-Q4", amount: usd("400") });
    await crm.forecasting.setQuota({ userId: "rita", period: "2026-Q4", measure: "count", number: 4 });
    const quotaOf = async (query: object = {}) =>
      (await crm.forecasting.judged({ period: "2026-Q4", ...query })).users.find(({ userId }) => userId === "rita")!
        .quota;
    expect(await quotaOf()).toEqual({
      ...{ quota: usd("400.00"), closed: usd("100.00"), open: usd("30.00") },
      ...{ attainment: "0.25", gap: usd("300.00"), coverage: "0.1" },
    });
    expect(await quotaOf({ convert: { in: "EUR" } })).toEqual({
      ...{ quota: eur("200.00"), closed: eur("150.00"), open: eur("15.00") },
      ...{ attainment: "0.75", gap: eur("50.00"), coverage: "0.3" },
    });
    expect(await quotaOf({ measure: "count" })).toEqual({
      ...{ quota: 4, closed: 2, open: 1, attainment: "0.5", gap: 2, coverage: "0.5" },
    });
    expect(await quotaOf({ measure: "one_time" })).toBe(null);
  });

  it("keeps one quota of a user, period and measure, and what it was before", async () => {
    const { crm, clock } = await openTeam(storage);
    const { id } = await crm.forecasting.setQuota({ userId: "rita", period: "2026-Q4", amount: eur("100") });
    clock.set("2026-11-03T09:00:00Z");
    const set = await crm.forecasting.setQuotas([
      { userId: "rita", period: "2026-Q4", amount: usd("120") },
      { userId: "rita", period: "2026-10", amount: eur("40") },
      { userId: "ray", period: "2026-Q4", measure: "count", number: 7 },
    ]);
    expect(set.map(({ userId, period, amount, number }) => [userId, period, amount?.currency ?? number])).toEqual([
      ["rita", "2026-Q4", "USD"],
      ["rita", "2026-10", "EUR"],
      ["ray", "2026-Q4", 7],
    ]);
    expect(set[0]!.id).toBe(id);
    const listed = await crm.forecasting.quotas({ period: "2026-Q4" });
    expect(listed.map(({ userId, measure }) => `${userId} ${measure}`)).toEqual(["ray count", "rita amount"]);
    const asOf = new Date("2026-11-02T12:00:00Z");
    expect(await crm.forecasting.quotas({ asOf })).toMatchObject([{ userId: "rita", amount: eur("100.00") }]);
    await crm.forecasting.removeQuota({ userId: "rita", period: "2026-Q4" });
    expect(await crm.forecasting.quotas({ userId: "rita" })).toMatchObject([{ period: "2026-10" }]);
    expect(await refusal(crm.forecasting.removeQuota({ userId: "rita", period: "2026-Q4" }))).toMatch(
      /^not_found period: /,
    );
    await crm.settings.change({ fiscalCalendar: { kind: "months", startMonth: 2, namedBy: "end" } });
    expect(await crm.forecasting.quotas({ userId: "ray" })).toMatchObject([{ period: null, from: "2026-10-01" }]);
  });

  it("leaves one quota where many set it side by side", async () => {
    const { crm } = await openTeam(storage);
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map((number) =>
        crm.forecasting.setQuota({ userId: "rita", period: "2026-Q4", amount: eur(`${number}`) }),
      ),
    );
    expect(await crm.forecasting.quotas()).toHaveLength(1);
  });

  it("refuses what is no quota, and stores nothing", async () => {
    const { crm } = await openTeam(storage);
    const good = { userId: "rita", period: "2026-Q4", amount: eur("100") };
    const tried = (more: object) => refusal(crm.forecasting.setQuota({ ...good, ...more } as never));
    expect(await tried({ period: { unit: "quarter", start: "2026-10-15" } })).toMatch(
      /^invalid_input period: forecastQuota.period starts on 2026-10-15, inside of 2026-Q4: the first day of that quarter is 2026-10-01/,
    );
    expect(await tried({ period: { unit: "month", start: "2026-10-31" } })).toMatch(/^invalid_input period: /);
    expect(await tried({ period: { unit: "month", start: "2026-02-30" } })).toMatch(/^invalid_input period/);
    expect(await tried({ period: "FY2026-Q4" })).toMatch(/^invalid_input period: .*names no period/);
    expect(await tried({ period: "2026" })).toMatch(/^invalid_input period: /);
    expect(await tried({ period: { unit: "week", start: "2026-10-01" } })).toMatch(
      /^invalid_input period.*a month or a quarter/,
    );
    expect(await tried({ period: 5 })).toMatch(/^invalid_input period: .*a month or a quarter/);
    expect(await tried({ userId: "nobody" })).toMatch(/^reference_not_found userId: /);
    expect(await tried({ userId: undefined })).toMatch(/^invalid_input userId: .*or teamId is required/);
    expect(await tried({ userId: undefined, teamId: "nobody" })).toMatch(/^reference_not_found teamId: /);
    expect(await tried({ teamId: "north" })).toMatch(/^invalid_input userId: /);
    expect(await tried({ amount: eur("-1") })).toMatch(/^invalid_input amount: .*cannot be negative/);
    expect(await tried({ amount: undefined, number: 5 })).toMatch(/^invalid_input amount: /);
    expect(await tried({ measure: "count", amount: undefined, number: -5 })).toMatch(/^invalid_input number: /);
    expect(await tried({ measure: "closed" })).toMatch(/^invalid_input measure: /);
    const list = [good, { ...good, period: "2026-11" }, { ...good, userId: "ray", amount: eur("-1") }];
    expect(await refusal(crm.forecasting.setQuotas(list))).toMatch(/^invalid_input amount: forecastQuota \(input 2\)/);
    expect(await refusal(crm.forecasting.setQuotas([good, good]))).toMatch(
      /^invalid_input period: forecastQuota \(input 1\)/,
    );
    expect(await crm.forecastQuotas.count()).toBe(0);
    expect(await crm.forecasting.setQuota({ ...good, amount: eur("-0.00") })).toMatchObject({ amount: eur("0.00") });
  });

  it("needs no rates for what is not shown", async () => {
    const { crm } = await openTeam(storage);
    await crm.teams.create({ id: "north", name: "North" });
    await crm.forecasting.setQuotas([
      { userId: "rita", period: "2026-Q4", amount: eur("100") },
      { userId: "otto", period: "2026-Q4", amount: usd("100") },
      { teamId: "north", period: "2026-Q4", amount: usd("100") },
    ]);
    const query = { period: "2026-Q4", convert: { in: "EUR" } } as const;
    const { users, teams } = await crm.forecasting.judged({ ...query, under: "mona" });
    expect(users.map(({ userId, quota }) => [userId, quota?.quota])).toEqual([
      ["mona", undefined],
      ["ray", undefined],
      ["rita", eur("100.00")],
    ]);
    expect(teams).toEqual([]);
    expect(await refusal(crm.forecasting.judged(query))).toMatch(/^missing_rate /);
  });
});
