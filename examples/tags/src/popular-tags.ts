/** The service: `crm.tags.popular()`. */
import { count } from "@relata/core/plugin";
import type { TagsContext } from "./parts.ts";

export interface PopularTag {
  readonly label: string;
  readonly accounts: number;
}

/** The tags that most accounts have, the most first; tags of equal number by their labels. */
export async function popularTags(context: TagsContext, { limit = 10 } = {}): Promise<readonly PopularTag[]> {
  const groups = await context.taggings.aggregate({
    groupBy: { label: { tag: "label" } },
    measures: { accounts: count() },
    orderBy: [{ accounts: "desc" }, { label: "asc" }],
    limit,
  });
  return groups.map(({ label, accounts }) => ({ label: label!, accounts }));
}
