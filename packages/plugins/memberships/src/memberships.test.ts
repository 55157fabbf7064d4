import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { pipelinedProbes, testPlugin } from "@relata/testkit";
import { memberships } from "./memberships.ts";
import { defaultStatusRules } from "./status/status-rule.ts";

const folderOf = (after: (cleanUp: () => unknown) => void) => {
  const folder = mkdtempSync(join(tmpdir(), "relata-memberships-"));
  after(() => rmSync(folder, { recursive: true }));
  return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
};

const amount = { amount: "1.00", currency: "EUR" };
const day = "2026-03-01";
const inYear = (program: string) => ({ from: "2026-01-01", until: "2026-12-31", programs: [program] });
const never = { charge: () => Promise.reject(new Error("is not asked")) };

testPlugin("memberships", {
  plugin: () => memberships(),
  storages: [
    { name: "memory", open: () => memory() },
    { name: "sqlite", open: folderOf, durable: true },
    { name: "postgres", open: leasedSchemas(postgres), durable: true },
  ],
  populate: async (crm, { word, ids }) => {
    const { program, plans } = await crm.memberships.defineProgram({
      ...{ key: `${word} society`, name: `${word} society`, currency: "EUR", numberFormat: `${word} {number}` },
      levels: [{ key: `${word} friend`, rank: 1, plans: [{ key: `${word} annual`, price: "100.00" }] }],
    });
    const planId = Object.values(plans)[0]!.id;
    const key = `${word} order`;
    const { id: payerContactId } = await crm.contacts.create({ givenName: `${word} payer` });
    const { order, membership } = await crm.memberships.join({
      contactId: ids.contact!,
      planId,
      on: "2026-01-01",
      key,
      payerContactId,
    });
    const paid = { amount: "100.00", currency: "EUR" };
    await crm.memberships.recordPayment({
      orderId: order.id,
      paymentId: `${word} payment`,
      amount: paid,
      receivedOn: "2026-01-01",
    });
    await crm.memberships.pause(membership.id, { from: "2026-02-01", until: "2026-02-10", reason: word });
    await crm.memberships.defineBenefits(program.id, [{ key: "pass", name: word, levels: { [`${word} friend`]: 4 } }]);
    await crm.memberships.useBenefit({ membershipId: membership.id }, "pass", { on: "2026-01-02", note: word });
    await crm.memberships.setListing({ contactId: ids.contact!, programId: program.id }, { name: "public" });
    const applied = { contactId: payerContactId, planId, statement: word, appliedOn: "2026-01-02" };
    await crm.membershipApplications.create({ ...applied, fee: amount });
    await crm.memberships.advance({ now: new Date("2026-03-01T00:00:00Z") });
  },
  probes: {
    "memberships.defineProgram": "makes what is the tenant's own",
    "memberships.join": (crm, ids) => [
      () => crm.memberships.join({ contactId: ids.contact!, planId: ids.membershipPlan! }),
    ],
    "memberships.renew": (crm, ids) => [() => crm.memberships.renew(ids.membership!)],
    "memberships.upgrade": (crm, ids) => [
      () => crm.memberships.upgrade(ids.membership!, { planId: ids.membershipPlan! }),
    ],
    "memberships.downgrade": (crm, ids) => [
      () => crm.memberships.downgrade(ids.membership!, { planId: ids.membershipPlan! }),
    ],
    "memberships.quoteChange": (crm, ids) => [
      () => crm.memberships.quoteChange(ids.membership!, { planId: ids.membershipPlan! }),
    ],
    "memberships.pause": (crm, ids) => [() => crm.memberships.pause(ids.membership!)],
    "memberships.resume": (crm, ids) => [() => crm.memberships.resume(ids.membership!)],
    "memberships.cancel": (crm, ids) => [() => crm.memberships.cancel(ids.membership!)],
    "memberships.reinstate": (crm, ids) => [() => crm.memberships.reinstate(ids.membership!)],
    "memberships.transfer": (crm, ids) => [
      () => crm.memberships.transfer(ids.membership!, { contactId: ids.contact! }),
    ],
    "memberships.override": (crm, ids) => [() => crm.memberships.override(ids.membership!, { status: "grace" })],
    "memberships.endOverride": (crm, ids) => [() => crm.memberships.endOverride(ids.membership!)],
    "memberships.eraseMembership": (crm, ids) => [() => crm.memberships.eraseMembership(ids.membership!)],
    "memberships.recordDeath": (crm, ids) => [() => crm.memberships.recordDeath(ids.contact!, "2026-05-01")],
    "memberships.importMemberships": (crm, ids) => [
      () =>
        crm.memberships.importMemberships([
          {
            contactId: ids.contact!,
            terms: [{ planId: ids.membershipPlan!, startsOn: "2020-01-01", endsOn: "2020-12-31" }],
          },
        ]),
    ],
    "memberships.recordPayment": (crm, ids) => [
      () => crm.memberships.recordPayment({ paymentId: "a", orderId: ids.membershipOrder!, amount }),
    ],
    "memberships.recordRefund": "repeats the id of the payment that it is given",
    "memberships.recordChargeback": "repeats the id of the payment that it is given",
    "memberships.dues": (crm, ids) => [() => crm.memberships.dues(ids.membershipOrder!)],
    "memberships.giveUpOrder": (crm, ids) => [() => crm.memberships.giveUpOrder(ids.membershipOrder!)],
    "memberships.collectRenewals": (crm) => [() => crm.memberships.collectRenewals({ provider: never })],
    "memberships.setAutoRenewal": (crm, ids) => [() => crm.memberships.setAutoRenewal(ids.membership!, {})],
    "memberships.statusesOf": (crm, ids) => [
      async () => [...(await crm.memberships.statusesOf([ids.membership!], { on: "2026-03-01" })).values()],
    ],
    "memberships.statusOf": (crm, ids) => [() => crm.memberships.statusOf(ids.membership!)],
    "memberships.statusTimeline": (crm, ids) => [() => crm.memberships.statusTimeline(ids.membership!)],
    "memberships.advance": (crm) => [() => crm.memberships.advance({ now: new Date("2026-03-01T00:00:00Z") })],
    "memberships.simulate": (crm, ids) => [
      () => crm.memberships.simulate({ programId: ids.membershipProgram!, rules: defaultStatusRules }),
    ],
    "memberships.membersThrough": (crm, ids) => [() => crm.memberships.membersThrough(ids.membership!)],
    "memberships.seatChanges": (crm, ids) => [
      () => crm.memberships.seatChanges(ids.membership!, { from: "2026-01-01", to: day }),
    ],
    "memberships.membershipsOf": (crm, ids) => [
      () => crm.memberships.membershipsOf({ contactId: ids.contact!, on: day }),
    ],
    "memberships.isMember": (crm, ids) => [() => crm.memberships.isMember({ contactId: ids.contact!, on: day })],
    "memberships.inheritedMembers": (crm, ids) => [
      () => crm.memberships.inheritedMembers({ on: day, programIds: [ids.membershipProgram!] }),
    ],
    "memberships.defineBenefits": (crm, ids) => [
      () => crm.memberships.defineBenefits(ids.membershipProgram!, [{ key: "pass", levels: {} }]),
    ],
    "memberships.may": (crm, ids) => [
      () => crm.memberships.may({ membershipId: ids.membership! }, "pass", { on: day }),
      () => crm.memberships.may({ contactId: ids.contact! }, "pass", { on: day }),
    ],
    "memberships.useBenefit": (crm, ids) => [
      () => crm.memberships.useBenefit({ contactId: ids.contact! }, "pass", { on: day }),
    ],
    "memberships.giveBackBenefit": (crm, ids) => [() => crm.memberships.giveBackBenefit(ids.membershipBenefitUse!)],
    "memberships.benefitsOf": (crm, ids) => [
      () => crm.memberships.benefitsOf({ contactId: ids.contact! }, { on: day }),
    ],
    "memberships.directory": (crm, ids) => [
      () => crm.memberships.directory({ programId: ids.membershipProgram!, audience: "staff", on: day }),
    ],
    "memberships.setListing": (crm, ids) => [
      () => crm.memberships.setListing({ contactId: ids.contact!, programId: ids.membershipProgram! }, {}),
    ],
    "memberships.audienceOf": (crm, ids) => [
      () => crm.memberships.audienceOf({ contactId: ids.contact!, programId: ids.membershipProgram!, on: day }),
    ],
    "memberships.setNumber": (crm, ids) => [() => crm.memberships.setNumber(ids.membership!, "7")],
    "memberships.numberMembers": (crm, ids) => [() => crm.memberships.numberMembers(ids.membershipProgram!)],
    "memberships.card": (crm, ids) => [() => crm.memberships.card(ids.membership!, { on: day })],
    "memberships.cardPage": (crm, ids) => [
      () => crm.memberships.cardPage([{ membershipId: ids.membership! }], { on: day }),
    ],
    "memberships.greetings": (crm, ids) => [() => crm.memberships.greetings([ids.account!], { on: day })],
    "memberships.nameHouseholds": "takes no ids",
    "memberships.countMembers": (crm, ids) => [
      () => crm.memberships.countMembers({ on: day, programs: [ids.membershipProgram!] }),
      () => crm.memberships.countMembers({ on: day, inherited: true, by: ["level", "age"] }),
    ],
    "memberships.memberFlow": (crm, ids) => [() => crm.memberships.memberFlow(inYear(ids.membershipProgram!))],
    "memberships.renewalRate": (crm, ids) => [() => crm.memberships.renewalRate(inYear(ids.membershipProgram!))],
    "memberships.memberCohorts": (crm, ids) => [
      () => crm.memberships.memberCohorts({ on: [day], programs: [ids.membershipProgram!] }),
    ],
    "memberships.membershipLengths": (crm, ids) => [
      () => crm.memberships.membershipLengths({ on: day, programs: [ids.membershipProgram!] }),
    ],
    "memberships.expectedRenewals": (crm, ids) => [
      () => crm.memberships.expectedRenewals(inYear(ids.membershipProgram!)),
    ],
    "memberships.expectedDues": (crm, ids) => [() => crm.memberships.expectedDues(inYear(ids.membershipProgram!))],
    "memberships.payApplicationFee": (crm, ids) => [
      () => crm.memberships.payApplicationFee({ applicationId: ids.membershipApplication!, paymentId: "a", amount }),
    ],
    "memberships.previewMerge": (crm, ids) => [
      () => crm.memberships.previewMerge({ entityType: "contact", survivorId: ids.contact!, otherId: "none" }),
      () => crm.memberships.previewMerge({ entityType: "account", survivorId: "none", otherId: ids.account! }),
    ],
    ...pipelinedProbes("membershipApplications", "membershipApplication"),
  },
  facts: {},
});
