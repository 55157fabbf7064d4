import { describe, expect, it } from "vitest";
import { openAt } from "../changes/changes-fixture.ts";
import { eur, type MakeStorage, refusal, storages } from "../forecasting-fixture.ts";

/** A quarter in which two are won, one is lost, and dates are pushed. */
async function quarterIn(make: MakeStorage) {
  const { crm, set } = await openAt(make, "2026-09-01T09:00:00Z");
  await crm.settings.change({ reportingCurrency: "EUR", timeZone: "Europe/Berlin" });
  await crm.exchangeRates.create({ baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-09-01", rate: "0.5" });
  await crm.users.createMany([
    { id: "ann", name: "Ann" },
    { id: "bob", name: "Bob" },
  ]);
  const made = await crm.opportunities.createMany(
    ["won", "dollars", "lost", "pushed", "twice", "gone", "none"].map((name) => ({
      name,
      ownerId: name === "twice" ? "bob" : "ann",
      amount: name === "dollars" ? { amount: "100.01", currency: "USD" } : eur("100.00"),
      expectedCloseDate: name === "none" ? null : "2026-11-15",
    })),
  );
  const ids = Object.fromEntries(made.map(({ name, id }) => [name, id])) as Record<string, string>;
  // In Berlin, the quarter ends an hour before it does in UTC.
  set("2026-09-30T21:59:59.999Z");
  await crm.opportunities.update(ids.twice!, { expectedCloseDate: "2026-11-16" });
  set("2026-10-15T09:00:00Z");
  await crm.opportunities.update(ids.pushed!, { expectedCloseDate: "2027-01-16" });
  await crm.opportunities.update(ids.twice!, { expectedCloseDate: "2026-11-20" });
  await crm.opportunities.moveTo(ids.twice!, "proposal");
  await crm.opportunities.moveTo(ids.won!, "won", { closeDate: "2026-10-11" });
  set("2026-10-21T09:00:00Z");
  await crm.opportunities.update(ids.twice!, { ownerId: "ann" });
  await crm.opportunities.update(ids.twice!, { expectedCloseDate: "2026-11-30" });
  await crm.opportunities.moveTo(ids.dollars!, "won");
  await crm.opportunities.moveTo(ids.lost!, "lost", { lostReason: "price" });
  await crm.opportunities.delete(ids.gone!);
  set("2026-12-31T22:59:59.999Z");
  const stage = await crm.stages.find({ where: { key: "proposal" } });
  return { crm, set, ids, proposal: stage!.id };
}

const days = { from: "2026-10-01", to: "2026-12-31" };

describe.each(storages)("the flow on %s", (_, make) => {
  it("is as fast as open number, win rate, mean amount and mean days say", async () => {
    const { crm } = await quarterIn(make);
    const figures = {
      openNumber: 3,
      wonNumber: 2,
      lostNumber: 1,
      winRate: "0.666667",
      meanDaysToWin: "45",
    };
    // 3 × 2/3 × 50.00 ÷ 45; of the dollars, 3 × 2/3 × 50.005 ÷ 45 = 2.22244.
    expect(await crm.forecasting.velocity(days)).toEqual({
      ...days,
      asOf: new Date("2026-12-31T22:59:59.999Z"),
      ...figures,
      meanWonAmount: [eur("50.00"), { amount: "50.00", currency: "USD" }],
      perDay: [eur("2.22"), { amount: "2.22", currency: "USD" }],
    });
    // (100 + 50.005) ÷ 2, and 3 × 2/3 × 75.0025 ÷ 45.
    expect(await crm.forecasting.velocity({ ...days, convert: {} })).toMatchObject({
      ...figures,
      meanWonAmount: eur("75.00"),
      perDay: eur("3.33"),
    });
    expect(await crm.forecasting.velocity({ ...days, under: "bob" })).toMatchObject({
      openNumber: 0,
      winRate: null,
      meanWonAmount: null,
      meanDaysToWin: null,
      perDay: null,
    });
  });

  it("is what it was, as of an earlier instant", async () => {
    const { crm } = await quarterIn(make);
    const asOf = new Date("2026-10-16T09:00:00Z");
    const then = {
      openNumber: 6,
      wonNumber: 1,
      lostNumber: 0,
      winRate: "1",
      meanDaysToWin: "40",
      perDay: [eur("15.00")],
    };
    expect(await crm.forecasting.velocity({ ...days, asOf })).toMatchObject(then);
    expect(await crm.asOf(asOf).forecasting.velocity(days)).toMatchObject(then);
    expect(await crm.forecasting.velocity({ from: "2026-09-01", to: "2026-09-30" })).toMatchObject({
      openNumber: 7,
      wonNumber: 0,
      perDay: null,
    });
  });

  it("has no velocity where all was won on the day of its creation", async () => {
    const { crm } = await quarterIn(make);
    const { id } = await crm.opportunities.create({ name: "quick", amount: eur("9.00"), ownerId: "bob" });
    await crm.opportunities.moveTo(id, "won");
    expect(await crm.forecasting.velocity({ ...days, under: "bob" })).toMatchObject({
      winRate: "1",
      meanWonAmount: [eur("9.00")],
      meanDaysToWin: "0",
      perDay: null,
    });
  });

  it("slips as often and as far as history tells, by owner and stage of the time", async () => {
    const { crm, proposal } = await quarterIn(make);
    const slipped = await crm.forecasting.slippage({ period: "2026-Q4", by: "owner" });
    expect(slipped).toMatchObject({
      period: { from: "2026-10-01", until: "2026-12-31" },
      pushed: { pushes: 3, opportunities: 2, meanDays: "25.333333", medianDays: "10", maxDays: 62 },
      groups: [
        { key: "ann", name: "Ann", pushes: 2, opportunities: 2, meanDays: "36", medianDays: "36", maxDays: 62 },
        { key: "bob", name: "Bob", pushes: 1, opportunities: 1, meanDays: "4" },
      ],
    });
    const byStage = await crm.forecasting.slippage({ period: "2026-Q4", by: "stage" });
    expect(byStage.groups.map(({ name, pushes }) => [name, pushes])).toEqual([
      ["Qualification", 2],
      ["Proposal", 1],
    ]);
    expect(byStage.groups[1]!.key).toBe(proposal);
    expect((await crm.forecasting.slippage({ period: "2026-Q3" })).pushed).toMatchObject({ pushes: 1, meanDays: "1" });
    expect((await crm.forecasting.slippage({ period: "2026-10", under: "bob" })).pushed).toMatchObject({ pushes: 0 });
  });

  it("tells what became of what was expected when the period began", async () => {
    const { crm, set, ids } = await quarterIn(make);
    const outcomes = async (more: object = {}) => {
      const { expected } = await crm.forecasting.slippage({ period: "2026-Q4", ...more });
      const told = expected.outcomes
        .filter(({ count }) => count > 0)
        .map(({ outcome, count }) => `${outcome} ${count}`);
      return [expected.count, ...told].join(", ");
    };
    expect(await outcomes()).toBe("6, won 2, lost 1, pushed_out 1, still_expected 1, gone 1");
    expect(await outcomes({ asOf: new Date("2026-10-16T00:00:00Z") })).toBe("6, won 1, pushed_out 1, still_expected 4");
    const { expected } = await crm.forecasting.slippage({ period: "2026-Q4" });
    expect(expected.amount).toEqual([eur("500.00"), { amount: "100.01", currency: "USD" }]);
    expect(expected.outcomes[0]).toEqual({
      outcome: "won",
      count: 2,
      amount: [eur("100.00"), { amount: "100.01", currency: "USD" }],
    });
    set("2027-01-10T09:00:00Z");
    await crm.opportunities.moveTo(ids.twice!, "won");
    expect(await outcomes()).toBe("6, won 2, lost 1, pushed_out 1, still_expected 1, gone 1");
  });

  it("refuses days that have not begun, and others that are none", async () => {
    const { crm } = await quarterIn(make);
    const fieldsOf = async (call: Promise<unknown>) => {
      const { code, details } = await refusal(call);
      const issues = (details.issues ?? []) as readonly { readonly field: string }[];
      return [code, ...issues.map(({ field }) => field)].join(" ");
    };
    const { velocity, slippage } = crm.forecasting;
    expect(await fieldsOf(velocity({ from: "2027-01-01", to: "2027-01-31" }))).toBe("invalid_input from");
    expect(await fieldsOf(velocity({ from: "2026-10-01", to: "2026-09-30" }))).toBe("invalid_input to");
    expect(await fieldsOf(velocity({ from: "2026-02-30", to: "2026-12-31" }))).toBe("invalid_input from");
    expect(await fieldsOf(slippage({ period: "2027-Q1" }))).toBe("invalid_input period");
    expect(await fieldsOf(slippage({ period: "soon" }))).toBe("invalid_input period");
    expect(await fieldsOf(slippage({ period: "2026-Q4", by: "team" as never }))).toBe("invalid_input by");
    expect(await fieldsOf(slippage({ period: "2026-Q4", under: "nobody" }))).toBe("not_found");
  });
});
