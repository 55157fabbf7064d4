/** The questions about owners, as `crm.hierarchies` has them. */
import type { HierarchyQuery } from "./asked-hierarchy.ts";
import {
  domesticUltimateOf,
  globalUltimateOf,
  holdingsOf,
  type Owned,
  type Ownership,
  ownershipOf,
  ownersOf,
} from "./ownership.ts";
import type { HierarchiesContext } from "./parts.ts";

/** Shares are percents as decimals ("60"); of the day that is given, today unless it is. */
export function ownershipServices(context: HierarchiesContext) {
  return {
    /**
     * What an account owns, from the top down, each once, however many paths lead there.
     *
     * @throws `invalid_input`, `not_found`, `unknown_hierarchy`
     * @example
     * ```ts run with hierarchies
     * const [held] = await crm.hierarchies.holdings(acme.id, { hierarchy: "legal", on: "2026-04-01" });
     * console.log(held?.direct, held?.effective, held?.controls); // 60 60 true: of the lab
     * ```
     */
    holdings: (ownerId: string, query?: HierarchyQuery): Promise<readonly Owned[]> =>
      holdingsOf(context, ownerId, query),
    /** Who owns an account, each once. @throws `invalid_input`, `not_found`, `unknown_hierarchy` */
    owners: (id: string, query?: HierarchyQuery): Promise<readonly Owned[]> => ownersOf(context, id, query),
    /** What the first account has of the second one. @throws `invalid_input`, `not_found`, `unknown_hierarchy` */
    ownership: (ownerId: string, id: string, query?: HierarchyQuery): Promise<Ownership> =>
      ownershipOf(context, { ownerId, id }, query),
    /** Who controls it and is controlled by nobody; itself, where nobody controls it. @throws `invalid_input`, `not_found`, `unknown_hierarchy` */
    globalUltimate: (id: string, query?: HierarchyQuery): Promise<string> => globalUltimateOf(context, id, query),
    /** The highest of itself and those who control it in its own country (`account.country`); undefined where it has none. @throws `invalid_input`, `not_found`, `unknown_hierarchy` */
    domesticUltimate: (id: string, query?: HierarchyQuery): Promise<string | undefined> =>
      domesticUltimateOf(context, id, query),
  };
}
