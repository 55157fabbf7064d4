import { expect, it } from "vitest";
import { employment, onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";

onEveryStorage((open) => {
  it("stores an edge once, and refuses it a second time from either side", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Acme Ltd");
    const edge = await crm.relationships.relate({
      type: employment,
      ...{ from: thing.Anna!, to: thing.Acme!, validFrom: "2020-01-01", attributes: { position: "CTO" } },
    });
    const spouses = await crm.relationships.relate({ type: "spouse", from: thing.Ben!, to: thing.Anna! });
    expect(edge).toMatchObject({ fromId: thing.Anna!.id, toId: thing.Acme!.id, attributes: { position: "CTO" } });
    expect(await stored()).toEqual(["employment Anna>Acme 2020-01-01..", "spouse Anna>Ben"]);
    for (const [from, to] of [
      [thing.Anna!, thing.Ben!],
      [thing.Ben!, thing.Anna!],
    ] as const) {
      const twice = await refusal(crm.relationships.relate({ type: "spouse", from, to, validFrom: "2026-01-01" }));
      expect(twice).toMatchObject({
        code: "relationship_overlap",
        details: { entity: "relationship", field: "validFrom", on: "2026-01-01", relationshipIds: [spouses.id] },
      });
    }
    expect(await stored()).toHaveLength(2);
  });
});
