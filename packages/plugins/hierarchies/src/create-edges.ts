/** Writes new edges, many of them in parts that are short enough to be looked at in the time that hooks have. */
import { arrange } from "./arrange.ts";
import type { PlannedEdge } from "./carve.ts";
import type { HierarchiesContext } from "./parts.ts";
import { chunksOf } from "./require-accounts.ts";

/**
 * The lowest first: what is looked at above them is then what was there before, and each edge is looked at with few others, however deep
 * the whole becomes.
 */
export async function createEdges(
  context: HierarchiesContext,
  hierarchyId: string,
  edges: readonly PlannedEdge[],
): Promise<void> {
  const depths = new Map(arrange(edges.map(toDayEdge)).map(({ id, depth }) => [id, depth]));
  const depthOf = ({ childId }: PlannedEdge) => depths.get(childId) ?? 0;
  const lowestFirst = edges.toSorted((a, b) => depthOf(b) - depthOf(a));
  for (const part of chunksOf(lowestFirst)) {
    await context.accountEdges.createMany(
      part.map(({ childId, parentId, kind, share, validFrom, validUntil }) => ({
        ...{ hierarchyId, childId, parentId, kind, share, validFrom, validUntil },
      })),
    );
  }
}

function toDayEdge({ childId, parentId, share, kind }: PlannedEdge) {
  return { id: undefined, childId, parentId, share, kind };
}
