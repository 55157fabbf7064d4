/** Keeps `account.interestCount`, and with it the limit, whichever way accountInterests come and go. */
import type { InterestsContext } from "./parts.ts";

const MOST_INTERESTS = 50;

interface Change {
  readonly before?: { readonly accountId: string };
  readonly after?: { readonly accountId: string };
}

/** An `after` hook on accountInterests, for all accounts of a batch at once: it sees the final records, and what it throws undoes the write. */
export async function countInterests(context: InterestsContext, batch: readonly Change[]): Promise<void> {
  const touched = new Set(batch.flatMap(({ before, after }) => (after ?? before)?.accountId ?? []));
  const where = { id: { in: [...touched] } };
  const counts = new Map<string, number>();
  // An account that is being deleted takes its accountInterests with it: it is no longer there to be counted.
  for await (const { id, accountInterests } of context.accounts.iterate({
    where,
    archived: "include",
    include: { accountInterests: { limit: MOST_INTERESTS + 1 } },
  })) {
    counts.set(id, accountInterests.length);
  }
  for (const [id, count] of counts) {
    if (count > MOST_INTERESTS)
      throw context.error("interest_limit_reached", {
        entity: "account",
        field: "interestCount",
        id,
        count,
        limit: MOST_INTERESTS,
      });
  }
  await context.accounts.updateMany([...counts].map(([id, interestCount]) => ({ id, interestCount })));
}
