import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { pipelinedProbesOf, testPlugin } from "@relata/testkit";
import { memberships } from "./memberships.ts";
import { defaultStatusRules } from "./status/status-rule.ts";

const folderOf = (after: (cleanUp: () => unknown) => void) => {
  const folder = mkdtempSync(join(tmpdir(), "relata-memberships-"));
  after(() => rmSync(folder, { recursive: true }));
  return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
};

const amount = { amount: "1.00", currency: "EUR" };
const never = { charge: () => Promise.reject(new Error("is not asked")) };

testPlugin("memberships", {
  plugin: () => memberships(),
  storages: [
    { name: "memory", open: () => memory() },
    { name: "sqlite", open: folderOf, durable: true },
    { name: "postgres", open: leasedSchemas(postgres), durable: true },
  ],
  populate: async (crm, { word, ids }) => {
    const { plans } = await crm.memberships.defineProgram({
      ...{ key: `${word} society`, name: `${word} society`, currency: "EUR" },
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
    const applied = await crm.membershipApplications.create({ contactId: payerContactId, planId, statement: word });
    await crm.membershipApplications.moveTo(applied.id, "in_review");
    await crm.memberships.advance({ now: new Date("2026-03-01T00:00:00Z") });
  },
  probes: {
    ...(pipelinedProbesOf("membershipApplications", "membershipApplication") as object),
    "memberships.defineProgram": "makes what is the tenant's own",
    "memberships.countMembers": (crm) => [
      () => crm.memberships.countMembers({ on: "2026-01-15", by: ["status", "level", "program"] }),
    ],
    "memberships.memberFlow": (crm) => [() => crm.memberships.memberFlow({ from: "2026-01-01", until: "2026-12-31" })],
    "memberships.renewalRate": (crm) => [
      () => crm.memberships.renewalRate({ from: "2026-01-01", until: "2026-12-31" }),
    ],
    "memberships.memberCohorts": (crm) => [() => crm.memberships.memberCohorts({ on: ["2026-01-15"] })],
    "memberships.membershipLengths": (crm) => [() => crm.memberships.membershipLengths({ on: "2026-01-15" })],
    "memberships.expectedRenewals": (crm) => [
      () => crm.memberships.expectedRenewals({ from: "2026-01-01", until: "2026-12-31" }),
    ],
    "memberships.expectedDues": (crm) => [
      () => crm.memberships.expectedDues({ from: "2026-01-01", until: "2026-12-31" }),
    ],
    "memberships.payApplicationFee": (crm, ids) => [
      () => crm.memberships.payApplicationFee({ applicationId: ids.membershipApplication!, paymentId: "p", amount }),
    ],
    "memberships.previewMerge": (crm, ids) => [
      () => crm.memberships.previewMerge({ contactIds: [ids.contact!, ids.contact!] }),
    ],
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
    "memberships.collectRenewals": (crm) => [() => crm.memberships.collectRenewals({ provider: never })],
    "memberships.setAutoRenewal": (crm, ids) => [() => crm.memberships.setAutoRenewal(ids.membership!, {})],
    "memberships.statusesOf": (crm, ids) => [
      async () => [...(await crm.memberships.statusesOf([ids.membership!], "2026-03-01")).values()],
    ],
    "memberships.statusOf": (crm, ids) => [() => crm.memberships.statusOf(ids.membership!)],
    "memberships.statusTimeline": (crm, ids) => [() => crm.memberships.statusTimeline(ids.membership!)],
    "memberships.advance": (crm) => [() => crm.memberships.advance({ now: new Date("2026-03-01T00:00:00Z") })],
    "memberships.simulate": (crm, ids) => [
      () => crm.memberships.simulate({ programId: ids.membershipProgram!, rules: defaultStatusRules }),
    ],
  },
  facts: {},
});
