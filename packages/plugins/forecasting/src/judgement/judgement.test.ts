import { describe, expect, it } from "vitest";
import { eur, storages } from "../forecasting-fixture.ts";
import { openTeam, refusal, usd } from "./judgement-fixture.ts";

const q4 = { period: "2026-Q4", category: "commit" } as const;

describe.each(storages)("judgement on %s", (_, storage) => {
  it("adds up a tree of three levels along owners' and managers' adjustments", async () => {
    const { crm, deal, views } = await openTeam(storage);
    await deal("vera", eur("1"));
    await deal("mona", eur("10"));
    await deal("rita", eur("100"));
    await deal("ray", eur("1000"));
    await deal("ray", eur("5000"), { forecastCategory: "best_case" });
    expect(await views()).toEqual({
      vera: "1 EUR | 1111 EUR | 1111 EUR | 1111 EUR | 1111 EUR",
      mona: "10 EUR | 1110 EUR | 1110 EUR | 1110 EUR | 1110 EUR",
      rita: "100 EUR | 100 EUR | 100 EUR | 100 EUR | 100 EUR",
      ray: "1000 EUR | 1000 EUR | 1000 EUR | 1000 EUR | 1000 EUR",
      otto: "0 | 0 | 0 | 0 | 0",
    });
    const { adjust } = crm.as({ actorId: "mona" }).forecasting;
    await crm
      .as({ actorId: "ray" })
      .forecasting.adjust({ ...q4, userId: "ray", amount: eur("900"), note: "one slips" });
    await adjust({ ...q4, userId: "ray", amount: eur("800") });
    await adjust({ ...q4, userId: "rita", mode: "difference", amount: eur("25.50") });
    expect(await views()).toMatchObject({
      ray: "1000 EUR | 1000 EUR | 1000 EUR | 900 EUR | 800 EUR",
      rita: "100 EUR | 100 EUR | 100 EUR | 100 EUR | 125.5 EUR",
      mona: "10 EUR | 1110 EUR | 935.5 EUR | 935.5 EUR | 935.5 EUR",
      vera: "1 EUR | 1111 EUR | 936.5 EUR | 936.5 EUR | 936.5 EUR",
    });
    await adjust({ ...q4, userId: "mona", mode: "difference", amount: eur("-35.5") });
    await crm.forecasting.adjust({ ...q4, userId: "mona", by: "vera", amount: eur("850"), kind: "manager" });
    expect(await views()).toMatchObject({
      mona: "10 EUR | 1110 EUR | 935.5 EUR | 900 EUR | 850 EUR",
      vera: "1 EUR | 1111 EUR | 851 EUR | 851 EUR | 851 EUR",
    });
    // Best case is cumulative: it has the commit in it, and its own adjustments.
    expect(await views({ category: "best_case" })).toMatchObject({
      vera: "1 EUR | 6111 EUR | 6111 EUR | 6111 EUR | 6111 EUR",
    });
    expect(await views({ under: "mona" })).toEqual({
      mona: "10 EUR | 1110 EUR | 935.5 EUR | 900 EUR | 850 EUR",
      rita: "100 EUR | 100 EUR | 100 EUR | 100 EUR | 125.5 EUR",
      ray: "1000 EUR | 1000 EUR | 1000 EUR | 900 EUR | 800 EUR",
    });
  });

  it("tells when what lies beneath has changed since, and of a confirmation that it has not", async () => {
    const { crm, clock, deal, said } = await openTeam(storage);
    const { id } = await deal("rita", eur("100"));
    const { adjust } = crm.as({ actorId: "mona" }).forecasting;
    clock.set("2026-11-03T09:00:00Z");
    const asMona = { ...q4, userId: "mona", amount: eur("500") };
    await adjust({ ...q4, userId: "rita", amount: eur("90") });
    await adjust(asMona);
    const unchanged = [{ byId: "mona", state: "counts", stale: false, beneath: "90 EUR -> 90 EUR -> 0 EUR" }];
    expect(await said("mona")).toEqual(unchanged);
    clock.set("2026-11-04T09:00:00Z");
    await crm.opportunities.update(id, { amount: eur("130") });
    // What Mona says of Rita replaces the change: her own figure is not touched by it.
    expect(await said("mona")).toEqual(unchanged);
    expect(await said("rita")).toEqual([
      { byId: "mona", state: "counts", stale: true, beneath: "100 EUR -> 130 EUR -> 30 EUR" },
    ]);
    clock.set("2026-11-05T09:00:00Z");
    await adjust({ ...q4, userId: "rita", amount: eur("95") });
    expect(await said("mona")).toEqual([
      { byId: "mona", state: "counts", stale: true, beneath: "90 EUR -> 95 EUR -> 5 EUR" },
    ]);
    clock.set("2026-11-06T09:00:00Z");
    await adjust(asMona);
    expect(await said("mona")).toEqual([
      { byId: "mona", state: "counts", stale: false, beneath: "95 EUR -> 95 EUR -> 0 EUR" },
    ]);
    // History tells the same figure of that instant as was kept with the adjustment.
    const asOf = new Date("2026-11-03T09:00:00Z");
    expect(await said("mona", { asOf })).toEqual(unchanged);
    expect(await said("mona", { asOf: new Date("2026-11-05T12:00:00Z") })).toMatchObject([{ stale: true }]);
    expect(await said("mona", { asOf: new Date("2026-11-02T12:00:00Z") })).toEqual([]);
  });

  it("sets adjustments aside when the method changes, and has them again when it changes back", async () => {
    const { crm, deal, views } = await openTeam(storage);
    await deal("rita", eur("100"));
    await deal("rita", eur("40"), { forecastCategory: "best_case" });
    const best = { ...q4, category: "best_case" } as const;
    await crm.forecasting.adjust({ ...best, userId: "rita", by: "rita", amount: eur("120") });
    const both = async () => [
      (await views({ category: "best_case" })).rita,
      (await views({ category: "best_case", method: "single" })).rita,
    ];
    expect(await both()).toEqual([
      "140 EUR | 140 EUR | 140 EUR | 120 EUR | 120 EUR",
      "40 EUR | 40 EUR | 40 EUR | 40 EUR | 40 EUR",
    ]);
    await crm.forecasting.adjust({
      ...best,
      userId: "rita",
      by: "rita",
      method: "single",
      mode: "difference",
      amount: eur("1"),
    });
    expect(await both()).toEqual([
      "140 EUR | 140 EUR | 140 EUR | 120 EUR | 120 EUR",
      "40 EUR | 40 EUR | 40 EUR | 41 EUR | 41 EUR",
    ]);
    const { setAside } = await crm.forecasting.judged({ period: "2026-Q4", method: "single" });
    expect(setAside).toBe(1);
    // Of other measures, categories and periods nothing is said.
    expect((await views({ category: "best_case", measure: "one_time" })).rita).toBe("0 | 0 | 0 | 0 | 0");
    expect((await views({ category: "most_likely" })).rita).toBe("100 EUR | 100 EUR | 100 EUR | 100 EUR | 100 EUR");
    expect((await views({ category: "best_case", period: "2026-12" })).rita).toBe(
      "140 EUR | 140 EUR | 140 EUR | 140 EUR | 140 EUR",
    );
  });

  it("tells of an author who stands above no longer, and does not count the adjustment", async () => {
    const { crm, deal, said, views } = await openTeam(storage);
    await deal("rita", eur("100"));
    await crm.forecasting.adjust({ ...q4, userId: "rita", by: "mona", amount: eur("70") });
    await crm.forecasting.adjust({ ...q4, userId: "rita", by: "vera", mode: "difference", amount: eur("5") });
    expect((await views()).rita).toBe("100 EUR | 100 EUR | 100 EUR | 100 EUR | 75 EUR");
    await crm.users.update("rita", { managerId: "otto" });
    expect((await views()).rita).toBe("100 EUR | 100 EUR | 100 EUR | 100 EUR | 105 EUR");
    expect(await said("rita")).toEqual([
      { byId: "vera", state: "counts", stale: true, beneath: "70 EUR -> 100 EUR -> 30 EUR" },
      { byId: "mona", state: "not_above", stale: false, beneath: null },
    ]);
    await crm.users.update("rita", { managerId: "mona" });
    expect((await views()).rita).toBe("100 EUR | 100 EUR | 100 EUR | 100 EUR | 75 EUR");
  });

  it("judges numbers, single currencies, and a whole in one currency", async () => {
    const { crm, deal, said, views } = await openTeam(storage);
    await crm.exchangeRates.create({ baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-11-01", rate: "0.5" });
    await deal("rita", eur("100"));
    await deal("rita", usd("60"));
    const { adjust } = crm.as({ actorId: "mona" }).forecasting;
    await adjust({ ...q4, userId: "rita", measure: "count", number: 1 });
    expect((await views({ measure: "count" })).rita).toBe("2 | 2 | 2 | 2 | 1");
    await adjust({ ...q4, userId: "rita", amount: usd("80") });
    const convert = { in: "EUR", on: "2026-11-02" };
    expect((await views()).rita).toBe(
      "100 EUR + 60 USD | 100 EUR + 60 USD | 100 EUR + 60 USD | 100 EUR + 60 USD | 100 EUR + 80 USD",
    );
    expect((await views({ convert })).rita).toBe("130 EUR | 130 EUR | 130 EUR | 130 EUR | 140 EUR");
    await adjust({ ...q4, userId: "rita", amount: eur("120"), whole: true });
    expect((await views({ convert })).rita).toBe("130 EUR | 130 EUR | 130 EUR | 130 EUR | 120 EUR");
    expect((await views()).mona).toBe("0 | 100 EUR + 60 USD | 100 EUR + 80 USD | 100 EUR + 80 USD | 100 EUR + 80 USD");
    expect((await crm.forecasting.judged({ period: "2026-Q4" })).setAside).toBe(1);
    expect(await said("rita", { convert })).toEqual([
      { byId: "mona", state: "replaced", stale: false, beneath: "60 USD -> 60 USD -> 0 USD" },
      { byId: "mona", state: "counts", stale: false, beneath: "140 EUR -> 140 EUR -> 0 EUR" },
    ]);
    await deal("rita", usd("10"));
    expect(await said("rita", { convert })).toMatchObject([
      { stale: true, beneath: "60 USD -> 70 USD -> 10 USD" },
      { stale: false, beneath: "140 EUR -> 140 EUR -> 0 EUR" },
    ]);
    expect(await refusal(crm.forecasting.judged({ period: "2026-Q4", convert: { in: "JPY" } }))).toMatch(
      /^missing_rate /,
    );
  });

  it("keeps every word with who wrote it, when, what was before, and what lay beneath", async () => {
    const { crm, clock, deal, views } = await openTeam(storage);
    await deal("rita", eur("100"));
    const as = (actorId: string) => crm.as({ actorId }).forecasting;
    const first = await as("rita").adjust({ ...q4, userId: "rita", amount: eur("90"), note: "careful" });
    clock.set("2026-11-03T09:00:00Z");
    const second = await as("rita").adjust({ ...q4, userId: "rita", mode: "difference", amount: eur("5") });
    expect(second).toMatchObject({
      id: first.id,
      note: null,
      kind: "owner",
      period: "2026-Q4",
      beneath: [eur("100.00")],
    });
    clock.set("2026-11-04T09:00:00Z");
    await as("mona").withdraw({ id: first.id, note: "talked to Rita" });
    expect((await views()).rita).toBe("100 EUR | 100 EUR | 100 EUR | 100 EUR | 100 EUR");
    expect(await crm.forecasting.adjustments({ period: "2026-Q4" })).toEqual([]);
    const query = { period: "2026-Q4", under: "mona", withdrawn: "include" } as const;
    const [told] = await crm.forecasting.adjustments(query);
    expect(told).toMatchObject({ id: first.id, withdrawn: true, note: "talked to Rita" });
    expect(
      told!.history.map(({ at, actorId, before, after }) => [at.toISOString(), actorId, before?.amount?.amount, after]),
    ).toEqual([
      [
        "2026-11-02T09:00:00.000Z",
        "rita",
        undefined,
        saidOf({ mode: "absolute", amount: eur("90.00"), note: "careful" }),
      ],
      ["2026-11-03T09:00:00.000Z", "rita", "90.00", saidOf({ mode: "difference", amount: eur("5.00") })],
      [
        ...["2026-11-04T09:00:00.000Z", "mona", "5.00"],
        saidOf({ mode: "difference", amount: eur("5.00"), note: "talked to Rita", withdrawn: true }),
      ],
    ]);
    expect(await as("mona").withdraw({ id: first.id, note: "again" })).toMatchObject({ note: "talked to Rita" });
    await as("rita").adjust({ ...q4, userId: "rita", amount: eur("95") });
    expect((await views()).rita).toBe("100 EUR | 100 EUR | 100 EUR | 95 EUR | 95 EUR");
    expect(await crm.forecastAdjustments.count()).toBe(1);
    const asOf = new Date("2026-11-03T12:00:00Z");
    expect(await crm.forecasting.adjustments({ period: "2026-Q4", asOf })).toMatchObject([
      { mode: "difference", history: [{}, {}] },
    ]);
    expect(await crm.forecasting.adjustments({ period: "2026-Q4", under: "otto" })).toEqual([]);
  });

  it("belongs to who is credited, as well", async () => {
    const { crm, deal, views } = await openTeam(storage);
    const { id } = await deal("rita", eur("100"));
    await crm.opportunities.setSplits(id, "revenue", [
      { userId: "rita", percent: "40" },
      { userId: "otto", percent: "60" },
    ]);
    await crm.forecasting.adjust({ ...q4, userId: "otto", by: "vera", credit: "revenue", amount: eur("50") });
    expect(await views({ credit: "revenue" })).toMatchObject({
      rita: "40 EUR | 40 EUR | 40 EUR | 40 EUR | 40 EUR",
      otto: "60 EUR | 60 EUR | 60 EUR | 60 EUR | 50 EUR",
      vera: "0 | 100 EUR | 90 EUR | 90 EUR | 90 EUR",
    });
    expect(await views()).toMatchObject({
      rita: "100 EUR | 100 EUR | 100 EUR | 100 EUR | 100 EUR",
      otto: "0 | 0 | 0 | 0 | 0",
    });
  });

  it("tells what lay beneath at the instant that an import gives", async () => {
    const { crm, clock, deal, said } = await openTeam(storage);
    const { id } = await deal("rita", eur("100"));
    clock.set("2026-11-10T09:00:00Z");
    await crm.opportunities.update(id, { amount: eur("170") });
    const at = crm.at(new Date("2026-11-05T09:00:00Z"));
    await at.forecasting.adjust({ ...q4, userId: "rita", by: "mona", amount: eur("90") });
    expect(await said("rita")).toEqual([
      { byId: "mona", state: "counts", stale: true, beneath: "100 EUR -> 170 EUR -> 70 EUR" },
    ]);
  });

  it("takes part in the caller's unit, whole or not at all", async () => {
    const { crm, said, views } = await openTeam(storage);
    const rita = { name: "of rita", ownerId: "rita", amount: eur("60"), forecastCategory: "commit" } as const;
    const both = (fails: boolean) =>
      crm.transaction(async (tx) => {
        await tx.opportunities.create({ ...rita, expectedCloseDate: "2026-12-15" });
        await tx.forecasting.adjust({ ...q4, userId: "rita", by: "mona", amount: eur("50") });
        await tx.forecasting.adjust({ ...q4, userId: "mona", by: "mona", mode: "difference", amount: eur("1") });
        if (fails) throw new Error("no");
      });
    await both(true).catch(() => undefined);
    expect(await crm.forecastAdjustments.count({ archived: "include" })).toBe(0);
    await both(false);
    expect(await said("rita")).toMatchObject([{ stale: false, beneath: "60 EUR -> 60 EUR -> 0 EUR" }]);
    expect(await said("mona")).toMatchObject([{ stale: false, beneath: "50 EUR -> 50 EUR -> 0 EUR" }]);
    expect((await views()).mona).toBe("0 | 60 EUR | 50 EUR | 51 EUR | 51 EUR");
  });

  it("goes with a user who is deleted, and keeps one of two that say the same where users are merged", async () => {
    const { crm, views } = await openTeam(storage);
    const say = (userId: string, by: string, amount: string) =>
      crm.forecasting.adjust({ ...q4, userId, by, amount: eur(amount) });
    await say("rita", "rita", "1");
    await say("rita", "mona", "2");
    await say("ray", "ray", "3");
    await say("ray", "mona", "4");
    await crm.users.merge("rita", "ray");
    expect((await views()).rita).toBe("0 | 0 | 0 | 1 EUR | 2 EUR");
    await crm.users.delete("rita");
    expect(await crm.forecastAdjustments.count({ archived: "include" })).toBe(0);
    expect((await crm.forecasting.judged({ period: "2026-Q4" })).users.map(({ userId }) => userId)).toEqual([
      "vera",
      "mona",
      "otto",
    ]);
  });

  it("leaves one adjustment where many make the same one side by side", async () => {
    const { crm, deal } = await openTeam(storage);
    await deal("rita", eur("100"));
    const numbers = [1, 2, 3, 4, 5, 6];
    await Promise.all(
      numbers.map((number) => crm.forecasting.adjust({ ...q4, userId: "rita", by: "mona", amount: eur(`${number}`) })),
    );
    const [only, ...others] = (await crm.forecastAdjustments.list()).items;
    expect(others).toEqual([]);
    expect(numbers.map((number) => `${number}.00`)).toContain(only!.amount!.amount);
  });

  it("refuses what cannot be said, and stores nothing", async () => {
    const { crm, deal } = await openTeam(storage);
    await deal("rita", eur("100"));
    const good = { ...q4, userId: "rita", by: "mona", amount: eur("50") };
    const tried = (more: object) => refusal(crm.forecasting.adjust({ ...good, ...more } as never));
    expect(await tried({ by: "otto" })).toBe(
      'adjustment_not_above by: User "otto" neither is "rita" nor stands above in the manager tree: only these may do that. Check users.managerId, or name another `by`.',
    );
    expect(await tried({ by: "ray" })).toMatch(/^adjustment_not_above by/);
    expect(await tried({ userId: "mona", by: "rita" })).toMatch(/^adjustment_not_above by/);
    expect(await tried({ by: "nobody" })).toMatch(/^adjustment_not_above by/);
    expect(await tried({ userId: "nobody" })).toMatch(/^invalid_input userId: .*"nobody", which is no user/);
    expect(await tried({ by: undefined })).toMatch(/^invalid_input by: .*is required where the handle acts for nobody/);
    expect(await tried({ kind: "owner" })).toMatch(/^invalid_input kind: /);
    expect(await tried({ category: "pipeline" })).toMatch(
      /^invalid_input category: .*only best_case, most_likely, commit can/,
    );
    expect(await tried({ category: "closed" })).toMatch(/^invalid_input category/);
    expect(await tried({ category: undefined })).toMatch(/^invalid_input category: .*is required/);
    expect(await tried({ period: "2026" })).toMatch(/^invalid_input period: .*forecasts are of months and quarters/);
    expect(await tried({ period: "2026-Q7" })).toMatch(/^invalid_input period: .*its names are like "2026-Q4"/);
    expect(await tried({ period: { unit: "quarter", start: "2026-11-01" } })).toMatch(
      /^invalid_input period: .*inside of 2026-Q4: the first day of that quarter is 2026-10-01/,
    );
    expect(await tried({ period: { unit: "week", start: "2026-11-02" } })).toMatch(/^invalid_input period/);
    expect(await tried({ amount: undefined })).toMatch(/^invalid_input amount: .*is required for the measure "amount"/);
    expect(await tried({ amount: { amount: "1.234", currency: "EUR" } })).toMatch(/^invalid_input amount/);
    expect(await tried({ amount: { amount: "NaN", currency: "EUR" } })).toMatch(/^invalid_input amount/);
    expect(await tried({ amount: { amount: "1", currency: "XXX" } })).toMatch(/^invalid_input amount/);
    expect(await tried({ number: 5 })).toMatch(/^invalid_input number: .*give amount/);
    expect(await tried({ measure: "count" })).toMatch(/^invalid_input number: /);
    expect(await tried({ measure: "count", amount: undefined, number: 1.5 })).toMatch(/^invalid_input number: /);
    expect(await tried({ measure: "count", amount: undefined, number: 1, whole: true })).toMatch(
      /^invalid_input whole: /,
    );
    expect(await tried({ measure: "margin" })).toMatch(/^invalid_input measure: /);
    expect(await tried({ mode: "percent" })).toMatch(/^invalid_input mode: /);
    expect(await tried({ note: "x".repeat(2_001) })).toMatch(/^invalid_input note: /);
    expect(await tried({ colour: "red" })).toMatch(/^invalid_input colour: /);
    expect(await crm.forecastAdjustments.count({ archived: "include" })).toBe(0);
    const { id } = await crm.forecasting.adjust(good);
    const withdrawn = (by: string) => refusal(crm.forecasting.withdraw({ id, by }));
    expect([await withdrawn("rita"), await withdrawn("otto")]).toEqual([
      expect.stringMatching(/^adjustment_not_above by/),
      expect.stringMatching(/^adjustment_not_above by/),
    ]);
    expect(await refusal(crm.forecasting.withdraw({ id: "no", by: "mona" }))).toMatch(/^not_found /);
    expect((await crm.forecastAdjustments.history(id)).length).toBe(1);
    expect(await refusal(crm.forecasting.adjustments({} as never))).toMatch(/^invalid_input period: /);
    expect(await refusal(crm.forecasting.judged({ period: "2026-Q4", under: "nobody" }))).toMatch(/^not_found /);
    expect(await refusal(crm.forecasting.adjustments({ period: "2026-Q4", under: "nobody" }))).toMatch(/^not_found /);
    await crm.users.archive("mona");
    expect(await crm.forecasting.adjustments({ period: "2026-Q4", under: "mona" })).toHaveLength(1);
    expect(await refusal(crm.asOf(new Date("2026-11-02T09:00:00Z")).forecasting.adjust(good))).toMatch(
      /^past_is_read_only/,
    );
  });
});

function saidOf(said: object) {
  return { number: null, note: null, beneath: [eur("100.00")], withdrawn: false, ...said };
}
