import { describe, expect, it } from "vitest";
import { type MakeStorage, storages } from "../forecasting-fixture.ts";
import { type Crm, openAt, text, told } from "./changes-fixture.ts";

const start = new Date("2026-10-01T09:00:00Z");
const end = new Date("2026-11-20T09:00:00Z");
const eur = (amount: string) => ({ amount, currency: "EUR" });

/** Opportunities of the fourth quarter of 2026, to each of which one thing happens between start and end. */
async function quarterIn(make: MakeStorage) {
  const { crm, set } = await openAt(make, "2026-09-01T09:00:00Z");
  await crm.settings.change({ reportingCurrency: "EUR" });
  const rate = { baseCurrency: "USD", quoteCurrency: "EUR" };
  await crm.exchangeRates.create({ ...rate, day: "2026-09-01", rate: "0.9" });
  await crm.users.createMany([
    { id: "boss", name: "Boss" },
    { id: "ann", name: "Ann", managerId: "boss" },
    { id: "bob", name: "Bob" },
  ]);
  const make1 = async (name: string, more: object = {}) => {
    const amount = eur("100.00");
    const deal = { name, ownerId: "ann", amount, expectedCloseDate: "2026-11-15", ...more };
    return (await crm.opportunities.create(deal)).id;
  };
  const ids = {
    won: await make1("won"),
    lost: await make1("lost"),
    reopened: await make1("reopened"),
    in: await make1("in", { expectedCloseDate: "2027-02-01" }),
    out: await make1("out"),
    up: await make1("up"),
    down: await make1("down"),
    category: await make1("category"),
    arrives: await make1("arrives", { ownerId: "bob" }),
    leaves: await make1("leaves"),
    deleted: await make1("deleted"),
    restored: await make1("restored"),
    dollars: await make1("dollars", { amount: { amount: "100.00", currency: "USD" } }),
  };
  await crm.opportunities.moveTo(ids.reopened, "lost", { lostReason: "price" });
  await crm.opportunities.delete(ids.restored);
  set("2026-10-15T09:00:00Z");
  await crm.exchangeRates.create({ ...rate, day: "2026-10-15", rate: "0.95" });
  await make1("new");
  await crm.opportunities.moveTo(ids.won, "won");
  await crm.opportunities.moveTo(ids.lost, "lost", { lostReason: "price" });
  await crm.opportunities.moveTo(ids.reopened, "qualification");
  await crm.opportunities.updateMany([
    { id: ids.in, expectedCloseDate: "2026-12-31", amount: eur("110.00") },
    { id: ids.out, expectedCloseDate: "2027-01-01", amount: eur("300.00") },
    { id: ids.up, amount: eur("125.50") },
    { id: ids.down, amount: eur("60.00") },
    { id: ids.category, forecastCategory: "commit" },
    { id: ids.arrives, ownerId: "ann" },
    { id: ids.leaves, ownerId: "bob" },
  ]);
  await crm.opportunities.delete(ids.deleted);
  await crm.opportunities.restore(ids.restored);
  set(end.getTime());
  const ask = (more: Partial<Parameters<Crm["forecasting"]["changes"]>[0]> = {}) =>
    crm.forecasting.changes({ period: "2026-Q4", from: start, ...more });
  return { crm, ids, ask, set };
}

describe.each(storages)("changes on %s", (_, make) => {
  it("tells every bar with its opportunities, and all of them are the closing figure", async () => {
    const { ask } = await quarterIn(make);
    const waterfall = await ask({ under: "boss", convert: {} });
    expect(waterfall).toMatchObject({
      from: start,
      to: end,
      period: { from: "2026-10-01", until: "2026-12-31" },
      converted: { in: "EUR", from: "2026-10-01", to: "2026-11-20" },
      opening: eur("890.00"),
      closing: eur("990.50"),
    });
    expect(told(waterfall.bars)).toEqual([
      "new 100.00 EUR: new 100.00 EUR",
      "won 0.00 EUR: won 0.00 EUR",
      "lost -100.00 EUR: lost -100.00 EUR",
      "reopened 100.00 EUR: reopened 100.00 EUR",
      "pulled_in 100.00 EUR: in 100.00 EUR",
      "pushed_out -100.00 EUR: out -100.00 EUR",
      "increased 35.50 EUR: in 10.00 EUR, up 25.50 EUR",
      "decreased -40.00 EUR: down -40.00 EUR",
      "recategorised 0.00 EUR: category 0.00 EUR",
      "transferred_in 100.00 EUR: arrives 100.00 EUR",
      "transferred_out -100.00 EUR: leaves -100.00 EUR",
      "deleted -100.00 EUR: deleted -100.00 EUR",
      "restored 100.00 EUR: restored 100.00 EUR",
      "exchange_rate 5.00 EUR: dollars 5.00 EUR",
    ]);
    expect(waterfall.bars.find(({ kind }) => kind === "pulled_in")!.opportunities).toEqual([
      {
        id: expect.any(String),
        name: "in",
        change: eur("100.00"),
        before: { status: "open", category: "pipeline", date: "2027-02-01" },
        after: { status: "open", category: "pipeline", date: "2026-12-31" },
      },
    ]);
  });

  it("tells each category by itself, by currency, and as a number", async () => {
    const { ask } = await quarterIn(make);
    const lines = async (more: Parameters<typeof ask>[0]) => {
      const { opening, closing, bars } = await ask(more);
      return [text(opening), ...told(bars), text(closing)];
    };
    expect(await lines({ category: "closed" })).toEqual(["", "won 100.00 EUR: won 100.00 EUR", "100.00 EUR"]);
    expect(await lines({ category: ["commit", "closed"] })).toEqual([
      "",
      "won 100.00 EUR: won 100.00 EUR",
      "recategorised 100.00 EUR: category 100.00 EUR",
      "200.00 EUR",
    ]);
    expect(await lines({ where: { amount: { gte: { amount: "0", currency: "USD" } } } })).toEqual([
      "100.00 USD",
      "100.00 USD",
    ]);
    expect(await lines({ measure: "count", period: "2026-12" })).toEqual(["0", "pulled_in 1: in 1", "1"]);
    expect(await lines({ measure: "count", period: undefined, under: "boss" })).toEqual([
      "10",
      "new 1: new 1",
      "won -1: won -1",
      "lost -1: lost -1",
      "reopened 1: reopened 1",
      "recategorised 0: category 0",
      "transferred_in 1: arrives 1",
      "transferred_out -1: leaves -1",
      "deleted -1: deleted -1",
      "restored 1: restored 1",
      "10",
    ]);
  });

  it("has no bars of transfers without a scope, and none of rates unless it is converted", async () => {
    const { ask } = await quarterIn(make);
    const kinds = async (more: Parameters<typeof ask>[0]) => (await ask(more)).bars.map(({ kind }) => kind);
    const always = (await kinds({})).join(" ");
    expect(always).toBe(
      "new won lost reopened pulled_in pushed_out increased decreased recategorised deleted restored",
    );
    expect((await kinds({ credit: "overlay" })).filter((kind) => !always.includes(kind))).toEqual([
      "transferred_in",
      "transferred_out",
    ]);
    expect((await kinds({ convert: {} })).at(-1)).toBe("exchange_rate");
    const { opening, closing, bars } = await ask({ under: "boss", convert: { on: "2026-09-15" } });
    expect([text(opening), text(closing), told(bars).at(-1)]).toEqual([
      "890.00 EUR",
      "985.50 EUR",
      "restored 100.00 EUR: restored 100.00 EUR",
    ]);
  });

  it("transfers what splits credit to others, and raises what they share", async () => {
    const { crm, ids, set } = await quarterIn(make);
    await crm.opportunities.setSplits(ids.up, "revenue", [
      { userId: "ann", percent: "40" },
      { userId: "bob", percent: "60" },
    ]);
    const shared = new Date(end.getTime() + 1_000);
    set(shared.getTime());
    await crm.opportunities.update(ids.up, { amount: eur("200.00") });
    await crm.opportunities.setSplits(ids.up, "revenue", [
      { userId: "ann", percent: "10" },
      { userId: "bob", percent: "90" },
    ]);
    const query = { period: "2026-Q4", credit: "revenue", under: "ann" } as const;
    const later = await crm.forecasting.changes({ ...query, from: end });
    expect(told(later.bars)).toEqual([
      "increased 29.80 EUR: up 29.80 EUR",
      "transferred_out -60.00 EUR: up -60.00 EUR",
    ]);
    const earlier = await crm.forecasting.changes({ ...query, from: start, to: end });
    expect(told(earlier.bars).filter((line) => line.includes(" up "))).toEqual([
      "increased 35.50 EUR: in 10.00 EUR, up 25.50 EUR",
      "transferred_out -175.30 EUR: leaves -100.00 EUR, up -75.30 EUR",
    ]);
  });

  it("is told of the past by a handle of the past, and of nothing where nothing has changed", async () => {
    const { crm, ask } = await quarterIn(make);
    const query = { period: "2026-Q4", from: new Date("2026-09-15T00:00:00Z") };
    const past = await crm.asOf(start).forecasting.changes(query);
    expect([past.to, told(past.bars), text(past.opening)]).toEqual([start, [], "900.00 EUR + 100.00 USD"]);
    const asked = await ask({ from: end });
    expect([told(asked.bars), asked.opening]).toEqual([[], asked.closing]);
  });

  it("refuses what it cannot answer, and names it", async () => {
    const { crm, ask } = await quarterIn(make);
    const refusal = async (more: object) => {
      const error = await ask(more as never).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const { code, details } = error as { code: string; details: { issues?: readonly { field: string }[] } };
      return [code, ...(details.issues ?? []).map(({ field }) => field)].join(" ");
    };
    expect(await refusal({ to: new Date("2026-09-30T00:00:00Z") })).toBe("invalid_input from");
    expect(await refusal({ from: "2026-10-01" })).toBe("invalid_input from");
    expect(await refusal({ period: "2026-W40" })).toBe("invalid_input period");
    expect(await refusal({ period: undefined, category: "closed" })).toBe("invalid_input category");
    expect(await refusal({ category: "omitted" })).toBe("invalid_input category");
    expect(await refusal({ asOf: end })).toBe("invalid_input asOf");
    expect(await refusal({ measure: "count", convert: {} })).toBe("invalid_input convert");
    expect(await refusal({ under: "nobody" })).toBe("not_found");
    expect(await refusal({ pipeline: "none" })).toBe("not_found");
    expect(await refusal({ convert: { in: "JPY" } })).toBe("missing_rate");
    await crm.opportunities.create({
      name: "yen",
      amount: { amount: "5000", currency: "JPY" },
      expectedCloseDate: "2026-12-01",
    });
    expect(await refusal({ convert: {} })).toBe("missing_rate");
    await crm.exchangeRates.create({ baseCurrency: "EUR", quoteCurrency: "JPY", day: "2026-11-01", rate: "160" });
    expect(told((await ask({ convert: {} })).bars)[0]).toBe("new 131.25 EUR: new 100.00 EUR, yen 31.25 EUR");
  });
});
