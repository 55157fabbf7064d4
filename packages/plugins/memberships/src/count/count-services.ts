/** Figures of members on any day and between any two, as `crm.memberships` has them; of `crm.asOf(instant)`, as they were known then. */
import type { MembershipsContext } from "../parts.ts";
import { type CountMembersQuery, countMembers } from "./count-members.ts";
import { expectedDues } from "./expected-dues.ts";
import { expectedRenewals } from "./expected-renewals.ts";
import { type CohortsQuery, memberCohorts } from "./member-cohorts.ts";
import { memberFlow, type PeriodQuery } from "./member-flow.ts";
import { type LengthsQuery, membershipLengths } from "./membership-lengths.ts";
import { renewalRate } from "./renewal-rate.ts";

/** Days are included at both ends. Rates are shares from 0 to 1 as decimals of at most six digits ("0.925"), null of nobody. */
export function countServices(context: MembershipsContext) {
  return {
    /**
     * Members on a day (today unless given) by status, level, program and age. One query for programs that have the same rules.
     *
     * @throws `invalid_input`
     * @example
     * ```ts run with memberships
     * const { members, rows } = await crm.memberships.countMembers({ on: "2026-06-30", by: ["level"] });
     * console.log(members, rows.map(({ levelId, members }) => [levelId, members])); // 1, one row: the friends
     * const then = await crm.asOf(new Date("2026-02-01T09:00:00Z")).memberships.countMembers(); // as it was known then
     * console.log(then.members);
     * ```
     */
    countMembers: (query?: CountMembersQuery) => countMembers(context, query),
    /**
     * From the opening to the closing count between two days, with the retention rate. It adds up without a rest.
     *
     * @throws `invalid_input`
     * @example
     * ```ts run with memberships
     * const flow = await crm.memberships.memberFlow({ from: "2026-01-01", until: "2026-12-31" });
     * console.log(flow.opening, flow.joined, flow.lapsed, flow.closing, flow.retention.rate); // 0 1 0 1 null
     * ```
     */
    memberFlow: (query: PeriodQuery) => memberFlow(context, query),
    /** Of the terms whose last day lies between two days, those that another one of the chain follows. @throws `invalid_input` */
    renewalRate: (query: PeriodQuery) => renewalRate(context, query),
    /** Members by the month, quarter or year in which they first joined, and how many of them are members on given days. @throws `invalid_input` */
    memberCohorts: (query: CohortsQuery) => memberCohorts(context, query),
    /** Members on a day (today unless given) by how many whole years they have been members. @throws `invalid_input` */
    membershipLengths: (query?: LengthsQuery) => membershipLengths(context, query),
    /** Terms that end between two days with nothing after them, and what their renewals would bring at today's prices, by currency. @throws `invalid_input` */
    expectedRenewals: (query: PeriodQuery) => expectedRenewals(context, query),
    /** What is due between two days of orders that are not given up, and not paid yet, by currency. @throws `invalid_input` */
    expectedDues: (query: Pick<PeriodQuery, "from" | "until" | "programs" | "withChapters">) =>
      expectedDues(context, query),
  };
}
