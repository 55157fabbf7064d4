/** Keeps with links and participants where their activity stands in timelines, so that a page of a timeline is read in its order. */
import type { PatchInput, RecordOf } from "../../kernel/entity/model.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { lockEach } from "../lock-each.ts";

type Activity = RecordOf<DomainModel, "activity">;

/** So many are written with one list of statements. */
const BATCH = 1_000;

/** The `after` hook of activities: those that have moved take their links and participants with them. */
export async function takeAlong(
  context: DomainContext,
  batch: readonly { readonly before?: Activity; readonly after?: Activity }[],
): Promise<void> {
  const moved = new Map(
    batch.flatMap(({ before, after }): [string, Date][] =>
      before && after && before.timelineAt.getTime() !== after.timelineAt.getTime()
        ? [[after.id, after.timelineAt]]
        : [],
    ),
  );
  if (moved.size === 0) return;
  const query = { where: { activityId: { in: [...moved.keys()] } }, archived: "include" } as const;
  const placed = ({ id, activityId }: { readonly id: string; readonly activityId: string }) => ({
    id,
    timelineAt: moved.get(activityId)!,
  });
  for await (const links of inBatches(context.activityLinks.iterate(query)))
    await context.activityLinks.updateMany(links.map(placed));
  for await (const participants of inBatches(context.activityParticipants.iterate(query)))
    await context.activityParticipants.updateMany(participants.map(placed));
}

/** The `before` hook of participants, and of links: new ones stand where their activity does. */
export async function placeInTimeline(
  context: DomainContext,
  batch: readonly { readonly input: { readonly activityId?: string }; readonly before?: object }[],
): Promise<readonly (PatchInput<DomainModel, "activityLink"> | undefined)[]> {
  const ids = batch.flatMap(({ input, before }) =>
    before || input.activityId === undefined ? [] : [input.activityId],
  );
  if (ids.length === 0) return [];
  await lockEach(context, "activity", [...new Set(ids)]);
  const places = new Map<string, Date>();
  const query = { where: { id: { in: [...new Set(ids)] } }, select: ["timelineAt"], archived: "include" } as const;
  for await (const { id, timelineAt } of context.activities.iterate(query)) places.set(id, timelineAt);
  return batch.map(({ input, before }) =>
    // Of an activity that is not there, the reference itself is refused.
    before ? undefined : { timelineAt: places.get(input.activityId ?? "") ?? context.now() },
  );
}

async function* inBatches<T>(records: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  let batch: T[] = [];
  for await (const record of records) {
    batch.push(record);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
