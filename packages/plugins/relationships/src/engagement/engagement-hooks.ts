/** What is checked of engagements, whoever writes them. */
import { engagementLock } from "../edge/edge-locks.ts";
import { includes } from "../interval/day-interval.ts";
import { refuseEndBeforeStart } from "../interval/days-within.ts";
import type { EngagementRecord, RelationshipsContext } from "../parts.ts";
import { roleTypesOf } from "./participants.ts";
import { refuseOutside } from "./participation-hooks.ts";

interface Proposed {
  readonly input: Partial<EngagementRecord> & { readonly id: string };
  readonly before?: EngagementRecord;
}

/** The `before` hook. @throws `invalid_input` for a last day before the first */
export async function proposeEngagements(context: RelationshipsContext, batch: readonly Proposed[]): Promise<void> {
  const locks = batch.flatMap(({ before }) => (before ? [engagementLock(before.id)] : []));
  if (locks.length > 0) await context.lock(...locks);
  refuseEndBeforeStart("engagement", batch);
}

interface Changed {
  readonly before?: EngagementRecord;
  readonly after?: EngagementRecord;
}

/** The `after` hook. @throws `engagement_not_there` where somebody takes part on days that it is to have no more */
export async function checkEngagements(context: RelationshipsContext, batch: readonly Changed[]): Promise<void> {
  for (const { before, after } of batch) {
    if (!before || !after || includes(after, before)) continue;
    const { typeIds } = await roleTypesOf(context, [after]);
    const where = { toType: "engagement", toId: after.id, typeId: { in: typeIds } };
    for await (const edge of context.relationships.iterate({ where })) refuseOutside(context, after, edge);
  }
}
