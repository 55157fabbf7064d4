import { expect, it } from "vitest";
import { onEveryStorage, thingsOf } from "../relationships-fixture.ts";

onEveryStorage((open) => {
  it("lets acts on the same office, the same engagement and many of one type wait for each other, never in a circle", async () => {
    let failed = 0;
    // What waits in a circle, the database breaks off: the statement fails, and all is tried again a second later.
    const crm = await open({
      onQuery: (statement) => {
        if (statement.failed) failed += 1;
      },
    });
    const { thing } = await thingsOf(crm, "Anna, Ben, Cleo, Acme Ltd");
    const office = await crm.relationships.defineOffice({ accountId: thing.Acme!.id, title: "Chair" });
    const held = await crm.relationships.appoint(office.id, { holder: thing.Anna!, validFrom: "2020-01-01" });
    const acts = Array.from({ length: 12 }, (_, at) =>
      at % 2 === 0
        ? crm.relationships.correct(held.id, { validFrom: `2020-02-${10 + at}`, reason: `${at}` })
        : crm.relationships.vacate(office.id, { on: "2026-06-01" }),
    );
    await Promise.all(acts);
    await crm.relationships.defineEngagementType({ key: "board", roles: [{ key: "member" }] });
    const { engagement, participants } = await crm.relationships.openEngagement({
      ...{ type: "board", name: "Board" },
      participants: [thing.Anna!, thing.Ben!].map((party) => ({ party, role: "member" })),
    });
    await Promise.all([
      ...participants.map(({ id }) => crm.relationships.correct(id, { validFrom: "2024-01-01" })),
      crm.relationships.leaveEngagement(engagement.id, { party: thing.Anna!, on: "2026-06-01" }),
      crm.relationships.endEngagement(engagement.id, { on: "2026-06-20" }),
      ...participants.map(({ id }) => crm.relationships.correct(id, { notes: "seen" })),
    ]);
    const people = await crm.contacts.createMany(Array.from({ length: 400 }, (_, at) => ({ givenName: `P${at}` })));
    const knows = (from: number) =>
      crm.relationships.relateMany(
        Array.from({ length: 100 }, (_, at) => ({
          type: "acquaintance",
          from: { entityType: "contact", id: people[from]!.id },
          to: { entityType: "contact", id: people[(from + 1 + at * 2) % 400]!.id },
        })),
      );
    await Promise.all([0, 2, 4, 6, 8, 10].map(knows));
    expect(failed).toBe(0);
    expect(await crm.relationships.count({ where: { type: { key: "acquaintance" } } })).toBe(600);
  });
});
