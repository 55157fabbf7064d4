/** What addresses, numbers and domains are refused for, and what is found by them. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain } from "./open-domain.ts";
import { emails, withThree, wrongFields } from "./with-addresses.ts";

export const contactPointRules: CrmSuite = {
  name: "addresses, numbers and domains as such",
  facts: [
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
      const told = await Promise.all(wrong.map(async (write) => wrongFields(await refusedDetails(write))));
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
