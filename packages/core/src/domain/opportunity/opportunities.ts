/** What one can do with opportunities. */

import type { RecordOf } from "../../kernel/entity/model.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { type MoveValues, pipelined } from "../pipeline/pipelined.ts";
import type { PipelinedOperations } from "../pipeline/pipelined-operations.ts";
import { opportunity, opportunityStageEntry } from "./opportunity.ts";
import { salesPipeline } from "./sales-pipeline.ts";

export type OpportunityRecord = RecordOf<DomainModel, "opportunity">;

export interface OpportunityOperations
  extends PipelinedOperations<
    OpportunityRecord,
    MoveValues<(typeof opportunity)["fields"]>,
    Where<DomainModel, "opportunity">
  > {}

export const pipelinedOpportunity = pipelined(opportunity, { stays: opportunityStageEntry, standard: salesPipeline });

export function opportunityOperations(context: DomainContext): OpportunityOperations {
  return pipelinedOpportunity.operations(context);
}
