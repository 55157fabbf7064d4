/** Lines before they have figures: what there are, what stands below what, and what belongs to each. */
import type { LineKey } from "./read-parts.ts";

export interface LineNode {
  readonly key: string;
  readonly name: string | null;
  readonly parentKey: string | null;
  readonly depth: number;
}

/** What belongs to a line: what counts for these users (null: for nobody), or what satisfies this condition on opportunities. */
export type Belonging = { readonly users: readonly string[] | null } | { readonly where: object };

export interface Dimension {
  readonly key: LineKey;
  /** Those with something, in the order shown: of trees those above them too. @param keys Each once. */
  nodes(keys: readonly string[]): Promise<readonly LineNode[]>;
  /** @param key Null for what has none. `total` is what is below as well. */
  belonging(key: string | null, part: "own" | "total"): Belonging;
}

/** The nodes of these keys and those above them, in their order. */
export function withThoseAbove(nodes: readonly LineNode[], keys: ReadonlySet<string>): readonly LineNode[] {
  const shown = new Set(keys);
  for (const { key, parentKey } of nodes.toReversed()) if (parentKey !== null && shown.has(key)) shown.add(parentKey);
  return nodes.filter(({ key }) => shown.has(key));
}

/** The key and all below it, of nodes from the top down. */
export function subtreeOf(nodes: readonly Pick<LineNode, "key" | "depth">[], key: string): readonly string[] {
  const from = nodes.findIndex((node) => node.key === key);
  if (from < 0) return [key];
  const after = nodes.findIndex(({ depth }, at) => at > from && depth <= nodes[from]!.depth);
  return nodes.slice(from, after < 0 ? undefined : after).map((node) => node.key);
}
