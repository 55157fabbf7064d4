/** Edges of a hierarchy on all days: those that a change of some accounts' places can come to meet. */
import type { EdgeRecord, HierarchiesContext } from "./parts.ts";
import { chunksOf } from "./require-accounts.ts";

/** With more accounts than these, all edges of the hierarchy are read. */
const FEW = 1_000;

/**
 * Those that lead up from these accounts, to their parents, to the parents of these, and so on, whatever the day. No circle through one of
 * the accounts has any other. Two queries and one for each level, or one for every thousand edges of the hierarchy.
 */
export async function edgesAbove(
  context: HierarchiesContext,
  hierarchyId: string,
  childIds: readonly string[],
): Promise<readonly EdgeRecord[]> {
  if (childIds.length > FEW) return Array.fromAsync(context.accountEdges.iterate({ where: { hierarchyId } }));
  const reached = await context.accountEdges.traverse({
    ...{ from: "childId", to: "parentId", start: childIds, where: { hierarchyId } },
  });
  return edgesOfChildren(context, hierarchyId, [...new Set([...childIds, ...reached.map(({ id }) => id)])]);
}

/** The edges of these accounts to their parents, on all days. One query for every thousand accounts. */
export async function edgesOfChildren(
  context: HierarchiesContext,
  hierarchyId: string,
  childIds: readonly string[],
): Promise<readonly EdgeRecord[]> {
  const found: EdgeRecord[] = [];
  for (const part of chunksOf(childIds))
    found.push(
      ...(await Array.fromAsync(context.accountEdges.iterate({ where: { hierarchyId, childId: { in: part } } }))),
    );
  return found;
}
