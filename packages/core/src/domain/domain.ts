/** The domain as one plugin: entities, and the operations and hooks that keep its rules. */
import type { KernelPlugin } from "../kernel/kernel-plugin.ts";
import { definePluginFor } from "../kernel/plugin/define-plugin.ts";
import { pipelinedAccount } from "./account/accounts.ts";
import { activityOperations } from "./activity/activities.ts";
import { pipelinedContact } from "./contact/contacts.ts";
import { entities, events } from "./domain-model.ts";
import { opportunityOperations, pipelinedOpportunity } from "./opportunity/opportunities.ts";
import { pipelineOperations } from "./pipeline/pipelines.ts";
import { settingsOperations } from "./settings/tenant-settings.ts";

const domain = definePluginFor<readonly []>()({
  id: "core",
  entities,
  hooks: {
    account: pipelinedAccount.hooks,
    contact: pipelinedContact.hooks,
    opportunity: pipelinedOpportunity.hooks,
  },
  events,
  operations: (context) => ({
    pipeline: pipelineOperations(context),
    account: pipelinedAccount.operations(context),
    contact: pipelinedContact.operations(context),
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
