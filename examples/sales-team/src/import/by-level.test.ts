import { expect, it } from "vitest";
import { byLevel } from "./by-level.ts";

const tree = {
  nameOf: ({ name }: { name: string }) => name,
  parentOf: ({ parent }: { parent: string | null }) => parent,
};

it("puts parents before their children, and takes a parent from elsewhere for none", () => {
  const nodes = [
    { name: "leaf", parent: "branch" },
    { name: "branch", parent: "root" },
    { name: "root", parent: null },
    { name: "stranger", parent: "elsewhere" },
    { name: "twig", parent: "root" },
  ];
  const names = byLevel(nodes, tree).map((level) => level.map(({ name }) => name));
  expect(names).toEqual([["root", "stranger"], ["branch", "twig"], ["leaf"]]);
});
