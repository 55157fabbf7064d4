/** What the quarter does to people: one leaves, and two turn out to be one. */
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmFact, crmFact } from "../crm-suites/crm-bench.ts";
import { everything } from "../crm-suites/tangle.ts";
import { played } from "./story.ts";

export const peopleFacts: readonly CrmFact[] = [
  crmFact("reports what an owner who leaves hands over, and what stays", async (bench) => {
    const { crm, book } = await played(bench, "2026-03-20T16:00:00Z");
    const report = await crm.users.deactivate("cem", { to: "ben" });
    const ids = (names: readonly string[]) => names.map((name) => book.id(name)).sort();
    const [accounts, ...others] = report!.moved;
    expect([accounts?.entityType, accounts?.ids.length]).toEqual(["account", 16]);
    expect(others.map(({ entityType, ids: moved }) => [entityType, moved.toSorted()])).toEqual([
      ["contact", ids(["wang", "ana"])],
      ["opportunity", ids(["licences", "support"])],
      ["activity", ids(["priceList", "visit"])],
    ]);
    // The pilot that was lost and the order that was won, a share of the tills, and a note.
    expect(report!.remaining).toEqual([
      { entityType: "opportunity", field: "ownerId", count: 2 },
      { entityType: "opportunitySplit", field: "userId", count: 1 },
      { entityType: "activity", field: "ownerId", count: 1 },
    ]);
    expect(await crm.users.get("cem")).toMatchObject({ active: false, name: "Cem Kaya" });
    expect(await failure(crm.users.delete("cem"))).toMatchObject({ code: "still_referenced" });
  }),
  crmFact("makes two contacts one, and two again, with everything that was theirs", async (bench) => {
    const { crm, book } = await played(bench, "2026-03-16T09:00:00Z");
    const [juergen, twin] = [book.id("juergen"), book.id("twin")];
    const before = await everything(crm);
    const rolledBack = await failure(
      crm.transaction(async (tx) => {
        const { mergeId, record } = await tx.contacts.merge(juergen, twin);
        expect(record).toMatchObject({
          fullName: "Jürgen Müller",
          email: "juergen@mueller.example",
          phone: "+49 89 1234567",
          accountId: book.id("mueller"),
        });
        expect(await tx.opportunities.get(book.id("renewal"))).toMatchObject({ contactId: juergen });
        expect(await tx.contacts.count({ where: { accountId: book.id("mueller") } })).toBe(1);
        expect(await tx.opportunityContacts.count({ where: { contactId: juergen } })).toBe(2);
        expect(await tx.contacts.unmerge(mergeId)).toMatchObject({ left: [], lost: [], kept: [] });
        expect(await everything(tx)).toEqual(before);
        throw new Error("enough seen");
      }),
    );
    expect(rolledBack).toMatchObject({ message: "enough seen" });
    expect(await everything(crm)).toEqual(before);
    expect(await crm.merges.count()).toBe(0);
  }),
  crmFact("unmakes a merger when the quarter is over, with what was written since", async (bench) => {
    const { crm, book } = await played(bench);
    await crm.contacts.update(book.id("juergen"), { jobTitle: "Head of IT" });
    const { survivor, other, left, lost, kept } = await crm.contacts.unmerge(book.id("twin merged"));
    expect([survivor.fullName, survivor.jobTitle, survivor.phone]).toEqual(["Jürgen Müller", "Head of IT", null]);
    expect([other.fullName, other.phone]).toEqual(["J. Müller", "+49 89 1234567"]);
    expect({ left, lost, kept }).toEqual({ left: [], lost: [], kept: [] });
    expect(await crm.opportunities.get(book.id("renewal"))).toMatchObject({
      contactId: book.id("twin"),
      status: "won",
    });
  }),
];
