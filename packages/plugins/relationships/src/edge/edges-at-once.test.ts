import { expect, it } from "vitest";
import { employment, onEveryStorage, thingsOf } from "../relationships-fixture.ts";

async function outcomes(calls: readonly Promise<unknown>[]) {
  const results = await Promise.allSettled(calls);
  const refused = results.flatMap((each) =>
    each.status === "rejected" ? [(each.reason as { code: string }).code] : [],
  );
  return { taken: results.length - refused.length, refused: [...new Set(refused)] };
}

onEveryStorage((open, storage) => {
  const many = storage === "PostgreSQL" ? 30 : 8;
  const names = Array.from({ length: many }, (_, at) => `P${at}`);

  it("gives the last place to one of many who ask for it at once, from either side", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, ["Anna", ...names].join(", "));
    const marry = names.map((name, at) => {
      const [from, to] = at % 2 === 0 ? [thing.Anna!, thing[name]!] : [thing[name]!, thing.Anna!];
      return crm.relationships.relate({ type: "spouse", from, to });
    });
    expect(await outcomes(marry)).toEqual({ taken: 1, refused: ["too_many_relationships"] });
    const parents = names.map((name) =>
      crm.relationships.relate({ type: "parent", from: thing[name]!, to: thing.Anna! }),
    );
    expect(await outcomes(parents)).toEqual({ taken: 2, refused: ["too_many_relationships"] });
    expect(await stored()).toHaveLength(3);
  });

  it("takes one of many that are the same, and one way of two", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben");
    const [anna, ben] = [thing.Anna!, thing.Ben!];
    const same = names.map(() => crm.relationships.relate({ type: "acquaintance", from: anna, to: ben }));
    expect(await outcomes(same)).toEqual({ taken: 1, refused: ["relationship_overlap"] });
    const ways = names.map((_, at) =>
      crm.relationships.relate({
        type: "parent",
        ...(at % 2 === 0 ? { from: anna, to: ben } : { from: ben, to: anna }),
      }),
    );
    expect((await outcomes(ways)).taken).toBe(1);
    expect(await stored()).toHaveLength(2);
  });

  it("never has an edge that breaks a type that is changed at the same time", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, [...names, "Acme Ltd"].join(", "));
    const jobs = names.map((name) =>
      crm.relationships.relate({ type: "employment", from: thing[name]!, to: thing.Acme! }),
    );
    const half = jobs.splice(many / 2);
    const change = crm.relationships.defineTypes([{ ...employment, limits: [{ end: "to", most: 3 }] }]);
    await outcomes([...jobs, change, ...half]);
    const [type] = (await crm.relationshipTypes.list({ where: { key: "employment" } })).items;
    const edges = await crm.relationships.count();
    expect(type!.limits[0]!.end === "to" ? edges <= 3 : edges === many).toBe(true);
  });

  it("ends an edge once, whoever asks", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Acme Ltd");
    const { id } = await crm.relationships.relate({ type: "employment", from: thing.Anna!, to: thing.Acme! });
    await Promise.all(names.map(() => crm.relationships.end(id, { on: "2026-01-01" })));
    expect(await crm.relationships.actsOf(id)).toHaveLength(1);
  });
});
