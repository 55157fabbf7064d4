import { expect, it } from "vitest";
import { legalGroup, refusal } from "./hierarchies-fixture.ts";

it("leaves the shape of a hierarchy as it is where none is given, and makes a tree of a new one", async () => {
  const { crm } = await legalGroup("", "graph");
  expect(await crm.hierarchies.define({ key: "legal", name: "Renamed" })).toMatchObject({
    ...{ name: "Renamed", shape: "graph" },
  });
  expect((await crm.hierarchies.define({ key: "sales", name: "Sales" })).shape).toBe("tree");
});

it("brings an archived hierarchy back", async () => {
  const { crm, place, stored } = await legalGroup("AB");
  const { id } = await crm.hierarchies.define({ key: "legal", name: "Legal ownership" });
  await crm.accountHierarchies.archive(id);
  const defined = await crm.hierarchies.define({ key: "legal", name: "Legal again" });
  expect(defined).toMatchObject({ id, name: "Legal again", archivedAt: null });
  await place(["B<A"]);
  expect(await stored()).toEqual(["B<A"]);
});

it("refuses what is no definition", async () => {
  const { crm } = await legalGroup("");
  for (const definition of [undefined, null, "legal", { key: "legal" }, { key: "x", name: "X", shape: "ring" }])
    expect(await refusal(crm.hierarchies.define(definition as never))).toMatchObject({ code: "invalid_input" });
});
