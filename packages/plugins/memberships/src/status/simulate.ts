/** What rules would make of a day: no data is touched. */
import { count } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { checkCoverage } from "./check-status-rules.ts";
import { LAST_DAY } from "./day-offset.ts";
import { readRules } from "./read-rules.ts";
import { statusInSpan } from "./status-on.ts";
import { defaultStatusRules, inOrder, type StatusRule, statusRulesSchema } from "./status-rule.ts";

export interface SimulateInput {
  readonly programId: string;
  /** All of the rules as they would be. */
  readonly rules: readonly StatusRule[];
  /** The day; today unless given. */
  readonly on?: string | undefined;
}

/** How many memberships have a status, and whether they count. */
export interface StatusCount {
  readonly status: string;
  readonly counts: boolean;
  readonly memberships: number;
}

export interface Simulation {
  readonly on: string;
  /** By the rules as they are, and as they would be; in the order of the statuses' names. */
  readonly before: readonly StatusCount[];
  readonly after: readonly StatusCount[];
  /** How many go from one status to another. */
  readonly changes: readonly { readonly from: string; readonly to: string; readonly memberships: number }[];
}

const simulateSchema = z.strictObject({
  programId: idSchema,
  rules: statusRulesSchema(),
  on: daySchema.optional(),
});

/**
 * One figure of the database: memberships by the days that rules count from, however many they are.
 *
 * @throws `status_rules_incomplete`, `invalid_input`, `not_found`
 */
export async function simulate(context: MembershipsContext, given: SimulateInput): Promise<Simulation> {
  const {
    programId,
    rules: wanted,
    on = await context.settings.today(),
  } = parsed("membershipProgram", simulateSchema, given);
  await context.membershipPrograms.get(programId, { select: ["id"] });
  checkCoverage(context, wanted);
  const [rules, others] = [(await readRules(context, [programId])).of(programId), inOrder(wanted)];
  const groups = await context.membershipSpans.aggregate({
    where: { programId, firstDay: { lte: on }, lastDay: { gte: on } },
    groupBy: {
      ...{ state: "state", stateOn: "stateOn", overrideStatus: "overrideStatus", joinedOn: "joinedOn" },
      ...{ chainStartsOn: "chainStartsOn", termStartsOn: "termStartsOn", termEndsOn: "termEndsOn" },
    },
    measures: { memberships: count() },
  });
  const [before, after] = [new Map<string, StatusCount>(), new Map<string, StatusCount>()];
  const moved = new Map<string, { from: string; to: string; memberships: number }>();
  for (const { memberships, ...days } of groups) {
    const span = { ...days, firstDay: on, lastDay: LAST_DAY };
    const [was, is] = [statusInSpan(span, rules, on), statusInSpan(span, others, on)];
    for (const [counts, status] of [
      [before, was],
      [after, is],
    ] as const)
      if (status)
        counts.set(status.status, {
          ...status,
          memberships: memberships + (counts.get(status.status)?.memberships ?? 0),
        });
    if (!was || !is || was.status === is.status) continue;
    const key = JSON.stringify([was.status, is.status]);
    moved.set(key, { from: was.status, to: is.status, memberships: memberships + (moved.get(key)?.memberships ?? 0) });
  }
  return { on, before: byName(before), after: byName(after), changes: byName(moved) };
}

function byName<T>(counts: ReadonlyMap<string, T>): readonly T[] {
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** The rules with another time of grace: those that begin or end an offset after the end of the term get this one. @see defaultStatusRules */
export function withGrace(
  grace: { readonly unit: "day" | "month" | "year"; readonly count: number },
  rules: readonly StatusRule[] = defaultStatusRules,
): readonly StatusRule[] {
  return rules.map((rule) => {
    const from = rule.from?.event === "end" && rule.from.count > 0 ? { ...rule.from, ...grace } : rule.from;
    const until = rule.until?.event === "end" && rule.until.count > 0 ? { ...rule.until, ...grace } : rule.until;
    return { ...rule, ...(from ? { from } : {}), ...(until ? { until } : {}) };
  });
}
