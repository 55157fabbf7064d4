/** What an entity needs so that its records go through pipelines: fields of its own, an entity of their stays in stages, and `pipelined`. */
import { defineEntity, type Entity } from "../../kernel/entity/define-entity.ts";
import type { AnyField, Fields } from "../../kernel/entity/field.ts";
import { date, decimal, instant, integer, oneOf, reference, text } from "../../kernel/entity/fields.ts";
import type { BaseFields, Inputs, ValueOf } from "../../kernel/entity/model.ts";
import type { ContextBase } from "../../kernel/plugin/handle.ts";
import {
  type ChangedRecord,
  type PipelinedEntity,
  type ProposedRecord,
  pipelinedContext,
} from "./pipelined-context.ts";
import { type PipelinedOperations, pipelinedOperations } from "./pipelined-operations.ts";
import { type StagePatch, stageChangeSchema } from "./stage-change.ts";
import type { StandardPipeline } from "./standard-pipeline.ts";
import { enterFirstStage, startInPipeline } from "./start-records.ts";

/**
 * The fields of an entity whose records are always in a pipeline. `inverse` names its records at their pipeline and stage: its plural.
 * All but the first two are written by moves.
 */
export function pipelineFields<const Inverse extends string>(inverse: Inverse) {
  return {
    /** The default pipeline of the entity, unless one is named at creation. */
    pipelineId: reference("pipeline", { inverse }).assigned().written("once"),
    /** The pipeline's first open stage, unless one is named at creation; then it changes by `moveTo` only. */
    stageId: reference("stage", { inverse }).assigned().written("once"),
    /** The outcome of the stage. */
    status: oneOf("open", "won", "lost").default("open").written("operations"),
    stageEnteredAt: instant().assigned().written("operations"),
    ...closing(inverse),
  };
}

/**
 * The fields of an entity whose records may go through a pipeline: absent until the first move. A supplier or a journalist is no
 * prospect only because it is known.
 */
export function lifecycleFields<const Inverse extends string>(inverse: Inverse) {
  return {
    pipelineId: reference("pipeline", { inverse }).optional().written("once"),
    stageId: reference("stage", { inverse }).optional().written("once"),
    /** The outcome of the stage: of a lifecycle, won is a customer, lost is a former one. */
    status: oneOf("open", "won", "lost").optional().written("operations"),
    stageEnteredAt: instant().optional().written("operations"),
    ...closing(inverse),
  };
}

function closing<const Inverse extends string>(inverse: Inverse) {
  return {
    /** The day on which it was won or lost. */
    actualCloseDate: date().optional().written("operations"),
    /** Days from creation to close. */
    salesCycleDays: integer().optional().written("operations"),
    lostReasonId: reference("lostReason", { inverse }).optional().written("operations"),
    /** What there is to say besides the reason. */
    lostNote: text().optional().written("operations"),
    /** Its place in the column of a board that is ordered by hand: compared as text; null comes last. */
    boardPosition: text({ maxLength: 200 }).optional().written("operations"),
  };
}

/**
 * The stays of an entity's records in stages, written by moves only: entered, left, by whom, how long. `recordId` is the record;
 * the record's side is `stageEntries`, the stage's `inverse`.
 */
export function defineStageEntry<const N extends string, const P extends string, const R extends string>(
  name: N,
  { plural, of }: { readonly plural: P; readonly of: R },
) {
  return defineEntity(name, {
    plural,
    written: "operations",
    fields: {
      recordId: reference(of, { inverse: "stageEntries", onDelete: "cascade" }),
      stageId: reference("stage", { inverse: plural }),
      enteredAt: instant(),
      enteredBy: text().optional(),
      /** Null while the record is in the stage. */
      leftAt: instant().optional(),
      durationMs: integer({ min: 0 }).optional(),
    },
    indexes: [["recordId", "enteredAt"]],
  });
}

/** In per cent. Follows the stage; one set by hand lasts until the next move. */
export const stageProbability = () => decimal({ scale: 2, min: 0, max: 100 }).assigned();

/** What an entity must have to be pipelined. */
type PipelineFields = { readonly [K in keyof ReturnType<typeof lifecycleFields>]: AnyField };
type RecordWith<F> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** Beside the fields that are known here, those of extensions: they are checked with the write. */
export type MoveValues<F> = Inputs<F>["update"] & { readonly [field: string]: unknown };

/** What a plugin whose entity is pipelined puts into its definition. */
export interface Pipelined<N extends string, F extends Fields> {
  /** What the code of pipelines knows of it. */
  readonly entity: PipelinedEntity;
  /** Start new records in their pipeline. */
  readonly hooks: PipelinedHooks;
  /** `entity.stage_changed`, with the places from and to which a move has led. */
  readonly events: { readonly [K in `${N}.stage_changed`]: typeof stageChangeSchema };
  operations(context: ContextBase): PipelinedOperations<RecordWith<F & BaseFields>, MoveValues<F>>;
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
        startInPipeline(pipelinedContext(context, entity), batch as readonly ProposedRecord[]),
      after: (context, batch) => enterFirstStage(pipelinedContext(context, entity), batch as readonly ChangedRecord[]),
    },
    events: { [`${name}.stage_changed`]: stageChangeSchema } as Pipelined<N, F>["events"],
    operations: (context) => pipelinedOperations(context, entity),
  };
}
