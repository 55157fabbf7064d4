/** How many relationships a question may read. */
import type { RelationshipsContext } from "../parts.ts";

export interface Budget {
  /** @throws `search_too_wide` */
  spend(edges: number): void;
}

/** `field` is the option by which it is raised. */
export function budgetOf(context: RelationshipsContext, most: number, field = "maxEdges"): Budget {
  let left = most;
  return {
    spend: (edges) => {
      left -= edges;
      if (left < 0) throw context.error("search_too_wide", { entity: "relationship", field, most });
    },
  };
}
