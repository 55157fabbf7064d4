/** The service: `crm.interests.popular()`. */
import { count } from "@relata/core/plugin";
import type { InterestsContext } from "./parts.ts";

export interface PopularInterest {
  readonly label: string;
  readonly accounts: number;
}

/** The interests that most accounts have, the most first; interests of equal number by their labels. */
export async function popularInterests(
  context: InterestsContext,
  { limit = 10 } = {},
): Promise<readonly PopularInterest[]> {
  const groups = await context.accountInterests.aggregate({
    groupBy: { label: { interest: "label" } },
    measures: { accounts: count() },
    orderBy: [{ accounts: "desc" }, { label: "asc" }],
    limit,
  });
  return groups.map(({ label, accounts }) => ({ label: label!, accounts }));
}
