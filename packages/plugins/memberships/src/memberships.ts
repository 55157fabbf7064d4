/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { chainServices } from "./chain/chain-services.ts";
import { followDeaths } from "./chain/deaths.ts";
import { countServices } from "./count/count-services.ts";
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
      contact: { after: followDeaths },
      membershipProgram: { before: proposePrograms },
      membershipLevel: { before: proposeLevels },
      membershipPlan: { before: proposePlans },
    },
    services: (context) => ({
      ...programServices(context),
      ...chainServices(context),
      ...paymentServices(context),
      ...statusServices(context),
      ...countServices(context),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Memberships extends Named<ReturnType<typeof define>> {}

/** Nonprofit memberships: programs and levels, chains of terms, payments, statuses of any day, as `crm.memberships`. */
export const memberships = (): Memberships => define();
