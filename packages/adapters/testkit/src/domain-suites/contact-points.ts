/** E-mail addresses, phone numbers, postal addresses and domains: one primary of each owner, the same as the owner's own field. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

/** "ann@x.test* bea@x.test": the addresses of a contact, the earliest first, the primary one with a star. */
async function emails(crm: DomainCrm, contactId: string): Promise<string> {
  const where = { contactId };
  const page = await crm.emailAddresses.list({
    where,
    orderBy: [{ createdAt: "asc" }],
    archived: "include",
    limit: 1_000,
  });
  return page.items.map(({ address, isPrimary }) => `${address}${isPrimary ? "*" : ""}`).join(" ");
}

async function email(crm: DomainCrm, contactId: string): Promise<string | null> {
  return (await crm.contacts.get(contactId)).email;
}

/** A contact with three addresses, the first of them the primary one. */
async function withThree(bench: CrmBench) {
  const crm = await openDomain(bench);
  const ann = await crm.contacts.create({ givenName: "Ann", email: "one@x.test" });
  const [one] = (await crm.emailAddresses.list({ where: { contactId: ann.id } })).items;
  const [two, three] = await crm.emailAddresses.createMany([
    { contactId: ann.id, address: "two@x.test" },
    { contactId: ann.id, address: "three@x.test" },
  ]);
  return { crm, ann, one: one!, two: two!, three: three! };
}

const field = (details: { readonly issues?: readonly { readonly field: string; readonly code: string }[] }) =>
  details.issues?.map((issue) => `${issue.field} ${issue.code}`).join(", ");

export const contactPoints: CrmSuite = {
  name: "addresses, numbers and domains",
  facts: [
    crmFact("come into being with the field of a contact, kept as written", async (bench) => {
      const crm = await openDomain(bench);
      const ann = await crm.contacts.create({ givenName: "Ann", email: "Ann@X.test", phone: "+49 (30) 12345" });
      expect(ann).toMatchObject({ email: "Ann@X.test", phone: "+49 (30) 12345", version: 1 });
      expect((await crm.emailAddresses.list()).items).toMatchObject([
        {
          contactId: ann.id,
          accountId: null,
          address: "Ann@X.test",
          normalized: "ann@x.test",
          isPrimary: true,
          version: 1,
        },
      ]);
      expect((await crm.phoneNumbers.list()).items).toMatchObject([
        { contactId: ann.id, accountId: null, number: "+49 (30) 12345", normalized: "+493012345", isPrimary: true },
      ]);
    }),
    crmFact("come into being with the fields of an account", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await crm.accounts.create({ name: "Acme", domain: "Acme.Test", phone: "030 1" });
      expect((await crm.accountDomains.list()).items).toMatchObject([
        { accountId: acme.id, domain: "Acme.Test", normalized: "acme.test", isPrimary: true },
      ]);
      expect((await crm.phoneNumbers.list()).items).toMatchObject([
        { accountId: acme.id, number: "030 1", isPrimary: true },
      ]);
    }),
    crmFact("of many new contacts are made together, none where there is none", async (bench) => {
      const crm = await openDomain(bench);
      const people = Array.from({ length: 1_500 }, (_, i) => (i % 3 === 0 ? {} : { email: `p${i}@x.test` }));
      const made = await crm.contacts.createMany(people);
      expect(await crm.emailAddresses.count({ where: { isPrimary: true } })).toBe(1_000);
      expect(await emails(crm, made[1]!.id)).toBe("p1@x.test*");
      expect(await emails(crm, made[0]!.id)).toBe("");
    }),
    crmFact("give the field its value when the first one is made", async (bench) => {
      const crm = await openDomain(bench);
      const ann = await crm.contacts.create({ givenName: "Ann" });
      const first = await crm.emailAddresses.create({ contactId: ann.id, address: "a@x.test" });
      expect(first).toMatchObject({ isPrimary: true, version: 1 });
      expect(await email(crm, ann.id)).toBe("a@x.test");
      const acme = await crm.accounts.create({ name: "Acme" });
      await crm.accountDomains.createMany([
        { accountId: acme.id, domain: "acme.test" },
        { accountId: acme.id, domain: "acme.example" },
      ]);
      await crm.phoneNumbers.create({ accountId: acme.id, number: "030 1" });
      expect(await crm.accounts.get(acme.id)).toMatchObject({ domain: "acme.test", phone: "030 1" });
    }),
    crmFact("leave the field alone when more are made", async (bench) => {
      const { crm, ann } = await withThree(bench);
      expect(await emails(crm, ann.id)).toBe("one@x.test* two@x.test three@x.test");
      expect(await crm.contacts.get(ann.id)).toMatchObject({ email: "one@x.test", version: 1 });
    }),
    crmFact("change the field when another is made the primary one", async (bench) => {
      const { crm, ann, two, three } = await withThree(bench);
      expect(await crm.emailAddresses.update(two.id, { isPrimary: true })).toMatchObject({ isPrimary: true });
      expect(await emails(crm, ann.id)).toBe("one@x.test two@x.test* three@x.test");
      expect(await email(crm, ann.id)).toBe("two@x.test");
      await crm.emailAddresses.updateMany([
        { id: two.id, isPrimary: false },
        { id: three.id, isPrimary: true },
      ]);
      expect(await emails(crm, ann.id)).toBe("one@x.test two@x.test three@x.test*");
      await crm.emailAddresses.create({ contactId: ann.id, address: "four@x.test", isPrimary: true });
      expect(await emails(crm, ann.id)).toBe("one@x.test two@x.test three@x.test four@x.test*");
      expect(await email(crm, ann.id)).toBe("four@x.test");
    }),
    crmFact("change the field when the primary one is written anew", async (bench) => {
      const { crm, ann, one } = await withThree(bench);
      await crm.emailAddresses.update(one.id, { address: "won@x.test" });
      expect(await crm.contacts.get(ann.id)).toMatchObject({ email: "won@x.test", version: 2 });
      expect(await emails(crm, ann.id)).toBe("won@x.test* two@x.test three@x.test");
    }),
    crmFact("of which several are to be the primary one, have the last of them", async (bench) => {
      const { crm, ann, one, two, three } = await withThree(bench);
      await crm.emailAddresses.updateMany([
        { id: three.id, isPrimary: true },
        { id: two.id, isPrimary: true },
        { id: one.id, kind: "work" },
      ]);
      expect(await emails(crm, ann.id)).toBe("one@x.test two@x.test* three@x.test");
      const made = await crm.emailAddresses.createMany([
        { contactId: ann.id, address: "four@x.test", isPrimary: true },
        { contactId: ann.id, address: "five@x.test", isPrimary: true },
      ]);
      expect(made.map(({ isPrimary }) => isPrimary)).toEqual([false, true]);
      expect(await email(crm, ann.id)).toBe("five@x.test");
    }),
    crmFact("keep a primary one: it cannot be no more without another", async (bench) => {
      const { crm, ann, one } = await withThree(bench);
      expect(field(await refusedDetails(crm.emailAddresses.update(one.id, { isPrimary: false })))).toBe(
        "isPrimary not_allowed",
      );
      expect(await emails(crm, ann.id)).toBe("one@x.test* two@x.test three@x.test");
    }),
    crmFact(
      "have the earliest other as the primary one when it is deleted, and no field when none is left",
      async (bench) => {
        const { crm, ann, one, two, three } = await withThree(bench);
        await crm.emailAddresses.delete(one.id);
        expect(await emails(crm, ann.id)).toBe("two@x.test* three@x.test");
        expect(await email(crm, ann.id)).toBe("two@x.test");
        await crm.emailAddresses.delete(three.id);
        await crm.emailAddresses.delete(two.id);
        expect([await emails(crm, ann.id), await email(crm, ann.id)]).toEqual(["", null]);
      },
    ),
    crmFact("have another primary one while it is archived, and keep that when it comes back", async (bench) => {
      const { crm, ann, one } = await withThree(bench);
      await crm.emailAddresses.archive(one.id);
      expect(await emails(crm, ann.id)).toBe("one@x.test two@x.test* three@x.test");
      await crm.emailAddresses.restore(one.id);
      expect(await emails(crm, ann.id)).toBe("one@x.test two@x.test* three@x.test");
      expect(await email(crm, ann.id)).toBe("two@x.test");
    }),
    crmFact("are as they were when a deleted one comes back", async (bench) => {
      const { crm, ann, one } = await withThree(bench);
      await crm.emailAddresses.delete(one.id);
      await crm.emailAddresses.restore(one.id);
      expect(await emails(crm, ann.id)).toBe("one@x.test* two@x.test three@x.test");
      const bea = await crm.contacts.create({ givenName: "Bea", email: "bea@x.test" });
      const [only] = (await crm.emailAddresses.list({ where: { contactId: bea.id } })).items;
      await crm.emailAddresses.delete(only!.id);
      await crm.emailAddresses.restore(only!.id);
      expect([await emails(crm, bea.id), await email(crm, bea.id)]).toEqual(["bea@x.test*", "bea@x.test"]);
    }),
    crmFact("follow the field: a known value becomes the primary one, written as it is given", async (bench) => {
      const { crm, ann } = await withThree(bench);
      await crm.contacts.update(ann.id, { email: "TWO@x.test" });
      expect(await emails(crm, ann.id)).toBe("one@x.test TWO@x.test* three@x.test");
      expect(await crm.contacts.get(ann.id)).toMatchObject({ email: "TWO@x.test", version: 2 });
    }),
    crmFact("follow the field: a new value is added as the primary one, and the others stay", async (bench) => {
      const { crm, ann } = await withThree(bench);
      await crm.contacts.update(ann.id, { email: "four@x.test" });
      expect(await emails(crm, ann.id)).toBe("one@x.test two@x.test three@x.test four@x.test*");
    }),
    crmFact("follow the field: the only one goes when it is cleared, and with others it cannot be", async (bench) => {
      const { crm, ann } = await withThree(bench);
      expect(field(await refusedDetails(crm.contacts.update(ann.id, { email: null })))).toBe("email not_allowed");
      const bea = await crm.contacts.create({ email: "bea@x.test", phone: "1" });
      await crm.contacts.update(bea.id, { email: null, phone: null });
      expect([await emails(crm, bea.id), await crm.phoneNumbers.count()]).toEqual(["", 0]);
      expect(await emails(crm, ann.id)).toBe("one@x.test* two@x.test three@x.test");
    }),
    crmFact("follow the fields of accounts in the same way", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await crm.accounts.create({ name: "Acme", domain: "acme.test", phone: "030 1" });
      await crm.accounts.update(acme.id, { domain: "acme.example", phone: "030 2" });
      const domains = await crm.accountDomains.list({ orderBy: [{ domain: "asc" }] });
      expect(domains.items.map(({ domain, isPrimary }) => [domain, isPrimary])).toEqual([
        ["acme.example", true],
        ["acme.test", false],
      ]);
      expect(await crm.phoneNumbers.count({ where: { accountId: acme.id } })).toBe(2);
      expect(field(await refusedDetails(crm.accounts.update(acme.id, { domain: null, phone: null })))).toBe(
        "domain not_allowed, phone not_allowed",
      );
      await crm.accountDomains.delete(domains.items[0]!.id);
      expect((await crm.accounts.get(acme.id)).domain).toBe("acme.test");
    }),
    crmFact("are one primary one each, whoever writes at the same time", async (bench) => {
      const { crm, ann, one, two, three } = await withThree(bench);
      await Promise.all([
        ...[one, two, three].map(({ id }) => crm.emailAddresses.update(id, { isPrimary: true })),
        ...Array.from({ length: 5 }, (_, i) => crm.contacts.update(ann.id, { email: `new${i}@x.test` })),
        ...Array.from({ length: 5 }, (_, i) =>
          crm.emailAddresses.create({ contactId: ann.id, address: `more${i}@x.test`, isPrimary: true }),
        ),
      ]);
      const { items } = await crm.emailAddresses.list({ where: { contactId: ann.id, isPrimary: true } });
      expect(items).toHaveLength(1);
      expect(await email(crm, ann.id)).toBe(items[0]!.address);
      expect(await crm.emailAddresses.count({ where: { contactId: ann.id } })).toBe(13);
    }),
    crmFact("are as they were in a unit that is undone", async (bench) => {
      const { crm, ann, two } = await withThree(bench);
      const undone = crm.transaction(async (tx) => {
        await tx.emailAddresses.update(two.id, { isPrimary: true });
        await tx.contacts.update(ann.id, { email: "five@x.test" });
        expect(await emails(tx as DomainCrm, ann.id)).toBe("one@x.test two@x.test three@x.test five@x.test*");
        throw new Error("no");
      });
      await expect(undone).rejects.toThrow("no");
      expect([await emails(crm, ann.id), await email(crm, ann.id)]).toEqual([
        "one@x.test* two@x.test three@x.test",
        "one@x.test",
      ]);
    }),
    crmFact("go with their contact, come back with it, and are read as of an instant", async (bench) => {
      const { crm, ann, two } = await withThree(bench);
      const then = new Date(bench.clock.now());
      bench.clock.set("2026-06-16T10:00:00Z");
      await crm.emailAddresses.update(two.id, { isPrimary: true });
      await crm.contacts.delete(ann.id);
      expect(await crm.emailAddresses.count()).toBe(0);
      await crm.contacts.restore(ann.id);
      expect([await emails(crm, ann.id), await email(crm, ann.id)]).toEqual([
        "one@x.test two@x.test* three@x.test",
        "two@x.test",
      ]);
      const past = crm.asOf(then);
      expect((await past.contacts.byEmail("two@x.test"))[0]).toMatchObject({ id: ann.id, email: "one@x.test" });
    }),
    crmFact("are of one contact or one account", async (bench) => {
      const crm = await openDomain(bench);
      const ann = await crm.contacts.create({ givenName: "Ann" });
      const acme = await crm.accounts.create({ name: "Acme" });
      const both = { contactId: ann.id, accountId: acme.id };
      const wrong = [
        crm.emailAddresses.create({ address: "a@x.test" }),
        crm.phoneNumbers.create({ number: "1" }),
        crm.postalAddresses.create({ city: "Berlin" }),
        crm.emailAddresses.create({ ...both, address: "a@x.test" }),
        crm.phoneNumbers.create({ ...both, number: "1" }),
        crm.postalAddresses.create({ ...both, city: "Berlin" }),
      ];
      const told = await Promise.all(wrong.map(async (write) => field(await refusedDetails(write))));
      expect(told).toEqual([
        ...Array.from({ length: 3 }, () => "contactId missing_field"),
        ...Array.from({ length: 3 }, () => "accountId not_allowed"),
      ]);
    }),
    crmFact("are refused by name where they are none, all at once and with nothing written", async (bench) => {
      const crm = await openDomain(bench);
      const wrong = [{ email: "none" }, { email: "ok@x.test", phone: "none" }, { givenName: "Ann" }];
      expect(await refusedDetails(crm.contacts.createMany(wrong))).toMatchObject({
        entity: "contact",
        issues: [
          { field: "email", code: "invalid_value", index: 0 },
          { field: "phone", code: "invalid_value", index: 1 },
        ],
      });
      expect(await refused(crm.accounts.create({ name: "Acme", domain: "https://acme.test/" }))).toEqual({
        code: "invalid_input",
        entity: "account",
        field: "domain",
      });
      const ann = await crm.contacts.create({ email: "ann@x.test" });
      expect(await refused(crm.contacts.update(ann.id, { email: "ann@" }))).toMatchObject({ field: "email" });
      const own = crm.emailAddresses.create({ contactId: ann.id, address: "ann at x.test" });
      expect(await refused(own)).toEqual({ code: "invalid_input", entity: "emailAddress", field: "address" });
      expect(await crm.contacts.count()).toBe(1);
      expect(await emails(crm, ann.id)).toBe("ann@x.test*");
    }),
    crmFact("in the post have a country of two letters, and a primary one", async (bench) => {
      const crm = await openDomain(bench);
      const ann = await crm.contacts.create({ givenName: "Ann" });
      const home = await crm.postalAddresses.create({ contactId: ann.id, city: "Berlin", country: "de" });
      expect(home).toMatchObject({ country: "DE", isPrimary: true });
      const work = await crm.postalAddresses.create({
        contactId: ann.id,
        city: "Wien",
        country: "AT",
        isPrimary: true,
      });
      expect(work.isPrimary).toBe(true);
      expect((await crm.postalAddresses.get(home.id)).isPrimary).toBe(false);
      const wrong = crm.postalAddresses.create({ contactId: ann.id, country: "D1" });
      expect(await refused(wrong)).toMatchObject({ code: "invalid_input", field: "country" });
    }),
    crmFact("find the contact by any address, however it is written", async (bench) => {
      const { crm, ann } = await withThree(bench);
      const found = async (address: string, archived?: "include") =>
        (await crm.contacts.byEmail(address, archived ? { archived } : {})).map(({ id }) => id);
      expect(await found("THREE@X.test")).toEqual([ann.id]);
      expect(await found("ｏｎｅ@x.test")).toEqual([ann.id]);
      expect(await found("four@x.test")).toEqual([]);
      const bea = await crm.contacts.create({ email: "One@x.test" });
      expect(await found("one@x.test")).toEqual([ann.id, bea.id]);
      await crm.contacts.archive(ann.id);
      expect(await found("one@x.test")).toEqual([bea.id]);
      expect(await found("one@x.test", "include")).toEqual([ann.id, bea.id]);
      expect(await refused(crm.contacts.byEmail("none"))).toMatchObject({ code: "invalid_input", field: "address" });
    }),
    crmFact("find the contact by number, and the account by domain or by an address there", async (bench) => {
      const crm = await openDomain(bench);
      const ann = await crm.contacts.create({ phone: "+49 30 12345" });
      const acme = await crm.accounts.create({ name: "Acme", domain: "bücher.example" });
      expect((await crm.contacts.byPhone("+49 (0)30 / 123-45")).map(({ id }) => id)).toEqual([ann.id]);
      expect(await crm.contacts.byPhone("030 12345")).toEqual([]);
      for (const domain of ["BÜCHER.example", "xn--bcher-kva.example.", "info@bücher.example"])
        expect((await crm.accounts.byDomain(domain)).map(({ id }) => id)).toEqual([acme.id]);
      expect(await crm.accounts.byDomain("shop.bücher.example")).toEqual([]);
      expect(await refused(crm.contacts.byPhone("none"))).toMatchObject({ field: "number" });
      expect(await refused(crm.accounts.byDomain("example"))).toMatchObject({ field: "domain" });
      expect(await refused(crm.accounts.byDomain(7 as never))).toMatchObject({ field: "domain" });
    }),
    crmFact("of an account are one domain each", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await crm.accounts.create({ name: "Acme", domain: "acme.test" });
      const again = crm.accountDomains.create({ accountId: acme.id, domain: "ACME.test" });
      expect((await refused(again)).code).toBe("not_unique");
      const other = await crm.accounts.create({ name: "Acme too", domain: "acme.test" });
      expect((await crm.accounts.byDomain("acme.test")).map(({ id }) => id)).toEqual([acme.id, other.id]);
    }),
    crmFact("of one tenant are nothing to another", async (bench) => {
      const crm = await openDomain(bench);
      const [one, other] = [crm.as({ tenantId: "one" }), crm.as({ tenantId: "other" })];
      const ann = await one.contacts.create({ email: "ann@x.test" });
      await other.contacts.create({ email: "ann@x.test" });
      expect((await one.contacts.byEmail("ann@x.test")).map(({ id }) => id)).toEqual([ann.id]);
      const theirs = other.emailAddresses.create({ contactId: ann.id, address: "b@x.test" });
      expect((await refused(theirs)).code).toBe("reference_not_found");
    }),
    crmFact("are normalised again without a change where the rule is the same", async (bench) => {
      const crm = await openDomain(bench);
      await crm.contacts.createMany([{ phone: "030 1" }, { phone: "+49 30 2" }]);
      const told: unknown[] = [];
      const done = await crm.phoneNumbers.normalizeAgain({ onProgress: (progress) => told.push(progress) });
      expect(done).toEqual({ read: 2, changed: 0, refused: 0 });
      expect(told).toEqual([{ read: 2, changed: 0, refused: 0 }]);
    }),
  ],
};
