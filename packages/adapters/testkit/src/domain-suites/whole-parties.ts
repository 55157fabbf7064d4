/** Contacts and accounts that have something of everything that one can have, and what they have, as text. */
import type { CrmBench } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

/**
 * Jane works at Acme, Joan at Inc. and lives in a household; both know the same addresses, tags and deals. "secret" is in every text of
 * Joan's. Acme and Inc. are accounts that have everything as well.
 */
export async function wholeParties(bench: CrmBench, options: object = {}) {
  const crm = await openDomain(bench, options);
  await crm.users.createMany([
    { id: "ann", name: "Ann" },
    { id: "bob", name: "Bob" },
  ]);
  const [acme, inc, home] = await crm.accounts.createMany([
    { name: "Acme", domain: "acme.test", phone: "100", ownerId: "ann" },
    { name: "Inc.", domain: "inc.test", phone: "200", industry: "energy", ownerId: "bob" },
    { name: "Household" },
  ]);
  await crm.accountDomains.create({ accountId: inc!.id, domain: "ACME.test" });
  await crm.accounts.create({ name: "Part", parentId: inc!.id });
  const [jane, joan] = await crm.contacts.createMany([
    { givenName: "Jane", familyName: "Roe", email: "jane@x.test", phone: "555 1", accountId: acme!.id },
    { givenName: "Joan secret", familyName: "Doe", email: "joan@secret.test", phone: "777", accountId: inc!.id },
  ]);
  await crm.emailAddresses.create({
    contactId: joan!.id,
    address: "Jane@X.test",
    optedOutOn: "2026-01-02",
    optedOutSource: "secret form",
  });
  await crm.phoneNumbers.create({ contactId: joan!.id, number: "5551" });
  await crm.postalAddresses.createMany([
    { contactId: jane!.id, city: "Bath" },
    { contactId: joan!.id, city: "secret York" },
    { accountId: inc!.id, city: "Leeds" },
  ]);
  await crm.affiliations.createMany([
    { contactId: joan!.id, accountId: home!.id, kind: "household", isPrimary: true },
    { contactId: joan!.id, accountId: acme!.id },
  ]);
  await crm.contactRestrictions.createMany([
    { contactId: jane!.id, channel: "email", since: "2026-01-01" },
    { contactId: joan!.id, channel: "email", since: "2026-02-01", source: "secret letter" },
    { contactId: joan!.id, channel: "phone", since: "2026-02-01" },
  ]);
  await crm.externalIds.createMany([
    { entityType: "contact", recordId: jane!.id, source: "erp", key: "1" },
    { entityType: "contact", recordId: joan!.id, source: "erp", key: "secret 2" },
    { entityType: "account", recordId: inc!.id, source: "erp", key: "9" },
  ]);
  const [both, alone] = await crm.opportunities.createMany([
    { name: "Both", accountId: inc!.id, contactId: joan!.id, amount: { amount: "10.00", currency: "EUR" } },
    { name: "Alone", accountId: inc!.id, contactId: joan!.id, amount: { amount: "5.00", currency: "EUR" } },
  ]);
  await crm.opportunities.addContact(both!.id, { contactId: jane!.id });
  await crm.opportunities.addContact(both!.id, { contactId: joan!.id, role: "sponsor" });
  const call = await crm.activities.create({ kind: "call", subject: "Call", contactId: joan!.id, accountId: inc!.id });
  await crm.activityParticipants.createMany([
    { activityId: call.id, contactId: jane!.id },
    { activityId: call.id, contactId: joan!.id },
    { activityId: call.id, accountId: inc!.id },
  ]);
  for (const record of [
    { entityType: "contact", id: jane!.id },
    { entityType: "contact", id: joan!.id },
    { entityType: "account", id: inc!.id },
  ]) {
    await crm.activities.link(call.id, record);
    await crm.tags.add(record, record.id === jane!.id ? ["VIP"] : ["VIP", "Ski"]);
    await crm.favorites.add(record, { userId: "ann" });
    await crm.attachments.create({
      entityType: record.entityType,
      recordId: record.id,
      name: "A secret",
      sizeBytes: 1,
      storageKey: "k",
    });
  }
  await crm.contacts.moveTo(jane!.id, "prospect");
  await crm.contacts.moveTo(joan!.id, "customer");
  await crm.accounts.moveTo(inc!.id, "customer");
  bench.clock.set("2026-06-15T11:00:00Z");
  await crm.opportunities.moveTo(alone!.id, "won");
  bench.clock.set("2026-06-15T12:00:00Z");
  return {
    ...{ crm, acme: acme!.id, inc: inc!.id, home: home!.id },
    ...{ jane: jane!.id, joan: joan!.id, both: both!.id, alone: alone!.id, call: call.id },
  };
}

type Named = { readonly isPrimary: boolean };
const starred = (text: string, { isPrimary }: Named) => `${text}${isPrimary ? "*" : ""}`;
const byAge = [{ createdAt: "asc" }, { id: "asc" }] as const;

/** What a contact has, the primary ones with a star. */
export async function partsOfContact(crm: DomainCrm, id: string) {
  const where = { contactId: id };
  const orderBy = byAge;
  const of = { where: { entityType: "contact", recordId: id }, orderBy } as const;
  const [emails, phones, addresses, affiliations, restrictions, ids] = [
    (await crm.emailAddresses.list({ where, orderBy })).items,
    (await crm.phoneNumbers.list({ where, orderBy })).items,
    (await crm.postalAddresses.list({ where, orderBy })).items,
    (await crm.affiliations.list({ where, orderBy, include: { account: true } })).items,
    (await crm.contactRestrictions.list({ where, orderBy })).items,
    (await crm.externalIds.list(of)).items,
  ];
  const roles = await crm.opportunityContacts.list({ where, orderBy, include: { opportunity: true } });
  const stays = await crm.contactStageEntries.list({ where: { recordId: id }, orderBy, include: { stage: true } });
  return {
    emails: emails.map((row) => `${starred(row.address, row)} ${row.optedOutOn ?? "-"}`).join(", "),
    phones: phones.map((row) => starred(row.number, row)).join(", "),
    addresses: addresses.map((row) => starred(row.city!, row)).join(", "),
    affiliations: affiliations.map((row) => `${row.kind} ${starred(row.account!.name, row)}`).join(", "),
    restrictions: restrictions.map(({ channel, since }) => `${channel} ${since}`).join(", "),
    externalIds: ids.map(({ key }) => key).join(", "),
    roles: roles.items
      .map((row) => `${row.opportunity!.name}${row.opportunity!.contactId === id ? "*" : ""} ${row.role}`)
      .sort()
      .join(", "),
    stays: stays.items.map(({ stage, leftAt }) => `${stage!.key}${leftAt ? "" : " …"}`).join(", "),
    tags: (await crm.tags.of({ entityType: "contact", id })).map(({ name }) => name).join(", "),
    counts: [
      `activities ${await crm.activities.count({ where })}`,
      `participants ${await crm.activityParticipants.count({ where })}`,
      `links ${await crm.activityLinks.count({ where: of.where })}`,
      `favorites ${await crm.favorites.count({ where: of.where })}`,
      `attachments ${await crm.attachments.count({ where: of.where })}`,
    ].join(", "),
  };
}
