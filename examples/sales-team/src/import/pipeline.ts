/** The team's sales pipeline. */
import type { SalesCrm } from "../crm.ts";

export const pipelineKey = "sales";

/** Idempotent. Written on the first day of the data, so that the first opportunities find it. */
export async function definePipeline(crm: SalesCrm) {
  return crm.pipelines.define({
    key: pipelineKey,
    name: "Sales",
    entityType: "opportunity",
    isDefault: true,
    stages: [
      { key: "prospecting", name: "Prospecting", outcome: "open", probability: "20", staleAfterDays: 30 },
      { key: "engaging", name: "Engaging", outcome: "open", probability: "60", staleAfterDays: 120 },
      { key: "won", name: "Won", outcome: "won", probability: "100" },
      { key: "lost", name: "Lost", outcome: "lost", probability: "0" },
    ],
  });
}
