/** What an entity needs so that its records go through pipelines: fields of its own, and an entity of their stays in stages. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { date, decimal, instant, integer, oneOf, reference, text } from "../../kernel/entity/fields.ts";

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
      recordId: reference(of, { inverse: "stageEntries", onDelete: "cascade", onMerge: "drop" }),
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
