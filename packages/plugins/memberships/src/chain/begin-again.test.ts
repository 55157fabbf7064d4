/** What was ended, ordered or paused before has no part in what begins anew. */
import type { CrmOptions } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm, openSociety, refusal, society } from "../memberships-fixture.ts";
import type { ProgramDefinition } from "../program/define-program.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

async function open(make: () => Promise<CrmOptions["storage"]>, definition: ProgramDefinition = society) {
  const crm = await openCrm({ storage: await make() });
  onTestFinished(() => crm.close());
  return { crm, ...(await openSociety(crm, definition)) };
}

const eur = (amount: string) => ({ amount, currency: "EUR" });

describe.each(storages)("a membership that begins again on %s", { timeout: 60_000 }, (_, make) => {
  it("does not pause, where the one before did until it was cancelled", async () => {
    const { crm, person, enrol, statuses } = await open(make);
    const anna = await person("Anna");
    const id = await enrol(anna, "friend/annual", "2026-01-15");
    await crm.memberships.pause(id, { from: "2026-01-20" });
    await crm.memberships.cancel(id, { on: "2026-02-01" });
    await enrol(anna, "friend/annual", "2026-03-01");
    const days = ["2026-01-20", "2026-02-01", "2026-02-28", "2026-03-01", "2026-06-01"];
    expect(await statuses(id, days)).toEqual(["paused", "cancelled", "cancelled", "new", "current"]);
  });

  it("resumes from a pause of which the term was refunded", async () => {
    const { crm, person, planId, pay } = await open(make);
    const contactId = await person("Anna");
    const { membership, order } = await crm.memberships.join({ contactId, planId: planId("friend/annual") });
    await pay(order.id, "100.00", { paymentId: "p" });
    await crm.memberships.pause(membership.id);
    await crm.memberships.recordRefund({ paymentId: "r", refunds: "p" });
    await crm.memberships.resume(membership.id, { on: "2026-01-20" });
    expect(await crm.membershipEvents.find({ where: { kind: "paused" } })).toMatchObject({
      validUntil: "2026-01-19",
      addedDays: null,
    });
  });

  it("is not moved by a pause where its term was ended meanwhile", async () => {
    const { crm, person, planId, pay, termsOf } = await open(make);
    for (const [at, until] of [undefined, "2026-02-20"].entries()) {
      const joined = { contactId: await person("Anna"), planId: planId("friend/monthly"), on: "2026-01-15" };
      const { membership, order } = await crm.memberships.join(joined);
      await pay(order.id, "10.00", { paymentId: `p${at}`, on: "2026-01-15" });
      await crm.memberships.pause(membership.id, { from: "2026-01-20", until });
      await crm.memberships.recordRefund({ paymentId: `r${at}`, refunds: `p${at}`, receivedOn: "2026-01-22" });
      await crm.memberships.resume(membership.id, { on: "2026-01-25" });
      expect(await termsOf(membership.id)).toEqual(["2026-01-15..2026-01-21 friend"]);
    }
  });

  it("pauses without a term that is to come after a gap, or before its parts have their days", async () => {
    const { crm, person, planId, pay, enrol, termsOf } = await open(make);
    const id = await enrol(await person("Anna"), "friend/monthly", "2026-01-01");
    for (const paymentId of ["second", "third"]) {
      const { order } = await crm.memberships.renew(id, { on: "2026-01-02" });
      await pay(order.id, "10.00", { paymentId, on: "2026-01-02" });
    }
    await crm.memberships.recordRefund({ paymentId: "back", refunds: "second", receivedOn: "2026-01-03" });
    await crm.memberships.pause(id, { from: "2026-01-10", until: "2026-01-14" });
    expect(await termsOf(id)).toEqual(["2026-01-01..2026-02-05 friend", "2026-03-01..2026-03-31 friend"]);
    await crm.memberships.pause(id, { from: "2026-01-20", until: "2026-02-18" });
    expect(await termsOf(id)).toEqual(["2026-01-01..2026-03-07 friend", "2026-03-08..2026-04-07 friend"]);

    const ben = await enrol(await person("Ben"), "friend/monthly", "2026-01-01");
    const { order } = await crm.memberships.upgrade(ben, { planId: planId("gold/monthly"), on: "2026-01-11" });
    await pay(order!.id, order!.amount.amount, { on: "2026-01-11" });
    await crm.memberships.pause(ben, { from: "2026-01-05", until: "2026-01-09" });
    expect(await termsOf(ben)).toEqual(["2026-01-01..2026-01-15 friend", "2026-01-16..2026-02-05 gold"]);
  });

  it("goes on where a merge has brought terms before joining is paid", async () => {
    const { crm, person, planId, pay, enrol, termsOf } = await open(make);
    const anna = await person("Anna");
    const { membership, order } = await crm.memberships.join({ contactId: anna, planId: planId("friend/monthly") });
    const other = await person("Anne");
    await enrol(other, "friend/monthly", "2026-01-10");
    await crm.contacts.merge(anna, other);
    await pay(order.id, "10.00");
    expect(await termsOf(membership.id)).toEqual(["2026-01-10..2026-02-09 friend", "2026-02-10..2026-03-09 friend"]);
  });

  it("is not cancelled at the end of a term that is renewed after all", async () => {
    const { crm, person, enrol, pay, termsOf, statuses } = await open(make);
    const id = await enrol(await person("Anna"), "friend/annual", "2026-01-15");
    await crm.memberships.cancel(id, { when: "end_of_term" });
    const { order } = await crm.memberships.renew(id);
    expect(await statuses(id, ["2027-01-14", "2027-01-15"])).toEqual(["current", "cancelled"]);
    await pay(order.id, "100.00");
    expect(await termsOf(id)).toEqual(["2026-01-15..2027-01-14 friend", "2027-01-15..2028-01-14 friend"]);
    expect(await statuses(id, ["2027-01-14", "2027-01-15"])).toEqual(["current", "current"]);
  });

  it("takes a transfer though it was cancelled, there and back, and renews by the plan that came", async () => {
    const { crm, person, planId, enrol, statuses } = await open(make);
    const [anna, ben] = [await person("Anna"), await person("Ben")];
    const [hers, his] = [
      await enrol(anna, "friend/annual", "2026-01-15"),
      await enrol(ben, "gold/annual", "2025-01-15"),
    ];
    await crm.memberships.cancel(his, { on: "2025-02-01" });
    await crm.memberships.transfer(hers, { contactId: ben, on: "2026-03-01" });
    expect(await statuses(his, ["2026-02-28", "2026-03-01"])).toEqual(["cancelled", "current"]);
    expect((await crm.memberships.get(his)).renewalPlanId).toBe(planId("friend/annual"));
    await crm.memberships.transfer(his, { contactId: anna, on: "2026-05-01" });
    expect(await statuses(hers, ["2026-03-01", "2026-05-01"])).toEqual(["cancelled", "current"]);
    expect(await statuses(his, ["2026-05-01"])).toEqual(["cancelled"]);
  });

  it("leaves a term that is to come after a refund, which was paid for too", async () => {
    const { crm, person, planId, pay, termsOf } = await open(make);
    const contactId = await person("Anna");
    const monthly = { contactId, planId: planId("friend/monthly") };
    const { membership, order } = await crm.memberships.join(monthly);
    await pay(order.id, "10.00", { paymentId: "p" });
    await pay((await crm.memberships.renew(membership.id)).order.id, "10.00");
    await crm.memberships.recordRefund({ paymentId: "r", refunds: "p", receivedOn: "2026-01-20" });
    expect(await refusal(crm.memberships.join({ ...monthly, on: "2026-01-25" }))).toMatchObject({
      code: "terms_overlap",
      details: { day: "2026-02-15" },
    });
    expect(await termsOf(membership.id)).toEqual(["2026-01-15..2026-01-19 friend", "2026-02-15..2026-03-14 friend"]);
  });

  it("has its seat still after a pause, and may have lost it after a cancellation", async () => {
    const { crm, person, planId } = await open(make, {
      ...{ key: "small", currency: "EUR" },
      levels: [{ key: "friend", rank: 1, seats: 1, plans: [{ key: "annual" }] }],
    });
    const join = async (name: string, on: string) =>
      crm.memberships.join({ contactId: await person(name), planId: planId("friend/annual"), on });
    const { membership } = await join("Anna", "2026-01-15");
    await crm.memberships.pause(membership.id, { from: "2026-01-20", until: "2026-01-29" });
    expect(await refusal(join("Ben", "2026-01-25"))).toMatchObject({ code: "no_seats" });
    await crm.memberships.cancel(membership.id, { on: "2026-02-01" });
    await join("Cleo", "2026-02-02");
    const reinstated = crm.memberships.reinstate(membership.id, { on: "2026-02-03" });
    expect(await refusal(reinstated)).toMatchObject({ code: "no_seats" });
  });

  it("is refused before it is ordered, where what is paid could not begin", async () => {
    const { crm, person, planId, enrol, pay } = await open(make);
    const [anna, ben] = [await person("Anna"), await person("Ben")];
    const plan = planId("friend/annual");
    const coming = await crm.memberships.join({ contactId: anna, planId: plan, startsOn: "2026-06-01" });
    await pay(coming.order.id, "100.00");
    expect(await refusal(crm.memberships.join({ contactId: anna, planId: plan }))).toMatchObject({
      code: "terms_overlap",
      details: { day: "2026-06-01" },
    });
    const { order } = await crm.memberships.join({ contactId: ben, planId: plan });
    const cleo = await enrol(await person("Cleo"), "friend/annual", "2026-01-15");
    const transfer = () => crm.memberships.transfer(cleo, { contactId: ben });
    expect(await refusal(transfer())).toMatchObject({ code: "order_open", details: { orderId: order.id } });
    expect(await crm.memberships.giveUpOrder(order.id)).toMatchObject({ state: "void", stateOn: "2026-01-15" });
    expect(await crm.memberships.giveUpOrder(order.id)).toMatchObject({ state: "void" });
    expect((await transfer()).terms).toHaveLength(1);
    const begun = await crm.memberships.join({ contactId: await person("Dora"), planId: plan });
    await pay(begun.order.id, "40.00", { paymentId: "part" });
    expect(await refusal(crm.memberships.giveUpOrder(begun.order.id))).toMatchObject({
      ...{ code: "order_paid_in_part", details: { paid: "40.00", currency: "EUR" } },
    });
    await crm.memberships.recordRefund({ paymentId: "part back", refunds: "part" });
    expect(await crm.memberships.giveUpOrder(begun.order.id)).toMatchObject({ state: "void" });
    expect(await refusal(crm.memberships.giveUpOrder(coming.order.id))).toMatchObject({ code: "order_applied" });
    for (const [planName, more] of [
      ["life/life", { terms: 2 }],
      ["friend/free", { startsOn: "9999-06-01" }],
    ] as const)
      expect(
        await refusal(crm.memberships.join({ contactId: await person("Dora"), planId: planId(planName), ...more })),
      ).toMatchObject({ code: "invalid_input" });
    const payer = { payerContactId: ben, accountId: null, payerAccountId: "x" };
    expect(
      await refusal(crm.memberships.join({ contactId: await person("Emil"), planId: plan, ...payer })),
    ).toMatchObject({ code: "invalid_input", details: { issues: [{ field: "payerContactId" }] } });
  });
});

describe("what is imported", () => {
  it("is refused without an end, for less than nothing, and out of order", async () => {
    const { crm, person, planId } = await open(storages[0][1]);
    const annual = planId("friend/annual");
    const year = (startsOn: string) => ({ planId: annual, startsOn, endsOn: `${startsOn.slice(0, 4)}-12-31` });
    for (const [terms, field] of [
      [[{ planId: annual, startsOn: "2026-01-01" }], "terms.0.endsOn"],
      [[{ ...year("2026-01-01"), price: "-5.00" }], "terms.0.price"],
      [[year("2026-01-01"), year("2025-01-01")], "terms.1.startsOn"],
    ] as const)
      expect(
        await refusal(crm.memberships.importMemberships([{ contactId: await person("Anna"), terms }])),
      ).toMatchObject({ code: "invalid_input", details: { issues: [{ field, index: 0 }] } });
    expect(await refusal(crm.memberships.importMemberships(null as never))).toMatchObject({ code: "invalid_input" });
    expect(await crm.memberships.count()).toBe(0);
  });
});

describe("a change of level", () => {
  const calendar = (price: string) =>
    ({ key: "calendar", unit: "year", period: "fixed", startDay: "01-01", firstPrice: "daily", price }) as const;

  it("credits, and a transfer takes along, what was paid for the days that were left of a first fixed period", async () => {
    const { crm, person, planId, enrol } = await open(storages[0][1], {
      ...{ key: "days", currency: "EUR" },
      levels: [
        { key: "friend", rank: 1, plans: [calendar("365.00")] },
        { key: "gold", rank: 2, plans: [calendar("730.00")] },
      ],
    });
    const id = await enrol(await person("Anna"), "friend/calendar", "2026-07-01");
    const planned = { planId: planId("gold/calendar"), on: "2026-07-01" };
    expect(await crm.memberships.quoteChange(id, planned)).toMatchObject({
      ...{ keepsEnd: true, charge: eur("368.00"), credit: eur("184.00"), amount: eur("184.00") },
    });
    const moved = await crm.memberships.transfer(id, { contactId: await person("Ben"), on: "2026-10-01" });
    expect(moved.terms[0]!.price).toEqual(eur("92.00"));
  });

  it("begins a new term where later terms are of another plan, which are not as long", async () => {
    const { crm, person, planId, enrol, pay } = await open(storages[0][1]);
    const id = await enrol(await person("Anna"), "friend/monthly", "2026-01-15");
    const { order } = await crm.memberships.renew(id, { planId: planId("friend/annual") });
    await pay(order.id, "100.00");
    expect(await crm.memberships.quoteChange(id, { planId: planId("gold/monthly") })).toMatchObject({
      ...{ keepsEnd: false, charge: eur("25.00"), credit: eur("110.00"), left: eur("85.00") },
    });
  });

  it("is counted in the currency's own minor units", async () => {
    for (const [currency, friend, gold, quote] of [
      ["JPY", "1001", "2500", { charge: "1747", credit: "699", amount: "1048" }],
      ["BHD", "10.001", "25.555", { charge: "17.853", credit: "6.987", amount: "10.866" }],
    ] as const) {
      const { crm, person, planId, enrol } = await open(storages[0][1], {
        ...{ key: "odd", currency },
        levels: [
          { key: "friend", rank: 1, plans: [{ key: "annual", price: friend }] },
          { key: "gold", rank: 2, plans: [{ key: "annual", price: gold }] },
        ],
      });
      const id = await enrol(await person("Anna"), "friend/annual", "2026-01-15");
      const money = (amount: string) => ({ amount, currency });
      expect(await crm.memberships.quoteChange(id, { planId: planId("gold/annual"), on: "2026-05-05" })).toMatchObject({
        ...{ charge: money(quote.charge), credit: money(quote.credit), amount: money(quote.amount) },
      });
    }
  });
});
