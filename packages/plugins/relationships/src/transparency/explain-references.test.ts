import { expect, it } from "vitest";
import { onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";

onEveryStorage((open) => {
  it("tells what refers to a party by a reference or a pair of fields, which to staff only, and nothing of who was merged or erased", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Ann, Acme Ltd");
    const [anna, ann] = [thing.Anna!, thing.Ann!];
    await crm.opportunities.createMany(
      Array.from({ length: 25 }, (_, i) => ({ name: `Deal ${i}`, accountId: thing.Acme!.id })),
    );
    await crm.externalIds.create({ source: "erp", entityType: "contact", key: "A-1", recordId: ann.id });
    await crm.activities.create({ kind: "call", subject: "Hello", contactId: ann.id });
    const told = async (party: typeof anna, audience: "staff" | "party") =>
      (await crm.relationships.explain(party, { audience })).references.map(({ entityType, field, count, records }) => [
        entityType,
        field,
        count,
        records.length,
        records[0]?.name,
      ]);
    expect(await told(thing.Acme!, "staff")).toEqual([["opportunity", "accountId", 25, 20, "Deal 24"]]);
    expect(await told(thing.Acme!, "party")).toEqual([["opportunity", "accountId", 25, 0, undefined]]);
    const both = [
      ["activity", "contactId", 1, 1, "Hello"],
      ["externalId", "recordId", 1, 1, "A-1"],
    ];
    expect((await told(ann, "staff")).toSorted()).toEqual(both);
    await crm.contacts.merge(anna.id, ann.id);
    expect((await told(anna, "staff")).toSorted()).toEqual(both);
    expect((await refusal(crm.relationships.explain(ann))).code).toBe("not_found");
    const readings = Array.from({ length: 12 }, () => crm.relationships.recordReading(anna, { purpose: "call" }));
    const [explained] = await Promise.all([crm.relationships.explain(anna), ...readings]);
    expect(explained.references.length).toBe(2);
    expect(await crm.relationships.explain(anna)).toMatchObject({ purposes: [{ purpose: "call", readings: 12 }] });
    await crm.contacts.erase(anna.id);
    expect((await refusal(crm.relationships.explain(anna))).code).toBe("not_found");
    expect(await crm.partyReadings.count()).toBe(0);
  });
});
