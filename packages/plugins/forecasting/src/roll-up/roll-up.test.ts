import { createCrm } from "@relata/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { forecasting } from "../forecasting.ts";
import { eur, makeDeal, makeStages, makeUsers, openForecasting, refusal, storages } from "../forecasting-fixture.ts";

const q4 = { period: "2026-Q4" } as const;
const amounts = (cell: object | undefined) =>
  Object.fromEntries(
    Object.entries(cell ?? {}).map(([name, figure]) => [
      name,
      Array.isArray(figure) ? figure.map(({ amount, currency }) => `${amount} ${currency}`).join(" + ") : figure,
    ]),
  );

describe.each(storages)("roll-ups on %s", (_, make) => {
  it("adds categories up as the field does: cumulative 150, 300 and 450 of 50, 100, 150 and 200", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    await makeUsers(crm, "chief > rep");
    await makeDeal(crm, { stage: "pipeline", owner: "rep", amount: "200", date: "2026-12-01" });
    await makeDeal(crm, { stage: "best_case", owner: "rep", amount: "150", date: "2026-12-01" });
    await makeDeal(crm, { stage: "commit", owner: "rep", amount: "100", date: "2026-12-01" });
    await makeDeal(crm, { stage: "won", owner: "chief", amount: "50", date: "2026-11-15" });
    await makeDeal(crm, { stage: "lost", owner: "chief", amount: "7000", date: "2026-11-15" });
    await makeDeal(crm, { stage: "omitted", owner: "chief", amount: "7000", date: "2026-11-15" });
    const { lines, total } = await crm.forecasting.forecast(q4);
    expect(amounts(total[0])).toEqual({
      period: "2026-Q4",
      pipeline: "450.00 EUR",
      best_case: "300.00 EUR",
      most_likely: "150.00 EUR",
      commit: "150.00 EUR",
      closed: "50.00 EUR",
    });
    expect(lines.map(({ key, depth, parentKey }) => [key, depth, parentKey])).toEqual([
      ["chief", 0, null],
      ["rep", 1, "chief"],
    ]);
    expect(amounts(lines[0]!.own[0])).toMatchObject({ pipeline: "", commit: "50.00 EUR", closed: "50.00 EUR" });
    expect(amounts(lines[0]!.total[0])).toEqual(amounts(total[0]));
    const single = await crm.forecasting.forecast({ ...q4, method: "single" });
    expect(amounts(single.total[0])).toEqual({
      period: "2026-Q4",
      pipeline: "200.00 EUR",
      best_case: "150.00 EUR",
      most_likely: "",
      commit: "100.00 EUR",
      closed: "50.00 EUR",
    });
  });

  it("never counts what is lost, counts stages of any name, and all of more than a hundred deals", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    const [stage] = (await crm.stages.list({ where: { key: "commit" } })).items;
    await crm.opportunities.createMany(
      Array.from({ length: 120 }, (_, i) => ({
        name: `Deal ${i}`,
        stageId: stage!.id,
        amount: eur("0.10"),
        expectedCloseDate: "2026-12-01",
      })),
    );
    await makeDeal(crm, { stage: "lost", amount: "1000000", date: "2026-11-15" });
    const { total, lines } = await crm.forecasting.forecast(q4);
    expect(total).toMatchObject([{ commit: [{ amount: "12.00", currency: "EUR" }] }]);
    expect(lines).toMatchObject([{ key: null, name: null, depth: 0 }]);
    expect((await crm.forecasting.forecast({ ...q4, measure: "count" })).total).toMatchObject([
      { pipeline: 120, best_case: 120, commit: 120, closed: 0 },
    ]);
    const first = await crm.forecasting.opportunitiesBehind({ ...q4, category: "commit", limit: 100 });
    const next = await crm.forecasting.opportunitiesBehind({
      ...q4,
      category: "commit",
      limit: 100,
      after: first.next,
    });
    expect([first.items.length, next.items.length, next.next]).toEqual([100, 20, undefined]);
    const altered = crm.forecasting.opportunitiesBehind({ ...q4, category: "closed", limit: 100, after: first.next });
    expect(await refusal(altered)).toMatchObject({ code: "invalid_cursor" });
  });

  it("shows who is active or has something at or below, along the managers of the instant", async () => {
    const { crm, instant } = await openForecasting(make);
    await makeStages(crm);
    await makeUsers(crm, "chief > east > rep", "chief > west", "chief > gone");
    await makeDeal(crm, { stage: "commit", owner: "rep", amount: "10", date: "2026-12-01" });
    await crm.users.deactivate("gone");
    const before = instant();
    await crm.users.update("rep", { managerId: "west" });
    await crm.users.deactivate("east");
    const shown = ({ lines }: Awaited<ReturnType<typeof crm.forecasting.forecast>>) =>
      lines.map(
        ({ key, depth, own, total }) => `${key} ${depth} ${amounts(own[0]).commit}/${amounts(total[0]).commit}`,
      );
    expect(shown(await crm.forecasting.forecast(q4))).toEqual([
      "chief 0 /10.00 EUR",
      "west 1 /10.00 EUR",
      "rep 2 10.00 EUR/10.00 EUR",
    ]);
    expect(shown(await crm.forecasting.forecast({ ...q4, asOf: before }))).toEqual([
      "chief 0 /10.00 EUR",
      "east 1 /10.00 EUR",
      "rep 2 10.00 EUR/10.00 EUR",
      "west 1 /",
    ]);
    expect(shown(await crm.forecasting.forecast({ ...q4, under: "west" }))).toEqual([
      "west 0 /10.00 EUR",
      "rep 1 10.00 EUR/10.00 EUR",
    ]);
    const nobody = await refusal(crm.forecasting.forecast({ ...q4, under: "nobody" }));
    expect(nobody).toMatchObject({ code: "not_found", details: { entity: "user", id: "nobody" } });
  });

  it("counts a deal for whom it belonged to at the instant, where it was then", async () => {
    const { crm, instant } = await openForecasting(make);
    await makeStages(crm);
    await makeUsers(crm, "ann", "bob");
    const { id } = await makeDeal(crm, { stage: "pipeline", owner: "ann", amount: "10", date: "2026-12-01" });
    const before = instant();
    await crm.opportunities.update(id, { ownerId: "bob", amount: eur("12"), expectedCloseDate: "2027-01-01" });
    await crm.opportunities.moveTo(id, "commit");
    const then = await crm.forecasting.forecast({ ...q4, asOf: before });
    expect(then.lines.map(({ key, own }) => [key, amounts(own[0]).pipeline])).toEqual([
      ["ann", "10.00 EUR"],
      ["bob", ""],
    ]);
    expect(then.asOf).toEqual(before);
    const now = await crm.forecasting.forecast({ period: "2027-Q1" });
    expect(now.lines.map(({ key, own }) => [key, amounts(own[0]).commit])).toEqual([
      ["ann", ""],
      ["bob", "12.00 EUR"],
    ]);
    const behind = { ...q4, category: "pipeline", line: "ann" } as const;
    expect((await crm.forecasting.opportunitiesBehind({ ...behind, asOf: before })).items).toMatchObject([
      { id, ownerId: "ann", category: "pipeline", date: "2026-12-01", overdue: false, share: eur("10.00") },
    ]);
    expect((await crm.forecasting.opportunitiesBehind(behind)).items).toEqual([]);
  });

  it("leaves what is past its date in its period, lists it as overdue, and counts what has no date apart", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    for (const [date, amount] of [
      ["2026-10-20", "1"],
      ["2026-11-14", "2"],
      ["2026-11-15", "4"],
      ["2027-01-01", "8"],
    ] as const)
      await makeDeal(crm, { stage: "commit", amount, date });
    await makeDeal(crm, { stage: "commit", amount: "16" });
    await makeDeal(crm, { stage: "omitted", amount: "32" });
    await makeDeal(crm, { stage: "omitted", amount: "64", date: "2026-10-20" });
    const { total, overdue, undated } = await crm.forecasting.forecast(q4);
    expect(amounts(total[0]).commit).toBe("7.00 EUR");
    expect(overdue).toEqual({ count: 2, figure: [eur("3.00")] });
    expect(undated).toEqual({ count: 1, figure: [eur("16.00")] });
    const late = await crm.forecasting.overdue(q4);
    expect(late.items.map(({ overdue: is, share }) => [is, share])).toEqual([
      [true, eur("1.00")],
      [true, eur("2.00")],
    ]);
    expect((await crm.forecasting.undated(q4)).items.map(({ date, share }) => [date, share])).toEqual([
      [null, eur("16.00")],
    ]);
  });

  it("goes by the organisation's day, not by that of the server", async () => {
    const { crm, on } = await openForecasting(make);
    await makeStages(crm);
    await crm.settings.change({ timeZone: "Pacific/Auckland" });
    await makeDeal(crm, { stage: "commit", amount: "1", date: "2026-11-15" });
    on("2026-11-15");
    expect((await crm.forecasting.forecast(q4)).overdue.count).toBe(1);
    await crm.settings.change({ timeZone: "America/Los_Angeles" });
    expect((await crm.forecasting.forecast(q4)).overdue.count).toBe(0);
  });

  it("adds up by team, pipeline, field and reference, with a line for what has none", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    await crm.teams.create({ id: "north", name: "North" });
    const shop = await crm.accounts.create({ name: "Shop", industry: "retail" });
    const plain = await crm.accounts.create({ name: "Plain" });
    const deal = { stage: "commit", date: "2026-12-01" } as const;
    await makeDeal(crm, { ...deal, amount: "1", more: { teamId: "north", accountId: shop.id, source: "web" } });
    await makeDeal(crm, { ...deal, amount: "2", more: { accountId: plain.id } });
    await makeDeal(crm, { ...deal, amount: "4" });
    const by = async (rollUp: string) =>
      (await crm.forecasting.forecast({ ...q4, rollUp })).lines.map(
        ({ name, total }) => `${name} ${amounts(total[0]).commit}`,
      );
    expect(await by("team")).toEqual(["North 1.00 EUR", "null 6.00 EUR"]);
    expect(await by("pipeline")).toEqual(["Sales 7.00 EUR"]);
    expect(await by("source")).toEqual(["web 1.00 EUR", "null 6.00 EUR"]);
    expect(await by("account.industry")).toEqual(["retail 1.00 EUR", "null 6.00 EUR"]);
    expect(await by("accountId")).toEqual(["Plain 2.00 EUR", "Shop 1.00 EUR", "null 4.00 EUR"]);
    const none = { ...q4, category: "commit", rollUp: "account.industry", line: null } as const;
    expect((await crm.forecasting.opportunitiesBehind(none)).items.map(({ share }) => share)).toEqual([
      eur("2.00"),
      eur("4.00"),
    ]);
    for (const [rollUp, words] of [
      ["colour", '"colour" is no field of opportunity'],
      ["acount.industry", 'by "acount", which is no relation'],
      ["amount", "a field of money"],
    ] as const)
      expect(await refusal(crm.forecasting.forecast({ ...q4, rollUp }))).toMatchObject({
        code: "invalid_input",
        message: expect.stringContaining(words),
        details: { field: "rollUp" },
      });
  });

  it("adds up by account along their hierarchy, with the accounts above", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    const group = await crm.accounts.create({ name: "Group" });
    const middle = await crm.accounts.create({ name: "Middle", parentId: group.id });
    const leaf = await crm.accounts.create({ name: "Leaf", parentId: middle.id });
    await crm.accounts.create({ name: "Idle", parentId: group.id });
    const deal = { stage: "commit", date: "2026-12-01" } as const;
    await makeDeal(crm, { ...deal, amount: "1", more: { accountId: leaf.id } });
    await makeDeal(crm, { ...deal, amount: "2", more: { accountId: group.id } });
    await makeDeal(crm, { ...deal, amount: "4" });
    const { lines } = await crm.forecasting.forecast({ ...q4, rollUp: "account" });
    expect(
      lines.map(
        ({ name, depth, own, total }) => `${name} ${depth} ${amounts(own[0]).commit}/${amounts(total[0]).commit}`,
      ),
    ).toEqual([
      "Group 0 2.00 EUR/3.00 EUR",
      "Middle 1 /1.00 EUR",
      "Leaf 2 1.00 EUR/1.00 EUR",
      "null 0 4.00 EUR/4.00 EUR",
    ]);
    const asked = { ...q4, rollUp: "account", category: "commit", line: group.id } as const;
    expect((await crm.forecasting.opportunitiesBehind(asked)).items).toHaveLength(2);
    expect((await crm.forecasting.opportunitiesBehind({ ...asked, part: "own" })).items).toHaveLength(1);
  });

  it("is of the account and the user into which others were merged, and of each of them before", async () => {
    const { crm, instant } = await openForecasting(make);
    await makeStages(crm);
    await makeUsers(crm, "boss > ann", "boss > bob");
    const top = await crm.accounts.create({ name: "Top" });
    const part = await crm.accounts.create({ name: "Part", parentId: top.id });
    const deal = { stage: "pipeline", date: "2026-12-01" } as const;
    await makeDeal(crm, { ...deal, owner: "ann", amount: "10", more: { accountId: top.id } });
    await makeDeal(crm, { ...deal, owner: "bob", amount: "20", more: { accountId: part.id } });
    const apart = instant();
    await crm.accounts.merge(top.id, part.id);
    await crm.users.merge("ann", "bob");
    const told = async (rollUp: "account" | "owner", asOf?: Date) => {
      const { lines } = await crm.forecasting.forecast({ period: "2026-Q4", rollUp, asOf });
      return lines.map(({ name, own, total }) => [name, ...[own, total].map(([cell]) => amountsIn(cell!.pipeline))]);
    };
    expect(await told("account", apart)).toEqual([
      ["Top", "10.00", "30.00"],
      ["Part", "20.00", "20.00"],
    ]);
    expect(await told("account")).toEqual([["Top", "30.00", "30.00"]]);
    expect(await told("owner", apart)).toEqual([
      ["boss", "", "30.00"],
      ["ann", "10.00", "10.00"],
      ["bob", "20.00", "20.00"],
    ]);
    expect(await told("owner")).toEqual([
      ["boss", "", "30.00"],
      ["ann", "30.00", "30.00"],
    ]);
    const since = async (under: string) => {
      const { opening, closing } = await crm.forecasting.changes({ period: "2026-Q4", from: apart, under });
      return [amountsIn(opening), amountsIn(closing)];
    };
    expect([await since("ann"), await since("bob")]).toEqual([
      ["10.00", "30.00"],
      ["20.00", ""],
    ]);
  });

  it("counts by splits: revenue to the cent, overlay on top, each in a roll-up of its own", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    await makeUsers(crm, "ann", "bob", "cid");
    const deal = { stage: "commit", owner: "ann", date: "2026-12-01" } as const;
    const shared = await makeDeal(crm, { ...deal, amount: "100", more: { oneTimeAmount: eur("0.01") } });
    await makeDeal(crm, { ...deal, amount: "1" });
    const thirds = ["33.33", "33.33", "33.34"];
    await crm.opportunities.setSplits(
      shared.id,
      "revenue",
      ["ann", "bob", "cid"].map((userId, i) => ({ userId, percent: thirds[i]! })),
    );
    await crm.opportunities.setSplits(shared.id, "overlay", [{ userId: "bob", percent: "150" }]);
    const by = async (credit: "owner" | "revenue" | "overlay", measure: "amount" | "one_time" | "count" = "amount") => {
      const { lines, total } = await crm.forecasting.forecast({ ...q4, credit, measure });
      return [...lines, { total }].map(({ total: cells }) => amounts(cells[0]).commit);
    };
    expect(await by("owner")).toEqual(["101.00 EUR", "", "", "101.00 EUR"]);
    expect(await by("revenue")).toEqual(["34.33 EUR", "33.33 EUR", "33.34 EUR", "101.00 EUR"]);
    expect(await by("overlay")).toEqual(["", "150.00 EUR", "", "150.00 EUR"]);
    expect(await by("revenue", "one_time")).toEqual(["0.00 EUR", "0.00 EUR", "0.01 EUR", "0.01 EUR"]);
    expect(await by("overlay", "one_time")).toEqual(["", "0.02 EUR", "", "0.02 EUR"]);
    expect(await by("revenue", "count")).toEqual([1.3333, 0.3333, 0.3334, 2]);
    const asked = { ...q4, credit: "revenue", category: "commit", line: "bob" } as const;
    expect((await crm.forecasting.opportunitiesBehind(asked)).items).toMatchObject([
      { id: shared.id, ownerId: "ann", share: eur("33.33") },
    ]);
  });

  it("converts each figure exactly and rounds it once, and what is behind it shares it out", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    await crm.settings.change({ reportingCurrency: "EUR" });
    await crm.exchangeRates.create({ baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-11-01", rate: "0.5" });
    const deal = { stage: "commit", date: "2026-12-01" } as const;
    for (let i = 0; i < 3; i++) await makeDeal(crm, { ...deal, amount: { amount: "0.01", currency: "USD" } });
    await makeDeal(crm, { ...deal, amount: "1" });
    const converted = await crm.forecasting.forecast({ ...q4, convert: {} });
    // 1.5 cents, and half to even is 2.
    expect(converted.total[0]!.commit).toEqual(eur("1.02"));
    expect(converted.convert).toEqual({ in: "EUR", on: "2026-11-15" });
    const shares = [];
    let after: string | undefined;
    do {
      const page = await crm.forecasting.opportunitiesBehind({
        ...q4,
        convert: {},
        category: "commit",
        limit: 1,
        after,
      });
      shares.push(...page.items.map(({ share }) => share));
      after = page.next;
    } while (after !== undefined);
    expect(shares).toEqual([eur("0.01"), eur("0.01"), eur("0.00"), eur("1.00")]);
    const early = { ...q4, convert: { on: "2026-10-31" } } as const;
    expect(await refusal(crm.forecasting.forecast(early))).toMatchObject({
      code: "missing_rate",
      details: { missing: [{ from: "USD", to: "EUR", on: "2026-10-31" }] },
    });
    expect(await refusal(crm.forecasting.forecast({ ...q4, measure: "count", convert: {} }))).toMatchObject({
      code: "invalid_input",
      details: { field: "convert" },
    });
    await crm.settings.change({ reportingCurrency: null });
    expect(await refusal(crm.forecasting.forecast({ ...q4, convert: {} }))).toMatchObject({
      code: "invalid_input",
      details: { field: "convert.in" },
    });
  });

  it("counts what a condition and a pipeline let through, and nothing that is archived", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    const deal = { stage: "commit", date: "2026-12-01" } as const;
    await makeDeal(crm, { ...deal, amount: "1", more: { source: "web" } });
    await makeDeal(crm, { ...deal, amount: "2" });
    const { id } = await makeDeal(crm, { ...deal, amount: "4", more: { source: "web" } });
    await crm.opportunities.archive(id);
    const asked = { ...q4, where: { source: "web" }, pipeline: "sales" } as const;
    expect(amounts((await crm.forecasting.forecast(asked)).total[0]).commit).toBe("1.00 EUR");
    expect((await crm.forecasting.opportunitiesBehind({ ...asked, category: "commit" })).items).toHaveLength(1);
    expect(await refusal(crm.forecasting.forecast({ ...q4, pipeline: "partners" }))).toMatchObject({
      code: "not_found",
    });
    expect(await refusal(crm.forecasting.forecast({ ...q4, where: { colour: "red" } }))).toMatchObject({
      code: "invalid_query",
    });
    expect(await refusal(crm.forecasting.forecast({ ...q4, measures: "amount" } as never))).toMatchObject({
      code: "invalid_input",
      details: { entity: "forecast", field: "measures" },
    });
  });

  it("adds up by account only where the plugin hierarchies is installed, and says so", async () => {
    const crm = await createCrm({ storage: await make(), plugins: [forecasting()] });
    onTestFinished(() => crm.close());
    const error = await refusal(crm.forecasting.forecast({ ...q4, rollUp: "account" }));
    expect(error).toMatchObject({ code: "hierarchies_missing", message: expect.stringContaining('"accountId"') });
    expect((await crm.forecasting.forecast({ ...q4, rollUp: "accountId" })).lines).toEqual([]);
  });
});

const amountsIn = (figure: unknown) =>
  (figure as readonly { readonly amount: string }[]).map(({ amount }) => amount).join(" ");
