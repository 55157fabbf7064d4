import { expect, it } from "vitest";
import { findCycle } from "./find-cycle.ts";

const parents = (entries: Record<string, string | null>) => (name: string) => entries[name] ?? null;

it("finds no cycle in a tree", () => {
  expect(findCycle(["a", "b", "c"], parents({ a: "b", b: "c", c: null }))).toBeUndefined();
});

it("finds the cycle, and not what hangs on it", () => {
  expect(findCycle(["a", "b", "c"], parents({ a: "b", b: "c", c: "b" }))).toBe("b");
});

it("finds a name that is its own parent", () => {
  expect(findCycle(["a"], parents({ a: "a" }))).toBe("a");
});
