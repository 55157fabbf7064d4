/** The stays of records in stages: begun and ended at the very instant of a move, so that there is no gap. */
import type { PipelinedContext, PipelinedRecord } from "./pipelined-context.ts";

/** Begins the stay of each record in the stage where it is. */
export async function enterStages(
  { stays, actorId }: PipelinedContext,
  moved: readonly PipelinedRecord[],
): Promise<void> {
  await stays.createMany(
    moved.map(({ id, stageId, stageEnteredAt }) => ({
      recordId: id,
      stageId: stageId!,
      enteredAt: stageEnteredAt!,
      enteredBy: actorId,
    })),
  );
}

/** Ends the stay where each record was, at the instant of entering the one where it is now. At most as many as fit in one page. */
export async function leaveStages({ stays }: PipelinedContext, moved: readonly PipelinedRecord[]): Promise<void> {
  const leaving = new Map(moved.map(({ id, stageEnteredAt }) => [id, stageEnteredAt!]));
  if (leaving.size === 0) return;
  const open = await stays.list({
    where: { recordId: { in: [...leaving.keys()] }, leftAt: null },
    archived: "include",
    limit: leaving.size,
  });
  await stays.updateMany(
    open.items.map(({ id, recordId, enteredAt }) => {
      const leftAt = leaving.get(recordId)!;
      return { id, leftAt, durationMs: leftAt.getTime() - enteredAt.getTime() };
    }),
  );
}
