/** Those who joined in one month, quarter or year, and how many of them are members later. */
import { compareText, count, rateOf } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { askedPrograms, ofPrograms, type ProgramsQuery, programsFields } from "./asked-programs.ts";
import { countingWhere, onDay } from "./rule-conditions.ts";

const periods = ["month", "quarter", "year"] as const;

export interface CohortsQuery extends ProgramsQuery {
  /** By the first day as a member ever; by year, unless given. */
  readonly by?: (typeof periods)[number] | undefined;
  /** 1 to 100 days. */
  readonly on: readonly string[];
}

export interface Cohort {
  /** "2026", "2026-Q1" or "2026-01" */
  readonly cohort: string;
  /** All who first joined then. */
  readonly joined: number;
  /** For each day, in the order in which they were asked for. */
  readonly days: readonly CohortOnDay[];
}

export interface CohortOnDay {
  readonly day: string;
  /** Who had joined by the day. */
  readonly joined: number;
  readonly members: number;
  /** `members` over `joined`, a decimal of at most six digits; null before anybody had joined. */
  readonly rate: string | null;
}

const querySchema = z.strictObject({
  ...programsFields,
  by: z.enum(periods).default("year"),
  on: z.array(daySchema).min(1).max(100),
});

/** One query, and one for each day; so many for programs that have the same rules. @throws `invalid_input` */
export async function memberCohorts(context: MembershipsContext, given: CohortsQuery): Promise<readonly Cohort[]> {
  const query = parsed("membership", querySchema, given);
  const cohorts = new Map<string, { joined: number; readonly days: { joined: number; members: number }[] }>();
  const cohortOf = (name: string | null) => {
    const known = cohorts.get(name ?? "") ?? { joined: 0, days: query.on.map(() => ({ joined: 0, members: 0 })) };
    cohorts.set(name ?? "", known);
    return known;
  };
  for (const { rules, programIds } of await askedPrograms(context, query)) {
    const all = await context.memberships.aggregate({
      where: { ...ofPrograms(programIds), joinedOn: { ne: null } },
      groupBy: { cohort: { joinedOn: query.by } },
      measures: { memberships: count() },
      archived: "include",
    });
    for (const { cohort, memberships } of all) cohortOf(cohort).joined += memberships;
    for (const [at, day] of query.on.entries()) {
      const groups = await context.membershipSpans.aggregate({
        where: { ...ofPrograms(programIds), ...onDay(day), joinedOn: { lte: day } },
        groupBy: {
          cohort: { joinedOn: query.by },
          member: { cases: [{ where: countingWhere(rules, day), value: "yes" }], otherwise: "no" },
        },
        measures: { memberships: count() },
        archived: "include",
      });
      for (const { cohort, member, memberships } of groups) {
        const onThatDay = cohortOf(cohort).days[at]!;
        onThatDay.joined += memberships;
        if (member === "yes") onThatDay.members += memberships;
      }
    }
  }
  return [...cohorts]
    .sort(([a], [b]) => compareText(a, b))
    .map(([cohort, { joined, days }]) => ({
      ...{ cohort, joined },
      days: days.map((each, at) => ({ day: query.on[at]!, ...each, rate: rateOf(each.members, each.joined) })),
    }));
}
