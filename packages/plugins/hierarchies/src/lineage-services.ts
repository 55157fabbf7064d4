/** The questions about places, as `crm.hierarchies` has them. */
import type { HierarchyQuery } from "./asked-hierarchy.ts";
import {
  ancestorsOf,
  commonAncestorOf,
  descendantsOf,
  type LineageQuery,
  leavesOf,
  levelOf,
  pathOf,
  siblingsOf,
} from "./lineage.ts";
import type { HierarchiesContext } from "./parts.ts";
import { edgesOf, nodesOf, type TreeQuery } from "./read-tree.ts";

/**
 * All take the hierarchy's key and the day. They throw `unknown_hierarchy`; `invalid_input`; `not_found` for an account that is not there;
 * and, where a graph has no single answer, `tree_required`. Archived accounts have their places as others do.
 */
export function lineageServices(context: HierarchiesContext) {
  return {
    /** Those above, the nearest first. */
    ancestors: (id: string, query?: LineageQuery) => ancestorsOf(context, id, query),
    /** Those below, the nearest first. */
    descendants: (id: string, query?: LineageQuery) => descendantsOf(context, id, query),
    /** From the root down to the account itself. Trees only. */
    path: (id: string, query?: HierarchyQuery) => pathOf(context, id, query),
    /** The top of its path: itself, where nobody is above. Trees only. */
    root: async (id: string, query?: HierarchyQuery): Promise<string> => (await pathOf(context, id, query))[0]!,
    /** Steps below the root, which has 0. Trees only. */
    depth: async (id: string, query?: HierarchyQuery): Promise<number> => (await pathOf(context, id, query)).length - 1,
    /** The other children of its parents, by id. */
    siblings: (id: string, query?: HierarchyQuery) => siblingsOf(context, id, query),
    /** The lowest account that is each of these, or above it; undefined where there is none. Trees only. */
    commonAncestor: (ids: readonly string[], query?: HierarchyQuery) => commonAncestorOf(context, ids, query),
    /** Those that nobody stands below, by id. */
    leaves: (query?: TreeQuery) => leavesOf(context, query),
    /** Those so many steps below the top, or below `under`, by id. In a graph, the most steps count. */
    level: (depth: number, query?: TreeQuery) => levelOf(context, depth, query),
    /**
     * The accounts from the top down, each once: in the default hierarchy all, in others those that have an edge on the day; with `under`,
     * that account and what stands below it.
     */
    nodes: (query?: TreeQuery) => nodesOf(context, query),
    /** The edges between them. */
    edges: (query?: TreeQuery) => edgesOf(context, query),
  };
}
