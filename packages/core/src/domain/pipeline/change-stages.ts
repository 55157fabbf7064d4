/** Writes changes of stage, with what belongs to them: the closing, the stays, the events. */
import { CrmError, type InputIssue } from "../../errors.ts";
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import { enteredPosition } from "./board-position.ts";
import { type LostReasonRecord, lostReasonIssues, lostReasonsOf } from "./lost-reasons.ts";
import type { CheckedMove, MoveOptions } from "./move-input.ts";
import type { PipelinedContext, PipelinedPatch, PipelinedRecord } from "./pipelined-context.ts";
import type { StageRecord } from "./pipelines.ts";
import { requireFields } from "./required-fields.ts";
import { changeOf, closeDateIssues, type Moment, momentOf, stageChange } from "./stage-change.ts";
import { enterStages, leaveStages } from "./stays.ts";

/** A move whose stages are known to be allowed. */
export interface StageMove extends MoveOptions, Pick<CheckedMove, "boardPosition"> {
  readonly record: PipelinedRecord;
  /** Undefined for a record that is in no pipeline yet. */
  readonly from: StageRecord | undefined;
  readonly to: StageRecord;
  /** Its place in a list of moves. */
  readonly index?: number;
}

/** At most as many as fit in one page; in a unit. Results are in the order of the moves. */
export async function changeStages(
  tx: PipelinedContext,
  moves: readonly StageMove[],
): Promise<readonly PipelinedRecord[]> {
  const moment = await momentOf(
    tx,
    moves.map(({ to }) => to),
  );
  const reasons = moves.some(({ lostReason }) => lostReason !== undefined) ? await lostReasonsOf(tx) : [];
  refuseClosings(tx, moves, { moment, reasons });
  const updated = await updateRecords(
    tx,
    moves,
    moves.map((move, i) => ({ ...patchOf(tx, move, { moment, reasons }), ...positionOf(move, moment.now, i) })),
  );
  const changing = moves.flatMap((move, i) => (move.from?.id === move.to.id ? [] : [{ ...move, record: updated[i]! }]));
  requireFields(tx.entity, changing);
  const moved = changing.map(({ record }) => record);
  await leaveStages(tx, moved);
  await enterStages(tx, moved);
  for (const { record, from, to } of changing) await tx.stageChanged(record.id, stageChange(from, to));
  return updated;
}

interface Known {
  readonly moment: Moment;
  readonly reasons: readonly LostReasonRecord[];
}

/** @throws `invalid_input`, telling all that is wrong with close dates, reasons and notes. */
function refuseClosings({ entity }: PipelinedContext, moves: readonly StageMove[], { moment, reasons }: Known): void {
  const issues = moves.flatMap(
    ({ record, from, to, closeDate, lostReason, lostNote, index }): readonly InputIssue[] => {
      const note = from?.id === to.id ? record.lostNote : null;
      const found = [
        ...(closeDate === undefined
          ? []
          : closeDateIssues(entity, { to, createdAt: record.createdAt, closeDate }, after(moment, record))),
        ...lostReasonIssues({ to, lostReason, lostNote, note, reasons }),
      ];
      return index === undefined ? found : found.map((issue) => ({ ...issue, index }));
    },
  );
  if (issues.length > 0) throw invalidInput(entity.name, issues);
}

function patchOf(
  { entity }: PipelinedContext,
  { record, from, to, closeDate, lostReason, lostNote, set = {} }: StageMove,
  { moment, reasons }: Known,
): PipelinedPatch {
  const lostReasonId = reasons.find(({ key }) => key === lostReason)?.id;
  const { createdAt } = record;
  if (from?.id !== to.id) {
    const closing = { closeDate, lostReasonId, lostNote };
    return { ...set, ...changeOf(entity, { to, createdAt, closing }, after(moment, record)) };
  }
  if (closeDate === undefined && lostReason === undefined && lostNote === undefined) return set;
  // It stays where it is: what is given is corrected, and nothing else.
  const closing = {
    closeDate: closeDate ?? record.actualCloseDate ?? undefined,
    lostReasonId: lostReasonId ?? record.lostReasonId ?? undefined,
    lostNote: lostNote ?? record.lostNote ?? undefined,
  };
  const change = changeOf(entity, { to, createdAt, closing }, moment);
  return {
    ...set,
    actualCloseDate: change.actualCloseDate ?? null,
    salesCycleDays: change.salesCycleDays ?? null,
    lostReasonId: change.lostReasonId ?? null,
    lostNote: change.lostNote ?? null,
  };
}

function positionOf({ from, to, boardPosition }: StageMove, now: Date, index: number): PipelinedPatch {
  if (boardPosition !== undefined) return { boardPosition };
  return from?.id === to.id ? {} : { boardPosition: enteredPosition(now, index) };
}

/** A clock that has stepped back does not make a stay shorter than nothing. */
function after(moment: Moment, { stageEnteredAt }: PipelinedRecord): Moment {
  return stageEnteredAt === null || moment.now >= stageEnteredAt ? moment : { ...moment, now: stageEnteredAt };
}

/** What is wrong with the fields that moves bring is told by the places of the moves. */
async function updateRecords(
  { records, entity }: PipelinedContext,
  moves: readonly StageMove[],
  patches: readonly PipelinedPatch[],
): Promise<readonly PipelinedRecord[]> {
  try {
    return await records.updateMany(
      moves.map(({ record, version }, i) => ({
        ...patches[i],
        id: record.id,
        ...(version === undefined ? {} : { version }),
      })),
    );
  } catch (error) {
    if (!CrmError.is(error, "invalid_input") || error.details.entity !== entity.name) throw error;
    const issues = (error.details.issues ?? []).map(({ index, ...issue }) => {
      const place = index === undefined ? undefined : moves[index]?.index;
      return place === undefined ? issue : { ...issue, index: place };
    });
    throw invalidInput(entity.name, issues);
  }
}
