/** Whether a person may be approached, by which channel, and who said that they may not. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain } from "./open-domain.ts";

const nobody = "019b7ca9-8f2e-7000-8000-000000000000";

async function sampled(bench: CrmBench) {
  const crm = await openDomain(bench);
  const ann = await crm.contacts.create({ givenName: "Ann", email: "ann@x.test", phone: "+49 30 1" });
  /** "do_not_contact 2026-06-15 letter, …" of a channel on a day. */
  const reasons = async (channel: string, more: { readonly on?: string; readonly address?: string } = {}) => {
    const { allowed, reasons: told } = await crm.contacts.mayContact(ann.id, { channel, ...more });
    expect(allowed).toBe(told.length === 0);
    return told.map(({ what, since, source }) => `${what} ${since} ${source ?? "-"}`).join(", ");
  };
  return { crm, ann, reasons };
}

export const permissions: CrmSuite = {
  name: "whether a contact may be contacted",
  facts: [
    crmFact("is so until somebody says otherwise, also by a channel without an address", async (bench) => {
      const { crm, ann, reasons } = await sampled(bench);
      expect(await crm.contacts.mayContact(ann.id, { channel: "email" })).toEqual({
        contactId: ann.id,
        allowed: true,
        reasons: [],
      });
      for (const channel of ["phone", "sms", "mail", "carrier pigeon"]) expect(await reasons(channel)).toBe("");
    }),
    crmFact("counts what was said of the same address at somebody else", async (bench) => {
      const { crm, reasons } = await sampled(bench);
      const ben = await crm.contacts.create({ givenName: "Ben", email: "ANN@x.test", phone: "+49 (30) 1" });
      const [mail] = (await crm.emailAddresses.list({ where: { contactId: ben.id } })).items;
      await crm.emailAddresses.update(mail!.id, { optedOutOn: "2026-06-01", optedOutSource: "link" });
      expect([await reasons("email"), await reasons("phone")]).toEqual(["opted_out 2026-06-01 link", ""]);
      await crm.emailAddresses.archive(mail!.id);
      expect(await reasons("email")).toBe("opted_out 2026-06-01 link");
    }),
    crmFact("is restricted as a whole, since a day and by a source", async (bench) => {
      const { crm, ann, reasons } = await sampled(bench);
      expect(await crm.contacts.doNotContact(ann.id, { since: "2026-06-10", source: "letter" })).toMatchObject({
        contactId: ann.id,
        channel: "all",
        since: "2026-06-10",
        source: "letter",
      });
      for (const channel of ["email", "phone", "mail"])
        expect(await reasons(channel)).toBe("do_not_contact 2026-06-10 letter");
      expect(await reasons("email", { on: "2026-06-09" })).toBe("");
      expect(await reasons("email", { on: "2026-06-10" })).toBe("do_not_contact 2026-06-10 letter");
    }),
    crmFact("is restricted by channel, since today unless said", async (bench) => {
      const { crm, ann, reasons } = await sampled(bench);
      await crm.contacts.doNotContact(ann.id, { channel: "email" });
      expect(await reasons("email")).toBe("do_not_use_channel 2026-06-15 -");
      expect(await reasons("phone")).toBe("");
    }),
    crmFact("is told once for each channel, with what was said last", async (bench) => {
      const { crm, ann, reasons } = await sampled(bench);
      await crm.contacts.doNotContact(ann.id, { source: "call" });
      await crm.contacts.doNotContact(ann.id, { since: "2026-06-01" });
      expect(await reasons("email")).toBe("do_not_contact 2026-06-01 call");
      expect(await crm.contactRestrictions.count()).toBe(1);
    }),
    crmFact("is restricted again where a restriction had been archived", async (bench) => {
      const { crm, ann, reasons } = await sampled(bench);
      const { id } = await crm.contacts.doNotContact(ann.id, { since: "2026-06-01" });
      await crm.contactRestrictions.archive(id);
      expect(await reasons("email")).toBe("");
      await crm.contacts.doNotContact(ann.id, { source: "call" });
      expect(await reasons("email")).toBe("do_not_contact 2026-06-01 call");
    }),
    crmFact("is so again when the restriction of the channel, or every one, is lifted", async (bench) => {
      const { crm, ann, reasons } = await sampled(bench);
      await crm.contacts.doNotContact(ann.id);
      await crm.contacts.doNotContact(ann.id, { channel: "email" });
      await crm.contacts.doNotContact(ann.id, { channel: "phone" });
      await crm.contacts.mayContactAgain(ann.id, { channel: "email" });
      expect(await reasons("email")).toBe("do_not_contact 2026-06-15 -");
      await crm.contacts.mayContactAgain(ann.id);
      expect([await reasons("email"), await reasons("phone")]).toEqual(["", ""]);
      await crm.contacts.mayContactAgain(ann.id);
    }),
    crmFact("is not so for an address that has opted out or is invalid, each since a day", async (bench) => {
      const { crm, ann, reasons } = await sampled(bench);
      const [address] = (await crm.emailAddresses.list()).items;
      await crm.emailAddresses.update(address!.id, { optedOutOn: "2026-05-01", optedOutSource: "link" });
      await crm.emailAddresses.update(address!.id, { invalidOn: "2026-06-01" });
      expect(await reasons("email")).toBe("opted_out 2026-05-01 link, address_invalid 2026-06-01 -");
      expect(await reasons("email", { on: "2026-05-31" })).toBe("opted_out 2026-05-01 link");
      expect(await reasons("phone")).toBe("");
      await crm.contacts.update(ann.id, { email: "new@x.test" });
      expect(await reasons("email")).toBe("");
      expect(await reasons("email", { address: "ANN@x.test" })).toBe(
        "opted_out 2026-05-01 link, address_invalid 2026-06-01 -",
      );
    }),
    crmFact("is not so for an address that has opted out as somebody else's", async (bench) => {
      const { crm, reasons } = await sampled(bench);
      const bea = await crm.contacts.create({ email: "shared@x.test" });
      const other = await crm.emailAddresses.find({ where: { contactId: bea.id } });
      await crm.emailAddresses.update(other!.id, { optedOutOn: "2026-05-01" });
      expect(await reasons("email", { address: "Shared@x.test" })).toBe("opted_out 2026-05-01 -");
      await crm.emailAddresses.archive(other!.id);
      expect(await reasons("email", { address: "Shared@x.test" })).toBe("opted_out 2026-05-01 -");
      expect(await reasons("email", { address: "unknown@x.test" })).toBe("");
    }),
    crmFact("goes by phone numbers for calls and short messages, and by postal addresses for mail", async (bench) => {
      const { crm, ann, reasons } = await sampled(bench);
      const [number] = (await crm.phoneNumbers.list()).items;
      await crm.phoneNumbers.update(number!.id, { optedOutOn: "2026-05-01" });
      await crm.postalAddresses.create({ contactId: ann.id, city: "Berlin", invalidOn: "2026-06-01" });
      expect([await reasons("sms"), await reasons("phone", { address: "+49 30 1" }), await reasons("mail")]).toEqual([
        "opted_out 2026-05-01 -",
        "opted_out 2026-05-01 -",
        "address_invalid 2026-06-01 -",
      ]);
    }),
    crmFact("is not so for the dead, from the first day that it may have been", async (bench) => {
      const { crm, ann, reasons } = await sampled(bench);
      await crm.contacts.update(ann.id, { deathDate: "2026-03" });
      expect([await reasons("email"), await reasons("email", { on: "2026-02-28" })]).toEqual([
        "deceased 2026-03 -",
        "",
      ]);
    }),
    crmFact("is told of many, in their order, with the queries of one", async (bench) => {
      const { crm } = await sampled(bench);
      const people = await crm.contacts.createMany(Array.from({ length: 50 }, (_, i) => ({ email: `p${i}@x.test` })));
      await crm.contacts.doNotContact(people[3]!.id);
      const ids = people.map(({ id }) => id).reverse();
      const told = await crm.contacts.mayContact(ids, { channel: "email" });
      expect(told.map(({ contactId }) => contactId)).toEqual(ids);
      expect(told.filter(({ allowed }) => !allowed).map(({ contactId }) => contactId)).toEqual([people[3]!.id]);
      expect(await crm.contacts.mayContact([], { channel: "email" })).toEqual([]);
    }),
    crmFact("is read as of an instant", async (bench) => {
      const { crm, ann } = await sampled(bench);
      await crm.contacts.doNotContact(ann.id, { since: "2026-06-15" });
      const then = new Date(bench.clock.now());
      bench.clock.set("2026-06-20T00:00:00Z");
      await crm.contacts.mayContactAgain(ann.id);
      const asked = { channel: "email", on: "2026-06-16" };
      expect((await crm.asOf(then).contacts.mayContact(ann.id, asked)).allowed).toBe(false);
      expect((await crm.contacts.mayContact(ann.id, asked)).allowed).toBe(true);
    }),
    crmFact("is refused for nobody, for another tenant's contact, and for what makes no question", async (bench) => {
      const { crm, ann } = await sampled(bench);
      for (const id of [nobody, "ann"]) {
        expect(await refused(crm.contacts.mayContact(id, { channel: "email" }))).toEqual({
          code: "not_found",
          entity: "contact",
        });
        expect((await refused(crm.contacts.doNotContact(id))).code).toBe("not_found");
        expect((await refused(crm.contacts.mayContactAgain(id))).code).toBe("not_found");
      }
      const other = crm.as({ tenantId: "other" });
      expect((await refused(other.contacts.mayContact([ann.id], { channel: "email" }))).code).toBe("not_found");
      expect((await refused(other.contacts.doNotContact(ann.id))).code).toBe("not_found");
      const wrong = [
        [() => crm.contacts.mayContact(7 as never, { channel: "email" }), "id"],
        [() => crm.contacts.mayContact(ann.id, {} as never), "channel"],
        [() => crm.contacts.mayContact(ann.id, { channel: "email", on: "2026-02-30" }), "on"],
        [() => crm.contacts.mayContact(ann.id, { channel: "email", address: "none" }), "address"],
        [() => crm.contacts.mayContact(ann.id, { channel: "mail", address: "Berlin" }), "address"],
        [() => crm.contacts.doNotContact(ann.id, { since: "yesterday" }), "since"],
        [() => crm.contacts.doNotContact(ann.id, { chanel: "email" } as never), "chanel"],
        [() => crm.contacts.mayContactAgain(ann.id, { channel: "" }), "channel"],
      ] as const;
      for (const [call, field] of wrong) expect(await refused(call())).toMatchObject({ code: "invalid_input", field });
      expect(await crm.contactRestrictions.count()).toBe(0);
    }),
  ],
};
