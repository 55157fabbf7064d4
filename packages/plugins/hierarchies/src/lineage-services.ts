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
 * All take the hierarchy's key and the day: `account.parentId`, and today, unless given. Where a graph has no single answer, they throw
 * `tree_required`. Archived accounts have their places as others do.
 */
export function lineageServices(context: HierarchiesContext) {
  return {
    /**
     * Those above, the nearest first.
     *
     * @throws `invalid_input`, `not_found`, `unknown_hierarchy`
     * @example
     * ```ts run with hierarchies
     * const above = await crm.hierarchies.ancestors(lab.id, { hierarchy: "legal", on: "2026-04-01" });
     * console.log(above.length); // 1
     * ```
     */
    ancestors: (id: string, query?: LineageQuery) => ancestorsOf(context, id, query),
    /** Those below, the nearest first. @throws `invalid_input`, `not_found`, `unknown_hierarchy` */
    descendants: (id: string, query?: LineageQuery) => descendantsOf(context, id, query),
    /** From the root down to the account itself. @throws `tree_required` of a graph; `invalid_input`, `not_found`, `unknown_hierarchy` */
    path: (id: string, query?: HierarchyQuery) => pathOf(context, id, query),
    /** The top of its path: itself, where nobody is above. @throws `tree_required` of a graph; `invalid_input`, `not_found`, `unknown_hierarchy` */
    root: async (id: string, query?: HierarchyQuery): Promise<string> => (await pathOf(context, id, query))[0]!,
    /** Steps below the root, which has 0. @throws `tree_required` of a graph; `invalid_input`, `not_found`, `unknown_hierarchy` */
    depth: async (id: string, query?: HierarchyQuery): Promise<number> => (await pathOf(context, id, query)).length - 1,
    /** The other children of its parents, by id. @throws `invalid_input`, `not_found`, `unknown_hierarchy` */
    siblings: (id: string, query?: HierarchyQuery) => siblingsOf(context, id, query),
    /** The lowest account that is each of these, or above it; undefined where there is none. @throws `tree_required` of a graph; `invalid_input`, `not_found`, `unknown_hierarchy` */
    commonAncestor: (ids: readonly string[], query?: HierarchyQuery) => commonAncestorOf(context, ids, query),
    /** Those that nobody stands below, by id. @throws `invalid_input`, `unknown_hierarchy`; `not_found` for `under` */
    leaves: (query?: TreeQuery) => leavesOf(context, query),
    /** Those so many steps below the top, or below `under`, by id. In a graph, the most steps count. @throws `invalid_input`, `unknown_hierarchy`; `not_found` for `under` */
    level: (depth: number, query?: TreeQuery) => levelOf(context, depth, query),
    /**
     * The accounts from the top down, each once: in the default hierarchy all, in others those that have an edge on the day; with `under`,
     * that account and what stands below it.
     *
     * @throws `invalid_input`, `unknown_hierarchy`; `not_found` for `under`
     */
    nodes: (query?: TreeQuery) => nodesOf(context, query),
    /** The edges between the `nodes`. @throws as `nodes` */
    edges: (query?: TreeQuery) => edgesOf(context, query),
  };
}
