/** What one can do with opportunities. */

import type { RecordOf } from "../../kernel/entity/model.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { type BoardColumn, type BoardQuery, pipelineBoard } from "../pipeline/board.ts";
import { type MoveValues, pipelined } from "../pipeline/pipelined.ts";
import { pipelinedContext } from "../pipeline/pipelined-context.ts";
import type { PipelinedOperations } from "../pipeline/pipelined-operations.ts";
import { opportunity, opportunityStageEntry } from "./opportunity.ts";
import { salesPipeline } from "./sales-pipeline.ts";

export type OpportunityRecord = RecordOf<DomainModel, "opportunity">;

export interface OpportunityOperations
  extends PipelinedOperations<
    OpportunityRecord,
    MoveValues<(typeof opportunity)["fields"]>,
    Where<DomainModel, "opportunity">
  > {
  /** The stages of a pipeline with count, amount and weighted amount of the opportunities in each. */
  board(query?: BoardQuery): Promise<readonly BoardColumn[]>;
}

export const pipelinedOpportunity = pipelined(opportunity, { stays: opportunityStageEntry, standard: salesPipeline });

export function opportunityOperations(context: DomainContext): OpportunityOperations {
  return {
    ...pipelinedOpportunity.operations(context),
    board: (query) => pipelineBoard(context, pipelinedContext(context, pipelinedOpportunity.entity), query),
  };
}
