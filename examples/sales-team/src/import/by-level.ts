/** The nodes of a tree in levels: those without a parent, their children, … A parent outside of `nodes` counts as none. */
export function byLevel<T>(
  nodes: readonly T[],
  tree: { readonly nameOf: (node: T) => string; readonly parentOf: (node: T) => string | null },
): readonly (readonly T[])[] {
  const names = new Set(nodes.map(tree.nameOf));
  const childrenOf = Map.groupBy(nodes, (node) => {
    const parent = tree.parentOf(node);
    return parent !== null && names.has(parent) ? parent : null;
  });
  const levels: (readonly T[])[] = [];
  let level = childrenOf.get(null) ?? [];
  while (level.length > 0) {
    levels.push(level);
    level = level.flatMap((node) => childrenOf.get(tree.nameOf(node)) ?? []);
  }
  return levels;
}
