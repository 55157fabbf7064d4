/** Where a contact belongs: several accounts, one primary of each kind, and on which days. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

async function sampled(bench: CrmBench) {
  const crm = await openDomain(bench);
  const [acme, bolt, roes] = await crm.accounts.createMany([
    { name: "Acme" },
    { name: "Bolt" },
    { name: "The Roes", kind: "household" },
  ]);
  return { crm, acme: acme!, bolt: bolt!, roes: roes! };
}

/** "Acme employer* · Bolt employer": a contact's affiliations, the earliest first, the primary ones with a star. */
async function affiliations(crm: DomainCrm, contactId: string): Promise<string> {
  const page = await crm.affiliations.list({
    where: { contactId },
    orderBy: [{ createdAt: "asc" }],
    include: { account: true },
  });
  return page.items.map((each) => `${each.account!.name} ${each.kind}${each.isPrimary ? "*" : ""}`).join(" · ");
}

async function employer(crm: DomainCrm, contactId: string): Promise<string | null> {
  return (await crm.contacts.get(contactId)).accountId;
}

const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name).join(" ");

export const affiliationSuite: CrmSuite = {
  name: "affiliations",
  facts: [
    crmFact("come into being with the account of a contact, as its employer", async (bench) => {
      const { crm, acme } = await sampled(bench);
      const ann = await crm.contacts.create({ givenName: "Ann", accountId: acme.id });
      expect(ann).toMatchObject({ accountId: acme.id, version: 1 });
      expect((await crm.affiliations.list()).items).toMatchObject([
        { contactId: ann.id, accountId: acme.id, kind: "employer", isPrimary: true, validFrom: null, validUntil: null },
      ]);
    }),
    crmFact("are none of a contact without an account: people and companies are in one tenant", async (bench) => {
      const { crm, acme } = await sampled(bench);
      const person = await crm.contacts.create({ givenName: "Pat", email: "pat@home.test" });
      const employee = await crm.contacts.create({ givenName: "Ann", accountId: acme.id });
      const deal = await crm.opportunities.create({ name: "Kitchen", contactId: person.id });
      expect(deal).toMatchObject({ contactId: person.id, accountId: null });
      expect(await crm.contacts.count({ where: { accountId: null } })).toBe(1);
      expect([await affiliations(crm, person.id), await affiliations(crm, employee.id)]).toEqual([
        "",
        "Acme employer*",
      ]);
    }),
    crmFact("have at most one primary of each kind, and the employer's account is the contact's", async (bench) => {
      const { crm, acme, bolt, roes } = await sampled(bench);
      const ann = await crm.contacts.create({ givenName: "Ann" });
      await crm.affiliations.create({ contactId: ann.id, accountId: acme.id, role: "Buyer" });
      expect([await affiliations(crm, ann.id), await employer(crm, ann.id)]).toEqual(["Acme employer", null]);
      await crm.affiliations.createMany([
        { contactId: ann.id, accountId: bolt.id, isPrimary: true },
        { contactId: ann.id, accountId: roes.id, kind: "household", isPrimary: true },
      ]);
      expect(await affiliations(crm, ann.id)).toBe("Acme employer · Bolt employer* · The Roes household*");
      expect(await employer(crm, ann.id)).toBe(bolt.id);
      const first = await crm.affiliations.find({ where: { contactId: ann.id, accountId: acme.id } });
      await crm.affiliations.update(first!.id, { isPrimary: true });
      expect(await affiliations(crm, ann.id)).toBe("Acme employer* · Bolt employer · The Roes household*");
      expect(await employer(crm, ann.id)).toBe(acme.id);
      await crm.affiliations.update(first!.id, { isPrimary: false });
      expect([await affiliations(crm, ann.id), await employer(crm, ann.id)]).toEqual([
        "Acme employer · Bolt employer · The Roes household*",
        null,
      ]);
    }),
    crmFact(
      "follow the contact's account: a known employer becomes the primary one, a new one is added",
      async (bench) => {
        const { crm, acme, bolt } = await sampled(bench);
        const ann = await crm.contacts.create({ accountId: acme.id });
        await crm.contacts.update(ann.id, { accountId: bolt.id });
        expect(await affiliations(crm, ann.id)).toBe("Acme employer · Bolt employer*");
        await crm.contacts.update(ann.id, { accountId: acme.id });
        expect(await affiliations(crm, ann.id)).toBe("Acme employer* · Bolt employer");
        await crm.contacts.update(ann.id, { accountId: null });
        expect(await affiliations(crm, ann.id)).toBe("Acme employer · Bolt employer");
      },
    ),
    crmFact("begin anew where the one that is known has ended", async (bench) => {
      const { crm, acme } = await sampled(bench);
      const ann = await crm.contacts.create({});
      await crm.affiliations.create({ contactId: ann.id, accountId: acme.id, validUntil: "2026-06-14" });
      await crm.contacts.update(ann.id, { accountId: acme.id });
      expect(await affiliations(crm, ann.id)).toBe("Acme employer · Acme employer*");
    }),
    crmFact("change kind, and with it the contact's account", async (bench) => {
      const { crm, acme } = await sampled(bench);
      const ann = await crm.contacts.create({ accountId: acme.id });
      const [only] = (await crm.affiliations.list()).items;
      await crm.affiliations.update(only!.id, { kind: "other" });
      expect([await affiliations(crm, ann.id), await employer(crm, ann.id)]).toEqual(["Acme other*", null]);
    }),
    crmFact("stay primary when they end: today is no stored fact", async (bench) => {
      const { crm, acme } = await sampled(bench);
      const ann = await crm.contacts.create({ accountId: acme.id });
      const [only] = (await crm.affiliations.list()).items;
      await crm.affiliations.update(only!.id, { validUntil: "2026-01-31" });
      expect([await affiliations(crm, ann.id), await employer(crm, ann.id)]).toEqual(["Acme employer*", acme.id]);
    }),
    crmFact("clear the contact's account when they are deleted, and bring it back", async (bench) => {
      const { crm, acme } = await sampled(bench);
      const ann = await crm.contacts.create({ accountId: acme.id });
      const [only] = (await crm.affiliations.list()).items;
      await crm.affiliations.delete(only!.id);
      expect(await employer(crm, ann.id)).toBeNull();
      await crm.affiliations.restore(only!.id);
      expect(await employer(crm, ann.id)).toBe(acme.id);
    }),
    crmFact("of many contacts are made together", async (bench) => {
      const { crm, acme, bolt } = await sampled(bench);
      const made = await crm.contacts.createMany(Array.from({ length: 1_200 }, () => ({ accountId: acme.id })));
      await crm.contacts.updateMany(made.map(({ id }) => ({ id, accountId: bolt.id })));
      expect(await crm.affiliations.count({ where: { accountId: bolt.id, isPrimary: true } })).toBe(1_200);
      expect(await crm.affiliations.count({ where: { isPrimary: true } })).toBe(1_200);
    }),
    crmFact("refuse a last day before the first, by name", async (bench) => {
      const { crm, acme } = await sampled(bench);
      const ann = await crm.contacts.create({});
      const days = { validFrom: "2026-02-01", validUntil: "2026-01-31" };
      const wrong = crm.affiliations.create({ contactId: ann.id, accountId: acme.id, ...days });
      expect(await refused(wrong)).toEqual({ code: "invalid_input", entity: "affiliation", field: "validUntil" });
      const one = await crm.affiliations.create({ contactId: ann.id, accountId: acme.id, validFrom: "2026-02-01" });
      expect((await refused(crm.affiliations.update(one.id, { validUntil: "2026-01-31" }))).field).toBe("validUntil");
      expect((await crm.affiliations.update(one.id, { validUntil: "2026-02-01" })).validUntil).toBe("2026-02-01");
    }),
    crmFact("tell the contacts of an account, and the accounts of a contact, on a day", async (bench) => {
      const { crm, acme, bolt, roes } = await sampled(bench);
      const [ann, bea] = await crm.contacts.createMany([{ givenName: "Ann" }, { givenName: "Bea" }]);
      await crm.affiliations.createMany([
        { contactId: ann!.id, accountId: acme.id, validFrom: "2025-01-01", validUntil: "2025-12-31" },
        { contactId: ann!.id, accountId: bolt.id, validFrom: "2026-01-01" },
        { contactId: ann!.id, accountId: roes.id, kind: "household" },
        { contactId: bea!.id, accountId: acme.id, validUntil: "2026-06-15" },
      ]);
      const people = async (on: string) =>
        (await crm.contacts.ofAccount(acme.id, { on })).items.map(({ givenName }) => givenName).join(" ");
      expect([
        await people("2024-12-31"),
        await people("2025-01-01"),
        await people("2025-12-31"),
        await people("2026-01-01"),
      ]).toEqual(["Bea", "Ann Bea", "Ann Bea", "Bea"]);
      expect((await crm.contacts.ofAccount(acme.id)).items.map(({ givenName }) => givenName)).toEqual(["Bea"]);
      bench.clock.set("2026-06-16T00:00:00Z");
      expect((await crm.contacts.ofAccount(acme.id)).items).toEqual([]);
      expect(names((await crm.accounts.ofContact(ann!.id, { on: "2025-06-01" })).items)).toBe("Acme The Roes");
      expect(names((await crm.accounts.ofContact(ann!.id, { on: "2026-06-01", kind: "employer" })).items)).toBe("Bolt");
      const page = await crm.contacts.ofAccount(acme.id, { on: "2025-06-01", limit: 1 });
      const rest = await crm.contacts.ofAccount(acme.id, { on: "2025-06-01", limit: 1, after: page.next });
      expect([page.items[0]!.givenName, rest.items[0]!.givenName, rest.next]).toEqual(["Ann", "Bea", undefined]);
      expect(await refused(crm.contacts.ofAccount(acme.id, { on: "2026-02-30" }))).toMatchObject({ field: "on" });
    }),
    crmFact("of one tenant are nothing to another", async (bench) => {
      const { crm, acme } = await sampled(bench);
      const other = crm.as({ tenantId: "other" });
      expect((await refused(other.contacts.create({ accountId: acme.id }))).code).toBe("reference_not_found");
      expect([await other.contacts.count(), await other.affiliations.count()]).toEqual([0, 0]);
    }),
  ],
};
