/** How many statements each service takes: as many beside a thousand members as beside ten, but for those that go through all of them. */
import { addDays } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { expect, it } from "vitest";
import { openCrm, openSociety, society } from "./memberships-fixture.ts";
import { defaultStatusRules } from "./status/status-rule.ts";

const program = {
  ...society,
  numberFormat: "{number:4}",
  levels: society.levels.map((level) =>
    level.key === "company"
      ? { ...level, inheritance: { affiliations: [{ kind: "employer" as const }] }, maxInherited: 3 }
      : level.key === "gold"
        ? { ...level, autoRenewal: "optional" as const, seats: 1_000_000 }
        : { ...level, seats: 1_000_000 },
  ),
};

async function countsBeside(others: number) {
  let statements = 0;
  const crm = await openCrm({ storage: memory(), onQuery: () => void statements++ });
  const { program: society, person, planId, pay, enrol } = await openSociety(crm, program);
  const ask = crm.memberships;
  const [anna, ben, cleo, dora] = [
    await person("Anna"),
    await person("Ben"),
    await person("Cleo"),
    await person("Dora"),
  ];
  const { id: acme } = await crm.accounts.create({ name: "Acme" });
  await crm.affiliations.create({ contactId: dora, accountId: acme, kind: "employer" });
  const company = await ask.join({ accountId: acme, planId: planId("company/annual"), complimentary: true });
  await ask.defineBenefits(society.id, [{ key: "pass", levels: { friend: 4, gold: 6 } }]);
  const crowd = await crm.contacts.createMany(
    Array.from({ length: others }, (_, i) => ({
      givenName: `P${i}`,
      familyName: "Costa",
      birthDate: `19${10 + (i % 80)}-05-05`,
    })),
  );
  await ask.importMemberships(
    crowd.map(({ id: contactId }, i) => {
      const startsOn = addDays("2024-01-01", (i * 67) % 700);
      return { contactId, terms: [{ planId: planId("friend/annual"), startsOn, endsOn: addDays(startsOn, 364) }] };
    }),
  );
  await ask.advance();
  const counted: { [service: string]: number } = {};
  const count = async <T>(service: string, call: () => Promise<T>): Promise<T> => {
    const before = statements;
    const answer = await call();
    counted[service] = statements - before;
    return answer;
  };
  const on = "2026-01-15";
  const year = { from: "2024-01-01", until: "2026-12-31" };
  const friend = planId("friend/annual");
  const { membership, order } = await count("join", () => ask.join({ contactId: anna, planId: friend }));
  await count("recordPayment", () => pay(order.id, "100.00", { paymentId: "first" }));
  await count("recordPayment again", () => pay(order.id, "100.00", { paymentId: "first" }));
  const { id } = membership;
  await count("statusOf", () => ask.statusOf(id));
  await count("statusTimeline", () => ask.statusTimeline(id));
  await count("dues", () => ask.dues(order.id));
  const renewal = await count("renew", () => ask.renew(id));
  await count("giveUpOrder", () => ask.giveUpOrder(renewal.order.id));
  await count("quoteChange", () => ask.quoteChange(id, { planId: planId("gold/annual") }));
  const upgrade = await count("upgrade", () => ask.upgrade(id, { planId: planId("gold/annual") }));
  await count("recordPayment of a change", () => pay(upgrade.order!.id, "150.00", { paymentId: "second" }));
  await count("setAutoRenewal", () => ask.setAutoRenewal(id, { autoRenew: true }));
  await count("downgrade", () => ask.downgrade(id, { planId: friend }));
  await count("pause", () => ask.pause(id));
  await count("resume", () => ask.resume(id));
  await count("override", () => ask.override(id, { status: "grace" }));
  await count("endOverride", () => ask.endOverride(id));
  await count("cancel", () => ask.cancel(id));
  await count("reinstate", () => ask.reinstate(id));
  await count("transfer", () => ask.transfer(id, { contactId: ben }));
  const cleos = await enrol(cleo, "friend/annual", on);
  await count("recordRefund", () => ask.recordRefund({ paymentId: "back", refunds: "payment 1" }));
  await count("join again", () => ask.join({ contactId: cleo, planId: planId("friend/free") }));
  await count("membershipsOf", () => ask.membershipsOf({ contactId: dora }));
  await count("isMember", () => ask.isMember({ contactId: dora }));
  await count("membersThrough", () => ask.membersThrough(company.membership.id));
  await count("seatChanges", () => ask.seatChanges(company.membership.id, { from: "2026-01-01" }));
  await count("inheritedMembers", () => ask.inheritedMembers());
  await count("may", () => ask.may({ contactId: cleo }, "pass"));
  await count("useBenefit", () => ask.useBenefit({ contactId: cleo }, "pass"));
  await count("benefitsOf", () => ask.benefitsOf({ contactId: cleo }));
  await count("audienceOf", () => ask.audienceOf({ contactId: cleo, programId: society.id }));
  await count("setListing", () => ask.setListing({ contactId: cleo, programId: society.id }, { name: "public" }));
  await count("card", () => ask.card(cleos));
  await count("cardPage", () => ask.cardPage([{ membershipId: cleos }, { membershipId: company.membership.id }]));
  await count("directory", () => ask.directory({ programId: society.id, audience: "staff", limit: 3 }));
  await count("directory, searched", () =>
    ask.directory({ programId: society.id, audience: "staff", limit: 3, search: "P" }),
  );
  await count("greetings", () => ask.greetings([acme]));
  await count("countMembers", () => ask.countMembers({ on, by: ["status", "level", "program", "age"] }));
  await count("countMembers, inherited", () => ask.countMembers({ on, by: ["level"], inherited: true }));
  await count("memberFlow", () => ask.memberFlow(year));
  await count("renewalRate", () => ask.renewalRate(year));
  await count("memberCohorts", () => ask.memberCohorts({ on: [on] }));
  await count("membershipLengths", () => ask.membershipLengths({ on }));
  await count("expectedRenewals", () => ask.expectedRenewals(year));
  await count("expectedDues", () => ask.expectedDues(year));
  await count("simulate", () => ask.simulate({ programId: society.id, rules: defaultStatusRules }));
  await count("advance, of what was written", () => ask.advance());
  await count("collectRenewals", () =>
    ask.collectRenewals({ provider: { charge: () => Promise.reject(new Error()) } }),
  );
  await count("previewMerge", () => ask.previewMerge({ entityType: "contact", survivorId: anna, otherId: cleo }));
  await count("merge", () => crm.contacts.merge(anna, cleo));
  await count("recordDeath", () => ask.recordDeath(ben, on));
  await count("archive a plan", () => crm.membershipPlans.archive(friend));
  return counted;
}

it("does not grow with those who die at once", { timeout: 60_000 }, async () => {
  const counted = async (deaths: number) => {
    let statements = 0;
    const crm = await openCrm({ storage: memory(), onQuery: () => void statements++ });
    const { planId } = await openSociety(crm);
    const people = await crm.contacts.createMany(Array.from({ length: deaths }, (_, i) => ({ givenName: `P${i}` })));
    const terms = [{ planId: planId("friend/annual"), startsOn: "2025-06-01", endsOn: "2026-05-31" }];
    await crm.memberships.importMemberships(people.map(({ id: contactId }) => ({ contactId, terms })));
    statements = 0;
    await crm.contacts.updateMany(people.map(({ id }) => ({ id, deathDate: "2026-01-10" })));
    const { rows } = await crm.memberships.countMembers({ on: "2026-01-15", by: ["status"] });
    expect(rows).toMatchObject([{ status: "deceased", memberships: deaths }]);
    return statements;
  };
  expect(await counted(200)).toBe(await counted(5));
});

it("does not grow with other members", { timeout: 60_000 }, async () => {
  const few = await countsBeside(10);
  expect(few).toMatchObject({
    ...{ statusOf: 4, countMembers: 7, memberFlow: 4, renewalRate: 3, memberCohorts: 3, membershipLengths: 2 },
    ...{ expectedRenewals: 3, expectedDues: 2, directory: 17, membersThrough: 7, card: 8, simulate: 4 },
  });
  expect(await countsBeside(1_000)).toEqual(few);
});
