/** Who takes part in activities. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain } from "./open-domain.ts";

async function sampled(bench: CrmBench) {
  const crm = await openDomain(bench);
  const account = await crm.accounts.create({ name: "Acme" });
  const contact = await crm.contacts.create({ givenName: "Ann", familyName: "Roe" });
  await crm.users.create({ id: "bob", name: "Bob" });
  const call = await crm.activities.create({ kind: "call", subject: "Call" });
  return { crm, account, contact, call };
}

export const participants: CrmSuite = {
  name: "participants",
  facts: [
    crmFact("are contacts, accounts, users, and addresses that are nobody's yet", async (bench) => {
      const { crm, account, contact, call } = await sampled(bench);
      const added = await crm.activities.addParticipants(call.id, [
        { contactId: contact.id, role: "organizer", response: "accepted" },
        { accountId: account.id },
        { userId: "bob" },
        { address: "Guest@Example.com", role: "cc" },
      ]);
      expect(
        added.map(({ contactId, accountId, userId, address, role, response }) => [
          contactId ?? accountId ?? userId ?? address,
          role,
          response,
        ]),
      ).toEqual([
        [contact.id, "organizer", "accepted"],
        [account.id, "attendee", null],
        ["bob", "attendee", null],
        ["Guest@Example.com", "cc", null],
      ]);
    }),
    crmFact("take part once in each role", async (bench) => {
      const { crm, contact, call } = await sampled(bench);
      const [first] = await crm.activities.addParticipants(call.id, [{ contactId: contact.id }]);
      const again = await crm.activities.addParticipants(call.id, [
        { contactId: contact.id, role: "attendee" },
        { address: "a@x.test" },
        { address: "A@X.test" },
        { contactId: contact.id, role: "organizer" },
      ]);
      expect(again.map(({ id }) => id === first!.id)).toEqual([true, false, false, false]);
      expect(again[1]!.id).toBe(again[2]!.id);
      expect(await crm.activityParticipants.count()).toBe(3);
    }),
    crmFact("are exactly one party, and each that is too much is named", async (bench) => {
      const { crm, account, contact, call } = await sampled(bench);
      const two = crm.activities.addParticipants(call.id, [
        { address: "a@x.test" },
        { contactId: contact.id, accountId: account.id, address: "a@x.test" },
        {},
      ]);
      const { issues } = await refusedDetails(two);
      expect(issues!.map(({ field, code, index }) => [field, code, index])).toEqual([
        ["accountId", "not_allowed", 1],
        ["address", "not_allowed", 1],
        ["contactId", "missing_field", 2],
      ]);
      expect(await crm.activityParticipants.count()).toBe(0);
      const alone = { activityId: call.id, userId: "bob", address: "bob@x.test" };
      expect((await refused(crm.activityParticipants.create(alone))).field).toBe("address");
      const [bob] = await crm.activities.addParticipants(call.id, [{ userId: "bob" }]);
      expect((await refused(crm.activityParticipants.update(bob!.id, { contactId: contact.id }))).code).toBe(
        "invalid_input",
      );
      expect((await refused(crm.activityParticipants.update(bob!.id, { userId: null }))).code).toBe("invalid_input");
      const turned = await crm.activityParticipants.update(bob!.id, { userId: null, contactId: contact.id });
      expect([turned.userId, turned.contactId]).toEqual([null, contact.id]);
    }),
    crmFact("refuse what is no list of participants, no party and no activity", async (bench) => {
      const { crm, call } = await sampled(bench);
      const add = (given: unknown) => refused(crm.activities.addParticipants(call.id, given as never));
      for (const bad of [
        undefined,
        null,
        {},
        "ann",
        [null],
        [{ role: "boss", address: "a@x.test" }],
        [{ address: "" }],
      ])
        expect((await add(bad)).code).toBe("invalid_input");
      const { issues } = await refusedDetails(
        crm.activities.addParticipants(call.id, [{ activityId: call.id, email: "a@x.test" }] as never),
      );
      expect(issues!.map(({ field, index }) => [field, index])).toEqual([
        ["activityId", 0],
        ["email", 0],
      ]);
      expect(await add([{ userId: "nobody" }])).toMatchObject({ code: "reference_not_found", field: "userId" });
      expect((await refused(crm.activities.addParticipants("x", [{ userId: "bob" }]))).code).toBe("not_found");
      expect(await crm.activityParticipants.count()).toBe(0);
    }),
    crmFact("by an address become the contact whose address it turns out to be, everywhere at once", async (bench) => {
      const { crm, contact, call } = await sampled(bench);
      const meeting = await crm.activities.create({ kind: "meeting", subject: "Lunch" });
      await crm.activities.addParticipants(call.id, [{ address: "Ann@Example.com" }, { address: "joan@example.com" }]);
      const [cc] = await crm.activities.addParticipants(meeting.id, [{ address: "ann@example.com", role: "cc" }]);
      await crm.activityParticipants.archive(cc!.id);
      const resolve = (of: typeof crm, contactId = contact.id) =>
        of.activities.resolveParticipants({ address: "ANN@example.com", contactId });
      expect(await resolve(crm)).toBe(2);
      const { items } = await crm.activityParticipants.list({ archived: "include", orderBy: [{ role: "asc" }] });
      expect(items.map(({ contactId, address }) => [contactId, address])).toEqual([
        [contact.id, null],
        [null, "joan@example.com"],
        [contact.id, null],
      ]);
      expect(await resolve(crm)).toBe(0);
    }),
    crmFact("by an address go where the contact takes part in that role already", async (bench) => {
      const { crm, contact, call } = await sampled(bench);
      await crm.activities.addParticipants(call.id, [
        { contactId: contact.id },
        { address: "ann@x.test" },
        { address: "ann@x.test", role: "cc" },
      ]);
      expect(await crm.activities.resolveParticipants({ address: "ann@x.test", contactId: contact.id })).toBe(2);
      const { items } = await crm.activityParticipants.list({ orderBy: [{ role: "asc" }] });
      expect(items.map(({ contactId, address, role }) => [contactId, address, role])).toEqual([
        [contact.id, null, "attendee"],
        [contact.id, null, "cc"],
      ]);
    }),
    crmFact("by an address are resolved for one tenant, and to a contact who is there", async (bench) => {
      const { crm, contact, call } = await sampled(bench);
      await crm.activities.addParticipants(call.id, [{ address: "ann@x.test" }]);
      const other = crm.as({ tenantId: "other" });
      const theirs = await other.contacts.create({ familyName: "Else" });
      const given = { address: "ann@x.test", contactId: theirs.id };
      expect(await other.activities.resolveParticipants(given)).toBe(0);
      expect(await refused(crm.activities.resolveParticipants(given))).toMatchObject({
        code: "reference_not_found",
        field: "contactId",
      });
      const odd = crm.activities.resolveParticipants({ address: "", contactId: 1 } as never);
      expect((await refusedDetails(odd)).issues!.map(({ field }) => field)).toEqual(["address", "contactId"]);
      expect(await crm.activityParticipants.count({ where: { contactId: contact.id } })).toBe(0);
    }),
    crmFact("go with their activity, and with the contact they are", async (bench) => {
      const { crm, account, contact, call } = await sampled(bench);
      await crm.activities.addParticipants(call.id, [{ contactId: contact.id }, { accountId: account.id }]);
      await crm.contacts.delete(contact.id);
      expect(await crm.activityParticipants.count()).toBe(1);
      await crm.activities.delete(call.id);
      expect(await crm.activityParticipants.count()).toBe(0);
    }),
  ],
};
