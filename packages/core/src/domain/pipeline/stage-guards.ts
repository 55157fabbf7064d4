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
export type StageGuard<C, R> = (context: C, batch: readonly StagePassage<R>[]) => Promise<void> | void;

export interface GuardedStage<C, R> {
  /** The key of the pipeline; of any pipeline of the entity, unless given. */
  readonly pipeline?: string;
  /** The key of the stage. */
  readonly stage: string;
  readonly onEnter?: StageGuard<C, R>;
  readonly onLeave?: StageGuard<C, R>;
}

interface InStage {
  readonly stageId: string | null;
}

/** Hooks for an entity that goes through pipelines, to stand in `hooks` of a plugin or of the application. */
export interface StageGuardHooks<C, R> {
  after(context: C, batch: readonly { readonly before?: R; readonly after?: R }[]): Promise<void>;
}

/**
 * Hooks that ask guards, in their order, whenever records enter or leave a stage: by a move, by being created in it, by a merger of stages.
 * Required fields are there by then. Guards see the records as they are after the write, in its unit.
 *
 * @example
 * ```ts
 * import { CrmError, definePlugin, stageGuards } from "@relata/core/plugin";
 *
 * export const reviews = () =>
 *   definePlugin({
 *     id: "reviews",
 *     hooks: {
 *       opportunity: stageGuards([
 *         {
 *           pipeline: "sales",
 *           stage: "proposal",
 *           onEnter(_context, batch) {
 *             const unowned = batch.find(({ after }) => after.ownerId === null);
 *             if (unowned) throw new CrmError("owner_missing", `Who makes the proposal of ${unowned.after.name}?`);
 *           },
 *         },
 *       ]),
 *     },
 *   });
 * ```
 */
export function stageGuards<C extends ContextBase, R extends InStage>(
  guards: readonly GuardedStage<C, R>[],
): StageGuardHooks<C, R> {
  return {
    async after(context, batch) {
      const passages = passagesOf(batch);
      if (passages.length === 0) return;
      const places = await placesOf(context, passages);
      for (const guard of guards) {
        const isAt = (stageId: string | null) => {
          const place = stageId === null ? undefined : places.get(stageId);
          return place?.stage === guard.stage && (guard.pipeline ?? place.pipeline) === place.pipeline;
        };
        const leaving = passages.filter(({ from }) => isAt(from));
        const entering = passages.filter(({ to }) => isAt(to));
        if (leaving.length > 0) await guard.onLeave?.(context, leaving.map(passageOf));
        if (entering.length > 0) await guard.onEnter?.(context, entering.map(passageOf));
      }
    },
  };
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
