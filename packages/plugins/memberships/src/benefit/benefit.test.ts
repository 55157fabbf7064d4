import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCrm, openSociety } from "../memberships-fixture.ts";
import { onEveryStorage, refusal, type StandingCrm, societyOf } from "../standing-memberships-fixture.ts";
import type { BenefitDefinition } from "./define-benefits.ts";
import { quotaLine, usableAt } from "./quota-line.ts";
import { quotaPeriods } from "./quota-periods.ts";

/** Ann is on gold since 15 March 2024, for three years, and gold has what is given of the benefit "guest_pass". */
async function ann(crm: StandingCrm, quota: number | null, benefit: Partial<BenefitDefinition> = {}) {
  const { programId, levelIds } = await societyOf(crm, [{ key: "silver" }, { key: "gold" }]);
  await crm.memberships.defineBenefits(programId, [{ key: "guest_pass", levels: { gold: quota }, ...benefit }]);
  const { id: contactId } = await crm.contacts.create({ givenName: "Ann" });
  const membershipId = await crm.memberships.stand({
    contactId,
    terms: [{ levelId: levelIds[1]!, from: "2024-03-15", to: "2027-03-14" }],
  });
  const may = async (on: string, quantity = 1) => {
    const { reason, balance } = await crm.memberships.may({ contactId }, "guest_pass", { on, quantity });
    return [reason, balance?.left];
  };
  const use = (on: string, quantity = 1) => crm.memberships.useBenefit({ contactId }, "guest_pass", { on, quantity });
  return { programId, levelIds, contactId, membershipId, may, use };
}

const storages = {
  memory: () => memory(),
  sqlite: () => sqlite({ filename: ":memory:" }),
  postgres: leasedSchemas(postgres),
};

onEveryStorage(storages, (open) => {
  it("lets four guest passes a year be used, and the fifth in the next year of the membership", async () => {
    const crm = await open();
    const { may, use, contactId } = await ann(crm, 4);
    expect(await may("2024-03-14")).toEqual(["not_a_member", undefined]);
    expect(await may("2024-03-15")).toEqual(["entitled", 4]);
    await use("2024-03-15", 3);
    expect(await may("2025-03-14", 2)).toEqual(["quota_used_up", 1]);
    await use("2025-03-14");
    expect(await refusal(use("2025-03-14"))).toMatchObject({
      code: "benefit_refused",
      message: '1 of benefit "guest_pass" may not be used on 2025-03-14: quota_used_up. There are 0 left.',
      details: { reason: "quota_used_up", left: 0 },
    });
    expect(await may("2025-03-15")).toEqual(["entitled", 4]);
    expect(await may("2027-04-14")).toEqual(["entitled", 4]);
    expect(await may("2027-04-15")).toEqual(["status_does_not_count", undefined]);
    expect((await crm.membershipBenefitUses.list({ where: { contactId } })).items).toHaveLength(2);
  });

  it("gives back what was used, in part or whole, and never more", async () => {
    const crm = await open();
    const { may, use } = await ann(crm, 4);
    const { id } = await use("2025-01-01", 4);
    expect(await crm.memberships.giveBackBenefit(id, { quantity: 1 })).toMatchObject({ givenBack: 1 });
    expect(await may("2025-01-01")).toEqual(["entitled", 1]);
    expect(await refusal(crm.memberships.giveBackBenefit(id, { quantity: 4 }))).toMatchObject({
      ...{ code: "gives_back_too_much", message: `Of use ${id}, 3 can be given back, and 4 were.` },
    });
    await crm.memberships.giveBackBenefit(id);
    expect(await may("2025-01-01")).toEqual(["entitled", 4]);
    expect(await refusal(crm.memberships.giveBackBenefit(id))).toMatchObject({ code: "gives_back_too_much" });
  });

  it("carries what is left into the next period, up to the most, and no further", async () => {
    const crm = await open();
    const { may, use } = await ann(crm, 4, { carryOver: "next_period", maxCarried: 3 });
    await use("2024-05-01", 2);
    expect(await may("2025-05-01")).toEqual(["entitled", 6]);
    await use("2025-05-01", 1);
    expect(await may("2026-05-01")).toEqual(["entitled", 7]);
  });

  it("refuses an earlier use of what was carried into a later period and used there", async () => {
    const crm = await open();
    const { may, use, contactId } = await ann(crm, 4, { carryOver: "always" });
    await use("2025-05-01", 7);
    expect(await may("2025-05-01")).toEqual(["entitled", 1]);
    expect((await crm.memberships.may({ contactId }, "guest_pass", { on: "2024-05-01" })).balance).toMatchObject({
      ...{ left: 4, usable: 1 },
    });
    expect(await refusal(use("2024-05-01", 2))).toMatchObject({ code: "benefit_refused" });
    await use("2024-05-01", 1);
    expect(await may("2025-05-01")).toEqual(["quota_used_up", 0]);
  });

  it("counts the same year on when the level changes within it, by the level of the day", async () => {
    const crm = await open();
    const { programId, levelIds } = await societyOf(crm, [{ key: "silver" }, { key: "gold" }]);
    await crm.memberships.defineBenefits(programId, [
      { key: "guest_pass", levels: { silver: 2, gold: 5 } },
      { key: "vote", levels: { gold: null } },
      { key: "per_term", period: "term", levels: { silver: 1, gold: 1 } },
    ]);
    const { id: contactId } = await crm.contacts.create({ givenName: "Ben" });
    await crm.memberships.stand({
      contactId,
      terms: [
        { levelId: levelIds[0]!, from: "2025-01-01", to: "2025-06-30" },
        { levelId: levelIds[1]!, from: "2025-07-01", to: "2025-12-31", origin: "upgrade" },
        { levelId: levelIds[0]!, from: "2026-01-01", to: "2026-12-31" },
      ],
    });
    const balance = async (benefit: string, on: string) => {
      const { reason, balance: found } = await crm.memberships.may({ contactId }, benefit, { on });
      return [reason, found?.left, found?.until];
    };
    await crm.memberships.useBenefit({ contactId }, "guest_pass", { on: "2025-02-01", quantity: 2 });
    expect(await balance("guest_pass", "2025-06-30")).toEqual(["quota_used_up", 0, "2025-12-31"]);
    expect(await balance("guest_pass", "2025-07-01")).toEqual(["entitled", 3, "2025-12-31"]);
    expect(await balance("guest_pass", "2026-01-01")).toEqual(["entitled", 2, "2026-12-31"]);
    expect(await balance("vote", "2025-06-30")).toEqual(["not_in_level", undefined, undefined]);
    expect(await balance("vote", "2025-07-01")).toEqual(["entitled", null, "2025-12-31"]);
    expect(await balance("per_term", "2025-08-01")).toEqual(["entitled", 1, "2025-12-31"]);
    const all = await crm.memberships.benefitsOf({ contactId }, { on: "2025-06-30" });
    expect(all.map(({ benefit, reason }) => [benefit, reason])).toEqual([
      ["guest_pass", "quota_used_up"],
      ["per_term", "entitled"],
      ["vote", "not_in_level"],
    ]);
  });

  it("has one quota for all who share a membership, or one for each person", async () => {
    const crm = await open();
    const { programId, levelIds } = await societyOf(crm, [{ key: "family", memberKind: "household", maxInherited: 2 }]);
    await crm.memberships.defineBenefits(programId, [
      { key: "loan", quotaOf: "person", levels: { family: 1 } },
      { key: "guest_pass", levels: { family: 1 } },
    ]);
    const { id: accountId } = await crm.accounts.create({ name: "Silva", kind: "household" });
    const membershipId = await crm.memberships.stand({
      accountId,
      terms: [{ levelId: levelIds[0]!, from: "2025-01-01" }],
    });
    const people = await crm.contacts.createMany(["Anna", "Ben", "Carl"].map((givenName) => ({ givenName })));
    await crm.affiliations.createMany(
      people.map(({ id }, at) => ({
        contactId: id,
        accountId,
        kind: "household" as const,
        validFrom: `200${at}-01-01`,
      })),
    );
    const [anna, ben, carl] = people.map(({ id }) => ({ contactId: id }));
    const on = "2026-02-01";
    await crm.memberships.useBenefit(anna!, "loan", { on });
    expect(await crm.memberships.may(anna!, "loan", { on })).toMatchObject({ reason: "quota_used_up" });
    expect(await crm.memberships.may(ben!, "loan", { on })).toMatchObject({ reason: "entitled", membershipId });
    expect(await crm.memberships.may(carl!, "loan", { on })).toMatchObject({ reason: "no_seat" });
    expect(await crm.memberships.may({ accountId }, "loan", { on })).toMatchObject({ reason: "person_required" });
    expect(await crm.memberships.may({ membershipId, ...ben! }, "loan", { on })).toMatchObject({ reason: "entitled" });
    await crm.memberships.useBenefit({ accountId }, "guest_pass", { on });
    expect(await crm.memberships.may(ben!, "guest_pass", { on })).toMatchObject({ reason: "quota_used_up" });
  });

  it("never uses more than there is, however many connections use it at once", async () => {
    const crm = await open();
    const { use, may } = await ann(crm, 4);
    const results = await Promise.all(Array.from({ length: 30 }, () => refusal(use("2025-01-01"))));
    expect(results.filter((result) => result === "was not refused")).toHaveLength(4);
    expect(results.filter((result) => (result as { code?: string }).code === "benefit_refused")).toHaveLength(26);
    expect(await may("2025-01-01")).toEqual(["quota_used_up", 0]);
  });

  it("records a use once by its key, however often and concurrently it is reported, and refuses another use by the key", async () => {
    const crm = await open();
    const { contactId } = await ann(crm, 4);
    const report = (quantity = 1) =>
      crm.memberships.useBenefit({ contactId }, "guest_pass", { on: "2025-01-01", quantity, key: "till 7/1" });
    const uses = await Promise.all(Array.from({ length: 10 }, () => report()));
    expect(new Set(uses.map(({ id }) => id)).size).toBe(1);
    expect(await crm.membershipBenefitUses.count()).toBe(1);
    expect(await refusal(report(2))).toMatchObject({
      code: "use_differs",
      message: 'A use with the key "till 7/1" is recorded already, and otherwise: quantity was 1, and is now 2.',
    });
  });

  it("records one use by a key where several members report it at once, and tells the others that it differs", async () => {
    const crm = await open();
    const { programId, levelIds } = await societyOf(crm, [{ key: "gold" }]);
    await crm.memberships.defineBenefits(programId, [{ key: "guest_pass", levels: { gold: null } }]);
    const people = await crm.contacts.createMany(["Ann", "Ben", "Cleo", "Dan"].map((givenName) => ({ givenName })));
    for (const { id: contactId } of people)
      await crm.memberships.stand({ contactId, terms: [{ levelId: levelIds[0]!, from: "2025-01-01" }] });
    const uses = people.map(({ id: contactId }) =>
      refusal(crm.memberships.useBenefit({ contactId }, "guest_pass", { on: "2025-02-01", key: "till 7/1" })),
    );
    const codes = (await Promise.all(uses)).map((result) => (result as { readonly code?: string }).code);
    expect(codes.toSorted()).toEqual(["use_differs", "use_differs", "use_differs", undefined]);
    expect(await crm.membershipBenefitUses.count()).toBe(1);
  });

  it("keeps benefits by their keys when they are defined again", async () => {
    const crm = await open();
    const { programId, levelIds } = await societyOf(crm, [{ key: "silver" }, { key: "gold" }]);
    const define = (levels: BenefitDefinition["levels"]) =>
      crm.memberships.defineBenefits(programId, [{ key: "loan", name: "Loans", period: "month", levels }]);
    const first = await define({ silver: 1, gold: 3 });
    const second = await define({ gold: 4 });
    expect(second.loan!.id).toBe(first.loan!.id);
    expect((await crm.membershipEntitlements.list()).items).toMatchObject([{ levelId: levelIds[1], quota: 4 }]);
  });

  it("refuses what means nothing, and stores nothing", async () => {
    const crm = await open();
    const { programId, contactId, levelIds } = await ann(crm, 4);
    const use = (recording: object, member: object = { contactId }, benefit = "guest_pass") =>
      refusal(crm.memberships.useBenefit(member as never, benefit, recording));
    expect(await use({ quantity: 0 })).toMatchObject({ code: "invalid_input", details: { field: "quantity" } });
    expect(await use({ quantity: 1.5 })).toMatchObject({ code: "invalid_input" });
    expect(await use({ on: "2025-02-29" })).toMatchObject({ code: "invalid_input", details: { field: "on" } });
    expect(await use({}, {})).toMatchObject({ code: "invalid_input" });
    expect(await use({}, { contactId }, "sauna")).toMatchObject({
      code: "unknown_benefit",
      message:
        'No program has a benefit "sauna": make it with memberships.defineBenefits, or use one of those that there are: guest_pass.',
    });
    expect(
      await refusal(crm.memberships.defineBenefits(programId, [{ key: "x", levels: { bronze: 1 } }])),
    ).toMatchObject({
      message: 'membershipBenefit.levels names level "bronze", and the program has silver, gold.',
    });
    expect(
      await refusal(crm.memberships.defineBenefits(programId, [{ key: "x", levels: { gold: -1 } }])),
    ).toMatchObject({ code: "invalid_input" });
    const other = await crm.membershipPrograms.create({ key: "other", name: "Other", currency: "EUR" });
    const benefit = await crm.membershipBenefits.create({ programId: other.id, key: "b", name: "b" });
    expect(
      await refusal(crm.membershipEntitlements.create({ levelId: levelIds[0]!, benefitId: benefit.id, quota: 1 })),
    ).toMatchObject({ message: "membershipEntitlement.benefitId is of another program than the level." });
    expect(await crm.membershipBenefitUses.count()).toBe(0);
    expect(await crm.membershipBenefits.count()).toBe(2);
  });
});

describe("quotas", () => {
  it("follow a plain model of passes that lie in a drawer, whatever is used when", () => {
    const arbitrary = fc.record({
      quotas: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 8 }),
      wishes: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 }),
      carryOver: fc.constantFrom("none" as const, "next_period" as const, "always" as const),
      maxCarried: fc.option(fc.integer({ min: 0, max: 6 })),
    });
    fc.assert(
      fc.property(arbitrary, ({ quotas, wishes, carryOver, maxCarried }) => {
        let drawer: { from: number }[] = [];
        const used: number[] = [];
        for (const [at, quota] of quotas.entries()) {
          const kept = drawer.filter(
            ({ from }) => carryOver === "always" || (carryOver === "next_period" && from === at - 1),
          );
          drawer = [
            ...kept.slice(0, maxCarried ?? kept.length),
            ...Array.from({ length: quota }, () => ({ from: at })),
          ];
          const taken = drawer.splice(0, wishes[at]!);
          used.push(taken.length);
          const periods = quotas
            .slice(0, at + 1)
            .map((each, index) => ({ from: "", until: "", quota: each, used: used[index]! }));
          expect(quotaLine(periods, { carryOver, maxCarried })[at]!.left).toBe(drawer.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("let an earlier period use as much as leaves later ones what they have used", () => {
    const arbitrary = fc.record({
      periods: fc.array(
        fc.record({ quota: fc.option(fc.integer({ min: 0, max: 5 })), used: fc.integer({ min: 0, max: 6 }) }),
        {
          ...{ minLength: 1, maxLength: 6 },
        },
      ),
      at: fc.nat(5),
      carryOver: fc.constantFrom("none" as const, "next_period" as const, "always" as const),
      maxCarried: fc.option(fc.integer({ min: 0, max: 6 })),
    });
    fc.assert(
      fc.property(arbitrary, ({ periods: given, at: index, ...rule }) => {
        const periods = given.map((each) => ({ from: "", until: "", ...each }));
        const at = index % periods.length;
        const before = quotaLine(periods, rule);
        const usable = usableAt(periods, at, rule);
        if (usable === null) return;
        const fits = (quantity: number) =>
          quotaLine(
            periods.map((each, place) => (place === at ? { ...each, used: each.used + quantity } : each)),
            rule,
          ).every(({ above }, place) => above <= before[place]!.above);
        expect([fits(usable), fits(usable + 1)]).toEqual([true, false]);
      }),
      { numRuns: 300 },
    );
  });

  it("are for years and months that are counted from the beginning, and clamped", () => {
    const chain = { chainStartsOn: "2023-12-31", termStarts: ["2023-12-31", "2024-12-31"] };
    const firsts = (period: Parameters<typeof quotaPeriods>[0], day: string) =>
      quotaPeriods(period, chain, day).map(({ from }) => from);
    expect(firsts("month", "2024-03-31")).toEqual(["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"]);
    expect(firsts("year", "2025-01-01")).toEqual(["2023-12-31", "2024-12-31"]);
    expect(firsts("calendar_month", "2024-01-05")).toEqual(["2023-12-01", "2024-01-01"]);
    expect(firsts("calendar_year", "2024-01-05")).toEqual(["2023-01-01", "2024-01-01"]);
    expect(quotaPeriods("term", chain, "2026-01-01").at(-1)).toEqual({ from: "2024-12-31", until: "9999-12-31" });
    expect(quotaPeriods("year", { ...chain, chainStartsOn: "9998-05-01" }, "9999-12-31").at(-1)).toEqual({
      ...{ from: "9999-05-01", until: "9999-12-31" },
    });
  });
});

it("has a quota for a term also where a membership counts by an override, before there is a term", async () => {
  const crm = await openCrm({ storage: memory() });
  const { program, planId, person, pay } = await openSociety(crm);
  await crm.memberships.defineBenefits(program.id, [{ key: "pass", period: "term", levels: { friend: 2 } }]);
  const contactId = await person("Anna");
  const { membership, order } = await crm.memberships.join({ contactId, planId: planId("friend/annual") });
  await crm.memberships.override(membership.id, { status: "current", from: "2026-01-15", until: "2026-01-31" });
  expect(await crm.memberships.may({ contactId }, "pass")).toMatchObject({
    ...{ reason: "entitled", balance: { from: "2026-01-15", left: 2 } },
  });
  await crm.memberships.useBenefit({ contactId }, "pass", { on: "2026-01-20", quantity: 2 });
  expect(await crm.memberships.may({ contactId }, "pass", { on: "2026-01-21" })).toMatchObject({
    ...{ reason: "quota_used_up", balance: { left: 0 } },
  });
  await pay(order.id, "100.00", { on: "2026-01-25" });
  expect(await crm.memberships.may({ contactId }, "pass", { on: "2026-01-25" })).toMatchObject({
    ...{ reason: "entitled", balance: { from: "2026-01-25", left: 2 } },
  });
  await crm.close();
});
