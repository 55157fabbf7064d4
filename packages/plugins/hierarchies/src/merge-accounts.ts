/** When two accounts become one, the survivor keeps its places, and those of the other one that can stand beside them are added. */
import { Big } from "big.js";
import { carve, changesBetween, commonDays, type PlannedEdge } from "./carve.ts";
import { createEdges } from "./create-edges.ts";
import type { HierarchiesContext } from "./parts.ts";
import { plannedOf } from "./place-accounts.ts";
import { lockHierarchies } from "./propose-edges.ts";

interface Merge {
  readonly survivor: { readonly id: string };
  readonly other: { readonly id: string };
}

/**
 * The `merging` hook of accounts. Edges between the two go. On days on which the survivor has a parent, those of the other one give way; in
 * a graph, only those to the same parent do, and who stands below both stands below the survivor with the shares of both. What then makes
 * a circle, or more than the whole of an account, refuses the merge (`hierarchy_cycle`, `shares_above_whole`). All of it is undone with the
 * merge.
 */
export async function makeRoomForMerge(context: HierarchiesContext, batch: readonly Merge[]): Promise<void> {
  for (const { survivor, other } of batch) {
    const ids = [survivor.id, other.id];
    const where = { or: [{ childId: { in: ids } }, { parentId: { in: ids } }] };
    const touched = await Array.fromAsync(context.accountEdges.iterate({ where, select: ["hierarchyId"] }));
    const hierarchyIds = [...new Set(touched.map(({ hierarchyId }) => hierarchyId))];
    if (hierarchyIds.length === 0) continue;
    await lockHierarchies(context, hierarchyIds);
    const edges = await Array.fromAsync(context.accountEdges.iterate({ where }));
    const known = { where: { id: { in: hierarchyIds } }, archived: "include" } as const;
    for await (const { id, shape } of context.accountHierarchies.iterate(known)) {
      const own = edges.filter(({ hierarchyId }) => hierarchyId === id).map(plannedOf);
      const left = withRoom(own, { survivorId: survivor.id, otherId: other.id, shape });
      const { deleted, shortened, revised, created } = changesBetween(own, left);
      await context.accountEdges.deleteMany(deleted);
      await context.accountEdges.updateMany([...shortened, ...revised]);
      await createEdges(context, id, created);
    }
  }
}

interface Merging {
  readonly survivorId: string;
  readonly otherId: string;
  readonly shape: "tree" | "graph";
}

/** The edges of both without those that could not be the survivor's: a pure function. */
function withRoom(edges: readonly PlannedEdge[], { survivorId, otherId, shape }: Merging): readonly PlannedEdge[] {
  const both = [survivorId, otherId];
  const outside = edges.filter(({ childId, parentId }) => !(both.includes(childId) && both.includes(parentId)));
  const ownParents = outside.filter(({ childId }) => childId === survivorId);
  const childrenOf = (id: string) =>
    Map.groupBy(
      outside.filter(({ parentId }) => parentId === id),
      ({ childId }) => childId,
    );
  const [ownChildren, otherChildren] = [childrenOf(survivorId), childrenOf(otherId)];
  return outside.flatMap((edge) => {
    if (edge.childId === otherId)
      return cutOut(
        edge,
        ownParents.filter(({ parentId }) => shape === "tree" || parentId === edge.parentId),
      );
    if (edge.parentId === otherId) return cutOut(edge, ownChildren.get(edge.childId) ?? []);
    return edge.parentId === survivorId ? withShares(edge, otherChildren.get(edge.childId) ?? []) : [edge];
  });
}

/** The edge of a child to the survivor, on the days of its edges to the other one with the shares of both. */
function withShares(edge: PlannedEdge, others: readonly PlannedEdge[]): readonly PlannedEdge[] {
  return others.reduce<readonly PlannedEdge[]>(
    (pieces, other) => pieces.flatMap((piece) => withShare(piece, other)),
    [edge],
  );
}

function withShare(edge: PlannedEdge, other: PlannedEdge): readonly PlannedEdge[] {
  const days = commonDays(edge, other);
  const both = sumOf(edge, other);
  if (!days || (both.share === edge.share && both.kind === edge.kind)) return [edge];
  const apart = carve([edge], days);
  const { id, ...values } = edge;
  const isFree = id !== undefined && apart.length === 0;
  return [...apart, { ...values, ...(isFree ? { id } : {}), ...both, ...days }];
}

/** A branch is whole; a share that is not known adds nothing. */
function sumOf(own: PlannedEdge, other: PlannedEdge): Pick<PlannedEdge, "share" | "kind"> {
  const branch = [own, other].find(({ kind }) => kind === "branch");
  if (branch) return { kind: "branch", share: branch.share };
  if (own.share === null || other.share === null) return { kind: own.kind, share: own.share ?? other.share };
  return { kind: own.kind, share: new Big(own.share).plus(other.share).toFixed() };
}

function cutOut(edge: PlannedEdge, others: readonly PlannedEdge[]): readonly PlannedEdge[] {
  return others.reduce<readonly PlannedEdge[]>((pieces, days) => carve(pieces, days), [edge]);
}
