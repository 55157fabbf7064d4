/** What changes in a record when its stage does. */
import type { InputIssue } from "../../errors.ts";
import { daysBetween, isDate } from "../../kernel/value/calendar.ts";
import type { PipelinedContext } from "./pipelined-context.ts";
import { hasField, type PipelinedEntity } from "./pipelined-entity.ts";
import type { StageRecord } from "./pipelines.ts";
import type { StageChange } from "./stage-changed.ts";

export function stageChange(from: StageRecord | undefined, to: StageRecord): StageChange {
  return { from: from ? placeOf(from) : null, to: placeOf(to) };
}

function placeOf({ pipelineId, id, key, outcome }: StageRecord) {
  return { pipelineId, stageId: id, stage: key, outcome };
}

/** How a record is closed, as far as it is given. */
export interface Closing {
  readonly closeDate?: string | undefined;
  readonly lostReasonId?: string | undefined;
  readonly lostNote?: string | undefined;
}

/** The instant of a change, and the organisation's days: what falls on which one. */
export interface Moment {
  readonly now: Date;
  dayOf(instant: Date): string;
}

/** One query where something closes, none otherwise. */
export async function momentOf(context: PipelinedContext, stages: readonly StageRecord[]): Promise<Moment> {
  const closes = stages.some(({ outcome }) => outcome !== "open");
  return { now: context.now(), dayOf: closes ? await context.dayOf() : () => "" };
}

/** What a change of stage writes. */
export interface StagePatch {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly status: StageRecord["outcome"];
  readonly probability?: string;
  readonly stageEnteredAt: Date;
  readonly boardPosition?: string;
  readonly actualCloseDate: string | null;
  readonly salesCycleDays: number | null;
  readonly lostReasonId: string | null;
  readonly lostNote: string | null;
}

/** Probability follows the stage; closing sets the actual close date, reopening clears it. */
export function changeOf(
  entity: PipelinedEntity,
  { to, createdAt, closing }: { readonly to: StageRecord; readonly createdAt: Date; readonly closing: Closing },
  { now, dayOf }: Moment,
): StagePatch {
  const closes = to.outcome !== "open";
  const day = closing.closeDate ?? dayOf(now);
  return {
    pipelineId: to.pipelineId,
    stageId: to.id,
    status: to.outcome,
    ...(hasField(entity, "probability") ? { probability: to.probability } : {}),
    stageEnteredAt: now,
    actualCloseDate: closes ? day : null,
    salesCycleDays: closes ? daysBetween(dayOf(createdAt), day) : null,
    lostReasonId: closing.lostReasonId ?? null,
    lostNote: closing.lostNote ?? null,
  };
}

/** What is wrong with a close date. */
export function closeDateIssues(
  entity: PipelinedEntity,
  { to, createdAt, closeDate }: { readonly to: StageRecord; readonly createdAt: Date; readonly closeDate: string },
  { now, dayOf }: Moment,
): readonly InputIssue[] {
  const problem = () => {
    if (to.outcome === "open") return `is only for a stage that closes, and ${to.key} does not`;
    if (!isDate(closeDate)) return "is not a day that exists, as YYYY-MM-DD";
    if (closeDate > dayOf(now)) return `is ${closeDate}, which is later than the move itself`;
    if (closeDate < dayOf(createdAt)) return `is ${closeDate}, which is before the ${entity.name} was created`;
    return undefined;
  };
  const message = problem();
  return message === undefined ? [] : [{ field: "closeDate", code: "out_of_range", message }];
}
