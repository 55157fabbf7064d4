/** The rules that say what a membership is on a day: data that each program may have of its own. */
import * as z from "zod";
import type { spanStates } from "../chain/membership-span.ts";
import type { DayOffset } from "./day-offset.ts";

export type SpanState = (typeof spanStates)[number];

/**
 * The days that rules count from: of the first day as a member ever, of the unbroken chain's first one, of the term's first and last one,
 * and of the day on which a cancellation, a pause, a death or the waiting for the first payment began.
 */
export const ruleEvents = ["join", "chain_start", "start", "end", "state"] as const;
export type RuleEvent = (typeof ruleEvents)[number];

/** A day of the membership, and an offset from it. */
export interface RuleDay extends DayOffset {
  readonly event: RuleEvent;
}

/**
 * Of the rules for the state that a membership is in, the first one that matches in the order of their weights gives the status. Both ends
 * are part of it. Where an event has no day (the end of a membership for life), what begins with it never matches, and what ends with it
 * goes on.
 */
export interface StatusRule {
  /** "new", "current", "grace", … Several rules may lead to one status. */
  readonly status: string;
  /** Whether it counts as a member: the same in all rules of a status. */
  readonly counts: boolean;
  /** What the terms and events make of the day. */
  readonly state: Exclude<SpanState, "overridden">;
  readonly from?: RuleDay | undefined;
  readonly until?: RuleDay | undefined;
  /** Only on days of the term itself, not on those that follow it. */
  readonly withinTerm?: boolean | undefined;
  /** The lowest one is asked first; of equal ones, the first. */
  readonly weight: number;
  /** Never matches: the status is for overrides by hand only. */
  readonly manual?: boolean | undefined;
}

const dayRuleSchema = () =>
  z
    .strictObject({
      event: z.enum(ruleEvents),
      unit: z.enum(["day", "month", "year"]),
      count: z.number().int(),
    })
    .refine(({ unit, count }) => Math.abs(count) <= farthest[unit], {
      path: ["count"],
      message: "is more than 100 years: 36,500 days, 1,200 months",
    });

const farthest = { day: 36_500, month: 1_200, year: 100 } as const;

/** At most 50 rules. That they cover every day is checked where they are saved. */
export const statusRulesSchema = () =>
  z
    .array(
      z.strictObject({
        status: z.string().min(1).max(100),
        counts: z.boolean(),
        state: z.enum(["pending", "term", "paused", "cancelled", "deceased"]),
        from: dayRuleSchema().optional(),
        until: dayRuleSchema().optional(),
        withinTerm: z.boolean().optional(),
        weight: z.number().int().min(0).max(1_000_000),
        manual: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(50)
    .readonly();

const at = (event: RuleEvent, count = 0, unit: DayOffset["unit"] = "month"): RuleDay => ({ event, unit, count });

/**
 * Those of a program without rules of its own: new for three months from joining, current to the end of the term, in grace for a month,
 * then expired; new, current and grace count as members.
 */
export const defaultStatusRules: readonly StatusRule[] = [
  { status: "deceased", counts: false, state: "deceased", weight: 10 },
  { status: "cancelled", counts: false, state: "cancelled", weight: 20 },
  { status: "paused", counts: false, state: "paused", weight: 30 },
  { status: "pending", counts: false, state: "pending", weight: 40 },
  { status: "new", counts: true, state: "term", from: at("join"), until: at("join", 3), withinTerm: true, weight: 50 },
  { status: "current", counts: true, state: "term", from: at("start"), until: at("end"), weight: 60 },
  { status: "grace", counts: true, state: "term", from: at("end"), until: at("end", 1), weight: 70 },
  { status: "expired", counts: false, state: "term", from: at("end", 1), weight: 80 },
];

/** In the order in which they are asked. */
export function inOrder(rules: readonly StatusRule[]): readonly StatusRule[] {
  return rules.toSorted((a, b) => a.weight - b.weight);
}
