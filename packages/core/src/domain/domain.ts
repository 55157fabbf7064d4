/** The domain as one plugin: entities, and the operations and hooks that keep its rules. */
import type { KernelPlugin } from "../kernel/kernel-plugin.ts";
import { definePluginFor } from "../kernel/plugin/define-plugin.ts";
import { checkAccountDomains, settleAccountDomains } from "./account/account-domains.ts";
import { accountOperations } from "./account/accounts.ts";
import { accountsFollowed, checkAccounts } from "./account/check-accounts.ts";
import { activityOperations } from "./activity/activities.ts";
import { checkAffiliations, settleAffiliations } from "./contact/affiliation-rules.ts";
import { checkContacts, contactsFollowed } from "./contact/check-contacts.ts";
import { contactOperations } from "./contact/contacts.ts";
import { checkEmailAddresses, settleEmailAddresses } from "./contact/email-addresses.ts";
import { externalIdOperations } from "./contact/external-ids.ts";
import { checkPhoneNumbers, phoneNumberOperations, settlePhoneNumbers } from "./contact/phone-numbers.ts";
import { phonePlugin } from "./contact/phone-plugin.ts";
import { checkPostalAddresses, settlePostalAddresses } from "./contact/postal-addresses.ts";
import { entities } from "./domain-model.ts";
import { enterFirstStage, opportunityOperations, startInPipeline } from "./opportunity/opportunities.ts";
import { definePipeline, type PipelineDefinition } from "./pipeline/pipelines.ts";

const domain = definePluginFor<readonly []>()({
  id: "core",
  entities,
  optional: [phonePlugin],
  hooks: {
    account: { before: checkAccounts, after: accountsFollowed },
    accountDomain: { before: checkAccountDomains, after: settleAccountDomains },
    contact: { before: checkContacts, after: contactsFollowed },
    affiliation: { before: checkAffiliations, after: settleAffiliations },
    emailAddress: { before: checkEmailAddresses, after: settleEmailAddresses },
    phoneNumber: { before: checkPhoneNumbers, after: settlePhoneNumbers },
    postalAddress: { before: checkPostalAddresses, after: settlePostalAddresses },
    opportunity: { before: startInPipeline, after: enterFirstStage },
  },
  operations: (context) => ({
    pipeline: { define: (definition: PipelineDefinition) => definePipeline(context, definition) },
    account: accountOperations(context),
    contact: contactOperations(context),
    phoneNumber: phoneNumberOperations(context),
    externalId: externalIdOperations(context),
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
