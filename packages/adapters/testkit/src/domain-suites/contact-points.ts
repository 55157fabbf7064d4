/** E-mail addresses, phone numbers, postal addresses and domains: one primary of each owner, the same as the owner's own field. */
import { expect } from "vitest";
import { refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";
import { email, emails, withThree, wrongFields } from "./with-addresses.ts";

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
      expect(wrongFields(await refusedDetails(crm.emailAddresses.update(one.id, { isPrimary: false })))).toBe(
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
      expect(wrongFields(await refusedDetails(crm.contacts.update(ann.id, { email: null })))).toBe("email not_allowed");
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
      expect(wrongFields(await refusedDetails(crm.accounts.update(acme.id, { domain: null, phone: null })))).toBe(
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
    crmFact("cost a contact without any nothing, and others a few statements, however many they are", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const spent = async (work: () => Promise<unknown>) => {
        const before = { ...calls };
        await work();
        return `${calls.find - before.find} ${calls.write - before.write}`;
      };
      const account = await crm.accounts.create({ name: "Acme" });
      const one = { email: "a@x.test", phone: "1", accountId: account.id };
      const many = Array.from({ length: 500 }, (_, i) => ({ ...one, email: `p${i}@x.test` }));
      expect(await spent(() => crm.contacts.create({ givenName: "Ann" }))).toBe("0 1");
      // Where names are locked, what waits is sent with the lock.
      expect(await spent(() => crm.contacts.create({ email: "b@x.test" }))).toMatch(/^2 [12]$/);
      const few = await spent(() => crm.contacts.create(one));
      expect(few).toMatch(/^6 [34]$/);
      expect(await spent(() => crm.contacts.createMany(many))).toBe(few);
    }),
    crmFact("are dated as their contact is, and are unfindable when it is erased", async (bench) => {
      const crm = await openDomain(bench);
      const then = new Date("2025-03-01T00:00:00Z");
      const ann = await crm.at(then).contacts.create({ email: "ann@x.test", phone: "+49 30 1" });
      const past = crm.asOf(new Date("2025-03-02T00:00:00Z"));
      expect(await past.contacts.byEmail("ann@x.test")).toMatchObject([{ id: ann.id, createdAt: then }]);
      await crm.contacts.update(ann.id, { email: "roe@x.test" });
      await crm.contacts.erase(ann.id);
      for (const address of ["ann@x.test", "roe@x.test"]) {
        expect(await crm.contacts.byEmail(address, { archived: "include" })).toEqual([]);
        expect(await past.contacts.byEmail(address, { archived: "include" })).toEqual([]);
      }
      expect([await past.emailAddresses.count(), await past.phoneNumbers.count()]).toEqual([0, 0]);
    }),
    crmFact("are as they were when the contact is reverted", async (bench) => {
      const { crm, ann } = await withThree(bench);
      await crm.contacts.update(ann.id, { email: "four@x.test", familyName: "Roe" });
      const reverted = await crm.contacts.revert(ann.id, 1);
      expect(reverted).toMatchObject({ email: "one@x.test", familyName: null, fullName: "Ann", version: 3 });
      expect(await emails(crm, ann.id)).toBe("one@x.test* two@x.test three@x.test four@x.test");
    }),
  ],
};
