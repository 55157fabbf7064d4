/** The domain as one plugin: entities, and the operations and hooks that keep its rules. */
import type { KernelPlugin } from "../kernel/kernel-plugin.ts";
import { definePluginFor } from "../kernel/plugin/define-plugin.ts";
import { pipelinedAccount } from "./account/accounts.ts";
import { activityOperations } from "./activity/activities.ts";
import { keepActivityRules } from "./activity/activity-rules.ts";
import { requireOneParty } from "./activity/participants.ts";
import { activityEntries, belowAccount, belowContact, fieldChanges, stageMoves } from "./activity/timeline-entries.ts";
import { placeInTimeline, takeAlong } from "./activity/timeline-place.ts";
import { pipelinedContact } from "./contact/contacts.ts";
import { entities, events } from "./domain-model.ts";
import { checkRates, exchangeRateOperations } from "./exchange-rate/exchange-rates.ts";
import { cloneOperations } from "./opportunity/clone-opportunity.ts";
import { opportunityOperations, pipelinedOpportunity } from "./opportunity/opportunities.ts";
import { deriveAmounts } from "./opportunity/opportunity-amounts.ts";
import { contactRoleOperations } from "./opportunity/opportunity-contacts.ts";
import { priceProducts } from "./opportunity/opportunity-products.ts";
import { shareOutAgain, splitOperations } from "./opportunity/opportunity-splits.ts";
import {
  givePrimaryRoles,
  handOverOpportunities,
  keepPrimaryContacts,
  refuseNoPrimary,
} from "./opportunity/primary-contact.ts";
import { queueOperations } from "./ownership/queues.ts";
import { pipelineOperations } from "./pipeline/pipelines.ts";
import { settingsOperations } from "./settings/tenant-settings.ts";
import { normaliseTags, tagOperations } from "./tag/tags.ts";
import { userOperations } from "./user/users.ts";
import { favoriteOperations } from "./view/favorites.ts";
import { checkViews, savedViewOperations } from "./view/saved-views.ts";

const domain = definePluginFor<readonly []>()({
  id: "core",
  entities,
  hooks: {
    tag: { before: normaliseTags },
    savedView: { before: checkViews },
    account: pipelinedAccount.hooks,
    contact: [pipelinedContact.hooks, { beforeDelete: handOverOpportunities }],
    opportunity: [
      pipelinedOpportunity.hooks,
      { before: deriveAmounts },
      { before: refuseNoPrimary, after: givePrimaryRoles },
      { after: shareOutAgain },
    ],
    opportunityContact: { after: keepPrimaryContacts },
    opportunityProduct: { before: priceProducts },
    activity: { before: keepActivityRules, after: takeAlong },
    activityLink: { before: placeInTimeline },
    activityParticipant: {
      async before(context, batch) {
        await requireOneParty(context, batch);
        return placeInTimeline(context, batch);
      },
    },
    exchangeRate: { before: checkRates },
  },
  timeline: {
    entries: { activity: activityEntries, stage_move: stageMoves, field_change: fieldChanges },
    below: { account: belowAccount, contact: belowContact },
  },
  events,
  operations: (context) => ({
    pipeline: pipelineOperations(context),
    account: pipelinedAccount.operations(context),
    contact: pipelinedContact.operations(context),
    opportunity: {
      ...opportunityOperations(context),
      ...contactRoleOperations(context),
      ...splitOperations(context),
      ...cloneOperations(context),
    },
    activity: activityOperations(context),
    tag: tagOperations(context),
    favorite: favoriteOperations(context),
    savedView: savedViewOperations(context),
    queue: queueOperations(context),
    user: userOperations(context),
    settings: settingsOperations(context),
    exchangeRate: exchangeRateOperations(context),
  }),
});

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Domain extends Named<typeof domain> {}
/** What every CRM has: the kernel's own plugin, and the domain. */
export type Core = readonly [KernelPlugin, Domain];
export const core: readonly [Domain] = [domain];
