/** Over 400 lines: what can happen to one membership, told once on every storage. */
import type { CrmOptions } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm, openSociety, refusal } from "../memberships-fixture.ts";
import { defaultStatusRules } from "../status/status-rule.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

async function open(make: () => Promise<CrmOptions["storage"]>) {
  const crm = await openCrm({ storage: await make() });
  onTestFinished(() => crm.close());
  return { crm, ...(await openSociety(crm)) };
}

describe.each(storages)("a membership on %s", { timeout: 60_000 }, (_, make) => {
  it("begins when it is paid, once, and is pending until then", async () => {
    const { crm, person, planId, pay, termsOf, statuses } = await open(make);
    const { membership, order, terms } = await crm.memberships.join({
      contactId: await person("Anna"),
      planId: planId("friend/annual"),
      on: "2026-01-10",
    });
    expect([terms, order.state, order.amount]).toEqual([[], "open", { amount: "100.00", currency: "EUR" }]);
    const paid = await pay(order.id, "100.00", { on: "2026-01-31", paymentId: "stripe 1" });
    expect([paid.repeated, paid.order.state]).toEqual([false, "applied"]);
    expect((await pay(order.id, "100.00", { on: "2026-02-01", paymentId: "stripe 1" })).repeated).toBe(true);
    expect(await termsOf(membership.id)).toEqual(["2026-01-31..2027-01-30 friend"]);
    expect(
      await statuses(membership.id, [
        "2026-01-09",
        "2026-01-10",
        "2026-01-30",
        "2026-01-31",
        "2026-04-30",
        "2026-05-01",
        "2027-01-30",
        "2027-01-31",
        "2027-02-28",
        "2027-03-01",
      ]),
    ).toEqual([null, "pending", "pending", "new", "new", "current", "current", "grace", "grace", "expired"]);
  });
  it("follows the calendar year, with a roll-over day", async () => {
    const { enrol, person, termsOf } = await open(make);
    expect(await termsOf(await enrol(await person("Anna"), "friend/calendar", "2026-10-15"))).toEqual([
      "2026-01-01..2027-12-31 friend",
    ]);
    expect(await termsOf(await enrol(await person("Ben"), "friend/calendar", "2026-09-30"))).toEqual([
      "2026-01-01..2026-12-31 friend",
    ]);
  });
  it("changes the level to the cent", async () => {
    const { crm, enrol, person, planId, pay, termsOf } = await open(make);
    const id = await enrol(await person("Anna"), "friend/annual", "2026-01-01");
    const quote = await crm.memberships.quoteChange(id, { planId: planId("gold/annual"), on: "2026-07-02" });
    expect(quote).toMatchObject({ keepsEnd: true, charge: { amount: "125.34" }, credit: { amount: "50.14" } });
    const { order } = await crm.memberships.upgrade(id, { planId: planId("gold/annual"), on: "2026-07-02" });
    expect(order?.amount).toEqual({ amount: "75.20", currency: "EUR" });
    await pay(order!.id, "75.20", { on: "2026-07-05" });
    expect(await termsOf(id)).toEqual(["2026-01-01..2026-07-01 friend", "2026-07-02..2026-12-31 gold"]);
    expect(
      await refusal(crm.memberships.upgrade(id, { planId: planId("friend/annual"), on: "2026-08-01" })),
    ).toMatchObject({
      code: "not_an_upgrade",
    });
    await crm.memberships.renew(id, { on: "2026-12-01", complimentary: true });
    expect((await termsOf(id)).at(-1)).toBe("2027-01-01..2027-12-31 gold");
  });

  it("is renewed early, in grace and after a lapse, each by its rule", async () => {
    const { crm, enrol, person, pay, termsOf, statuses } = await open(make);
    const id = await enrol(await person("Anna"), "friend/annual", "2024-01-31");
    const renewed = async (on: string, terms = 1) => {
      const { order } = await crm.memberships.renew(id, { on, terms });
      await pay(order.id, order.amount.amount, { on });
    };
    await renewed("2024-06-01", 2);
    await renewed("2027-02-20");
    await renewed("2029-05-05");
    expect(await termsOf(id)).toEqual([
      "2024-01-31..2025-01-30 friend",
      "2025-01-31..2026-01-30 friend",
      "2026-01-31..2027-01-30 friend",
      "2027-01-31..2028-01-30 friend",
      "2029-05-05..2030-05-04 friend",
    ]);
    const { items } = await crm.membershipTerms.list({ where: { membershipId: id }, orderBy: [{ startsOn: "asc" }] });
    expect(items.map(({ origin, anchorOn, position }) => `${origin} ${anchorOn} ${position}`)).toEqual([
      "join 2024-01-31 0",
      "renewal 2024-01-31 1",
      "renewal 2024-01-31 2",
      "renewal 2024-01-31 3",
      "return 2029-05-05 0",
    ]);
    expect((await crm.memberships.get(id)).joinedOn).toBe("2024-01-31");
    expect(await statuses(id, ["2027-02-19", "2028-02-29", "2028-03-01", "2029-05-04", "2029-05-05"])).toEqual([
      ...["current", "grace", "expired", "expired", "current"],
    ]);
  });

  it("pauses, and ends as many days later, with the terms after it", async () => {
    const { crm, enrol, person, termsOf, statuses } = await open(make);
    const id = await enrol(await person("Anna"), "friend/annual", "2026-01-31");
    await crm.memberships.renew(id, { on: "2026-02-01", complimentary: true });
    await crm.memberships.pause(id, { from: "2026-06-01", until: "2026-06-10", reason: "abroad" });
    expect(await termsOf(id)).toEqual(["2026-01-31..2027-02-09 friend", "2027-02-10..2028-02-09 friend"]);
    await crm.memberships.resume(id, { on: "2026-06-06" });
    expect(await termsOf(id)).toEqual(["2026-01-31..2027-02-04 friend", "2027-02-05..2028-02-04 friend"]);
    expect(await statuses(id, ["2026-05-31", "2026-06-01", "2026-06-05", "2026-06-06"])).toEqual([
      ...["current", "paused", "paused", "current"],
    ]);
    await crm.memberships.pause(id, { from: "2026-07-01" });
    expect(await statuses(id, ["2026-07-01", "2029-01-01"])).toEqual(["paused", "paused"]);
    await crm.memberships.resume(id, { on: "2026-07-31" });
    expect((await termsOf(id))[0]).toBe("2026-01-31..2027-03-06 friend");
    expect(await refusal(crm.memberships.resume(id, { on: "2026-08-01" }))).toMatchObject({ code: "not_paused" });
    expect(await refusal(crm.memberships.pause(id, { from: "2026-05-20", until: "2026-06-02" }))).toMatchObject({
      details: { field: "until" },
    });
  });

  it("is cancelled, reinstated, and given up by joining again", async () => {
    const { crm, enrol, person, planId, pay, termsOf, statuses } = await open(make);
    const contactId = await person("Anna");
    const id = await enrol(contactId, "friend/annual", "2026-01-01");
    await crm.memberships.cancel(id, { on: "2026-03-01", reason: "moved away" });
    expect(await statuses(id, ["2026-02-28", "2026-03-01", "2027-06-01"])).toEqual(["new", "cancelled", "cancelled"]);
    expect(await refusal(crm.memberships.cancel(id, { on: "2026-03-02" }))).toMatchObject({ code: "membership_ended" });
    expect(await refusal(crm.memberships.renew(id, { on: "2026-03-02" }))).toMatchObject({ code: "membership_ended" });
    await crm.memberships.reinstate(id, { on: "2026-05-01" });
    expect(await statuses(id, ["2026-04-30", "2026-05-01", "2027-01-01"])).toEqual(["cancelled", "current", "grace"]);
    await crm.memberships.cancel(id, { when: "end_of_term", on: "2026-06-01" });
    expect(await statuses(id, ["2026-12-31", "2027-01-01"])).toEqual(["current", "cancelled"]);
    await crm.memberships.reinstate(id, { on: "2026-06-02" });
    await crm.memberships.cancel(id, { on: "2026-07-01" });
    const again = await crm.memberships.join({ contactId, planId: planId("friend/annual"), on: "2026-09-01" });
    expect([again.membership.id, again.order.kind]).toEqual([id, "return"]);
    await pay(again.order.id, "100.00", { on: "2026-09-01" });
    expect(await termsOf(id)).toEqual(["2026-01-01..2026-08-31 friend", "2026-09-01..2027-08-31 friend"]);
    expect(await statuses(id, ["2026-08-31", "2026-09-01"])).toEqual(["cancelled", "current"]);
  });

  it("goes to somebody else with what is left of it", async () => {
    const { crm, enrol, person, termsOf, statuses } = await open(make);
    const [anna, ben] = [await person("Anna"), await person("Ben")];
    const id = await enrol(anna, "friend/annual", "2026-01-01");
    const { to, terms } = await crm.memberships.transfer(id, { contactId: ben, on: "2026-07-02" });
    expect(await termsOf(to.id)).toEqual(["2026-07-02..2026-12-31 friend"]);
    expect(terms[0]!.price).toEqual({ amount: "50.14", currency: "EUR" });
    expect(await statuses(id, ["2026-07-01", "2026-07-02"])).toEqual(["current", "cancelled"]);
    expect(await statuses(to.id, ["2026-07-01", "2026-07-02"])).toEqual([null, "new"]);
    const { order } = await crm.memberships.renew(to.id, { on: "2026-12-01", complimentary: true });
    expect(order.state).toBe("applied");
    expect((await termsOf(to.id))[1]).toBe("2027-01-01..2027-12-31 friend");
    const cleo = await enrol(await person("Cleo"), "friend/annual", "2026-01-01");
    expect(await refusal(crm.memberships.transfer(cleo, { contactId: ben, on: "2026-08-01" }))).toMatchObject({
      code: "already_member",
    });
  });

  it("is what somebody says by hand, until a day", async () => {
    const { crm, enrol, person, statuses } = await open(make);
    const id = await enrol(await person("Anna"), "friend/annual", "2026-01-01");
    await crm.memberships.override(id, { status: "expired", from: "2026-02-01", until: "2026-02-10", reason: "board" });
    await crm.memberships.override(id, { status: "grace", from: "2026-02-05", until: "2026-02-07" });
    expect(
      await statuses(id, ["2026-01-31", "2026-02-01", "2026-02-04", "2026-02-05", "2026-02-07", "2026-02-08"]),
    ).toEqual([...["new", "expired", "expired", "grace", "grace", "new"]]);
    await crm.memberships.endOverride(id, { on: "2026-02-06" });
    expect(await statuses(id, ["2026-02-05", "2026-02-06"])).toEqual(["grace", "new"]);
    expect(await refusal(crm.memberships.override(id, { status: "platinum" }))).toMatchObject({
      details: { field: "status" },
    });
    await crm.memberships.override(id, { status: "grace", from: "2026-03-01" });
    const rules = defaultStatusRules.flatMap((rule) => (rule.status === "grace" ? { ...rule, status: "late" } : rule));
    const program = (await crm.memberships.get(id)).programId;
    expect(await refusal(crm.membershipPrograms.update(program, { statusRules: rules }))).toMatchObject({
      code: "status_in_use",
    });
    await crm.memberships.endOverride(id, { on: "2026-01-01" });
    await crm.membershipPrograms.update(program, { statusRules: rules });
    expect(await statuses(id, ["2027-01-01"])).toEqual(["late"]);
  });

  it("ends with the member's death, whoever records it, and as it is corrected", async () => {
    const { crm, enrol, person, statuses } = await open(make);
    const contactId = await person("Anna");
    const id = await enrol(contactId, "friend/annual", "2026-01-01");
    const { order } = await crm.memberships.renew(id, { on: "2026-05-01" });
    await crm.contacts.update(contactId, { deathDate: "2026-06" });
    expect(await statuses(id, ["2026-06-29", "2026-06-30", "2028-01-01"])).toEqual(["current", "deceased", "deceased"]);
    expect((await crm.membershipOrders.get(order.id)).state).toBe("void");
    await crm.memberships.recordDeath(contactId, "2026-06-12");
    expect(await statuses(id, ["2026-06-11", "2026-06-12"])).toEqual(["current", "deceased"]);
    expect(await refusal(crm.memberships.renew(id, { on: "2026-07-01" }))).toMatchObject({ code: "membership_ended" });
    await crm.contacts.update(contactId, { deathDate: null });
    expect(await statuses(id, ["2026-06-12"])).toEqual(["current"]);
  });

  it("changes its level with the next renewal, or to a plan of another length, and keeps what is left over", async () => {
    const { crm, enrol, person, planId, pay, termsOf } = await open(make);
    const id = await enrol(await person("Anna"), "gold/annual", "2026-01-01");
    const down = await crm.memberships.downgrade(id, { planId: planId("friend/annual"), on: "2026-07-02" });
    expect([down.order!.amount.amount, (await crm.memberships.get(id)).credit]).toEqual([
      "0.00",
      { amount: "75.20", currency: "EUR" },
    ]);
    const { order } = await crm.memberships.renew(id, { on: "2026-12-01" });
    expect(order).toMatchObject({ amount: { amount: "24.80" }, credited: { amount: "75.20" } });
    await pay(order.id, "24.80", { on: "2026-12-01" });
    expect((await crm.memberships.get(id)).credit).toEqual({ amount: "0.00", currency: "EUR" });
    expect(await termsOf(id)).toEqual([
      "2026-01-01..2026-07-01 gold",
      "2026-07-02..2026-12-31 friend",
      "2027-01-01..2027-12-31 friend",
    ]);
    await crm.memberships.upgrade(id, { planId: planId("gold/annual"), when: "renewal", on: "2027-02-01" });
    expect((await crm.memberships.renew(id, { on: "2027-12-01" })).order).toMatchObject({
      amount: { amount: "250.00" },
    });
    const monthly = await enrol(await person("Ben"), "friend/monthly", "2026-01-01");
    const quote = await crm.memberships.quoteChange(monthly, { planId: planId("gold/annual"), on: "2026-01-17" });
    expect(quote).toMatchObject({
      keepsEnd: false,
      charge: { amount: "250.00" },
      credit: { amount: "4.84" },
      amount: { amount: "245.16" },
    });
    const up = await crm.memberships.upgrade(monthly, { planId: planId("gold/annual"), on: "2026-01-17" });
    await pay(up.order!.id, "245.16");
    expect(await termsOf(monthly)).toEqual(["2026-01-01..2026-01-16 friend", "2026-01-17..2027-01-16 gold"]);
  });

  it("is refused where the level is not for the member, by kind, age, prerequisite and seats", async () => {
    const { crm, person, planId, enrol } = await open(make);
    const definition = (more: object) => ({
      ...{ key: "youth", currency: "EUR", seats: 2 },
      levels: [{ key: "junior", rank: 1, minAge: 14, maxAge: 17, ...more, plans: [{ key: "annual" }] }],
    });
    const { plans, program } = await crm.memberships.defineProgram(definition({}));
    const junior = plans["junior/annual"]!.id;
    const join = (contactId: string, on = "2026-06-01") => crm.memberships.join({ contactId, planId: junior, on });
    const against = async (call: Promise<unknown>) =>
      ((await refusal(call)) as { details: { reason?: string; seats?: number } }).details;
    expect((await against(join(await person("A", { birthDate: "2012-06-02" })))).reason).toBe(
      "the person is younger than 14 on 2026-06-01",
    );
    expect((await against(join(await person("B", { birthDate: "2008-06-01" })))).reason).toBe(
      "the person is older than 17 on 2026-06-01",
    );
    expect((await against(join(await person("C", { birthDate: "2010" })))).reason).toBe(
      "the date of birth is not known to the day, and an age is asked for",
    );
    await join(await person("D", { birthDate: "2012-06-01" }));
    await join(await person("E", { birthDate: "2008-06-02" }));
    expect(await refusal(join(await person("F", { birthDate: "2010-01-01" })))).toMatchObject({
      ...{ code: "no_seats", message: "Program youth has 2 seats, and all of them are taken on 2026-06-01." },
    });
    const { id: household } = await crm.accounts.create({ name: "Silva", kind: "household" });
    expect(
      await refusal(crm.memberships.join({ accountId: household, planId: planId("friend/annual") })),
    ).toMatchObject({
      code: "may_not_join",
    });
    expect(
      await refusal(crm.memberships.join({ contactId: await person("G"), planId: planId("household/annual") })),
    ).toMatchObject({
      code: "may_not_join",
    });
    expect((await crm.memberships.join({ accountId: household, planId: planId("household/annual") })).order.state).toBe(
      "open",
    );
    const friend = await person("H", { birthDate: "2010-01-01" });
    const { programId } = await crm.memberships.get(await enrol(friend, "friend/annual", "2026-01-01"));
    await crm.memberships.defineProgram({ ...definition({ requiresProgramId: programId }), seats: null });
    expect((await against(join(await person("I", { birthDate: "2010-01-01" })))).reason).toBe(
      `a membership of program ${programId} is required on 2026-06-01`,
    );
    await join(friend);
    expect(program.seats).toBe(2);
  });

  it("refuses what cannot be, and stores nothing", async () => {
    const { crm, person, planId, enrol, termsOf, plans } = await open(make);
    const contactId = await person("Anna");
    const life = await enrol(contactId, "life/life", "2026-01-01");
    const stored = async () => [
      await crm.membershipTerms.count(),
      await crm.membershipOrders.count(),
      await crm.membershipSpans.count(),
      await crm.membershipPlans.count(),
      await crm.memberships.count(),
    ];
    const before = await stored();
    expect(await refusal(crm.memberships.renew(life))).toMatchObject({ code: "membership_for_life" });
    expect(await refusal(crm.memberships.downgrade(life, { planId: planId("gold/annual") }))).toMatchObject({
      code: "membership_for_life",
    });
    expect(await refusal(crm.memberships.cancel(life, { when: "end_of_term" }))).toMatchObject({
      code: "membership_for_life",
    });
    expect(
      await refusal(crm.memberships.join({ contactId, planId: planId("friend/annual"), on: "2026-02-01" })),
    ).toMatchObject({
      ...{ code: "already_member", details: { entity: "membership", id: life, day: "2026-02-01" } },
    });
    const plan = (more: object) =>
      crm.membershipPlans.create({
        levelId: plans["friend/annual"]!.levelId,
        key: "x",
        name: "x",
        price: { amount: "1", currency: "EUR" },
        ...more,
      });
    const fixed = { period: "fixed" as const, startDay: "01-01" };
    for (const [wrong, field] of [
      [{ ...fixed, rolloverDay: "02-30" }, "rolloverDay"],
      [{ ...fixed, rolloverDay: "13-01" }, "rolloverDay"],
      [{ ...fixed, rolloverDay: "01-01" }, "rolloverDay"],
      [{ ...fixed, startDay: "04-31" }, "startDay"],
      [{ period: "fixed" }, "startDay"],
      [{ period: "fixed", unit: "month", rolloverDay: "32" }, "rolloverDay"],
      [{ period: "fixed", unit: "lifetime" }, "period"],
      [{ rolloverDay: "10-01" }, "rolloverDay"],
      [{ unit: "lifetime", length: 2 }, "length"],
      [{ price: { amount: "-0.01", currency: "EUR" } }, "price"],
      [{ length: 0 }, "length"],
    ] as const)
      expect(await refusal(plan(wrong))).toMatchObject({
        code: "invalid_input",
        details: { entity: "membershipPlan", field },
      });
    expect(await refusal(plan({ price: { amount: "1", currency: "USD" } }))).toMatchObject({ code: "other_currency" });
    for (const wrong of [
      { planId: planId("friend/annual") },
      { contactId, accountId: contactId, planId: planId("friend/annual") },
      { contactId, planId: planId("friend/annual"), on: "2026-02-30" },
      { contactId, planId: planId("friend/annual"), terms: 0 },
      { contactId, planId: planId("friend/annual"), terms: 1.5 },
      { contactId, planId: planId("friend/annual"), colour: "red" },
      { contactId: 5, planId: planId("friend/annual") },
    ])
      expect(await refusal(crm.memberships.join(wrong as never))).toMatchObject({ code: "invalid_input" });
    expect(
      await refusal(
        crm.memberships.join({ contactId: await person("B"), planId: planId("friend/annual"), autoRenew: true }),
      ),
    ).toMatchObject({
      ...{ code: "invalid_input", details: { field: "autoRenew" } },
    });
    const somebody = await person("Cleo");
    const row = (terms: readonly (readonly [string, string])[], contactId = somebody) => [
      { contactId, terms: terms.map(([startsOn, endsOn]) => ({ planId: planId("friend/annual"), startsOn, endsOn })) },
    ];
    await crm.memberships.defineProgram({ key: "other", currency: "EUR", levels: [] });
    expect(
      await refusal(
        crm.memberships.importMemberships(
          row([
            ["2026-01-01", "2026-12-31"],
            ["2026-12-31", "2027-12-30"],
          ]),
        ),
      ),
    ).toMatchObject({
      ...{ code: "terms_overlap", details: { day: "2026-12-31" } },
    });
    expect(await refusal(crm.memberships.importMemberships(row([["2026-01-01", "2025-12-31"]])))).toMatchObject({
      code: "invalid_input",
    });
    expect(
      await refusal(crm.memberships.importMemberships(row([["2020-01-01", "2020-12-31"]], contactId))),
    ).toMatchObject({
      code: "not_unique",
    });
    expect(await stored()).toEqual(before);
    expect(await termsOf(life)).toEqual(["2026-01-01.. life"]);
  });

  it("is imported as it was, and goes on in its chain", async () => {
    const { crm, person, planId, termsOf, statuses, pay } = await open(make);
    const [imported] = await crm.memberships.importMemberships([
      {
        contactId: await person("Anna"),
        terms: [
          { planId: planId("friend/annual"), startsOn: "2020-02-29", endsOn: "2021-02-27" },
          { planId: planId("friend/annual"), startsOn: "2021-02-28", endsOn: "2022-02-27" },
          { planId: planId("gold/annual"), startsOn: "2024-03-01", endsOn: "2026-02-28", price: "400.00" },
        ],
      },
    ]);
    expect(await statuses(imported!.id, ["2020-02-29", "2022-02-27", "2022-04-01", "2026-01-15"])).toEqual([
      ...["new", "current", "expired", "current"],
    ]);
    const { order } = await crm.memberships.renew(imported!.id, { on: "2026-01-15" });
    await pay(order.id, "250.00");
    expect((await termsOf(imported!.id)).at(-1)).toBe("2026-03-01..2027-02-28 gold");
    expect(await crm.memberships.statusTimeline(imported!.id)).toMatchObject([
      { firstDay: "2020-02-29", lastDay: "2020-05-29", status: "new" },
      { firstDay: "2020-05-30", lastDay: "2021-02-27", status: "current" },
      { firstDay: "2021-02-28", lastDay: "2022-02-27", status: "current" },
      { firstDay: "2022-02-28", lastDay: "2022-03-27", status: "grace" },
      { firstDay: "2022-03-28", lastDay: "2024-02-29", status: "expired" },
      { firstDay: "2024-03-01", lastDay: "2026-02-28", status: "current" },
      { firstDay: "2026-03-01", lastDay: "2027-02-28", status: "current" },
      { firstDay: "2027-03-01", lastDay: "2027-03-28", status: "grace" },
      { firstDay: "2027-03-29", lastDay: "9999-12-31", status: "expired" },
    ]);
  });

  it("is ordered once for a key, and joined once by many at the same time", async () => {
    const { crm, person, planId } = await open(make);
    const input = { contactId: await person("Anna"), planId: planId("friend/annual"), key: "form 17" };
    const [first, second] = [await crm.memberships.join(input), await crm.memberships.join(input)];
    expect(second.order.id).toBe(first.order.id);
    expect(await refusal(crm.memberships.join({ ...input, contactId: await person("Cleo") }))).toMatchObject({
      ...{ code: "invalid_input", details: { field: "key" } },
    });
    const ben = { contactId: await person("Ben"), planId: planId("friend/free") };
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => crm.memberships.join(ben)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect([await crm.memberships.count(), await crm.membershipTerms.count()]).toEqual([2, 1]);
  });
});
