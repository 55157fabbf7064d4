/** Moves records through their pipeline: the only way in which a stage, and with it the status, changes. */
import { CrmError } from "../../errors.ts";
import { isUuid } from "../../kernel/value/id.ts";
import { changeStages, type StageMove } from "./change-stages.ts";
import { defaultPipeline } from "./default-pipeline.ts";
import { type CheckedMove, checkedMoves, type Move } from "./move-input.ts";
import type { PipelinedContext, PipelinedRecord } from "./pipelined-context.ts";
import type { PipelinedEntity } from "./pipelined-entity.ts";
import { knownStages, type StageRecord } from "./pipelines.ts";

/** So many are moved with one list of statements. */
const BATCH = 1_000;

/**
 * All or nothing, each record at most once. A move to the stage where the record is already, corrects its close date and its lost
 * reason where they are given, and changes nothing else. A record that is in no pipeline yet begins in the default one. Results are in
 * the order of the moves.
 */
export async function moveRecords(
  context: PipelinedContext,
  given: readonly Move[],
): Promise<readonly PipelinedRecord[]> {
  const moves = checkedMoves(context.entity, given);
  return inBatches(context, moves, moveBatch);
}

/** One unit for all of them. */
export function inBatches<T, R>(
  context: PipelinedContext,
  items: readonly T[],
  work: (tx: PipelinedContext, batch: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  return context.transaction(async (tx) => {
    const done: R[] = [];
    for (let from = 0; from < items.length; from += BATCH)
      done.push(...(await work(tx, items.slice(from, from + BATCH))));
    return done;
  });
}

/** At most as many as fit in one page; in a unit. */
export async function moveBatch(
  tx: PipelinedContext,
  moves: readonly CheckedMove[],
): Promise<readonly PipelinedRecord[]> {
  const records = await recordsOf(
    tx,
    moves.map(({ id }) => id),
  );
  const outside = records.some(({ pipelineId }) => pipelineId === null);
  const fallback = outside ? (await defaultPipeline(tx)).id : undefined;
  const stages = await knownStages(
    tx,
    records.map(({ pipelineId }) => pipelineId ?? fallback!),
  );
  return changeStages(
    tx,
    moves.map((move, i): StageMove => {
      const record = records[i]!;
      const own = stages.filter(({ pipelineId }) => pipelineId === (record.pipelineId ?? fallback));
      const from = own.find(({ id }) => id === record.stageId);
      return { ...move, record, from, to: targetOf(tx.entity, move, { from, stages: own }) };
    }),
  );
}

/** In the order of the ids. @throws `not_found` */
export async function recordsOf(
  { records, entity }: PipelinedContext,
  ids: readonly string[],
): Promise<readonly PipelinedRecord[]> {
  const known = entity.ids === "app" ? ids : ids.filter(isUuid);
  const page = await records.list({ where: { id: { in: known } }, archived: "include", limit: BATCH });
  const byId = new Map(page.items.map((record) => [record.id, record]));
  return ids.map((id) => {
    const record = byId.get(id);
    if (record) return record;
    throw new CrmError("not_found", `There is no ${entity.name} "${id}".`, { details: { entity: entity.name, id } });
  });
}

function targetOf(
  { name }: PipelinedEntity,
  { id, stage: key }: CheckedMove,
  { from, stages }: { readonly from: StageRecord | undefined; readonly stages: readonly StageRecord[] },
): StageRecord {
  const live = stages.filter((stage) => stage.archivedAt === null || stage === from);
  const to = live.find((stage) => stage.key === key);
  const others = live.filter((stage) => stage !== from).map((stage) => stage.key);
  const allowed = from?.nextStages?.filter((next) => others.includes(next)) ?? others;
  if (to && (to === from || allowed.includes(key))) return to;
  const why = to ? `its pipeline does not allow it` : `its pipeline has no stage "${key}"`;
  const choice =
    allowed.length === 0 ? "It cannot move anywhere from there." : `From there it can move to ${allowed.join(", ")}.`;
  const subject = `${name[0]!.toUpperCase()}${name.slice(1)} "${id}"`;
  const details = { entity: name, field: "stageId", id, from: from?.key ?? null, to: key, allowed };
  const message = from
    ? `${subject} cannot move from ${from.key} to ${key}: ${why}. ${choice}`
    : `${subject} cannot begin in ${key}: ${why}. It can begin in ${allowed.join(", ")}.`;
  throw new CrmError("move_not_allowed", message, { details });
}
