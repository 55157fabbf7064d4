/** The pipeline that opportunities get when none has been defined. */
import type { StandardPipeline } from "../pipeline/pipeline-definition.ts";

export const salesPipeline: StandardPipeline = {
  key: "sales",
  name: "Sales",
  stages: [
    { key: "qualification", name: "Qualification", outcome: "open", probability: "10" },
    { key: "discovery", name: "Discovery", outcome: "open", probability: "25" },
    { key: "proposal", name: "Proposal", outcome: "open", probability: "50" },
    { key: "negotiation", name: "Negotiation", outcome: "open", probability: "75" },
    { key: "won", name: "Won", outcome: "won" },
    { key: "lost", name: "Lost", outcome: "lost" },
  ],
  lostReasons: [
    { key: "price", name: "Price" },
    { key: "competitor", name: "Lost to a competitor" },
    { key: "no_budget", name: "No budget" },
    { key: "no_decision", name: "No decision" },
    { key: "timing", name: "Timing" },
    { key: "other", name: "Other", needsNote: true },
  ],
};
