/** The domain as one plugin: entities, and the operations and hooks that keep its rules. */
import type { KernelPlugin } from "../kernel/kernel-plugin.ts";
import { definePluginFor } from "../kernel/plugin/define-plugin.ts";
import { accountOperations, pipelinedAccount } from "./account/accounts.ts";
import { contactOperations, pipelinedContact } from "./contact/contacts.ts";
import { phonePlugin } from "./contact-point/phone-plugin.ts";
import {
  activityEntries,
  belowAccount,
  belowContact,
  fieldChanges,
  findCalendar,
  findRates,
  stageMoves,
} from "./domain-answers.ts";
import {
  accountsFollowed,
  checkAccountDomains,
  checkAccounts,
  checkAffiliations,
  checkContacts,
  checkEmailAddresses,
  checkPhoneNumbers,
  checkPostalAddresses,
  checkRates,
  checkViews,
  contactsFollowed,
  deriveAmounts,
  givePrimaryRoles,
  handOverOpportunities,
  keepActivityRules,
  keepOptOutsOfAccount,
  keepOptOutsOfContact,
  keepPrimaryContacts,
  leadAgain,
  normaliseTags,
  placeInTimeline,
  priceProducts,
  replaceCleared,
  requireOneParty,
  settleAccountDomains,
  settleAffiliations,
  settleEmailAddresses,
  settlePhoneNumbers,
  settlePostalAddresses,
  shareOutAgain,
  takeAlong,
} from "./domain-hooks.ts";
import { entities, events } from "./domain-model.ts";
import {
  activityOperations,
  exchangeRateOperations,
  externalIdOperations,
  favoriteOperations,
  phoneNumberOperations,
  pipelineOperations,
  queueOperations,
  savedViewOperations,
  settingsOperations,
  tagOperations,
  userOperations,
} from "./domain-operations.ts";
import { opportunityOperations, pipelinedOpportunity } from "./opportunity/opportunities.ts";
import { refuseMerge } from "./pipeline/refuse-merge.ts";

const domain = definePluginFor<readonly []>()({
  id: "core",
  entities,
  optional: [phonePlugin],
  hooks: {
    tag: { before: normaliseTags },
    savedView: { before: checkViews },
    account: [
      pipelinedAccount.hooks,
      { before: checkAccounts, after: accountsFollowed, merging: keepOptOutsOfAccount },
    ],
    accountDomain: { before: checkAccountDomains, after: settleAccountDomains },
    contact: [
      pipelinedContact.hooks,
      { before: checkContacts, after: contactsFollowed, merging: keepOptOutsOfContact },
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
    calendar: findCalendar,
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
