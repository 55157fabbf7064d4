/** What one can do with records that go through pipelines, whatever they are. */
import type { ContextBase } from "../../kernel/plugin/handle.ts";
import { type BoardOperations, boardOperations } from "./board-operations.ts";
import type { Move, MoveOptions } from "./move-input.ts";
import { moveRecords } from "./move-records.ts";
import { type PipelineReports, pipelineReports } from "./pipeline-reports.ts";
import { type PipelinedEntity, pipelinedContext } from "./pipelined-context.ts";

/** `R` is the record; `Values` are the fields of it that a move may bring along; `W` is a condition on records. */
export interface PipelinedOperations<R, Values, W> extends BoardOperations<R, Values, W>, PipelineReports<R, W> {
  /**
   * Moves one to another stage of its pipeline, by the stage's key; one that is in no pipeline yet begins in a stage of the default one.
   *
   * @throws `move_not_allowed`, naming the stages that are; `invalid_input`, naming the fields that the stage requires and that are
   * missing; `not_found`; `stale_version`; and what guards throw.
   */
  moveTo(id: string, stage: string, options?: MoveOptions<Values>): Promise<R>;
  /** Moves many, all or nothing, each at most once. */
  moveMany(moves: readonly Move<Values>[]): Promise<readonly R[]>;
}

export function pipelinedOperations<R, Values, W>(
  plugin: ContextBase,
  entity: PipelinedEntity,
): PipelinedOperations<R, Values, W> {
  const context = () => pipelinedContext(plugin, entity);
  const operations: PipelinedOperations<unknown, object, object> = {
    ...boardOperations(context),
    ...pipelineReports(context),
    async moveTo(id, stage, options = {}) {
      const [moved] = await moveRecords(context(), [{ ...options, id, stage } as Move]);
      return moved;
    },
    moveMany: (moves) => moveRecords(context(), moves as readonly Move[]),
  };
  return operations as PipelinedOperations<R, Values, W>;
}
