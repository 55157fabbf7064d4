import { expect, it } from "vitest";
import { onEveryStorage } from "../relationships-fixture.ts";

onEveryStorage((open, storage) => {
  it("the last place in a role is had by one of many who join at the same time, and an engagement that ends lets nobody in later", async () => {
    const crm = await open();
    const many = storage === "PostgreSQL" ? 30 : 6;
    await crm.relationships.defineEngagementType({
      key: "board",
      roles: [{ key: "chair", most: 1 }, { key: "member" }],
    });
    const { engagement } = await crm.relationships.openEngagement({ type: "board", name: "Board" });
    const people = await crm.contacts.createMany(Array.from({ length: many }, (_, at) => ({ givenName: `P${at}` })));
    const all = (role: string, validFrom: string) =>
      people.map(({ id }) => {
        const participant = { party: { entityType: "contact", id }, role, validFrom };
        return crm.relationships.joinEngagement(engagement.id, [participant]);
      });
    const codesOf = (results: readonly PromiseSettledResult<unknown>[]) =>
      results.flatMap((each) => (each.status === "rejected" ? [(each.reason as { code: string }).code] : []));
    const refused = codesOf(await Promise.allSettled(all("chair", "2024-01-01")));
    expect([refused.length, [...new Set(refused)]]).toEqual([many - 1, ["too_many_relationships"]]);
    const ending = crm.relationships.endEngagement(engagement.id, { on: "2025-12-31" });
    const [ended, ...joined] = await Promise.allSettled([ending, ...all("member", "2026-01-01")]);
    // Whoever was first: the end, and then nobody is in; or some who joined, and then there is no end.
    const members = await crm.relationships.participantsOn(engagement.id, { roles: ["member"] });
    expect(members.length).toBe(joined.filter(({ status }) => status === "fulfilled").length);
    if (ended!.status === "fulfilled") expect(members).toEqual([]);
    else expect(members.length).toBeGreaterThan(0);
    const codes = new Set(codesOf([ended!, ...joined]));
    for (const code of codes) expect(["invalid_input", "engagement_not_there"]).toContain(code);
  });
});
