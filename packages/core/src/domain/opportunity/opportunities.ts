/** What one can do with opportunities, and the hooks that start them in their pipeline. */
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import type { PatchInput } from "../../kernel/entity/model.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { type BoardColumn, type BoardQuery, pipelineBoard } from "../pipeline/board.ts";
import { defaultPipeline, type StageRecord, stagesOf } from "../pipeline/pipelines.ts";
import { type CloneOperations, cloneOperations } from "./clone-opportunity.ts";
import {
  changeOf,
  enterStages,
  type Move,
  type MoveOptions,
  moveOpportunities,
  type OpportunityRecord,
} from "./move-opportunities.ts";
import { type ContactRoleOperations, contactRoleOperations } from "./opportunity-contacts.ts";
import { type SplitOperations, splitOperations } from "./opportunity-splits.ts";

export interface OpportunityOperations extends ContactRoleOperations, SplitOperations, CloneOperations {
  /**
   * Moves one to another stage of its pipeline, by the stage's key.
   *
   * @throws `move_not_allowed`, naming the stages that are; `not_found`; `stale_version`.
   */
  moveTo(id: string, stage: string, options?: MoveOptions): Promise<OpportunityRecord>;
  /** Moves many, all or nothing. */
  moveMany(moves: readonly Move[]): Promise<readonly OpportunityRecord[]>;
  /** The stages of a pipeline with count, amount and weighted amount of the opportunities in each. */
  board(query?: BoardQuery): Promise<readonly BoardColumn[]>;
}

export function opportunityOperations(context: DomainContext): OpportunityOperations {
  return {
    async moveTo(id, stage, options = {}) {
      const [moved] = await moveOpportunities(context, [{ ...options, id, stage }]);
      return moved!;
    },
    moveMany: (moves) => moveOpportunities(context, moves),
    board: (query) => pipelineBoard(context, query),
    ...contactRoleOperations(context),
    ...splitOperations(context),
    ...cloneOperations(context),
  };
}

type Proposed = PatchInput<DomainModel, "opportunity"> & { readonly id: string };

/** New opportunities start in the stage named, or in the first open one of the pipeline named, or of the default one. */
export async function startInPipeline(
  context: DomainContext,
  batch: readonly { readonly input: Proposed; readonly before?: OpportunityRecord }[],
): Promise<readonly (PatchInput<DomainModel, "opportunity"> | undefined)[]> {
  for (const { input, before } of batch) if (before) refuseProbabilityOfClosed(input, before);
  const starting = batch.filter(({ before }) => before === undefined);
  if (starting.length === 0) return [];
  const stages = await stagesFor(
    context,
    starting.map(({ input }) => input),
  );
  const now = context.now();
  return batch.map(({ input, before }) => {
    if (before) return undefined;
    const stage = firstStage(input, stages);
    const started = changeOf({ createdAt: now }, stage, { now });
    const byHand = stage.outcome === "open" ? input.probability : undefined;
    return { ...started, pipelineId: stage.pipelineId, probability: byHand ?? stage.probability };
  });
}

/** What is won or lost is certain; a move brings its own probability. */
function refuseProbabilityOfClosed(input: Proposed, before: OpportunityRecord): void {
  const { probability, stageId } = input;
  if (
    before.status === "open" ||
    stageId !== undefined ||
    probability === undefined ||
    probability === before.probability
  )
    return;
  const message = `is fixed at ${before.probability} while the opportunity is ${before.status}`;
  throw invalidInput("opportunity", [{ field: "probability", code: "read_only_field", message }]);
}

async function stagesFor(context: DomainContext, inputs: readonly Proposed[]) {
  const named = inputs.flatMap(({ stageId }) => stageId ?? []);
  const ofNamed = named.length === 0 ? [] : await stagesOf(context, { id: { in: named } });
  const pipelineIds = new Set([
    ...inputs.flatMap(({ pipelineId }) => pipelineId ?? []),
    ...ofNamed.map((stage) => stage.pipelineId),
  ]);
  const needsDefault = inputs.some(({ pipelineId, stageId }) => pipelineId === undefined && stageId === undefined);
  const fallback = needsDefault ? (await defaultPipeline(context, "opportunity")).id : undefined;
  if (fallback !== undefined) pipelineIds.add(fallback);
  const stages = await stagesOf(context, {
    pipelineId: { in: [...pipelineIds] },
    pipeline: { entityType: "opportunity", archivedAt: null },
  });
  return { fallback, all: stages.filter((stage) => stage.archivedAt === null) };
}

function firstStage(
  { pipelineId, stageId }: Proposed,
  { fallback, all }: { readonly fallback: string | undefined; readonly all: readonly StageRecord[] },
): StageRecord {
  const refuse = (field: string, code: string, message: string) =>
    invalidInput("opportunity", [{ field, code, message }]);
  if (stageId !== undefined) {
    const stage = all.find(({ id }) => id === stageId);
    if (!stage)
      throw refuse(
        "stageId",
        "reference_not_found",
        `refers to "${stageId}", which is no stage of a pipeline of opportunities`,
      );
    if (pipelineId !== undefined && stage.pipelineId !== pipelineId)
      throw refuse("stageId", "not_allowed", "is a stage of another pipeline");
    return stage;
  }
  const pipeline = pipelineId ?? fallback;
  const stage = all.find((candidate) => candidate.pipelineId === pipeline && candidate.outcome === "open");
  if (!stage)
    throw refuse(
      "pipelineId",
      "reference_not_found",
      `refers to "${pipeline}", which is no pipeline of opportunities with an open stage`,
    );
  return stage;
}

/** A new opportunity has entered its first stage. */
export async function enterFirstStage(
  context: DomainContext,
  batch: readonly { readonly before?: OpportunityRecord; readonly after?: OpportunityRecord }[],
): Promise<void> {
  await enterStages(
    context,
    batch.flatMap(({ before, after }) => (after && !before ? [after] : [])),
  );
}
