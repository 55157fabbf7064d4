/** What edges must be together, on every day: looked at when they are written, whoever wrote them. */
import { CrmError } from "@relata/core/plugin";
import { findClash, findExcess } from "./check-children.ts";
import { findCycle } from "./find-cycle.ts";
import type { EdgeRecord, HierarchiesContext, HierarchyRecord } from "./parts.ts";
import { lockHierarchies } from "./propose-edges.ts";
import { edgesAbove } from "./stored-edges.ts";
import { FIRST_DAY, includes } from "./valid-on.ts";

const MOST_SHOWN = 12;

interface WrittenEdge {
  readonly before?: EdgeRecord;
  readonly after?: EdgeRecord;
}

/**
 * The `after` hook of edges: also for those that come back from an archiving, a deletion or a merge.
 *
 * @throws `hierarchy_cycle`, naming its path and a day; `several_parents`, `same_edge_twice`, `shares_above_whole`, naming the first day
 */
export async function checkEdges(context: HierarchiesContext, batch: readonly WrittenEdge[]): Promise<void> {
  const changed = batch.flatMap((written) => (mayBreakRules(written) ? [written.after!] : []));
  if (changed.length === 0) return;
  const byHierarchy = Map.groupBy(changed, ({ hierarchyId }) => hierarchyId);
  const ids = [...byHierarchy.keys()];
  await lockHierarchies(context, ids);
  const hierarchies = await Array.fromAsync(
    context.accountHierarchies.iterate({ where: { id: { in: ids } }, archived: "include" }),
  );
  for (const hierarchy of hierarchies) {
    const children = [...new Set(byHierarchy.get(hierarchy.id)!.map(({ childId }) => childId))];
    const edges = await edgesAbove(context, hierarchy.id, children);
    refuseCycle(hierarchy, edges);
    const byChild = Map.groupBy(edges, ({ childId }) => childId);
    for (const id of children) refuseParents(context, hierarchy, { id, edges: byChild.get(id) ?? [] });
  }
}

/** What only ends earlier, or begins later, breaks nothing. What comes back from a deletion is as it was before. */
function mayBreakRules({ before, after }: WrittenEdge): boolean {
  if (!after || after.archivedAt !== null) return false;
  if (!before || before.archivedAt !== null) return true;
  const isSame = before.childId === after.childId && before.parentId === after.parentId && before.share === after.share;
  return !isSame || !includes(before, after) || includes(after, before);
}

/** @throws `hierarchy_cycle` */
function refuseCycle({ key }: Pick<HierarchyRecord, "key">, edges: readonly EdgeRecord[]): void {
  const cycle = findCycle(edges);
  if (!cycle) return;
  const { path, on } = cycle;
  // The first day of all is where edges without one begin, and nobody's.
  const day = on === FIRST_DAY ? "" : ` on ${on}`;
  const message = `Hierarchy "${key}" would have a circle${day}: ${shownPath(path)}.`;
  throw new CrmError("hierarchy_cycle", message, {
    details: { entity: "accountEdge", field: "parentId", hierarchy: key, id: path[0]!, path, on },
  });
}

/** For a message: the whole path is in the details. */
export function shownPath(path: readonly string[]): string {
  const shown = path.length > MOST_SHOWN ? [...path.slice(0, MOST_SHOWN - 2), "…", ...path.slice(-2)] : path;
  return shown.join(" → ");
}

/** @throws `several_parents`, `same_edge_twice`, `shares_above_whole` */
export function refuseParents(
  context: HierarchiesContext,
  { key, shape }: Pick<HierarchyRecord, "key" | "shape">,
  child: { readonly id: string; readonly edges: readonly EdgeRecord[] },
): void {
  const facts = { entity: "accountEdge", hierarchy: key, id: child.id };
  const twice = findClash(child.edges, { sameParent: true });
  if (twice) {
    const [{ parentId }] = twice.edges;
    throw context.error("same_edge_twice", { ...facts, field: "parentId", parentId, day: twice.on });
  }
  const clash = shape === "tree" ? findClash(child.edges, { sameParent: false }) : undefined;
  if (clash) {
    const parentIds = clash.edges.map(({ parentId }) => parentId);
    throw context.error("several_parents", { ...facts, field: "parentId", parentIds, day: clash.on });
  }
  const excess = findExcess(child.edges);
  if (!excess) return;
  throw context.error("shares_above_whole", { ...facts, field: "share", total: excess.total, day: excess.on });
}
