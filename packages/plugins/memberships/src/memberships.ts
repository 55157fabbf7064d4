/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { followApprovals, proposeApplications } from "./application/application-rules.ts";
import { applicationServices } from "./application/application-services.ts";
import { type ApplicationOperations, applications } from "./application/membership-application.ts";
import { benefitServices } from "./benefit/benefit-services.ts";
import { proposeEntitlements } from "./benefit/define-benefits.ts";
import { chainServices } from "./chain/chain-services.ts";
import { followDeaths } from "./chain/deaths.ts";
import { countServices } from "./count/count-services.ts";
import { proposeNumbering, proposeNumbers } from "./directory/assign-numbers.ts";
import { directoryServices, proposeListings } from "./directory/directory-services.ts";
import { type GreetingRules, readGreetingRules } from "./household/greeting-rules.ts";
import { householdServices } from "./household/household-services.ts";
import { householdHooks } from "./household/name-households.ts";
import { inheritanceServices } from "./inheritance/inheritance-services.ts";
import { mendUnmerged } from "./merge/mend-unmerged.ts";
import { mergeMembers } from "./merge/merge-members.ts";
import { mergeServices } from "./merge/merge-services.ts";
import { parts } from "./parts.ts";
import { paymentServices } from "./payment/payment-services.ts";
import { stopRenewals } from "./payment/stop-renewals.ts";
import { proposeLevels, proposePlans, proposePrograms } from "./program/program-hooks.ts";
import { programServices } from "./program/program-services.ts";
import { statusServices } from "./status/status-services.ts";

export interface MembershipsOptions {
  /** How households are named and greeted; in English unless given. */
  readonly greetings?: Partial<GreetingRules>;
}

const define = ({ greetings = {} }: MembershipsOptions) => {
  const rules = readGreetingRules(greetings);
  const households = householdHooks(rules);
  return definePlugin({
    id: "memberships",
    version: "1.0.0",
    ...parts,
    hooks: {
      contact: [
        { after: followDeaths, merging: mergeMembers.contacts, unmerging: mendUnmerged.contacts },
        { beforeDelete: stopRenewals.contacts },
        households.contact,
      ],
      affiliation: households.affiliation,
      account: [
        { merging: mergeMembers.accounts, unmerging: mendUnmerged.accounts },
        { beforeDelete: stopRenewals.accounts },
        households.account,
      ],
      membershipApplication: [applications.hooks, { before: proposeApplications, after: followApprovals }],
      membershipProgram: [{ before: proposePrograms }, { before: proposeNumbering }],
      membershipLevel: { before: proposeLevels },
      membershipPlan: { before: proposePlans },
      membership: { before: proposeNumbers },
      membershipListing: { before: proposeListings },
      membershipEntitlement: { before: proposeEntitlements },
    },
    operations: (context): { membershipApplication: ApplicationOperations } => ({
      membershipApplication: applications.operations(context),
    }),
    services: (context) => ({
      ...programServices(context),
      ...chainServices(context),
      ...paymentServices(context),
      ...statusServices(context),
      ...inheritanceServices(context),
      ...benefitServices(context),
      ...directoryServices(context),
      ...householdServices(context, rules),
      ...countServices(context),
      ...applicationServices(context),
      ...mergeServices(context),
    }),
  });
};

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Memberships extends Named<ReturnType<typeof define>> {}

/**
 * Nonprofit memberships: programs and levels, chains of terms, payments, statuses of any day, as `crm.memberships`.
 *
 * @throws `invalid_input` for rules of greetings that mean nothing
 */
export const memberships = (options: MembershipsOptions = {}): Memberships => define(options);
