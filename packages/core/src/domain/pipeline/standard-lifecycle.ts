/** The lifecycle that accounts and contacts get when none has been defined. */
import type { StandardPipeline } from "./pipeline-definition.ts";

export const standardLifecycle: StandardPipeline = {
  key: "lifecycle",
  name: "Lifecycle",
  stages: [
    { key: "prospect", name: "Prospect", outcome: "open", probability: "10" },
    { key: "qualified", name: "Qualified", outcome: "open", probability: "30" },
    { key: "customer", name: "Customer", outcome: "won" },
    { key: "former", name: "Former customer", outcome: "lost" },
  ],
};
