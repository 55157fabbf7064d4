/** The domain as one plugin: entities, and the operations and hooks that keep its rules. */
import type { KernelPlugin } from "../kernel/kernel-plugin.ts";
import { definePluginFor } from "../kernel/plugin/define-plugin.ts";
import { activityOperations } from "./activity/activities.ts";
import { keepActivityRules } from "./activity/activity-rules.ts";
import { requireOneParty } from "./activity/participants.ts";
import { activityEntries, belowAccount, belowContact, fieldChanges, stageMoves } from "./activity/timeline-entries.ts";
import { placeInTimeline, takeAlong } from "./activity/timeline-place.ts";
import { entities, events } from "./domain-model.ts";
import { enterFirstStage, opportunityOperations, startInPipeline } from "./opportunity/opportunities.ts";
import { definePipeline, type PipelineDefinition } from "./pipeline/pipelines.ts";
import { settingsOperations } from "./settings/tenant-settings.ts";

const domain = definePluginFor<readonly []>()({
  id: "core",
  entities,
  events,
  hooks: {
    opportunity: { before: startInPipeline, after: enterFirstStage },
    activity: { before: keepActivityRules, after: takeAlong },
    activityLink: { before: placeInTimeline },
    activityParticipant: {
      async before(context, batch) {
        await requireOneParty(context, batch);
        return placeInTimeline(context, batch);
      },
    },
  },
  timeline: {
    entries: { activity: activityEntries, stage_move: stageMoves, field_change: fieldChanges },
    below: { account: belowAccount, contact: belowContact },
  },
  operations: (context) => ({
    pipeline: { define: (definition: PipelineDefinition) => definePipeline(context, definition) },
    opportunity: opportunityOperations(context),
    activity: activityOperations(context),
    settings: settingsOperations(context),
  }),
});

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Domain extends Named<typeof domain> {}
/** What every CRM has: the kernel's own plugin, and the domain. */
export type Core = readonly [KernelPlugin, Domain];
export const core: readonly [Domain] = [domain];
