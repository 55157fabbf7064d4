/** The domain as one plugin: entities, and the operations and hooks that keep its rules. */
import type { KernelPlugin } from "../kernel/kernel-plugin.ts";
import { definePluginFor } from "../kernel/plugin/define-plugin.ts";
import { checkAccountDomains, settleAccountDomains } from "./account/account-domains.ts";
import { accountOperations, pipelinedAccount } from "./account/accounts.ts";
import { accountsFollowed, checkAccounts } from "./account/check-accounts.ts";
import { activityOperations } from "./activity/activities.ts";
import { keepActivityRules } from "./activity/activity-rules.ts";
import { requireOneParty } from "./activity/participants.ts";
import { activityEntries } from "./activity/timeline-activities.ts";
import { belowAccount, belowContact, fieldChanges, stageMoves } from "./activity/timeline-entries.ts";
import { placeInTimeline, takeAlong } from "./activity/timeline-place.ts";
import { checkAffiliations, settleAffiliations } from "./contact/affiliation-rules.ts";
import { checkContacts, contactsFollowed } from "./contact/check-contacts.ts";
import { contactOperations, pipelinedContact } from "./contact/contacts.ts";
import { checkEmailAddresses, settleEmailAddresses } from "./contact-point/email-addresses.ts";
import { keepOptOuts } from "./contact-point/merge-contact-points.ts";
import { checkPhoneNumbers, phoneNumberOperations, settlePhoneNumbers } from "./contact-point/phone-numbers.ts";
import { phonePlugin } from "./contact-point/phone-plugin.ts";
import { checkPostalAddresses, settlePostalAddresses } from "./contact-point/postal-addresses.ts";
import { entities, events } from "./domain-model.ts";
import { checkRates, exchangeRateOperations } from "./exchange-rate/exchange-rates.ts";
import { findRates } from "./exchange-rate/find-rates.ts";
import { externalIdOperations } from "./external-id/external-ids.ts";
import { opportunityOperations, pipelinedOpportunity } from "./opportunity/opportunities.ts";
import { deriveAmounts } from "./opportunity/opportunity-amounts.ts";
import { priceProducts } from "./opportunity/opportunity-products.ts";
import { shareOutAgain } from "./opportunity/opportunity-splits.ts";
import {
  givePrimaryRoles,
  handOverOpportunities,
  keepPrimaryContacts,
  leadAgain,
  replaceCleared,
} from "./opportunity/primary-contact.ts";
import { queueOperations } from "./ownership/queues.ts";
import { pipelineOperations } from "./pipeline/pipelines.ts";
import { refuseMerge } from "./pipeline/refuse-merge.ts";
import { currentSettings, settingsOperations, tenantCalendar } from "./settings/tenant-settings.ts";
import { normaliseTags, tagOperations } from "./tag/tags.ts";
import { userOperations } from "./user/users.ts";
import { favoriteOperations } from "./view/favorites.ts";
import { checkViews, savedViewOperations } from "./view/saved-views.ts";

const domain = definePluginFor<readonly []>()({
  id: "core",
  entities,
  optional: [phonePlugin],
  hooks: {
    tag: { before: normaliseTags },
    savedView: { before: checkViews },
    account: [
      pipelinedAccount.hooks,
      { before: checkAccounts, after: accountsFollowed, merging: keepOptOuts("accountId") },
    ],
    accountDomain: { before: checkAccountDomains, after: settleAccountDomains },
    contact: [
      pipelinedContact.hooks,
      { before: checkContacts, after: contactsFollowed, merging: keepOptOuts("contactId") },
      { beforeDelete: handOverOpportunities, after: leadAgain },
    ],
    affiliation: { before: checkAffiliations, after: settleAffiliations },
    emailAddress: { before: checkEmailAddresses, after: settleEmailAddresses },
    phoneNumber: { before: checkPhoneNumbers, after: settlePhoneNumbers },
    postalAddress: { before: checkPostalAddresses, after: settlePostalAddresses },
    opportunity: [
      pipelinedOpportunity.hooks,
      { before: deriveAmounts, after: shareOutAgain },
      { before: replaceCleared, after: givePrimaryRoles },
    ],
    opportunityContact: { after: keepPrimaryContacts },
    opportunityProduct: { before: priceProducts },
    activity: { before: keepActivityRules, after: takeAlong },
    activityLink: { before: placeInTimeline },
    activityParticipant: [{ before: requireOneParty }, { before: placeInTimeline }],
    exchangeRate: { before: checkRates },
    pipeline: { merging: refuseMerge("pipeline") },
    stage: { merging: refuseMerge("stage") },
  },
  timeline: {
    entries: { activity: activityEntries, stage_move: stageMoves, field_change: fieldChanges },
    below: { account: belowAccount, contact: belowContact },
  },
  events,
  provides: {
    rates: findRates,
    calendar: async (context) => tenantCalendar(await currentSettings(context)),
  },
  operations: (context) => ({
    pipeline: pipelineOperations(context),
    account: accountOperations(context),
    contact: contactOperations(context),
    phoneNumber: phoneNumberOperations(context),
    externalId: externalIdOperations(context),
    opportunity: opportunityOperations(context),
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
