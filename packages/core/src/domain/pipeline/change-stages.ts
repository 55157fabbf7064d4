/** Writes changes of stage, with what belongs to them: the closing, the stays, the events. */
import { CrmError, type InputIssue } from "../../errors.ts";
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import { enteredPosition } from "../board/board-position.ts";
import { lockEntered } from "./lock-stages.ts";
import { type LostReasonRecord, lostReasonIssues, lostReasonsOf } from "./lost-reasons.ts";
import type { CheckedMove, MoveOptions } from "./move-input.ts";
import type { PipelinedContext, PipelinedPatch, PipelinedRecord } from "./pipelined-context.ts";
import { hasField } from "./pipelined-entity.ts";
import type { StageRecord } from "./pipelines.ts";
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

interface Known {
  readonly moment: Moment;
  readonly reasons: readonly LostReasonRecord[];
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
  const given = moves.some(({ lostReason, lostNote }) => lostReason !== undefined || lostNote !== undefined);
  const reasons = given ? await lostReasonsOf(tx) : [];
  refuseClosings(tx, moves, { moment, reasons });
  const known = { moment, reasons };
  const [moving, staying] = [moves.filter((move) => !stays(move)), moves.filter(stays)];
  await lockEntered(
    tx,
    moving.map(({ to }) => to),
  );
  const moved = await updateRecords(tx, moving, known);
  await leaveStages(tx, moved);
  await enterStages(tx, moved);
  await tx.stagesChanged(moving.map(({ record, from, to }) => ({ recordId: record.id, data: stageChange(from, to) })));
  const updated = [...moved, ...(await updateRecords(tx, staying, known))];
  const byId = new Map(updated.map((record) => [record.id, record]));
  return moves.map(({ record }) => byId.get(record.id)!);
}

const stays = ({ from, to }: StageMove) => from?.id === to.id;

/** @throws `invalid_input`, telling all that is wrong with close dates, reasons and notes. */
function refuseClosings({ entity }: PipelinedContext, moves: readonly StageMove[], { moment, reasons }: Known): void {
  const issues = moves.flatMap((move): readonly InputIssue[] => {
    const { record, from, to, closeDate, lostReason, lostNote, index } = move;
    const was = from?.outcome === to.outcome ? record : undefined;
    const found = [
      ...(closeDate === undefined
        ? []
        : closeDateIssues(entity, { to, createdAt: record.createdAt, closeDate }, after(moment, record))),
      ...lostReasonIssues({ to, lostReason, lostNote, was, reasons }),
    ];
    return index === undefined ? found : found.map((issue) => ({ ...issue, index }));
  });
  if (issues.length > 0) throw invalidInput(entity.name, issues);
}

function patchOf({ entity }: PipelinedContext, move: StageMove, { moment, reasons }: Known): PipelinedPatch {
  const { record, from, to, closeDate, lostReason, lostNote, set = {} } = move;
  // From one closed stage to another of the same outcome, or in the same stage, it stays closed as it was, but for what is given.
  const was = from?.outcome === to.outcome ? record : undefined;
  const closing = {
    closeDate: closeDate ?? was?.actualCloseDate ?? undefined,
    lostReasonId: reasons.find(({ key }) => key === lostReason)?.id ?? was?.lostReasonId ?? undefined,
    lostNote: lostNote ?? was?.lostNote ?? undefined,
  };
  const change = changeOf(entity, { to, createdAt: record.createdAt, closing }, after(moment, record));
  if (!stays(move)) {
    const { probability } = set as PipelinedPatch;
    const byHand = to.outcome === "open" && probability !== undefined && hasField(entity, "probability");
    return { ...set, ...change, ...(byHand ? { probability } : {}) };
  }
  const { actualCloseDate, salesCycleDays, lostReasonId, lostNote: note } = change;
  return { ...set, actualCloseDate, salesCycleDays, lostReasonId, lostNote: note };
}

function positionOf(move: StageMove, now: Date, index: number): PipelinedPatch {
  if (move.boardPosition !== undefined) return { boardPosition: move.boardPosition };
  return stays(move) ? {} : { boardPosition: enteredPosition(now, index) };
}

/** A clock that has stepped back does not make a stay shorter than nothing. */
function after(moment: Moment, { stageEnteredAt }: PipelinedRecord): Moment {
  return stageEnteredAt === null || moment.now >= stageEnteredAt ? moment : { ...moment, now: stageEnteredAt };
}

/** Refused where somebody else has moved the record meanwhile. What is wrong is told by the places of the moves. */
async function updateRecords(
  tx: PipelinedContext,
  moves: readonly StageMove[],
  known: Known,
): Promise<readonly PipelinedRecord[]> {
  const { records, entity } = tx;
  if (moves.length === 0) return [];
  try {
    return await records.updateMany(
      moves.map((move, i) => {
        const { record, version = record.version } = move;
        const position = positionOf(move, known.moment.now, i);
        return { ...patchOf(tx, move, known), ...position, id: record.id, version };
      }),
    );
  } catch (error) {
    if (!CrmError.is(error, "invalid_input") || error.details.entity !== entity.name) throw error;
    const only = moves.length === 1 ? 0 : -1;
    const issues = (error.details.issues ?? []).map(({ index = only, ...issue }) => {
      const place = moves[index]?.index;
      return place === undefined ? issue : { ...issue, index: place };
    });
    throw invalidInput(entity.name, issues);
  }
}
