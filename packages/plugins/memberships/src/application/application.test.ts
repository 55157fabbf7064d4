import type { CrmOptions } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm, openSociety, refusal } from "../memberships-fixture.ts";

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

const eur = (amount: string) => ({ amount, currency: "EUR" });

describe.each(storages)("an application on %s", { timeout: 60_000 }, (_, make) => {
  it("goes through review, and whoever is approved joins once", async () => {
    const { crm, person, planId, pay, termsOf } = await open(make);
    const contactId = await person("Anna");
    const { id, appliedOn, status } = await crm.membershipApplications.create({
      contactId,
      planId: planId("friend/annual"),
    });
    expect([appliedOn, status]).toEqual(["2026-01-15", "open"]);
    await crm.membershipApplications.moveTo(id, "in_review");
    expect(await crm.memberships.count()).toBe(0);
    await crm.membershipApplications.moveTo(id, "approved");
    const approved = await crm.membershipApplications.get(id);
    expect(approved).toMatchObject({ status: "won", actualCloseDate: "2026-01-15" });
    expect(await crm.memberships.get(approved.membershipId!)).toMatchObject({ contactId, joinedOn: null });
    await crm.membershipApplications.moveTo(id, "approved");
    expect([await crm.memberships.count(), await crm.membershipOrders.count()]).toEqual([1, 1]);
    await pay(approved.orderId!, "100.00", { on: "2026-01-20" });
    expect(await termsOf(approved.membershipId!)).toEqual(["2026-01-20..2027-01-19 friend"]);
    const refused = await refusal(crm.membershipApplications.moveTo(id, "refused"));
    expect(refused).toMatchObject({ code: "application_approved", details: { membershipId: approved.membershipId } });
  });

  it("is not approved before its fee is paid, which counts once", async () => {
    const { crm, person, planId } = await open(make);
    const { id } = await crm.membershipApplications.create({
      contactId: await person("Anna"),
      planId: planId("friend/free"),
      fee: eur("25.00"),
    });
    expect(await refusal(crm.membershipApplications.moveTo(id, "approved"))).toMatchObject({
      code: "application_fee_unpaid",
    });
    expect(await crm.membershipApplications.get(id)).toMatchObject({ status: "open" });
    expect(await crm.memberships.count()).toBe(0);
    const paying = (paymentId: string, amount: string) =>
      crm.memberships.payApplicationFee({ applicationId: id, paymentId, amount: eur(amount) });
    expect(await refusal(paying("p1", "20.00"))).toMatchObject({ code: "application_fee_differs" });
    await Promise.all(Array.from({ length: 5 }, () => paying("p1", "25.00")));
    expect(await refusal(paying("p2", "25.00"))).toMatchObject({ code: "application_fee_paid" });
    for (const amount of ["abc", "25.001", "0"])
      expect(await refusal(paying("p1", amount))).toMatchObject({
        code: "invalid_input",
        details: { field: "amount" },
      });
    expect(await refusal(crm.membershipApplications.update(id, { fee: eur("50.00") }))).toMatchObject({
      ...{ code: "application_fee_paid", details: { field: "fee" } },
    });
    await crm.membershipApplications.update(id, { fee: eur("25"), statement: "I like it here." });
    const approved = await crm.membershipApplications.moveTo(id, "approved");
    expect(approved).toMatchObject({ feePaymentId: "p1", feePaidOn: "2026-01-15", status: "won" });
    expect(await crm.membershipTerms.count()).toBe(1);
  });

  it("that is refused or withdrawn makes no member, and may be made again", async () => {
    const { crm, person, planId } = await open(make);
    const contactId = await person("Anna");
    for (const stage of ["refused", "withdrawn"]) {
      const { id } = await crm.membershipApplications.create({ contactId, planId: planId("friend/free") });
      expect(await crm.membershipApplications.moveTo(id, stage)).toMatchObject({ status: "lost", membershipId: null });
    }
    expect(await crm.memberships.count()).toBe(0);
  });

  it("is approved by whom the level takes only: what keeps from joining keeps from being approved", async () => {
    const { crm, person, planId, enrol } = await open(make);
    const contactId = await person("Anna");
    await enrol(contactId, "friend/annual", "2026-01-01");
    const { id } = await crm.membershipApplications.create({ contactId, planId: planId("gold/annual") });
    expect(await refusal(crm.membershipApplications.moveTo(id, "approved"))).toMatchObject({ code: "already_member" });
    expect(await crm.membershipApplications.get(id)).toMatchObject({ status: "open", membershipId: null });
    const { id: acme } = await crm.accounts.create({ name: "Acme" });
    const ofAccount = await crm.membershipApplications.create({ accountId: acme, planId: planId("friend/annual") });
    expect(await refusal(crm.membershipApplications.moveTo(ofAccount.id, "approved"))).toMatchObject({
      code: "may_not_join",
    });
  });

  it("joins once also where it is approved by many at a time", async () => {
    const { crm, person, planId } = await open(make);
    const { id } = await crm.membershipApplications.create({
      contactId: await person("Anna"),
      planId: planId("friend/free"),
    });
    await Promise.allSettled(Array.from({ length: 8 }, () => crm.membershipApplications.moveTo(id, "approved")));
    expect([await crm.memberships.count(), await crm.membershipTerms.count()]).toEqual([1, 1]);
  });

  it("refuses what makes no sense", async () => {
    const { crm, person, planId } = await open(make);
    const contactId = await person("Anna");
    const plan = planId("friend/annual");
    const cases = [
      [{ planId: plan }, "contactId"],
      [{ contactId, planId: plan, fee: eur("-1.00") }, "fee"],
      [{ contactId, planId: plan, fee: { amount: "1.00", currency: "USD" } }, "fee"],
      [{ contactId, planId: plan, terms: 0 }, "terms"],
    ] as const;
    for (const [input, field] of cases)
      expect(await refusal(crm.membershipApplications.create(input))).toMatchObject({
        code: "invalid_input",
        details: { issues: [{ field }] },
      });
    expect(await crm.membershipApplications.count()).toBe(0);
    const { id } = await crm.membershipApplications.create({ contactId, planId: plan });
    const { id: accountId } = await crm.accounts.create({ name: "Acme" });
    expect(await refusal(crm.membershipApplications.update(id, { accountId }))).toMatchObject({
      code: "invalid_input",
      details: { issues: [{ field: "contactId" }] },
    });
  });

  it("goes with the applicant, and comes back", async () => {
    const { crm, person, planId } = await open(make);
    const contactId = await person("Anna");
    const { id } = await crm.membershipApplications.create({ contactId, planId: planId("friend/annual") });
    await crm.contacts.delete(contactId);
    expect(await refusal(crm.membershipApplications.get(id))).toMatchObject({ code: "not_found" });
    await crm.contacts.restore(contactId);
    expect(await crm.membershipApplications.moveTo(id, "withdrawn")).toMatchObject({ status: "lost", contactId });
  });
});
