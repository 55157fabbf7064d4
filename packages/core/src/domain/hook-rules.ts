/** The code of the hooks, loaded as one piece with the first write that needs any of it (docs/decisions/0034). */
export { checkAccountDomains, settleAccountDomains } from "./account/account-domains.ts";
export { accountsFollowed, checkAccounts } from "./account/check-accounts.ts";
export { keepActivityRules } from "./activity/activity-rules.ts";
export { requireOneParty } from "./activity/participants.ts";
export { placeInTimeline, takeAlong } from "./activity/timeline-place.ts";
export { checkAffiliations, settleAffiliations } from "./contact/affiliation-rules.ts";
export { checkContacts, contactsFollowed } from "./contact/check-contacts.ts";
export { checkEmailAddresses, settleEmailAddresses } from "./contact-point/email-addresses.ts";
export { keepOptOuts } from "./contact-point/merge-contact-points.ts";
export { checkPhoneNumbers, settlePhoneNumbers } from "./contact-point/phone-numbers.ts";
export { checkPostalAddresses, settlePostalAddresses } from "./contact-point/postal-addresses.ts";
export { checkRates } from "./exchange-rate/exchange-rates.ts";
export { deriveAmounts } from "./opportunity/opportunity-amounts.ts";
export { priceProducts } from "./opportunity/opportunity-products.ts";
export { shareOutAgain } from "./opportunity/opportunity-splits.ts";
export {
  givePrimaryRoles,
  handOverOpportunities,
  keepPrimaryContacts,
  leadAgain,
  replaceCleared,
} from "./opportunity/primary-contact.ts";
export { enterStages, startRecords } from "./pipeline/pipelined-hooks.ts";
export { normaliseTags } from "./tag/tags.ts";
export { checkViews } from "./view/saved-views.ts";
