/** Figures of members on any day and between any two, as `crm.memberships` has them; of `crm.asOf(instant)`, as they were known then. */
import type { MembershipsContext } from "../parts.ts";
import { type CountMembersQuery, countMembers } from "./count-members.ts";
import { expectedDues } from "./expected-dues.ts";
import { expectedRenewals } from "./expected-renewals.ts";
import { type CohortsQuery, memberCohorts } from "./member-cohorts.ts";
import { memberFlow, type PeriodQuery } from "./member-flow.ts";
import { type LengthsQuery, membershipLengths } from "./membership-lengths.ts";
import { renewalRate } from "./renewal-rate.ts";

/** All of it is refused with `invalid_input`, naming the field. */
export function countServices(context: MembershipsContext) {
  return {
    /** Members on a day by status, level, program and age. */
    countMembers: (query?: CountMembersQuery) => countMembers(context, query),
    /** From the opening to the closing count between two days, with the retention rate. */
    memberFlow: (query: PeriodQuery) => memberFlow(context, query),
    /** Of the terms that fell due between two days, those that were renewed. */
    renewalRate: (query: PeriodQuery) => renewalRate(context, query),
    /** Members by when they first joined, and how many of them are members on given days. */
    memberCohorts: (query: CohortsQuery) => memberCohorts(context, query),
    /** Members on a day by how many years they have been members. */
    membershipLengths: (query?: LengthsQuery) => membershipLengths(context, query),
    /** Terms that end between two days with nothing after them, and what their renewals would bring. */
    expectedRenewals: (query: PeriodQuery) => expectedRenewals(context, query),
    /** What is due between two days of orders that are not given up, and not paid yet. */
    expectedDues: (query: Pick<PeriodQuery, "from" | "until" | "programs" | "withChapters">) =>
      expectedDues(context, query),
  };
}
