/** What one can do with records that go through pipelines, whatever they are. */
import { type BoardOperations, boardOperations } from "../board/board-operations.ts";
import { type PipelineReports, pipelineReports } from "../pipeline-report/pipeline-reports.ts";
import type { Move, MoveOptions } from "./move-input.ts";
import { moveRecords } from "./move-records.ts";
import { moveToPipeline, type PipelineMove } from "./move-to-pipeline.ts";
import { pipelinedContext } from "./pipelined-context.ts";
import type { PipelinedPlace } from "./pipelined-entity.ts";
import type { DefinedPipeline } from "./pipelines.ts";
import { mergeStages, retireStage, type StageMerger, type StageRetirement } from "./retire-stage.ts";

/** `R` is the record; `Values` are the fields of it that a move may bring along; `W` are conditions on it. */
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
  /**
   * Moves one to another pipeline: to the stage that is named, or that its own one is mapped to by `stages`; else to the one of the same
   * key, or else to the first of the same phase, where the outcome is the same. What a pipeline says of next stages does not count
   * here; required fields and guards do. A record that is in the pipeline already stays where it is.
   *
   * @throws `move_not_allowed`, naming the stages that lead nowhere; `not_found`; `invalid_input`; and what guards throw.
   */
  moveToPipeline(id: string, to: PipelineMove<Values>): Promise<R>;
  /** Moves many, or all that match, the archived ones too; all or nothing. */
  moveToPipeline(which: readonly string[] | { readonly where: W }, to: PipelineMove<Values>): Promise<readonly R[]>;
  /**
   * Archives a stage: nothing enters it any more, and what is in it stays and may leave, or goes to the stage that is named. What led
   * there leads to that one. A definition of the pipeline may leave it out from then on.
   *
   * @throws `invalid_input` for stages that are none, where another stage would lead nowhere, or where no open one would be left.
   */
  retireStage(retirement: StageRetirement): Promise<DefinedPipeline>;
  /**
   * Makes two stages of the same outcome one. Records stay where they are, since when they are, under the other stage; past stays count
   * for it too, and what they were before is in their history. No move is told of. Required fields and guards of the other stage hold.
   *
   * @throws as `retireStage`
   */
  mergeStages(merger: StageMerger): Promise<DefinedPipeline>;
}

export function pipelinedOperations({
  context: plugin,
  entity,
}: PipelinedPlace): PipelinedOperations<object, object, object> {
  const context = () => pipelinedContext(plugin, entity);
  const operations = {
    ...boardOperations(context),
    ...pipelineReports(context),
    moveTo: async (id: string, stage: string, options: MoveOptions = {}) =>
      (await moveRecords(context(), [{ ...options, id, stage }]))[0],
    moveMany: (moves: readonly Move[]) => moveRecords(context(), moves),
    async moveToPipeline(which: unknown, to: unknown) {
      const moved = await moveToPipeline(context(), which, to);
      return typeof which === "string" ? moved[0] : moved;
    },
    retireStage: (retirement: StageRetirement) => retireStage(context(), retirement),
    mergeStages: (merger: StageMerger) => mergeStages(context(), merger),
  };
  return operations as unknown as PipelinedOperations<object, object, object>;
}
