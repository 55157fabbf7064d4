/** Lines by account, along the default hierarchy of the plugin `hierarchies`. */
import { compareText } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";
import { arrange } from "./arrange.ts";
import { type Dimension, type LineNode, subtreeOf, withThoseAbove } from "./line-node.ts";
import { namesOf } from "./names-of.ts";

/** Accounts with something at or below them. @throws `hierarchies_missing` where the plugin is not installed */
export async function accountDimension(at: ForecastingContext): Promise<Dimension> {
  if (!at.hierarchies) throw at.error("hierarchies_missing", { field: "rollUp" });
  const standing = arrange((await at.hierarchies.nodes({})).map(({ id, parentId }) => ({ id, parentId })));
  const all = standing.map(({ id, parentId, depth }) => ({ key: id, name: null, parentKey: parentId, depth }));
  const known = new Set(all.map(({ key }) => key));
  return {
    key: { path: ["accountId"] },
    async nodes(keys) {
      const shown = withThoseAbove(all, new Set(keys));
      const alone = keys
        .filter((key) => !known.has(key))
        .map((key) => ({ key, name: null, parentKey: null, depth: 0 }));
      return byName(at, [...shown, ...alone]);
    },
    belonging(key, part) {
      if (key === null || part === "own") return { where: { accountId: key } };
      return { where: { accountId: { in: subtreeOf(all, key) } } };
    },
  };
}

/** Siblings by their names. */
async function byName(at: ForecastingContext, nodes: readonly LineNode[]): Promise<readonly LineNode[]> {
  const names = await namesOf(
    at,
    "account",
    nodes.map(({ key }) => key),
  );
  const named = nodes.map(({ key, parentKey }) => ({ id: key, parentId: parentKey, name: names.get(key) ?? "" }));
  named.sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id));
  return arrange(named).map(({ id, parentId, depth }) => {
    return { key: id, name: names.get(id) ?? null, parentKey: parentId, depth };
  });
}
