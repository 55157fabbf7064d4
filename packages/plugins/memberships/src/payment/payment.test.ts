import type { CrmOptions } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm, openSociety, refusal, society } from "../memberships-fixture.ts";
import type { ProgramDefinition } from "../program/define-program.ts";
import type { ChargeRequest, ChargeResult, PaymentProvider } from "./payment-provider.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

const eur = (amount: string) => ({ amount, currency: "EUR" });

/** One level "friend" by these rules, with a plan "annual" for 100.00 euros, in these parts. */
const friends = (level: object, plan: object = {}): ProgramDefinition => ({
  ...{ key: "society", currency: "EUR" },
  levels: [{ key: "friend", rank: 1, ...level, plans: [{ key: "annual", price: "100.00", ...plan }] }],
});

async function open(make: () => Promise<CrmOptions["storage"]>, definition: ProgramDefinition = society) {
  let now = Date.parse("2026-01-15T12:00:00Z");
  const crm = await openCrm({ storage: await make(), clock: () => now });
  onTestFinished(() => crm.close());
  const at = (day: string) => {
    now = Date.parse(`${day}T12:00:00Z`);
  };
  return { crm, at, ...(await openSociety(crm, definition)) };
}

/** Answers by charge id, and remembers what it was asked. */
function fakeProvider(answers: readonly ("paid" | "failed" | "pending")[]) {
  const asked: ChargeRequest[] = [];
  const given = new Map<string, ChargeResult>();
  const provider: PaymentProvider = {
    async charge(request) {
      asked.push(request);
      const status = answers[given.size] ?? "paid";
      const result: ChargeResult =
        status === "paid"
          ? { status, paymentId: `charge ${request.chargeId}` }
          : status === "failed"
            ? { status, reason: "card declined" }
            : { status };
      const known = given.get(request.chargeId) ?? result;
      given.set(request.chargeId, known);
      return known;
    },
  };
  return { provider, asked, given };
}

describe.each(storages)("payments on %s", { timeout: 60_000 }, (name, make) => {
  it("extend once, however many report the same one at the same time", async () => {
    const { crm, person, planId, pay, termsOf } = await open(make);
    const { membership, order } = await crm.memberships.join({
      contactId: await person("Anna"),
      planId: planId("friend/annual"),
      terms: 3,
    });
    const reports = name === "PostgreSQL" ? 50 : 10;
    const results = await Promise.all(
      Array.from({ length: reports }, () => pay(order.id, "300.00", { paymentId: "stripe 1" })),
    );
    expect(results.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(await termsOf(membership.id)).toEqual([
      "2026-01-15..2027-01-14 friend",
      "2027-01-15..2028-01-14 friend",
      "2028-01-15..2029-01-14 friend",
    ]);
    expect([await crm.membershipPayments.count(), (await crm.membershipOrders.get(order.id)).paid]).toEqual([
      1,
      eur("300.00"),
    ]);
  });

  it("extend with the first instalment, or with the last one, by the level's rule", async () => {
    const parts = { instalments: 3 };
    const { crm, person, planId, pay, termsOf } = await open(make, friends({ extendsOn: "first_instalment" }, parts));
    const { membership, order } = await crm.memberships.join({
      contactId: await person("Anna"),
      planId: planId("friend/annual"),
    });
    expect((await crm.memberships.dues(order.id, { on: "2026-03-01" })).instalments).toMatchObject([
      { number: 1, dueOn: "2026-01-15", amount: eur("33.34"), open: eur("33.34"), overdue: true },
      { number: 2, dueOn: "2026-02-15", amount: eur("33.33"), overdue: true },
      { number: 3, dueOn: "2026-03-15", amount: eur("33.33"), overdue: false },
    ]);
    await pay(order.id, "33.33", { on: "2026-01-20" });
    expect(await termsOf(membership.id)).toEqual([]);
    await pay(order.id, "0.01", { on: "2026-01-21" });
    expect(await termsOf(membership.id)).toEqual(["2026-01-21..2027-01-20 friend"]);
    await pay(order.id, "66.66", { on: "2026-02-21" });
    expect(await termsOf(membership.id)).toHaveLength(1);
    expect(await crm.memberships.dues(order.id)).toMatchObject({ state: "applied", open: eur("0.00") });

    await crm.memberships.defineProgram(friends({ extendsOn: "last_instalment" }, parts));
    const second = await crm.memberships.join({ contactId: await person("Ben"), planId: planId("friend/annual") });
    await pay(second.order.id, "66.67");
    expect(await termsOf(second.membership.id)).toEqual([]);
    await pay(second.order.id, "33.33", { on: "2026-05-01" });
    expect(await termsOf(second.membership.id)).toEqual(["2026-05-01..2027-04-30 friend"]);
    await crm.memberships.defineProgram(friends({ extendsOn: "order" }));
    const third = await crm.memberships.join({ contactId: await person("Cleo"), planId: planId("friend/annual") });
    expect([third.terms.length, third.order.state, third.order.paid]).toEqual([1, "applied", eur("0.00")]);
  });

  it("may come from somebody else than the member", async () => {
    const { crm, person, planId, pay } = await open(make);
    const [anna, giver] = [await person("Anna"), await person("Gina")];
    const { id: employer } = await crm.accounts.create({ name: "Acme" });
    const { order } = await crm.memberships.join({
      contactId: anna,
      planId: planId("friend/annual"),
      payerContactId: giver,
    });
    expect(await pay(order.id, "60.00")).toMatchObject({ payment: { payerContactId: giver, payerAccountId: null } });
    const input = { orderId: order.id, paymentId: "wire 1", amount: eur("40.00"), payerAccountId: employer };
    expect(await crm.memberships.recordPayment(input)).toMatchObject({
      ...{ payment: { payerContactId: null, payerAccountId: employer }, order: { state: "applied" } },
    });
  });

  it("that go back end the term, or leave it, by the level's rule", async () => {
    const { crm, person, planId, enrol, termsOf, statuses } = await open(make, friends({ onChargeback: "keep" }));
    const id = await enrol(await person("Anna"), "friend/annual", "2026-01-01");
    const { order } = await crm.memberships.renew(id, { on: "2026-02-01" });
    await crm.memberships.recordPayment({
      orderId: order.id,
      paymentId: "early",
      amount: eur("100.00"),
      receivedOn: "2026-02-01",
    });
    await crm.memberships.recordRefund({
      paymentId: "back 1",
      refunds: "early",
      amount: eur("40.00"),
      receivedOn: "2026-03-01",
    });
    expect(await termsOf(id)).toEqual(["2026-01-01..2026-12-31 friend"]);
    expect((await crm.membershipTerms.list({ where: { membershipId: id } })).items).toHaveLength(2);
    expect(await statuses(id, ["2026-03-01", "2026-12-31", "2027-01-01"])).toEqual(["new", "current", "grace"]);
    await crm.memberships.recordChargeback({ paymentId: "bank 1", refunds: "payment 1", receivedOn: "2026-03-02" });
    expect(await statuses(id, ["2026-03-02", "2026-12-31"])).toEqual(["new", "current"]);
    const other = await enrol(await person("Ben"), "friend/annual", "2026-01-01");
    const refund = { paymentId: "back 2", refunds: "payment 2", receivedOn: "2026-04-05" };
    expect((await crm.memberships.recordRefund(refund)).repeated).toBe(false);
    expect((await crm.memberships.recordRefund(refund)).repeated).toBe(true);
    expect(await termsOf(other)).toEqual(["2026-01-01..2026-04-04 friend"]);
    expect(await statuses(other, ["2026-04-04", "2026-04-05", "2026-05-01"])).toEqual([
      "current",
      "cancelled",
      "cancelled",
    ]);
    expect(planId("friend/annual")).toBeTypeOf("string");
  });

  it("that go back for a term that is over leave an open order", async () => {
    const { crm, at, person, enrol, planId, pay, statuses } = await open(make);
    const contactId = await person("Anna");
    const { membership, order } = await crm.memberships.join({ contactId, planId: planId("friend/monthly") });
    await pay(order.id, "10.00", { paymentId: "first" });
    const renewed = await crm.memberships.renew(membership.id);
    await pay(renewed.order.id, "10.00");
    at("2026-03-01");
    const open_ = await crm.memberships.renew(membership.id);
    await crm.memberships.recordRefund({ paymentId: "back", refunds: "first" });
    expect(await crm.membershipOrders.get(open_.order.id)).toMatchObject({ state: "open" });
    expect(await statuses(membership.id, ["2026-02-01", "2026-03-01"])).toEqual(["new", "new"]);
    const ben = await enrol(await person("Ben"), "friend/monthly", "2026-03-01");
    const paid = await crm.membershipPayments.find({ where: { order: { membershipId: ben } } });
    expect(await refusal(crm.memberships.recordRefund({ paymentId: "back", refunds: paid!.paymentId }))).toMatchObject({
      code: "payment_differs",
    });
  });

  it("are refused where they cannot be, and nothing is stored", async () => {
    const { crm, person, planId, pay, enrol } = await open(make);
    const { order } = await crm.memberships.join({ contactId: await person("Anna"), planId: planId("friend/annual") });
    const input = { orderId: order.id, paymentId: "p" };
    const payment = (amount: object) => crm.memberships.recordPayment({ ...input, amount: amount as never });
    const before = await crm.membershipOrders.get(order.id);
    expect(await refusal(payment({ amount: "100.00", currency: "USD" }))).toMatchObject({
      ...{ code: "other_currency", message: "The program is paid in EUR, and this is USD." },
      details: { entity: "membershipPayment", field: "amount" },
    });
    expect(await refusal(payment(eur("100.01")))).toMatchObject({
      code: "payment_exceeds_order",
      details: { left: "100.00" },
    });
    for (const wrong of [eur("0.00"), eur("-1.00"), eur("1.001"), eur("NaN"), { amount: "1", currency: "ABC" }, {}, 5])
      expect(await refusal(payment(wrong as object))).toMatchObject({ code: "invalid_input" });
    expect(
      await refusal(crm.memberships.recordPayment({ ...input, amount: eur("1.00"), receivedOn: "2026-02-30" })),
    ).toMatchObject({
      details: { field: "receivedOn" },
    });
    expect(await refusal(pay(crm.memberships ? planId("friend/annual") : "", "1.00"))).toMatchObject({
      code: "not_found",
    });
    expect([await crm.membershipPayments.count(), await crm.membershipOrders.get(order.id)]).toEqual([0, before]);
    await pay(order.id, "60.00", { paymentId: "one" });
    expect(await refusal(pay(order.id, "40.00", { paymentId: "one" }))).toMatchObject({
      ...{ code: "payment_differs", details: { field: "amount", recorded: "60.00 EUR", given: "40.00 EUR" } },
    });
    const refund = { paymentId: "back", refunds: "one" };
    expect(await refusal(crm.memberships.recordRefund({ ...refund, amount: eur("60.01") }))).toMatchObject({
      ...{
        code: "refund_exceeds_payment",
        message: 'Of payment "one", 60.00 EUR are left to go back, and 60.01 were asked for.',
      },
    });
    expect(
      await refusal(crm.memberships.recordRefund({ ...refund, amount: { amount: "1", currency: "USD" } })),
    ).toMatchObject({
      code: "other_currency",
    });
    expect(await refusal(crm.memberships.recordRefund({ paymentId: "back", refunds: "nobody's" }))).toMatchObject({
      code: "unknown_payment",
    });
    expect(await crm.membershipPayments.count()).toBe(1);
    await crm.memberships.recordRefund({ ...refund, amount: eur("20.00") });
    expect(
      await refusal(crm.memberships.recordRefund({ paymentId: "more", refunds: "one", amount: eur("40.01") })),
    ).toMatchObject({
      code: "refund_exceeds_payment",
    });
    const id = await enrol(await person("Ben"), "friend/annual", "2026-01-01");
    const open2 = await crm.memberships.renew(id, { on: "2026-01-10" });
    await crm.memberships.cancel(id, { on: "2026-01-12" });
    expect(await refusal(pay(open2.order.id, "100.00"))).toMatchObject({
      code: "order_void",
      details: { day: "2026-01-12" },
    });
  });
});

describe.each(storages)("renewals by a provider on %s", { timeout: 60_000 }, (_, make) => {
  const renewingLevel = { autoRenewal: "optional", renewalLeadDays: 7, retryDays: [1, 3] };
  const renewing = friends(renewingLevel);

  it("are ordered, charged and extended once, whoever runs them, and however often", async () => {
    const { crm, at, person, planId, pay, termsOf } = await open(make, renewing);
    const joined = await crm.memberships.join({
      ...{ contactId: await person("Anna"), planId: planId("friend/annual"), on: "2026-01-15" },
      ...{ autoRenew: true, paymentMethod: "card 1" },
    });
    await pay(joined.order.id, "100.00", { on: "2026-01-15" });
    const { provider, asked, given } = fakeProvider([]);
    at("2027-01-06");
    expect(await crm.memberships.collectRenewals({ provider })).toMatchObject({
      ordered: [],
      renewed: [],
      failed: [],
      problems: [],
    });
    at("2027-01-07");
    await Promise.all(Array.from({ length: 5 }, () => crm.memberships.collectRenewals({ provider })));
    await crm.memberships.collectRenewals({ provider });
    expect(given.size).toBe(1);
    expect(asked[0]).toMatchObject({
      paymentMethod: "card 1",
      amount: eur("100.00"),
      membershipId: joined.membership.id,
    });
    expect(await termsOf(joined.membership.id)).toEqual([
      "2026-01-15..2027-01-14 friend",
      "2027-01-15..2028-01-14 friend",
    ]);
    expect(await crm.membershipPayments.count()).toBe(2);
  });

  it("are charged by instalments, each when it is due, also where the order or the first one extends", async () => {
    for (const extendsOn of ["first_instalment", "order"] as const) {
      const { crm, at, person, planId, pay, termsOf } = await open(
        make,
        friends({ ...renewingLevel, extendsOn }, { instalments: 2, instalmentMonths: 6 }),
      );
      const { membership, order } = await crm.memberships.join({
        ...{ contactId: await person("Anna"), planId: planId("friend/annual"), autoRenew: true },
      });
      await pay(order.id, "100.00");
      const { provider, asked } = fakeProvider(["failed", "paid", "paid"]);
      for (const day of ["2027-01-10", "2027-01-11", "2027-01-12", "2027-07-09", "2027-07-10", "2027-07-11"]) {
        at(day);
        await crm.memberships.collectRenewals({ provider });
      }
      expect(asked.map(({ amount }) => amount)).toEqual([eur("50.00"), eur("50.00"), eur("50.00")]);
      expect(new Set(asked.map(({ chargeId }) => chargeId)).size).toBe(3);
      expect(await termsOf(membership.id)).toHaveLength(2);
      expect(await crm.membershipOrders.find({ where: { automatic: true } })).toMatchObject({
        ...{ state: "applied", paid: eur("100.00"), nextAttemptOn: null, failures: 0 },
      });
    }
  });

  it("follow the level that the membership renews to", async () => {
    const { crm, person, planId, pay } = await open(make, {
      ...{ key: "society", currency: "EUR" },
      levels: (["optional", "required", "none"] as const).map((autoRenewal, at) => ({
        ...{ key: autoRenewal, rank: at + 1, autoRenewal, plans: [{ key: "annual", price: "100.00" }] },
      })),
    });
    const contactId = await person("Anna");
    const { membership, order } = await crm.memberships.join({ contactId, planId: planId("optional/annual") });
    await pay(order.id, "100.00");
    const { id } = membership;
    expect(membership.autoRenew).toBe(false);
    await crm.memberships.upgrade(id, { planId: planId("required/annual") });
    expect((await crm.memberships.get(id)).autoRenew).toBe(true);
    const changed = await crm.memberships.upgrade(id, { planId: planId("none/annual"), when: "renewal" });
    expect(changed.membership.autoRenew).toBe(false);
  });

  it("are not charged once they are turned off or were paid, and are not kept from it by an override", async () => {
    const { crm, at, person, planId, pay, termsOf } = await open(make, renewing);
    const members = [];
    for (const name of ["Anna", "Ben", "Cleo"]) {
      const { membership, order } = await crm.memberships.join({
        ...{ contactId: await person(name), planId: planId("friend/annual"), autoRenew: true },
      });
      await pay(order.id, "100.00");
      members.push(membership.id);
    }
    const [anna, ben, cleo] = members as [string, string, string];
    const { provider, asked } = fakeProvider(["failed", "failed", "paid"]);
    await crm.memberships.override(cleo, { status: "current", from: "2026-12-01", until: "2027-06-30" });
    at("2027-01-08");
    expect((await crm.memberships.collectRenewals({ provider })).ordered.toSorted()).toEqual(members.toSorted());
    const failed = (await crm.membershipOrders.list({ where: { state: "open" } })).items;
    expect(failed).toHaveLength(2);
    const [off, other] = failed.map(({ membershipId }) => membershipId) as [string, string];
    await crm.memberships.setAutoRenewal(off, { autoRenew: false });
    at("2027-01-09");
    const late: PaymentProvider = {
      async charge(request) {
        asked.push(request);
        await pay(request.orderId, "100.00", { paymentId: "by hand" });
        return { status: "pending" };
      },
    };
    await Promise.all([crm.memberships.collectRenewals({ provider: late })]);
    await crm.memberships.collectRenewals({ provider: late });
    expect(asked.map(({ membershipId }) => membershipId).slice(3)).toEqual([other]);
    expect(await termsOf(off)).toHaveLength(1);
    expect([anna, ben, cleo]).toContain(off);
    expect(await refusal(crm.memberships.collectRenewals({ provider: {} as PaymentProvider }))).toMatchObject({
      code: "invalid_input",
    });
  });

  it("are tried again after days, and given up; the order can still be paid", async () => {
    const { crm, at, person, planId, pay, termsOf } = await open(make, renewing);
    const heard: object[] = [];
    crm.on(
      "membership.renewal_failed",
      ({ data }) => void heard.push({ failures: data.failures, next: data.nextAttemptOn }),
    );
    const contactId = await person("Anna");
    const joined = await crm.memberships.join({
      contactId,
      planId: planId("friend/annual"),
      on: "2026-01-15",
      autoRenew: true,
    });
    await pay(joined.order.id, "100.00", { on: "2026-01-15" });
    const { provider, given } = fakeProvider(["failed", "failed", "failed"]);
    for (const day of ["2027-01-10", "2027-01-10", "2027-01-11", "2027-01-12", "2027-01-14", "2027-01-20"]) {
      at(day);
      await crm.memberships.collectRenewals({ provider });
    }
    expect(given.size).toBe(3);
    expect(heard).toEqual([
      { failures: 1, next: "2027-01-11" },
      { failures: 2, next: "2027-01-14" },
      { failures: 3, next: null },
    ]);
    const { items } = await crm.membershipOrders.list({ where: { kind: "renewal" } });
    expect(items).toMatchObject([{ state: "open", failures: 3, lastFailure: "card declined", nextAttemptOn: null }]);
    await pay(items[0]!.id, "100.00", { on: "2027-01-21" });
    expect(await termsOf(joined.membership.id)).toEqual([
      "2026-01-15..2027-01-14 friend",
      "2027-01-15..2028-01-14 friend",
    ]);
  });

  it("end with a member, or a payer, who is deleted or erased: nobody is charged, and nobody is reminded", async () => {
    const { crm, at, person, planId, pay } = await open(make, friends({ ...renewingLevel, reminderDays: [30] }));
    const names = ["Deleted", "Erased", "Paid for"];
    const [deleted, erased, paidFor, payer] = await Promise.all([...names, "Payer"].map((name) => person(name)));
    const ids: string[] = [];
    for (const contactId of [deleted!, erased!, paidFor!]) {
      const joined = await crm.memberships.join({
        ...{ contactId, planId: planId("friend/annual"), on: "2026-01-15", autoRenew: true, paymentMethod: "card" },
        ...(contactId === paidFor ? { payerContactId: payer } : {}),
      });
      await pay(joined.order.id, "100.00", { on: "2026-01-15" });
      ids.push(joined.membership.id);
    }
    const applied = { planId: planId("friend/annual"), statement: "I have always wanted to." };
    for (const contactId of [erased!, payer!]) await crm.membershipApplications.create({ contactId, ...applied });
    await crm.contacts.delete(deleted!);
    await crm.contacts.erase(erased!);
    await crm.contacts.erase(payer!);
    expect([
      (await crm.memberships.list({ where: { autoRenew: false, paymentMethod: null } })).items.length,
      await crm.membershipApplications.count({ archived: "include" }),
    ]).toEqual([3, 0]);
    const reminded: string[] = [];
    crm.on("membership.reminder_due", ({ recordId }) => void reminded.push(recordId));
    at("2027-01-10");
    const { provider, asked } = fakeProvider([]);
    expect(await crm.memberships.collectRenewals({ provider })).toMatchObject({ ordered: [], problems: [] });
    await crm.memberships.advance();
    expect([asked, reminded]).toEqual([[], [ids[2]]]);

    const on = "2026-06-01";
    expect((await crm.memberships.countMembers({ on })).members).toBe(3);
    await crm.memberships.eraseMembership(ids[1]!, { reason: "a request" });
    expect((await crm.memberships.countMembers({ on })).members).toBe(2);
    expect(await crm.memberships.versions({ ids: [ids[1]!] })).toEqual([]);
    expect(await crm.membershipPayments.count()).toBe(2);
  });

  it("leave alone who has lapsed, or paused, and report who cannot renew", async () => {
    const { crm, at, person, planId, pay } = await open(make, friends({ autoRenewal: "required", seats: 2 }));
    const ids: string[] = [];
    for (const name of ["Anna", "Ben"]) {
      const contactId = await person(name);
      const joined = await crm.memberships.join({ contactId, planId: planId("friend/annual"), on: "2026-01-15" });
      await pay(joined.order.id, "100.00", { on: "2026-01-15" });
      ids.push(joined.membership.id);
    }
    await crm.memberships.pause(ids[1]!, { from: "2027-01-10", until: "2027-06-10" });
    const { provider, asked } = fakeProvider([]);
    at("2027-03-01");
    expect(await crm.memberships.collectRenewals({ provider })).toMatchObject({
      ordered: [],
      renewed: [],
      problems: [],
    });
    at("2027-06-20");
    await crm.membershipPlans.archive(planId("friend/annual"));
    const collected = await crm.memberships.collectRenewals({ provider });
    expect([collected.ordered, collected.problems, asked]).toEqual([
      [],
      [{ membershipId: ids[1], error: expect.objectContaining({ code: "no_longer_offered" }) }],
      [],
    ]);
    expect((await crm.memberships.get(ids[1]!)).autoRenew).toBe(true);
  });

  it("that are pending, or of which the outcome is not known, are asked again with the same id", async () => {
    const { crm, at, person, planId, pay, termsOf } = await open(make, renewing);
    const contactId = await person("Anna");
    const joined = await crm.memberships.join({
      contactId,
      planId: planId("friend/annual"),
      on: "2026-01-15",
      autoRenew: true,
    });
    await pay(joined.order.id, "100.00", { on: "2026-01-15" });
    at("2027-01-10");
    const lost: PaymentProvider = { charge: () => Promise.reject(new Error("connection reset")) };
    expect(await crm.memberships.collectRenewals({ provider: lost })).toMatchObject({
      problems: [{ membershipId: joined.membership.id }],
    });
    const { provider, asked } = fakeProvider(["pending"]);
    expect((await crm.memberships.collectRenewals({ provider })).pending).toEqual([joined.membership.id]);
    expect((await crm.memberships.collectRenewals({ provider })).pending).toEqual([joined.membership.id]);
    expect(new Set(asked.map(({ chargeId }) => chargeId)).size).toBe(1);
    await pay(asked[0]!.orderId, "100.00", { on: "2027-01-12" });
    expect((await crm.memberships.collectRenewals({ provider })).pending).toEqual([]);
    expect(await termsOf(joined.membership.id)).toHaveLength(2);
  });
});
