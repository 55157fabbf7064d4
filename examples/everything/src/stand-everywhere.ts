/** A person and an organisation that stand in every plugin at once; whatever is about the person has the person's mark in it, and so on. */
import { standardRules, standardTypes } from "@relata/relationships";
import type { EverythingCrm } from "./crm.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });

/** What everybody shares: users, types, programs, hierarchies. */
export async function setUp(crm: EverythingCrm) {
  await crm.users.createMany([
    { id: "boss", name: "Boss" },
    { id: "rep", name: "Rep", managerId: "boss" },
  ]);
  await crm.forecasting.setQuota({ userId: "rep", period: "2026-Q3", amount: eur("900") });
  await crm.forecasting.adjust({ userId: "rep", by: "boss", period: "2026-Q3", category: "commit", amount: eur("90") });
  await crm.relationships.defineTypes(standardTypes);
  await crm.relationships.defineRules(standardRules);
  await crm.relationships.definePartyKinds([{ key: "donor", attributes: [{ key: "words", kind: "text" }] }]);
  await crm.relationships.defineEngagementType({ key: "board", name: "Board", roles: [{ key: "chair", most: 1 }] });
  await crm.hierarchies.define({ key: "legal", name: "Legal" });
  const { program, plans } = await crm.memberships.defineProgram({
    key: "society",
    name: "The Society",
    currency: "EUR",
    numberFormat: "M-{number:4}",
    levels: [
      {
        key: "friend",
        rank: 1,
        autoRenewal: "optional",
        reminderDays: [30],
        plans: [{ key: "annual", price: "100.00" }],
      },
      {
        key: "corporate",
        rank: 2,
        memberKind: "organization",
        inheritance: { affiliations: [{ kind: "employer" }], relationships: ["employment"] },
        plans: [{ key: "annual", price: "900.00" }],
      },
    ],
  });
  await crm.memberships.defineBenefits(program.id, [{ key: "pass", levels: { friend: 4, corporate: 4 } }]);
  const holding = await crm.accounts.create({ name: "Holding" });
  return { program, plans, holdingId: holding.id };
}

export type Society = Awaited<ReturnType<typeof setUp>>;

/** An organisation with the mark: in a hierarchy, a member, an employer with an office, a donor, with a deal and a project. */
export async function placeAccount(crm: EverythingCrm, { plans, holdingId }: Society, mark: string) {
  const account = await crm.accounts.create({
    name: `${mark} Ltd`,

    domain: `${mark}.example`,
    ownerId: "rep",
  });
  const accountId = account.id;
  const thing = { entityType: "account", id: accountId };
  await crm.hierarchies.move(accountId, holdingId, { hierarchy: "legal", from: "2025-01-01", share: "60" });
  await crm.accountMembers.create({ accountId, userId: "rep", role: "support" });
  const deal = await crm.opportunities.create({
    ...{ name: `${mark} deal`, accountId, ownerId: "rep", amount: eur("500.00") },
    expectedCloseDate: "2026-09-15",
    forecastCategory: "commit",
  });
  await crm.relationships.setProfile(accountId, { kind: "donor", attributes: { words: mark } });
  const office = await crm.relationships.defineOffice({ accountId, title: "Chair", validFrom: "2020-01-01" });
  const joined = await crm.memberships.join({ accountId, planId: plans["corporate/annual"]!.id, on: "2026-01-10" });
  await crm.memberships.recordPayment({
    ...{
      paymentId: `pay ${accountId}`,
      orderId: joined.order.id,
      amount: joined.order.amount,
      receivedOn: "2026-01-10",
    },
  });
  await crm.projects.create({ name: `${mark} project`, accountId, subjectType: "account", subjectId: accountId });
  await crm.externalIds.create({
    source: "erp",
    key: `${mark} account`,
    ...{ entityType: "account", recordId: accountId },
  });
  await crm.postalAddresses.create({ accountId, street: `${mark} street`, city: "Berlin", country: "DE" });
  await crm.tags.add(thing, ["key account"]);
  await crm.favorites.create({ userId: "rep", entityType: "account", recordId: accountId });
  return { accountId, thing, dealId: deal.id, officeId: office.id, membershipId: joined.membership.id };
}

export type PlacedAccount = Awaited<ReturnType<typeof placeAccount>>;

interface Placement {
  /** The person's employer. */
  readonly at: PlacedAccount;
  readonly mark: string;
  /** The days on which the person has the chair, which others leave for it; never: null. */
  readonly chair?: { readonly validFrom: string; readonly validUntil?: string } | null;
}

/** A person with the mark, who works for the organisation: nothing about the person is said without it. */
export async function placeContact(
  crm: EverythingCrm,
  { program, plans }: Society,
  { at, mark, chair = { validFrom: "2022-01-01" } }: Placement,
) {
  const { accountId, thing: employer, dealId, officeId } = at;
  const contact = await crm.contacts.create({
    ...{ givenName: mark, familyName: `Silva ${mark}`, email: `${mark}@example.org`, phone: "030 7654321" },
    ...{ accountId, badge: mark },
  });
  const contactId = contact.id;
  const thing = { entityType: "contact", id: contactId };
  await crm.opportunities.addContact(dealId, { contactId, role: "decision_maker" });
  const call = await crm.activities.create({
    ...{ kind: "meeting", subject: "Weekly", contactId, accountId, ownerId: "rep" },
    ...{ startAt: new Date("2026-06-22T08:00:00Z"), endAt: new Date("2026-06-22T09:00:00Z") },
    recurrence: "FREQ=WEEKLY;COUNT=4",
  });
  await crm.activityParticipants.create({ activityId: call.id, contactId });
  await crm.activities.complete(call.id);
  const joined = await crm.memberships.join({
    ...{ contactId, planId: plans["friend/annual"]!.id, on: "2026-01-10", payerAccountId: accountId },
  });
  await crm.memberships.recordPayment({
    ...{
      paymentId: `pay ${contactId}`,
      orderId: joined.order.id,
      amount: joined.order.amount,
      receivedOn: "2026-01-10",
    },
  });
  const membershipId = joined.membership.id;
  await crm.memberships.pause(membershipId, { from: "2026-02-01", until: "2026-02-10" });
  await crm.membershipApplications.create({ contactId, planId: plans["friend/annual"]!.id, statement: mark });
  await crm.memberships.setListing({ contactId, programId: program.id }, { name: "public", email: "members" });
  await crm.memberships.useBenefit({ contactId, membershipId }, "pass", { quantity: 1 });
  const employed = await crm.relationships.relate({
    ...{ type: "employment", from: thing, to: employer, validFrom: "2021-01-01", source: mark, notes: mark },
    ...{
      attributes: { position: mark },
      evidence: [{ note: mark }, { record: { entityType: "activity", id: call.id } }],
    },
  });
  await crm.relationships.correct(employed.id, { strength: "0.7", reason: mark });
  if (chair !== null)
    await crm.relationships.appoint(officeId, { holder: thing, notes: mark, replacing: true, ...chair });
  const { engagement } = await crm.relationships.openEngagement({
    ...{ type: "board", name: "Board", participants: [{ party: thing, role: "chair", notes: mark }] },
  });
  await crm.relationships.recordStatement(thing, { kind: "refusal", purpose: "newsletter", words: mark });
  await crm.relationships.recordReading(thing, { purpose: mark, what: [mark], recipient: mark });
  await crm.projects.create({ name: "Led", leadId: contactId, subjectType: "contact", subjectId: contactId });
  await crm.externalIds.create({ source: "erp", key: mark, entityType: "contact", recordId: contactId });
  await crm.postalAddresses.create({ contactId, street: `${mark} street`, city: "Berlin", country: "DE" });
  await crm.tags.add(thing, ["decision maker"]);
  await crm.favorites.create({ userId: "rep", entityType: "contact", recordId: contactId });
  await crm.activities.link(call.id, thing);
  await crm.contactRestrictions.create({ contactId, channel: "email", since: "2026-01-01", source: mark });
  await crm.attachments.create({ name: `${mark}.pdf`, sizeBytes: 1, entityType: "contact", recordId: contactId });
  return {
    contactId,
    thing,
    membershipId,
    activityId: call.id,
    relationshipId: employed.id,
    engagementId: engagement.id,
  };
}
