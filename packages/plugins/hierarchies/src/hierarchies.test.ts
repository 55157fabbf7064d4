import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { expect, it } from "vitest";
import { hierarchies } from "./hierarchies.ts";

it("gives the accounts of a hierarchy from the top down", async () => {
  const crm = await createCrm({ storage: memory(), plugins: [hierarchies()] });
  const acme = await crm.accounts.create({ name: "Acme" });
  const bluth = await crm.accounts.create({ name: "Bluth", parentId: acme.id });
  const legal = await crm.accountHierarchies.create({ key: "legal", name: "Legal", shape: "graph" });
  await crm.accountEdges.create({ hierarchyId: legal.id, childId: acme.id, parentId: bluth.id, share: "60" });
  expect((await crm.hierarchies.nodes()).map(({ id, depth }) => [id, depth])).toEqual([
    [acme.id, 0],
    [bluth.id, 1],
  ]);
  expect(await crm.hierarchies.nodes({ hierarchy: "legal", under: bluth.id })).toEqual([
    { id: bluth.id, parentId: null, depth: 0, share: null, kind: null },
    { id: acme.id, parentId: bluth.id, depth: 1, share: "60", kind: "subsidiary" },
  ]);
});
