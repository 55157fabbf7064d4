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
 * Nonprofit memberships: programs and levels, chains of terms, payments, statuses of any day, as `crm.memberships`. Days are text,
 * "2026-01-31", of the organisation's time zone, and both ends are included; amounts are exact decimals with a currency.
 *
 * @throws `invalid_input` for rules of greetings that mean nothing
 * @example
 * ```ts run as memberships
 * import { createCrm } from "@relata/core";
 * import { memberships } from "@relata/memberships";
 * import { memory } from "@relata/memory";
 *
 * const crm = await createCrm({
 *   storage: memory(),
 *   plugins: [memberships()],
 *   clock: () => Date.parse("2026-02-01T09:00:00Z"),
 * });
 * const { program, plans } = await crm.memberships.defineProgram({
 *   key: "society",
 *   currency: "EUR",
 *   levels: [
 *     { key: "friend", rank: 1, plans: [{ key: "annual", unit: "year", price: "100.00" }] },
 *     { key: "gold", rank: 2, plans: [{ key: "annual", unit: "year", price: "250.00" }] },
 *   ],
 * });
 * const anna = await crm.contacts.create({ givenName: "Anna", familyName: "Silva" });
 * const { membership, order } = await crm.memberships.join({
 *   contactId: anna.id,
 *   planId: plans["friend/annual"]!.id,
 *   on: "2026-01-31",
 * });
 * const amount = { amount: "100.00", currency: "EUR" };
 * await crm.memberships.recordPayment({ orderId: order.id, paymentId: "pay_1", amount, receivedOn: "2026-01-31" });
 * console.log(await crm.memberships.isMember({ contactId: anna.id, programId: program.id })); // true
 * ```
 */
export const memberships = (options: MembershipsOptions = {}): Memberships => define(options);
