/** The rules of hierarchies themselves: their keys, and what a graph must be to become a tree. */
import { invalidInput } from "@relata/core/plugin";
import { DEFAULT_HIERARCHY } from "./asked-hierarchy.ts";
import { refuseParents } from "./check-edges.ts";
import type { HierarchiesContext, HierarchyRecord } from "./parts.ts";
import { lockHierarchies } from "./propose-edges.ts";

interface ProposedHierarchy {
  readonly input: Partial<HierarchyRecord> & { readonly id: string };
  readonly before?: HierarchyRecord;
}

/** The `before` hook of hierarchies. @throws `invalid_input` for the key "default" */
export async function proposeHierarchies(
  context: HierarchiesContext,
  batch: readonly ProposedHierarchy[],
): Promise<void> {
  if (batch.some(({ input }) => input.key === DEFAULT_HIERARCHY)) {
    const message = "is taken: the default hierarchy is account.parentId, and needs no record";
    throw invalidInput("accountHierarchy", [{ field: "key", code: "not_allowed", message }]);
  }
  await lockHierarchies(
    context,
    batch.flatMap(({ before, input }) => (before && input.shape === "tree" ? [before.id] : [])),
  );
}

/** The `after` hook. @throws `several_parents` where a graph that becomes a tree is none */
export async function checkHierarchies(
  context: HierarchiesContext,
  batch: readonly { readonly before?: HierarchyRecord; readonly after?: HierarchyRecord }[],
): Promise<void> {
  for (const { before, after } of batch) {
    if (before?.shape !== "graph" || after?.shape !== "tree") continue;
    const edges = await Array.fromAsync(context.accountEdges.iterate({ where: { hierarchyId: after.id } }));
    for (const [id, own] of Map.groupBy(edges, ({ childId }) => childId))
      refuseParents(context, after, { id, edges: own });
  }
}
