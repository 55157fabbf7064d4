/** What changes places, as `crm.hierarchies` has it. */
import {
  type DetachOptions,
  detachAccount,
  type MoveOptions,
  moveAccount,
  type TakeOutOptions,
  takeOutAccount,
} from "./move-accounts.ts";
import type { HierarchiesContext } from "./parts.ts";
import { type Placement, setParents } from "./place-accounts.ts";

/**
 * Each is one unit, all or nothing. They throw `hierarchy_cycle`, naming the path and a day; `several_parents`, `same_edge_twice`,
 * `shares_above_whole`, naming the first day; `unknown_hierarchy`; `invalid_input`; `not_found`, `reference_not_found`.
 */
export function placeServices(context: HierarchiesContext) {
  return {
    /**
     * Below another parent from a day on, with all that stands below it. Kind and share that are not given are those of the edge that it
     * leaves, where that is one. Shares are percents. One unit.
     *
     * @throws `hierarchy_cycle`, naming the path and a day; `several_parents`, `same_edge_twice`, `shares_above_whole`, naming the first day;
     * `unknown_hierarchy`; `invalid_input`; `not_found`, `reference_not_found`
     * @example
     * ```ts run with hierarchies
     * const group = await crm.accounts.create({ name: "Acme Group" });
     * await crm.hierarchies.move(acme.id, group.id, { hierarchy: "legal", from: "2026-05-01", share: "100" });
     * const path = await crm.hierarchies.path(lab.id, { hierarchy: "legal", on: "2026-05-01" });
     * console.log(path.length); // 3: the group, Acme, the lab
     * ```
     */
    move: (id: string, parentId: string, options?: MoveOptions) => moveAccount(context, { id, parentId }, options),
    /** At the top from a day on, with all that stands below it. One unit. @throws `invalid_input`, `not_found`, `unknown_hierarchy` */
    detach: (id: string, options?: DetachOptions) => detachAccount(context, id, options),
    /** Out of the hierarchy from a day on: those below it stand below its parent, or at the top. One unit. @throws `tree_required` of a graph, and as `move` */
    takeOut: (id: string, options: TakeOutOptions) => takeOutAccount(context, id, options),
    /**
     * Many at once: each stands below its parent on the days of its placement, and nowhere else on them; in a graph, beside its other
     * parents. Without days: always. One account has at most one place on a day in one list; in a graph, one below each parent.
     * One unit.
     *
     * @throws as `move`
     */
    setParents: (placements: readonly Placement[], options?: { readonly hierarchy?: string }) =>
      setParents(context, placements, options),
  };
}
