/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { followApprovals, proposeApplications } from "./application/application-rules.ts";
import { applicationServices } from "./application/application-services.ts";
import { applications } from "./application/membership-application.ts";
import { chainServices } from "./chain/chain-services.ts";
import { followDeaths } from "./chain/deaths.ts";
import { countServices } from "./count/count-services.ts";
import { mendUnmerged } from "./merge/mend-unmerged.ts";
import { mergeMembers } from "./merge/merge-members.ts";
import { mergeServices } from "./merge/merge-services.ts";
import { parts } from "./parts.ts";
import { paymentServices } from "./payment/payment-services.ts";
import { proposeLevels, proposePlans, proposePrograms } from "./program/program-hooks.ts";
import { programServices } from "./program/program-services.ts";
import { statusServices } from "./status/status-services.ts";

const define = () =>
  definePlugin({
    id: "memberships",
    version: "1.0.0",
    ...parts,
    hooks: {
      contact: { after: followDeaths, merging: mergeMembers.contacts, unmerging: mendUnmerged.contacts },
      account: { merging: mergeMembers.accounts, unmerging: mendUnmerged.accounts },
      membershipApplication: [applications.hooks, { before: proposeApplications, after: followApprovals }],
      membershipProgram: { before: proposePrograms },
      membershipLevel: { before: proposeLevels },
      membershipPlan: { before: proposePlans },
    },
    operations: (context) => ({ membershipApplication: applications.operations(context) }),
    services: (context) => ({
      ...programServices(context),
      ...chainServices(context),
      ...paymentServices(context),
      ...statusServices(context),
      ...countServices(context),
      ...applicationServices(context),
      ...mergeServices(context),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Memberships extends Named<ReturnType<typeof define>> {}

/** Nonprofit memberships: programs and levels, chains of terms, payments, statuses of any day, as `crm.memberships`. */
export const memberships = (): Memberships => define();
