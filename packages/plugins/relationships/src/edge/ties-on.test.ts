import { expect, it } from "vitest";
import { onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";

onEveryStorage((open) => {
  it("tells which contacts are tied to parties on a day, by type either way, or by the contact's role", async () => {
    const crm = await open();
    const { thing, nameOf } = await thingsOf(crm, "Anna, Ben, Cleo, Acme Ltd");
    await crm.relationships.relateMany([
      { type: "employment", from: thing.Anna!, to: thing.Acme!, validFrom: "2020-01-01", validUntil: "2020-12-31" },
      { type: "employment", from: thing.Ben!, to: thing.Acme! },
      { type: "spouse", from: thing.Ben!, to: thing.Anna! },
      { type: "parent", from: thing.Anna!, to: thing.Cleo! },
    ]);
    const ids = (...names: readonly string[]) => names.map((name) => thing[name]!.id);
    const ties = async (on: string, types: readonly string[], query: object) =>
      (await crm.relationships.tiesOn({ on, types, ...query }))
        .map(({ type, from, contactId }) => `${nameOf(from)} ${type} ${nameOf({ id: contactId })}`)
        .toSorted();
    const acme = { fromAccountIds: ids("Acme") };
    expect(await ties("2020-12-31", ["employment"], acme)).toEqual(["Acme employment Anna", "Acme employment Ben"]);
    expect(await ties("2021-01-01", ["employee"], acme)).toEqual(["Acme employee Ben"]);
    expect(await ties("2021-01-01", ["employer"], acme)).toEqual([]);
    const family = { fromContactIds: ids("Anna") };
    expect(await ties("2021-01-01", ["spouse", "parent"], family)).toEqual(["Anna parent Cleo", "Anna spouse Ben"]);
    expect(await ties("2021-01-01", ["child"], family)).toEqual(["Anna child Cleo"]);
    expect(await ties("2021-01-01", ["child"], { fromContactIds: ids("Cleo") })).toEqual([]);
    expect(await ties("2021-01-01", ["spouse", "employment"], { toContactIds: ids("Ben") })).toEqual([
      "Acme employment Ben",
      "Anna spouse Ben",
    ]);
    expect(await ties("2021-01-01", ["spouse", "employment"], { ...acme, toContactIds: ids("Ben", "Cleo") })).toEqual([
      "Acme employment Ben",
    ]);
    expect(await ties("2021-01-01", ["nothing"], family)).toEqual([]);
    expect(await refusal(crm.relationships.tiesOn({ on: "tomorrow", types: [] }))).toMatchObject({
      code: "invalid_input",
      details: { entity: "relationship", field: "on" },
    });
  });
});
