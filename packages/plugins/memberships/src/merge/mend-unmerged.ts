/** When a merge is undone, what was written comes back as it was; the days follow what was changed since. */
import { lockMemberships } from "../chain/lock-memberships.ts";
import { rewriteSpans } from "../chain/rewrite-spans.ts";
import type { MembershipsContext } from "../parts.ts";

interface Unmerge {
  readonly survivor: { readonly id: string };
  readonly other: { readonly id: string };
}

/** The `unmerging` hooks of contacts and accounts. */
export const mendUnmerged = {
  contacts: (context: MembershipsContext, batch: readonly Unmerge[]) =>
    mend(context, { contactId: { in: idsOf(batch) } }),
  accounts: (context: MembershipsContext, batch: readonly Unmerge[]) =>
    mend(context, { accountId: { in: idsOf(batch) } }),
} as const;

function idsOf(batch: readonly Unmerge[]): readonly string[] {
  return batch.flatMap(({ survivor, other }) => [survivor.id, other.id]);
}

async function mend(context: MembershipsContext, where: object): Promise<void> {
  const memberships = await Array.fromAsync(context.memberships.iterate({ where, archived: "include" }));
  const ids = memberships.map(({ id }) => id);
  await lockMemberships(context, ids);
  await rewriteSpans(context, ids);
}
