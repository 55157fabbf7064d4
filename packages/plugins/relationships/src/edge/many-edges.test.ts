import { expect, it } from "vitest";
import { onEveryStorage, refusal, type TestedCrm } from "../relationships-fixture.ts";

const contact = (id: string) => ({ entityType: "contact", id });

async function peopleOf(crm: TestedCrm, many: number) {
  const made = await crm.contacts.createMany(Array.from({ length: many }, (_, at) => ({ givenName: `P${at}` })));
  return made.map(({ id }) => contact(id));
}

onEveryStorage((open) => {
  it("relates thousands with few queries, and reads no more of a hub than of the one that it is related to", async () => {
    let finds = 0;
    let rows = 0;
    const crm = await open({
      onQuery: ({ kind, text, rows: read }) => {
        // The locks of PostgreSQL go together, in one message.
        if (kind !== "find" || text.includes("advisory")) return;
        finds += 1;
        rows += read;
      },
    });
    const [hub, other, ...people] = await peopleOf(crm, 2_500);
    const count = async (work: () => Promise<unknown>) => {
      [finds, rows] = [0, 0];
      await work();
      return { finds, rows };
    };
    const all = await count(() =>
      crm.relationships.relateMany(people.map((to) => ({ type: "acquaintance", from: hub!, to }))),
    );
    expect(all.finds).toBeLessThan(25);
    expect(all.rows).toBeLessThan(4 * people.length);
    const one = await count(() => crm.relationships.relate({ type: "acquaintance", from: hub!, to: other! }));
    expect(one.finds).toBeLessThan(12);
    expect(one.rows).toBeLessThan(1_100);
    // Also where what the check is about stands behind thousands.
    const twice = await refusal(crm.relationships.relate({ type: "acquaintance", from: people.at(-1)!, to: hub! }));
    expect(twice.code).toBe("relationship_overlap");
    expect(await crm.relationships.count()).toBe(people.length + 1);
  });
});
