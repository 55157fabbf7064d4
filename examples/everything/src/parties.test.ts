import { expect, it, onTestFinished } from "vitest";
import { type EverythingCrm, openCrm } from "./crm.ts";
import { differences, dumpOf, onStorages, type Place, tickingClock } from "./everything-fixture.ts";
import { placeAccount, placeContact, setUp } from "./stand-everywhere.ts";

const untold = { leaving: ["merges", "membershipClocks"] };

async function opened(place: () => Promise<Place>) {
  const { storage, rows } = await place();
  const crm = await openCrm({ storage, clock: tickingClock() });
  onTestFinished(() => crm.close());
  return { crm, rows };
}

async function population(crm: EverythingCrm) {
  const society = await setUp(crm);
  const acme = await placeAccount(crm, society, "acmex");
  const base = await placeAccount(crm, society, "basex");
  const anna = await placeContact(crm, society, { at: acme, mark: "annax" });
  const early = { validFrom: "2020-06-01", validUntil: "2021-12-31" };
  const ben = await placeContact(crm, society, { at: base, mark: "bennx", chair: early });
  const cleo = await placeContact(crm, society, { at: acme, mark: "cleox", chair: { validFrom: "2024-01-01" } });
  return { society, acme, base, anna, ben, cleo };
}

/** What `advance` has told of, and is to look at again, is no difference. */
const told = (lines: readonly string[]) => lines.filter((line) => !/(changedSinceA|a)nnounced\w*:/.test(line));

onStorages(["memory", "SQLite", "PostgreSQL"], (place) => {
  it("merges who stands in every plugin, and undoes it, in any order", async () => {
    const { crm } = await opened(place);
    const { acme, base, anna, ben, cleo } = await population(crm);
    const before = await dumpOf(crm, untold);
    for (const [survivor, other] of [
      [anna, ben],
      [ben, anna],
      [anna, cleo],
    ] as const) {
      const { mergeId } = await crm.contacts.merge(survivor.contactId, other.contactId);
      expect(told(differences(before, await dumpOf(crm, untold)))).not.toEqual([]);
      expect(await crm.contacts.unmerge(mergeId)).toMatchObject({ left: [], lost: [], kept: [] });
      expect(told(differences(before, await dumpOf(crm, untold)))).toEqual([]);
    }
    for (const [survivor, other] of [
      [acme, base],
      [base, acme],
    ] as const) {
      const { mergeId } = await crm.accounts.merge(survivor.accountId, other.accountId);
      expect(told(differences(before, await dumpOf(crm, untold)))).not.toEqual([]);
      expect(await crm.accounts.unmerge(mergeId)).toMatchObject({ left: [], lost: [], kept: [] });
      expect(told(differences(before, await dumpOf(crm, untold)))).toEqual([]);
    }
    const merged = async () => [
      (await crm.contacts.merge(anna.contactId, ben.contactId)).mergeId,
      (await crm.accounts.merge(acme.accountId, base.accountId)).mergeId,
    ];
    const [contacts, accounts] = await merged();
    expect(await crm.accounts.unmerge(accounts!)).toMatchObject({ left: [], lost: [], kept: [] });
    expect(await crm.contacts.unmerge(contacts!)).toMatchObject({ left: [], lost: [], kept: [] });
    expect(told(differences(before, await dumpOf(crm, untold)))).toEqual([]);

    // The first one first: what the second has made one since is told, and goes back to neither.
    const [first, second] = await merged();
    const { left } = await crm.contacts.unmerge(first!);
    expect(left.map(({ entity }) => entity)).toEqual(["affiliation", "relationship"]);
    expect((await crm.contacts.get(ben.contactId)).accountId).toBe(acme.accountId);
    await crm.accounts.unmerge(second!);
    expect((await crm.contacts.get(ben.contactId)).accountId).toBe(base.accountId);
    const known = left.flatMap(({ ids }) => ids);
    const others = told(differences(before, await dumpOf(crm, untold)));
    // His own affiliation with his employer is there again, beside the one that is left to her.
    expect(others.filter((line) => !known.some((id) => line.includes(id)))).toEqual([
      expect.stringMatching(new RegExp(`^affiliations .* is new: .*"contactId":"${ben.contactId}"`)),
    ]);
  });

  it("leaves nothing of an erased person in any table, and nothing of an erased organisation", async () => {
    const { crm, rows } = await opened(place);
    const { acme, anna, ben, cleo } = await population(crm);
    const rowsWith = async (marks: RegExp) => (await rows?.())?.filter((row) => marks.test(row)) ?? [];
    const membersOf = async () => (await crm.memberships.countMembers({ programs: ["society"] })).members;
    await crm.contacts.update(anna.contactId, { givenName: "annax again" });
    await crm.contacts.merge(anna.contactId, ben.contactId);
    await crm.contacts.erase(anna.contactId, { reason: "a request" });
    expect(await rowsWith(/annax|bennx/)).toEqual([]);
    expect(await membersOf()).toBe(4);

    // What was written of a membership stays with it, unless that is erased too.
    await crm.memberships.override(cleo.membershipId, { status: "grace", reason: "asked by cleox" });
    await crm.memberships.setAutoRenewal(cleo.membershipId, { autoRenew: true, paymentMethod: "card of cleox" });
    await crm.memberships.eraseMembership(cleo.membershipId, { reason: "a request" });
    await crm.contacts.erase(cleo.contactId, { reason: "a request" });
    expect(await rowsWith(/cleox/)).toEqual([]);
    expect(await membersOf()).toBe(3);

    await crm.opportunities.erase(acme.dealId, { reason: "a request" });
    await crm.accounts.erase(acme.accountId, { reason: "a request" });
    expect(await rowsWith(/acmex/)).toEqual([]);
  });

  it("gives a deleted person back to what the employer was merged into, and to the employer when that is undone", async () => {
    const { crm } = await opened(place);
    const { acme, base, society } = await population(crm);
    const ben = await placeContact(crm, society, { at: base, mark: "doran", chair: null });
    const before = await dumpOf(crm, untold);
    await crm.contacts.delete(ben.contactId);
    const first = await crm.accounts.merge(acme.accountId, base.accountId);
    const second = await crm.accounts.merge(society.holdingId, acme.accountId);
    expect(await crm.contacts.restore(ben.contactId)).toMatchObject({ accountId: society.holdingId });
    expect(
      (await crm.relationships.relationsOf(ben.thing, { on: "2026-06-15" })).items.map(({ thing }) => thing.id),
    ).toContain(society.holdingId);
    await crm.accounts.unmerge(second.mergeId);
    await crm.accounts.unmerge(first.mergeId);
    expect((await crm.contacts.get(ben.contactId)).accountId).toBe(base.accountId);
    expect(told(differences(before, await dumpOf(crm, untold)))).toEqual([]);
  });

  it("gives back what was deleted or archived, in all plugins, whatever was written meanwhile", async () => {
    const { crm } = await opened(place);
    const { anna, acme, cleo } = await population(crm);
    const before = await dumpOf(crm, untold);
    await crm.contacts.delete(anna.contactId);
    await crm.memberships.advance();
    await crm.activities.update(anna.activityId, { body: "Written while she was gone." });
    await crm.contacts.restore(anna.contactId);
    await crm.activities.update(anna.activityId, { body: null });
    // Of the deal another one is the primary contact since.
    expect((await crm.opportunities.get(acme.dealId)).contactId).toBe(cleo.contactId);
    await crm.opportunities.update(acme.dealId, { contactId: anna.contactId });
    expect(told(differences(before, await dumpOf(crm, untold)))).toEqual([]);
    await crm.contacts.archive(anna.contactId);
    await crm.accounts.archive(acme.accountId);
    await crm.memberships.advance();
    await crm.accounts.restore(acme.accountId);
    await crm.contacts.restore(anna.contactId);
    expect(told(differences(before, await dumpOf(crm, untold)))).toEqual([]);
  });
});
