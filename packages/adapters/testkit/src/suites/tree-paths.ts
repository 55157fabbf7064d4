/** Paths of trees that core keeps in a table: `rebase` steps, and conditions that may be answered by them. */
import type { Lineage } from "@relata/core/adapter";
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { type RowValues, type Store, secondTenant } from "../bench/store.ts";
import { type Condition, not, tree } from "../question/condition.ts";
import { defineSchema, defineTable } from "../schema/define-table.ts";

const nodes = defineTable({
  entity: "node",
  columns: { parent_id: "text?" },
  indexes: [["parent_id"]],
  references: { parent_id: "nodes" },
});
const paths = defineTable({ entity: "node", name: "node_paths", columns: { path: "text" }, indexes: [["path"]] });
const schema = defineSchema(nodes, paths);

/** a > b > c, a > ab, and top alone; deep > deeper > deepest, whose paths are cut. */
const given: { readonly nodes: readonly RowValues[]; readonly node_paths: readonly RowValues[] } = {
  nodes: [
    { id: "a" },
    { id: "ab", parent_id: "a" },
    { id: "b", parent_id: "a" },
    { id: "c", parent_id: "b" },
    { id: "deep", parent_id: "top" },
    { id: "deeper", parent_id: "deep" },
    { id: "deepest", parent_id: "deeper" },
    { id: "other", parent_id: "top" },
    { id: "top" },
  ],
  node_paths: [
    { id: "ab", path: "a/ab/" },
    { id: "b", path: "a/b/" },
    { id: "c", path: "a/b/c/" },
    { id: "deep", path: "top/dee*" },
    { id: "deeper", path: "top/dee*" },
    { id: "deepest", path: "top/dee*" },
    { id: "other", path: "top/oth*" },
  ],
};

const below = (root: string, self: boolean, top = `${root}/`): Condition => {
  const lineage: Lineage = { table: "nodes", parent: "parent_id", relation: "descendants", self };
  return tree("id", root, { ...lineage, paths: { table: "node_paths", top } });
};

const rebase = (from: string, to: string, limit = 100) =>
  ({ kind: "rebase", table: "node_paths", column: "path", from, to, limit }) as const;

function pathsIn(store: Pick<Store, "find">, tenant?: string): Promise<readonly (readonly unknown[])[]> {
  return store.find({ table: "node_paths", columns: ["id", "path"], orderBy: ["id"] }, tenant);
}

export const treePaths: Suite = {
  name: "tree paths",
  facts: [
    fact("tell what is below a row, with itself or without", async (bench) => {
      const store = await bench.open(schema, given);
      const list = (where: Condition) => store.list({ table: "nodes", where });
      expect(await list(below("a", false))).toEqual(["ab", "b", "c"]);
      expect(await list(below("a", true))).toEqual(["a", "ab", "b", "c"]);
      expect(await list(below("b", false))).toEqual(["c"]);
      expect(await list(below("b", true))).toEqual(["b", "c"]);
      expect(await list(below("c", false))).toEqual([]);
      expect(await list(below("nix", true))).toEqual([]);
      expect(await list(not(below("a", true)))).toEqual(["deep", "deeper", "deepest", "other", "top"]);
    }),
    fact("that are cut are found from above, and walked from below", async (bench) => {
      const store = await bench.open(schema, given);
      const list = (where: Condition) => store.list({ table: "nodes", where });
      expect(await list(below("top", false))).toEqual(["deep", "deeper", "deepest", "other"]);
      expect(await list(below("deep", false))).toEqual(["deeper", "deepest"]);
      expect(await list(below("deeper", true))).toEqual(["deeper", "deepest"]);
      expect(await list(below("deepest", false))).toEqual([]);
      // A top whose own path is too long has no row, and is known by what it would be.
      expect(await list(below("top", true, "to*"))).toEqual(["deep", "deeper", "deepest", "other", "top"]);
    }),
    fact("of one tenant say nothing of another's", async (bench) => {
      const store = await bench.open(schema, given);
      await store.insert("nodes", [{ id: "a" }, { id: "c", parent_id: "a" }], secondTenant);
      await store.insert("node_paths", [{ id: "c", path: "a/c/" }], secondTenant);
      expect(await store.list({ table: "nodes", where: below("a", true) }, secondTenant)).toEqual(["a", "c"]);
      await store.write([rebase("a/", "x/")]);
      expect(await pathsIn(store, secondTenant)).toEqual([["c", "a/c/"]]);
    }),
    fact("begin anew where a row is put elsewhere, and only theirs", async (bench) => {
      const store = await bench.open(schema, given);
      await store.write([rebase("a/b/", "top/b/"), rebase("zzz/", "a/")]);
      expect((await pathsIn(store)).slice(0, 3)).toEqual([
        ["ab", "a/ab/"],
        ["b", "top/b/"],
        ["c", "top/b/c/"],
      ]);
    }),
    fact("are cut at the limit, to no more than it", async (bench) => {
      const store = await bench.open(schema, given);
      await store.write([rebase("a/b/", "abcdef/b/", 11)]);
      expect((await pathsIn(store)).slice(1, 3)).toEqual([
        ["b", "abcdef/b/"],
        ["c", "abcdef/b/c*"],
      ]);
      await store.write([rebase("abcdef/b/", "abcdefg/b/", 10)]);
      expect((await pathsIn(store)).slice(1, 3)).toEqual([
        ["b", "abcdefg/b*"],
        ["c", "abcdefg/b*"],
      ]);
    }),
    fact("are written with the other steps of a list, or not at all", async (bench) => {
      const store = await bench.open(schema, given);
      const moved = store.steps.update("nodes", [{ id: "b", version: 1, parent_id: "top" }]);
      const stale = store.steps.update("nodes", [{ id: "b", version: 7, parent_id: "top" }]);
      await expect(store.write([rebase("a/b/", "top/b/"), stale])).rejects.toMatchObject({ code: "guard_failed" });
      expect((await pathsIn(store))[1]).toEqual(["b", "a/b/"]);
      await store.write([
        moved,
        rebase("a/b/", "top/b/"),
        store.steps.insert("node_paths", [{ id: "a", path: "top/b/c/a/" }]),
        { kind: "erase", table: "node_paths", ids: ["ab"] },
      ]);
      expect((await pathsIn(store)).slice(0, 3)).toEqual([
        ["a", "top/b/c/a/"],
        ["b", "top/b/"],
        ["c", "top/b/c/"],
      ]);
      const unit = await store.begin();
      await unit.write([rebase("top/", "x/")]);
      expect((await pathsIn(unit))[1]).toEqual(["b", "x/b/"]);
      await unit.rollback();
      expect((await pathsIn(store))[1]).toEqual(["b", "top/b/"]);
    }),
  ],
};
