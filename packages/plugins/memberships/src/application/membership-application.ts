/** That somebody asks to become a member: it goes through a pipeline, and whoever is approved joins. */
import {
  date,
  defineEntity,
  defineStageEntry,
  integer,
  money,
  pipelined,
  pipelineFields,
  reference,
  type StandardPipeline,
  text,
} from "@relata/core/plugin";

export const membershipApplication = defineEntity("membershipApplication", {
  plural: "membershipApplications",
  fields: {
    /** Who applies: a contact or an account. The application is theirs, and goes with them. */
    contactId: reference("contact", { inverse: "membershipApplications", onDelete: "cascade" }).optional(),
    accountId: reference("account", { inverse: "membershipApplications", onDelete: "cascade" }).optional(),
    /** What is applied for. */
    planId: reference("membershipPlan", { inverse: "applications" }),
    /** Today, unless given. */
    appliedOn: date().assigned(),
    /** The day that the membership is to begin; null: once it is approved and paid. */
    startsOn: date().optional(),
    /** How many terms at once. */
    terms: integer({ min: 1, max: 100 }).default(1),
    statement: text({ maxLength: 20_000 }).optional(),
    /** What is to be paid for being considered, in the program's currency: nothing is approved before. Null: nothing. */
    fee: money().optional(),
    feePaymentId: text({ minLength: 1, maxLength: 200 }).optional().unique().written("operations"),
    feePaidOn: date().optional().written("operations"),
    /** What the approval has made. */
    membershipId: reference("membership", { inverse: "applications", onDelete: "detach" })
      .optional()
      .written("operations"),
    orderId: reference("membershipOrder", { inverse: "applications", onDelete: "detach" })
      .optional()
      .written("operations"),
    ...pipelineFields("membershipApplications"),
  },
});

export const membershipApplicationStageEntry = defineStageEntry("membershipApplicationStageEntry", {
  plural: "membershipApplicationStageEntries",
  of: "membershipApplication",
});

/** Made at first use, where no pipeline of applications has ever been defined. */
const standard: StandardPipeline = {
  key: "membership-applications",
  name: "Membership applications",
  stages: [
    { key: "applied", name: "Applied", outcome: "open", probability: "50" },
    { key: "in_review", name: "In review", outcome: "open", probability: "70" },
    { key: "approved", name: "Approved", outcome: "won" },
    { key: "refused", name: "Refused", outcome: "lost" },
    { key: "withdrawn", name: "Withdrawn", outcome: "lost" },
  ],
};

export const applications = pipelined(membershipApplication, { stays: membershipApplicationStageEntry, standard });

type Named<T> = T;
/** A named interface keeps declaration files short. */
export interface ApplicationOperations extends Named<ReturnType<(typeof applications)["operations"]>> {}
