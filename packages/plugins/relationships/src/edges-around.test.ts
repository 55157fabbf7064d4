import { expect, it } from "vitest";
import type { OrientedEdge } from "./edges-around.ts";
import { edgesAround } from "./edges-around.ts";
import { asContext, onEveryStorage, thingsOf } from "./relationships-fixture.ts";

onEveryStorage((open) => {
  it("finds edges from either side, with the roles of both, by day, role, type and strength", async () => {
    const crm = await open();
    const { thing, nameOf } = await thingsOf(crm, "Anna, Ben, Cleo, Acme Ltd, Base Ltd");
    await crm.relationships.relateMany([
      { type: "employment", from: thing.Anna!, to: thing.Acme!, validFrom: "2020-01-01", validUntil: "2021-12-31" },
      { type: "employment", from: thing.Anna!, to: thing.Base!, validFrom: "2022-01-01" },
      { type: "spouse", from: thing.Anna!, to: thing.Ben! },
      { type: "parent", from: thing.Anna!, to: thing.Cleo!, validFrom: "2010-05-01", strength: 0.2 },
      { type: "mention", from: thing.Anna!, to: thing.Anna! },
    ]);
    const around = async (name: string, options = {}) => {
      const found = await edgesAround(asContext(crm), [thing[name]!], options);
      return found.map(textOf).toSorted();
    };
    const textOf = ({ near, far, nearRole, farRole, type }: OrientedEdge) =>
      `${nameOf(near)} (${nearRole}) ${type.key} ${nameOf(far)} (${farRole})`;
    expect(await around("Acme")).toEqual(["Acme (employer) employment Anna (employee)"]);
    expect(await around("Ben")).toEqual(["Ben (spouse) spouse Anna (spouse)"]);
    expect(await around("Cleo")).toEqual(["Cleo (child) parent Anna (parent)"]);
    expect(await around("Anna", { on: "2021-12-31" })).toEqual([
      "Anna (employee) employment Acme (employer)",
      "Anna (null) mention Anna (source)",
      "Anna (parent) parent Cleo (child)",
      "Anna (source) mention Anna (null)",
      "Anna (spouse) spouse Ben (spouse)",
    ]);
    expect(await around("Anna", { on: "2022-01-01", roles: ["employer"] })).toEqual([
      "Anna (employee) employment Base (employer)",
    ]);
    expect(await around("Anna", { during: { from: null, until: "2009-12-31" }, minStrength: 0.5 })).toEqual([
      "Anna (null) mention Anna (source)",
      "Anna (source) mention Anna (null)",
      "Anna (spouse) spouse Ben (spouse)",
    ]);
    expect(await around("Anna", { minStrength: 0.95, roles: ["spouse", "child"] })).toEqual([]);
  });

  it("takes approximate days as they are stated, as they may be, or as far as they are certain", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Acme Ltd");
    await crm.relationships.relate({
      ...{ type: "employment", from: thing.Anna!, to: thing.Acme! },
      ...{ validFrom: "2018-12-31", validFromIs: "at_latest", validUntil: "2022-06-30", validUntilIs: "at_earliest" },
    });
    const on = async (day: string) => {
      const asked = (certainty: "stated" | "certain" | "possible") =>
        edgesAround(asContext(crm), [thing.Anna!], { on: day, certainty });
      return [(await asked("stated")).length, (await asked("certain")).length, (await asked("possible")).length];
    };
    expect(await on("1999-01-01")).toEqual([0, 0, 1]);
    expect(await on("2018-12-31")).toEqual([1, 1, 1]);
    expect(await on("2022-06-30")).toEqual([1, 1, 1]);
    expect(await on("2022-07-01")).toEqual([0, 0, 1]);
    await crm.relationships.relate({
      ...{ type: "mention", from: thing.Anna!, to: thing.Acme! },
      ...{ validFrom: "2030-01-01", validFromIs: "at_earliest", validUntil: "2031-01-01", validUntilIs: "at_latest" },
    });
    expect(await on("2030-06-01")).toEqual([1, 0, 2]);
  });
});
