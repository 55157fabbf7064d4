/** What one can do with opportunities. */

import type { RecordOf } from "../../kernel/entity/model.ts";
import { loadedFunctions } from "../../kernel/loaded.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { type MoveValues, pipelined } from "../pipeline/pipelined.ts";
import type { PipelinedOperations } from "../pipeline/pipelined-operations.ts";
import type { CloneOperations } from "./clone-opportunity.ts";
import { opportunity, opportunityStageEntry } from "./opportunity.ts";
import type { ContactRoleOperations } from "./opportunity-contacts.ts";
import type { SplitOperations } from "./opportunity-splits.ts";
import { salesPipeline } from "./sales-pipeline.ts";

export type OpportunityRecord = RecordOf<DomainModel, "opportunity">;

export interface OpportunityOperations
  extends PipelinedOperations<
      OpportunityRecord,
      MoveValues<(typeof opportunity)["fields"]>,
      Where<DomainModel, "opportunity">
    >,
    ContactRoleOperations,
    SplitOperations,
    CloneOperations {}

export const pipelinedOpportunity = pipelined(opportunity, { stays: opportunityStageEntry, standard: salesPipeline });

const contactRoleOperations = loadedFunctions<DomainContext, ContactRoleOperations>(
  { addContact: true, removeContact: true, setPrimaryContact: true },
  async () => (await import("../operation-rules.ts")).contactRoleOperations,
);
const splitOperations = loadedFunctions<DomainContext, SplitOperations>(
  { setSplits: true },
  async () => (await import("../operation-rules.ts")).splitOperations,
);
const cloneOperations = loadedFunctions<DomainContext, CloneOperations>(
  { clone: true },
  async () => (await import("../operation-rules.ts")).cloneOperations,
);

export function opportunityOperations(context: DomainContext): OpportunityOperations {
  return {
    ...pipelinedOpportunity.operations(context),
    ...contactRoleOperations(context),
    ...splitOperations(context),
    ...cloneOperations(context),
  };
}
