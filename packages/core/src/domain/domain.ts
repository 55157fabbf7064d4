/** The domain as one plugin: entities, and the operations and hooks that keep its rules. */
import type { KernelPlugin } from "../kernel/kernel-plugin.ts";
import { definePluginFor } from "../kernel/plugin/define-plugin.ts";
import { activityOperations } from "./activity/activities.ts";
import { entities } from "./domain-model.ts";
import { enterFirstStage, opportunityOperations, startInPipeline } from "./opportunity/opportunities.ts";
import { definePipeline, type PipelineDefinition } from "./pipeline/pipelines.ts";
import { refuseMerge } from "./pipeline/refuse-merge.ts";

const domain = definePluginFor<readonly []>()({
  id: "core",
  entities,
  hooks: {
    opportunity: { before: startInPipeline, after: enterFirstStage },
    pipeline: { merging: refuseMerge },
    stage: { merging: refuseMerge },
  },
  operations: (context) => ({
    pipeline: { define: (definition: PipelineDefinition) => definePipeline(context, definition) },
    opportunity: opportunityOperations(context),
    activity: activityOperations(context),
  }),
});

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Domain extends Named<typeof domain> {}
/** What every CRM has: the kernel's own plugin, and the domain. */
export type Core = readonly [KernelPlugin, Domain];
export const core: readonly [Domain] = [domain];
