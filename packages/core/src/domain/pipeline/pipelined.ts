/** Lets the records of an entity go through pipelines. */
import type { Entity } from "../../kernel/entity/define-entity.ts";
import type { AnyField, Fields } from "../../kernel/entity/field.ts";
import type { BaseFields, FilterOf, Inputs, ValueOf } from "../../kernel/entity/model.ts";
import { loadedFunction, loadedFunctions } from "../../kernel/loaded.ts";
import type { ContextBase } from "../../kernel/plugin/handle.ts";
import type { StandardPipeline } from "./pipeline-definition.ts";
import type { lifecycleFields } from "./pipeline-fields.ts";
import type { ChangedRecord, ProposedRecord } from "./pipelined-context.ts";
import { hasField, mayBeOutside, type PipelinedEntity, type PipelinedPlace } from "./pipelined-entity.ts";
import type { PipelinedOperations } from "./pipelined-operations.ts";
import type { StagePatch } from "./stage-change.ts";
import { stageChangeSchema } from "./stage-changed.ts";

/** What an entity must have to be pipelined. */
type PipelineFields = { readonly [K in keyof ReturnType<typeof lifecycleFields>]: AnyField };
type RecordWith<F> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** Beside the fields that are known here, those of extensions: they are checked with the write. */
export type MoveValues<F> = Inputs<F>["update"] & { readonly [field: string]: unknown };

/** Beside the fields that are known here, those of extensions, and relations: they are checked where they are compiled. */
type Conditions<F> = FilterOf<F> & { readonly [name: string]: unknown };

/** What a plugin whose entity is pipelined puts into its definition. */
export interface Pipelined<N extends string, F extends Fields> {
  /** What the code of pipelines knows of it. */
  readonly entity: PipelinedEntity;
  /** Start new records in their pipeline. */
  readonly hooks: PipelinedHooks;
  /** `entity.stage_changed`, with the places from and to which a move has led. */
  readonly events: { readonly [K in `${N}.stage_changed`]: typeof stageChangeSchema };
  operations(
    context: ContextBase,
  ): PipelinedOperations<RecordWith<F & BaseFields>, MoveValues<F>, Conditions<F & BaseFields>>;
}

export interface PipelinedHooks {
  before(context: ContextBase, batch: readonly object[]): Promise<readonly (StagePatch | undefined)[]>;
  after(context: ContextBase, batch: readonly object[]): Promise<void>;
}

/**
 * Lets the records of an entity go through pipelines. The plugin that declares the entity, and its stays, is the one that takes the parts.
 * `standard` is the pipeline that is made at first use where none of the entity has ever been defined.
 */
export function pipelined<const N extends string, F extends Fields & PipelineFields>(
  { name, plural, ids, fields }: Entity<N, string, F>,
  { stays, standard }: { readonly stays: Entity; readonly standard?: StandardPipeline },
): Pipelined<N, F> {
  const entity: PipelinedEntity = { name, plural, ids, fields, stays: stays.plural, standard };
  return {
    entity,
    hooks: {
      before: (context, batch) =>
        concernsPipeline(entity, batch as readonly ProposedRecord[])
          ? startRecords({ context, entity }, batch as readonly ProposedRecord[])
          : NO_PATCHES,
      after: (context, batch) =>
        entersStage(batch as readonly ChangedRecord[])
          ? enterStages({ context, entity }, batch as readonly ChangedRecord[])
          : NOTHING,
    },
    events: { [`${name}.stage_changed`]: stageChangeSchema } as Pipelined<N, F>["events"],
    operations: (context) => operationsOf({ context, entity }) as never,
  };
}

const NO_PATCHES = Promise.resolve([]);
const NOTHING = Promise.resolve();

const startRecords = loadedFunction(async () => (await import("../hook-rules.ts")).startRecords);
const enterStages = loadedFunction(async () => (await import("../hook-rules.ts")).enterStages);
const operationsOf = loadedFunctions<PipelinedPlace, PipelinedOperations<object, object, object>>(
  {
    board: true,
    boardColumn: true,
    place: true,
    stale: true,
    withoutNextStep: true,
    conversion: true,
    timeInStage: true,
    winRate: true,
    moveTo: true,
    moveMany: true,
    moveToPipeline: true,
    retireStage: true,
    mergeStages: true,
  },
  async () => (await import("./pipelined-operations.ts")).pipelinedOperations,
);

/** Whether the code of pipelines has anything to do: not for new records that stay outside, nor for updates that leave the probability. */
function concernsPipeline(entity: PipelinedEntity, batch: readonly ProposedRecord[]): boolean {
  const outside = mayBeOutside(entity);
  const probable = hasField(entity, "probability");
  return batch.some(({ input: { pipelineId, stageId, probability }, before }) =>
    before ? probable && probability !== undefined : !outside || (pipelineId ?? stageId ?? null) !== null,
  );
}

function entersStage(batch: readonly ChangedRecord[]): boolean {
  return batch.some(({ before, after }) => after?.stageId && before?.stageId !== after.stageId);
}
