/** Keeps `account.tagCount`, and with it the limit, whichever way taggings come and go. */
import type { TagsContext } from "./parts.ts";

const MOST_TAGS = 50;

interface Change {
  readonly before?: { readonly accountId: string };
  readonly after?: { readonly accountId: string };
}

/** An `after` hook on taggings, for all accounts of a batch at once: it sees the final records, and what it throws undoes the write. */
export async function countTags(context: TagsContext, batch: readonly Change[]): Promise<void> {
  const touched = new Set(batch.flatMap(({ before, after }) => (after ?? before)?.accountId ?? []));
  const where = { id: { in: [...touched] } };
  const counts = new Map<string, number>();
  // An account that is being deleted takes its taggings with it: it is no longer there to be counted.
  for await (const { id, taggings } of context.accounts.iterate({
    where,
    archived: "include",
    include: { taggings: { limit: MOST_TAGS + 1 } },
  })) {
    counts.set(id, taggings.length);
  }
  for (const [id, count] of counts) {
    if (count > MOST_TAGS)
      throw context.error("tag_limit_reached", { entity: "account", field: "tagCount", id, count, limit: MOST_TAGS });
  }
  await context.accounts.updateMany([...counts].map(([id, tagCount]) => ({ id, tagCount })));
}
