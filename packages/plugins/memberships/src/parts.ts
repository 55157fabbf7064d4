/** What the plugin brings, apart from its rules: they take the context that follows from it. */
import type { ContextOf } from "@relata/core/plugin";
import { applicationErrors } from "./application/application-errors.ts";
import {
  applications,
  membershipApplication,
  membershipApplicationStageEntry,
} from "./application/membership-application.ts";
import { benefitErrors } from "./benefit/benefit-errors.ts";
import { membershipBenefit } from "./benefit/membership-benefit.ts";
import { membershipBenefitUse } from "./benefit/membership-benefit-use.ts";
import { membershipEntitlement } from "./benefit/membership-entitlement.ts";
import { chainErrors } from "./chain/chain-errors.ts";
import { membership } from "./chain/membership.ts";
import { membershipEvent } from "./chain/membership-event.ts";
import { membershipSpan } from "./chain/membership-span.ts";
import { membershipTerm } from "./chain/membership-term.ts";
import { directoryErrors } from "./directory/directory-errors.ts";
import { membershipListing } from "./directory/membership-listing.ts";
import { membershipSequence } from "./directory/membership-sequence.ts";
import { householdFields } from "./household/household-fields.ts";
import { relationshipsPlugin } from "./inheritance/relationships-plugin.ts";
import { mergeEvents } from "./merge/merge-events.ts";
import { membershipInstalment } from "./payment/membership-instalment.ts";
import { membershipOrder } from "./payment/membership-order.ts";
import { membershipPayment } from "./payment/membership-payment.ts";
import { paymentErrors } from "./payment/payment-errors.ts";
import { membershipLevel } from "./program/membership-level.ts";
import { membershipPlan } from "./program/membership-plan.ts";
import { membershipProgram } from "./program/membership-program.ts";
import { announcements } from "./status/announcements.ts";
import { membershipClock } from "./status/membership-clock.ts";
import { statusErrors } from "./status/status-errors.ts";

export const parts = {
  optional: [relationshipsPlugin],
  entities: [
    membershipProgram,
    membershipLevel,
    membershipPlan,
    membership,
    membershipTerm,
    membershipEvent,
    membershipSpan,
    membershipOrder,
    membershipInstalment,
    membershipPayment,
    membershipBenefit,
    membershipEntitlement,
    membershipBenefitUse,
    membershipListing,
    membershipSequence,
    membershipClock,
    membershipApplication,
    membershipApplicationStageEntry,
  ],
  extend: householdFields,
  events: { ...announcements, ...applications.events, ...mergeEvents },
  errors: {
    ...{ ...statusErrors, ...chainErrors, ...paymentErrors },
    ...{ ...benefitErrors, ...directoryErrors, ...applicationErrors },
  },
} as const;

export type MembershipsContext = ContextOf<typeof parts>;

type Plural =
  | "membershipPrograms"
  | "membershipLevels"
  | "membershipPlans"
  | "memberships"
  | "membershipTerms"
  | "membershipEvents"
  | "membershipSpans"
  | "membershipOrders"
  | "membershipInstalments"
  | "membershipPayments"
  | "membershipBenefits"
  | "membershipBenefitUses"
  | "membershipListings"
  | "membershipApplications";

/** A record of the repository of this name. */
export type RecordIn<P extends Plural> = Awaited<ReturnType<MembershipsContext[P]["update"]>>;
export type ProgramRecord = RecordIn<"membershipPrograms">;
export type LevelRecord = RecordIn<"membershipLevels">;
export type PlanRecord = RecordIn<"membershipPlans">;
export type MembershipRecord = RecordIn<"memberships">;
export type TermRecord = RecordIn<"membershipTerms">;
export type MembershipEventRecord = RecordIn<"membershipEvents">;
export type SpanRecord = RecordIn<"membershipSpans">;
export type OrderRecord = RecordIn<"membershipOrders">;
export type PaymentRecord = RecordIn<"membershipPayments">;
export type BenefitRecord = RecordIn<"membershipBenefits">;
export type BenefitUseRecord = RecordIn<"membershipBenefitUses">;
export type ListingRecord = RecordIn<"membershipListings">;
export type ApplicationRecord = RecordIn<"membershipApplications">;
