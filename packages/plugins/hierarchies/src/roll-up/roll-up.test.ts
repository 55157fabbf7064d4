import { type CrmOptions, count, max, min, sum } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { createClock, makeHierarchy, makeTree, openCrm, type TestedCrm } from "../group-fixture.ts";
import { latest } from "./measures.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

async function open(make: () => Promise<CrmOptions["storage"]>, options: Partial<CrmOptions> = {}) {
  const crm = await openCrm({ storage: await make(), ...options });
  onTestFinished(() => crm.close());
  return crm;
}

const eur = (amount: string) => ({ amount, currency: "EUR" });
const usd = (amount: string) => ({ amount, currency: "USD" });
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "was not refused",
    (error: unknown) => error,
  );

/** Sells, and is named by the amount. */
const seller =
  (crm: TestedCrm) => async (accountId: string, amount: { amount: string; currency: string }, day: string) => {
    const deal = await crm.opportunities.create({ name: amount.amount, accountId, amount, expectedCloseDate: day });
    return crm.opportunities.moveTo(deal.id, "won");
  };

describe.each(storages)("roll-ups on %s", (_, make) => {
  it("give what is an account's own beside what is at or below it, of one account and of all", async () => {
    const crm = await open(make);
    const sell = seller(crm);
    const ids = await makeTree(crm, ["Acme", "Acme/Bluth", "Bluth/Cyberdyne", "Acme/Duff", "Other"]);
    await sell(ids.Acme!, eur("100.00"), "2026-01-10");
    await sell(ids.Bluth!, eur("20.00"), "2026-02-10");
    await sell(ids.Cyberdyne!, eur("3.00"), "2026-03-10");
    await sell(ids.Cyberdyne!, usd("7.50"), "2026-01-05");
    await sell(ids.Other!, eur("9999.00"), "2026-01-05");
    await crm.opportunities.create({ name: "open", accountId: ids.Duff!, amount: eur("50.00") });
    await crm.opportunities.create({ name: "of nobody", amount: eur("1.00") });
    const query = {
      entity: "opportunity",
      where: { status: "won" },
      measures: { deals: count(), won: sum("amount"), last: max("expectedCloseDate"), smallest: min("amount") },
    };
    const acme = {
      own: { deals: 1, won: [eur("100.00")], last: "2026-01-10", smallest: [eur("100.00")] },
      total: { deals: 4, won: [eur("123.00"), usd("7.50")], last: "2026-03-10", smallest: [eur("3.00"), usd("7.50")] },
    };
    expect(await crm.hierarchies.rollUp(ids.Acme!, query)).toEqual(acme);
    const nothing = { deals: 0, won: [], last: null, smallest: [] };
    expect(await crm.hierarchies.rollUp(ids.Duff!, query)).toEqual({ own: nothing, total: nothing });
    const all = await crm.hierarchies.rollUpAll({ ...query, under: ids.Acme! });
    expect(all.map(({ id, depth, total }) => [id, depth, total.deals])).toEqual([
      [ids.Acme, 0, 4],
      [ids.Bluth, 1, 3],
      [ids.Duff, 1, 0],
      [ids.Cyberdyne, 2, 2],
    ]);
    expect(all[0]).toMatchObject(acme);
    expect((await crm.hierarchies.rollUpAll(query)).map(({ id, total }) => [id, total.deals])).toEqual([
      [ids.Acme, 4],
      [ids.Other, 1],
      [ids.Bluth, 3],
      [ids.Duff, 0],
      [ids.Cyberdyne, 2],
    ]);
  });

  it("are of any entity that refers to accounts, of one by the reference that is named, or by way of others", async () => {
    const crm = await open(make);
    const sell = seller(crm);
    const ids = await makeTree(crm, ["Acme", "Acme/Bluth"]);
    const deal = await sell(ids.Bluth!, eur("20.00"), "2026-02-10");
    await crm.opportunityProducts.createMany([
      { opportunityId: deal.id, name: "Hose", quantity: "2.5", unitPrice: eur("4.00") },
      { opportunityId: deal.id, name: "Pump", quantity: "1" },
    ]);
    await crm.shipments.createMany([
      { senderId: ids.Acme!, receiverId: ids.Bluth!, label: "a", boxes: 3, shippedOn: "2026-01-01" },
      { senderId: ids.Bluth!, label: "b", boxes: 4, shippedOn: "2026-01-02" },
      { senderId: ids.Bluth!, label: "c", shippedOn: "2026-01-02" },
    ]);
    await crm.activities.create({ kind: "call", subject: "x", accountId: ids.Bluth!, startAt: new Date(5_000) });
    const of = async (query: Parameters<typeof crm.hierarchies.rollUp>[1]) => {
      const { own, total } = await crm.hierarchies.rollUp(ids.Acme!, query);
      const [first] = await crm.hierarchies.rollUpAll({ ...query, under: ids.Acme! });
      expect({ own: first!.own, total: first!.total }).toEqual({ own, total });
      return [own, total];
    };
    expect(await of({ entity: "activity", measures: { last: max("startAt") } })).toEqual([
      { last: null },
      { last: new Date(5_000) },
    ]);
    expect(
      await of({ entity: "opportunityProduct", by: "opportunity.accountId", measures: { quantity: sum("quantity") } }),
    ).toEqual([{ quantity: null }, { quantity: "3.5" }]);
    const boxes = { boxes: sum("boxes"), last: latest("label", { by: "shippedOn" }) };
    expect(await of({ entity: "shipment", by: "senderId", measures: boxes })).toEqual([
      { boxes: 3, last: "a" },
      { boxes: 7, last: "c" },
    ]);
    expect(await of({ entity: "shipment", by: "receiverId", measures: boxes })).toEqual([
      { boxes: null, last: null },
      { boxes: 3, last: "a" },
    ]);
    await crm.accounts.update(ids.Bluth!, { employees: 12 });
    expect(await of({ entity: "account", measures: { staff: sum("employees"), accounts: count() } })).toEqual([
      { staff: null, accounts: 1 },
      { staff: 12, accounts: 2 },
    ]);
  });

  it("convert on a day, or on the day that each record has, exactly and rounded once", async () => {
    const crm = await open(make);
    const sell = seller(crm);
    const ids = await makeTree(crm, ["Acme", "Acme/Bluth", "Acme/Duff"]);
    await crm.exchangeRates.createMany([
      { baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-01-01", rate: "0.333" },
      { baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-02-01", rate: "0.5" },
    ]);
    await sell(ids.Acme!, usd("0.01"), "2026-01-10");
    await sell(ids.Bluth!, usd("0.01"), "2026-01-20");
    await sell(ids.Duff!, usd("0.01"), "2026-02-20");
    await sell(ids.Duff!, eur("1.00"), "2020-02-20");
    const measures = {
      dated: sum("amount", { in: "EUR", on: "expectedCloseDate" }),
      january: sum("amount", { in: "EUR", on: "2026-01-31" }),
    };
    const query = { entity: "opportunity", measures };
    // Each cent alone is rounded to nothing; a third and a third and a half of one are 1.166 cents.
    const total = { dated: eur("1.01"), january: eur("1.01") };
    expect(await crm.hierarchies.rollUp(ids.Acme!, query)).toEqual({
      own: { dated: eur("0.00"), january: eur("0.00") },
      total,
    });
    const all = await crm.hierarchies.rollUpAll(query);
    expect(all.find(({ id }) => id === ids.Acme)).toMatchObject({ total });
    expect(all.find(({ id }) => id === ids.Bluth)).toMatchObject({ total: { dated: eur("0.00") } });
    await sell(ids.Duff!, { amount: "5", currency: "JPY" }, "2026-03-01");
    await crm.opportunities.create({ name: "never closed", accountId: ids.Bluth!, amount: usd("1.00") });
    expect(await refusal(crm.hierarchies.rollUp(ids.Acme!, query))).toMatchObject({
      code: "missing_rate",
      details: {
        missing: [
          { from: "JPY", to: "EUR", on: "2026-01-31" },
          { from: "JPY", to: "EUR", on: "2026-03-01" },
          { from: "USD", to: "EUR", on: null },
        ],
      },
    });
  });

  it("multiply by a field of per cent, and round no part of it", async () => {
    const crm = await open(make);
    const ids = await makeTree(crm, ["Acme", "Acme/Bluth", "Acme/Duff"]);
    for (const accountId of [ids.Acme!, ids.Bluth!, ids.Duff!])
      await crm.opportunities.create({ name: "x", accountId, amount: eur("0.01"), probability: "40" });
    await crm.opportunities.create({ name: "y", accountId: ids.Duff!, amount: eur("100.00"), probability: "12.5" });
    const query = { entity: "opportunity", measures: { weighted: sum("amount", { percent: "probability" }) } };
    const { own, total } = await crm.hierarchies.rollUp(ids.Acme!, query);
    expect([own, total]).toEqual([{ weighted: [eur("0.00")] }, { weighted: [eur("12.51")] }]);
    expect((await crm.hierarchies.rollUpAll(query))[0]).toMatchObject({ own, total });
  });

  it("count each record once in a graph, or by the part that is owned along all ways", async () => {
    const crm = await open(make);
    const sell = seller(crm);
    const ids = await makeTree(crm, ["Top", "Left", "Right", "Joint", "Branch", "Alone"]);
    const edges = [
      [ids.Left!, ids.Top!, "80"],
      [ids.Right!, ids.Top!, "50"],
      [ids.Joint!, ids.Left!, "50", { kind: "joint_venture" }],
      [ids.Joint!, ids.Right!, "33.3", { kind: "joint_venture" }],
      [ids.Branch!, ids.Joint!, null, { kind: "branch" }],
    ] as const;
    await makeHierarchy(crm, { key: "legal", shape: "graph", edges });
    await sell(ids.Left!, eur("10.00"), "2026-01-01");
    await sell(ids.Joint!, eur("1000.00"), "2026-01-02");
    await sell(ids.Branch!, eur("100.00"), "2026-01-03");
    await sell(ids.Alone!, eur("7.00"), "2026-01-03");
    const query = {
      ...{ entity: "opportunity", hierarchy: "legal" },
      measures: { deals: count(), won: sum("amount"), last: latest("name", { by: "expectedCloseDate" }) },
    };
    const totals = async (more: { readonly weighted?: boolean }) => {
      const all = await crm.hierarchies.rollUpAll({ ...query, ...more });
      for (const { id, own, total } of all)
        expect(await crm.hierarchies.rollUp(id, { ...query, ...more })).toEqual({ own, total });
      return Object.fromEntries(all.map(({ id, total }) => [id, [total.deals, total.won, total.last]]));
    };
    expect(await totals({})).toEqual({
      [ids.Top!]: [3, [eur("1110.00")], "100.00"],
      [ids.Left!]: [3, [eur("1110.00")], "100.00"],
      [ids.Right!]: [2, [eur("1100.00")], "100.00"],
      [ids.Joint!]: [2, [eur("1100.00")], "100.00"],
      [ids.Branch!]: [1, [eur("100.00")], "100.00"],
    });
    // Of the joint venture and its branch, 0.8 × 0.5 + 0.5 × 0.333 = 0.5665; of the left one, 0.8.
    expect(await totals({ weighted: true })).toEqual({
      [ids.Top!]: [3, [eur("631.15")], "100.00"],
      [ids.Left!]: [3, [eur("560.00")], "100.00"],
      [ids.Right!]: [2, [eur("366.30")], "100.00"],
      [ids.Joint!]: [2, [eur("1100.00")], "100.00"],
      [ids.Branch!]: [1, [eur("100.00")], "100.00"],
    });
    expect(await crm.hierarchies.rollUp(ids.Alone!, query)).toMatchObject({ total: { won: [eur("7.00")] } });
  });

  it("follow the edges of a day, and what the CRM knew at an instant", async () => {
    const clock = createClock();
    const crm = await open(make, { clock: clock.now });
    const sell = seller(crm);
    const ids = await makeTree(crm, ["Acme", "Bluth", "Duff"]);
    const until = { validUntil: "2026-03-31" };
    const edges = [
      [ids.Duff!, ids.Acme!, "100", until],
      [ids.Duff!, ids.Bluth!, "100", { validFrom: "2026-04-01" }],
    ] as const;
    await makeHierarchy(crm, { key: "sales", shape: "tree", edges });
    const deal = await sell(ids.Duff!, eur("10.00"), "2026-01-01");
    const known = new Date(Date.UTC(2026, 10, 26, 13));
    clock.set("2026-11-27T12:00:00Z");
    await crm.opportunities.update(deal.id, { amount: eur("25.00") });
    await crm.accounts.update(ids.Duff!, { parentId: ids.Bluth! });
    const query = { entity: "opportunity", measures: { won: sum("amount") } };
    const won = async (handle: Pick<typeof crm, "hierarchies">, id: string, on?: string) => {
      const named = on === undefined ? query : { ...query, hierarchy: "sales", on };
      return (await handle.hierarchies.rollUp(id, named)).total.won;
    };
    expect(await won(crm, ids.Acme!, "2026-03-31")).toEqual([eur("25.00")]);
    expect(await won(crm, ids.Acme!, "2026-04-01")).toEqual([]);
    expect(await won(crm, ids.Bluth!, "2026-04-01")).toEqual([eur("25.00")]);
    expect(await won(crm.asOf(known), ids.Acme!, "2026-03-31")).toEqual([eur("10.00")]);
    expect(await won(crm, ids.Bluth!)).toEqual([eur("25.00")]);
    expect(await won(crm.asOf(known), ids.Bluth!)).toEqual([]);
  });

  it("leave archived records out unless asked, and archived accounts at their place", async () => {
    const crm = await open(make);
    const sell = seller(crm);
    const ids = await makeTree(crm, ["Acme", "Acme/Bluth", "Bluth/Cyberdyne"]);
    const deal = await sell(ids.Cyberdyne!, eur("1.00"), "2026-01-01");
    await sell(ids.Cyberdyne!, eur("2.00"), "2026-01-01");
    await crm.opportunities.archive(deal.id);
    await crm.accounts.archive(ids.Bluth!);
    const query = { entity: "opportunity", measures: { won: sum("amount") } };
    const won = async (archived?: "include" | "only") => {
      const { total } = await crm.hierarchies.rollUp(ids.Acme!, { ...query, archived });
      const [first] = await crm.hierarchies.rollUpAll({ ...query, archived, under: ids.Acme! });
      expect(first!.total).toEqual(total);
      return total.won;
    };
    expect([await won(), await won("include"), await won("only")]).toEqual([
      [eur("2.00")],
      [eur("3.00")],
      [eur("1.00")],
    ]);
  });

  it("need as many statements for many accounts as for few", async () => {
    let statements = 0;
    const crm = await open(make, { onQuery: () => statements++ });
    const ids = await makeTree(crm, ["Acme"]);
    const grow = async (many: number) => {
      const made = await crm.accounts.createMany(
        Array.from({ length: many }, (_, i) => ({ name: `${i}`, parentId: ids.Acme! })),
      );
      await crm.shipments.createMany(made.map(({ id }, i) => ({ senderId: id, label: `${i}`, boxes: 1 })));
    };
    const measures = { boxes: sum("boxes"), shipments: count() };
    const query = { entity: "shipment", by: "senderId", measures };
    const costOf = async (call: () => Promise<unknown>) => {
      const before = statements;
      await call();
      return statements - before;
    };
    const one = () => costOf(() => crm.hierarchies.rollUp(ids.Acme!, query));
    const all = () => costOf(() => crm.hierarchies.rollUpAll(query));
    await grow(3);
    const few = [await one(), await all()];
    await grow(1_500);
    expect([await one(), await all()]).toEqual(few);
    expect(few[1]).toBeLessThanOrEqual(3);
    expect((await crm.hierarchies.rollUp(ids.Acme!, query)).total).toEqual({ boxes: 1_503, shipments: 1_503 });
  });
});

describe("roll-ups", () => {
  it("refuse what is not possible, naming each field", async () => {
    const crm = await open(async () => memory());
    const { Acme } = await makeTree(crm, ["Acme"]);
    const query = { entity: "opportunity", measures: { n: count() } };
    const problems = async (given: object, id = Acme!) => {
      const error = await refusal(crm.hierarchies.rollUp(id, { ...query, ...given } as never));
      const { code, details } = error as { code: string; details: { issues?: readonly { field: string }[] } };
      return [code, ...(details?.issues ?? []).map(({ field }) => field)];
    };
    expect(await problems({ entity: "oportunity" })).toEqual(["invalid_input", "entity"]);
    expect(await problems({ entity: "exchangeRate" })).toEqual(["invalid_input", "by"]);
    expect(await problems({ entity: "shipment" })).toEqual(["invalid_input", "by"]);
    expect(await problems({ by: "ownerId" })).toEqual(["invalid_input", "by"]);
    expect(await problems({ by: "acount.id" })).toEqual(["invalid_input", "by"]);
    expect(await problems({ measures: {} })).toEqual(["invalid_input", "measures"]);
    expect(await problems({ measure: {} })).toEqual(["invalid_input", "measure"]);
    expect(await problems({ hierarchy: "legal" })).toEqual(["unknown_hierarchy"]);
    expect(await problems({ on: "2026-02-30", hierarchy: "x" })).toEqual(["invalid_input", "on"]);
    expect(await problems({ where: { stat: "won" } })).toEqual(["invalid_query"]);
    expect(await problems({}, "019abc00-0000-7000-8000-000000000000")).toEqual(["not_found"]);
    const measures = {
      ok: sum("amount"),
      mean: { fn: "avg", field: "amount" },
      different: { fn: "countDistinct", field: "name" },
      unknown: sum("amout"),
      text: sum("name"),
      order: max("accountId"),
      percent: sum("amount", { percent: "name" }),
      currency: sum("amount", { in: "EURO", on: "2026-01-01" }),
      day: sum("amount", { in: "EUR", on: "name" }),
      number: sum("probability", { in: "EUR", on: "2026-01-01" }),
      money: latest("amount", { by: "expectedCloseDate" }),
      by: latest("name", { by: "name" }),
      nothing: null,
    };
    expect(await problems({ measures })).toEqual([
      "invalid_input",
      ...Object.keys(measures).flatMap((name) => (name === "ok" ? [] : [`measures.${name}`])),
    ]);
  });

  it("refuse to weigh by a share that is not known, naming it", async () => {
    const crm = await open(async () => memory());
    const { Acme, Bluth, Duff } = await makeTree(crm, ["Acme", "Bluth", "Duff"]);
    const edges = [[Bluth!, Acme!, "50"] as const, [Duff!, Acme!] as const];
    await makeHierarchy(crm, { key: "legal", shape: "graph", edges });
    const query = { entity: "opportunity", hierarchy: "legal", measures: { n: sum("amount") } };
    expect(await refusal(crm.hierarchies.rollUpAll({ ...query, weighted: true }))).toMatchObject({
      code: "invalid_input",
      message: `rollUp.weighted counts by shares, and some are not known: that of ${Duff} below ${Acme}. Give them, or leave it out.`,
    });
    expect(await crm.hierarchies.rollUpAll(query)).toHaveLength(3);
  });
});
