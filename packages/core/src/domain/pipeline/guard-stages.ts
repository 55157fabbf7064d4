/** Guards in code: what must hold for records to enter or to leave a stage. */
import type { ContextBase } from "../../kernel/plugin/handle.ts";
import { stagesIn } from "./pipelined-context.ts";

/** A record that goes from one stage to another, before and after. */
export interface StagePassage<R> {
  /** Absent for a new record. */
  readonly before?: R;
  readonly after: R;
}

/** What it throws refuses the whole write. It gets all records of the write that pass, at once. */
export type StageGuard<R> = (passing: readonly StagePassage<R>[]) => Promise<void> | void;

export interface GuardedStage<R> {
  /** The key of the pipeline; of any pipeline of the entity, unless given. */
  readonly pipeline?: string;
  /** The key of the stage. */
  readonly stage: string;
  readonly onEnter?: StageGuard<R>;
  readonly onLeave?: StageGuard<R>;
}

interface InStage {
  readonly stageId: string | null;
}

/**
 * Asks guards, in their order, where records enter or leave a stage: by a move, by being created in it, by a merger of stages. For the
 * `after` hook of an entity that goes through pipelines: required fields are there by then, records are as they are after the write, and
 * what guards write is in its unit. One query where a stage has changed, none otherwise.
 *
 * @example
 * ```ts
 * import { CrmError, definePlugin, guardStages } from "@relata/core/plugin";
 *
 * export const reviews = () =>
 *   definePlugin({
 *     id: "reviews",
 *     hooks: {
 *       opportunity: {
 *         after: (context, batch) =>
 *           guardStages(context, batch, [
 *             {
 *               pipeline: "sales",
 *               stage: "proposal",
 *               onEnter(entering) {
 *                 const unowned = entering.find(({ after }) => after.ownerId === null);
 *                 if (unowned) throw new CrmError("owner_missing", `Who makes the proposal of ${unowned.after.name}?`);
 *               },
 *             },
 *           ]),
 *       },
 *     },
 *   });
 * ```
 */
export async function guardStages<R extends InStage>(
  context: ContextBase,
  batch: readonly { readonly before?: R; readonly after?: R }[],
  guards: readonly GuardedStage<NoInfer<R>>[],
): Promise<void> {
  const passages = passagesOf(batch);
  if (passages.length === 0) return;
  const places = await placesOf(context, passages);
  for (const { pipeline, stage, onEnter, onLeave } of guards) {
    const isAt = (stageId: string | null) => {
      const place = stageId === null ? undefined : places.get(stageId);
      return place?.stage === stage && (pipeline ?? place.pipeline) === place.pipeline;
    };
    const leaving = passages.filter(({ from }) => isAt(from));
    const entering = passages.filter(({ to }) => isAt(to));
    if (leaving.length > 0) await onLeave?.(leaving.map(passageOf));
    if (entering.length > 0) await onEnter?.(entering.map(passageOf));
  }
}

interface Passage<R> extends StagePassage<R> {
  /** Ids of the stages. */
  readonly from: string | null;
  readonly to: string | null;
}

function passageOf<R>({ before, after }: Passage<R>): StagePassage<R> {
  return { after, ...(before === undefined ? {} : { before }) };
}

/** Those whose stage differs. */
function passagesOf<R extends InStage>(
  batch: readonly { readonly before?: R; readonly after?: R }[],
): readonly Passage<R>[] {
  return batch.flatMap(({ before, after }): Passage<R>[] => {
    if (after === undefined || (before?.stageId ?? null) === after.stageId) return [];
    return [{ after, ...(before ? { before } : {}), from: before?.stageId ?? null, to: after.stageId }];
  });
}

/** By the ids of stages: the keys of the stage and of its pipeline. */
async function placesOf(context: ContextBase, passages: readonly Passage<unknown>[]) {
  const ids = [...new Set(passages.flatMap(({ from, to }) => [from ?? [], to ?? []].flat()))];
  const places = new Map<string, { readonly pipeline: string; readonly stage: string }>();
  const query = { where: { id: { in: ids } }, include: { pipeline: true }, archived: "include" } as const;
  for await (const { id, key, pipeline } of stagesIn(context).iterate(query))
    places.set(id, { pipeline: pipeline!.key, stage: key });
  return places;
}
