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

/** They throw `unknown_hierarchy`; `invalid_input`; `not_found` for an account that is not there. */
export function ownershipServices(context: HierarchiesContext) {
  return {
    /** What an account owns, from the top down, each once, however many paths lead there. */
    holdings: (ownerId: string, query?: HierarchyQuery): Promise<readonly Owned[]> =>
      holdingsOf(context, ownerId, query),
    /** Who owns an account, each once. */
    owners: (id: string, query?: HierarchyQuery): Promise<readonly Owned[]> => ownersOf(context, id, query),
    /** What the first account has of the second one. */
    ownership: (ownerId: string, id: string, query?: HierarchyQuery): Promise<Ownership> =>
      ownershipOf(context, { ownerId, id }, query),
    /** Who controls it and is controlled by nobody; itself, where nobody controls it. */
    globalUltimate: (id: string, query?: HierarchyQuery): Promise<string> => globalUltimateOf(context, id, query),
    /** The highest of itself and those who control it in its own country (`account.country`); undefined where it has none. */
    domesticUltimate: (id: string, query?: HierarchyQuery): Promise<string | undefined> =>
      domesticUltimateOf(context, id, query),
  };
}
