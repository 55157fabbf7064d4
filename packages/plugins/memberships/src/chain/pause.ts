/** A membership pauses, and goes on. */
import { addDays, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed, reasonSchema } from "../asked.ts";
import type { MembershipEventRecord, MembershipRecord, MembershipsContext, TermRecord } from "../parts.ts";
import { holdsOn } from "./events.ts";
import { lockMemberships } from "./lock-memberships.ts";
import { type ReadChain, readChain, readPlan } from "./read-chain.ts";
import { rewriteSpans } from "./rewrite-spans.ts";
import { daysOf, nextTerm } from "./term-days.ts";

export interface PauseInput {
  /** The first day; today unless given. */
  readonly from?: string | undefined;
  /** The last day; unless given, it goes on until `resume`. */
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
}

const pauseSchema = z.strictObject({ from: daySchema.optional(), until: daySchema.optional(), reason: reasonSchema });

/**
 * One unit. Where the level says so, the days of the pause are added to the end of the term, once they are known, and the terms after it follow;
 * those of fixed periods, and for life, stay as they are.
 *
 * @throws `membership_ended` for one that does not count on the first day, or whose term has ended then; `invalid_input` for more days than
 *   the level allows, and for days of another pause; `not_found`
 */
export async function pause(
  context: MembershipsContext,
  id: string,
  given: PauseInput = {},
): Promise<MembershipRecord> {
  const input = parsed("membershipEvent", pauseSchema, given);
  return context.transaction(async (tx) => {
    const from = input.from ?? (await tx.settings.today());
    await lockMemberships(tx, [id]);
    const chain = await readChain(tx, id);
    const term = requireRunning(tx, chain, from);
    const { maxPauseDays } = await tx.membershipLevels.get(term.levelId, { select: ["maxPauseDays"] });
    requireDays({ from, until: input.until, most: maxPauseDays, events: chain.events });
    const days = input.until === undefined || !(await isExtended(tx, term)) ? null : daysOf(from, input.until);
    await tx.membershipEvents.create({
      ...{ membershipId: id, kind: "paused", validFrom: from, validUntil: input.until ?? null },
      ...{ reason: input.reason ?? null, addedDays: days },
    });
    if (days !== null) await moveTerms(tx, chain.terms, { term, days });
    return finish(tx, id);
  });
}

const resumeSchema = z.strictObject({ on: daySchema.optional() });

/**
 * The first day after the pause; today unless given. The days that it really lasted are those that are added.
 *
 * @throws `not_paused`, `invalid_input`, `not_found`
 */
export async function resume(
  context: MembershipsContext,
  id: string,
  given: { readonly on?: string | undefined } = {},
): Promise<MembershipRecord> {
  const input = parsed("membershipEvent", resumeSchema, given);
  return context.transaction(async (tx) => {
    const on = input.on ?? (await tx.settings.today());
    await lockMemberships(tx, [id]);
    const chain = await readChain(tx, id);
    const event = chain.events.find((each) => each.kind === "paused" && holdsOn(each, on));
    if (event === undefined) throw tx.error("not_paused", { entity: "membership", id, day: on });
    const { validFrom, addedDays } = event;
    const term = chain.termOn(validFrom);
    const lasted = on <= validFrom ? 0 : daysOf(validFrom, addDays(on, -1));
    const extends_ = term !== undefined && (await isExtended(tx, term));
    await tx.membershipEvents.update(event.id, {
      ...(lasted === 0 ? { voidedOn: on } : { validUntil: addDays(on, -1) }),
      addedDays: extends_ ? lasted : null,
    });
    const days = lasted - (addedDays ?? 0);
    if (extends_ && days !== 0) await moveTerms(tx, chain.terms, { term, days });
    return finish(tx, id);
  });
}

/** Whether the days of a pause are added to the term. */
async function isExtended(tx: MembershipsContext, { planId, endsOn }: TermRecord): Promise<boolean> {
  const { plan, level } = await readPlan(tx, planId);
  return level.pauseExtends && plan.period === "rolling" && endsOn !== null;
}

async function finish(tx: MembershipsContext, id: string): Promise<MembershipRecord> {
  await rewriteSpans(tx, [id]);
  return tx.memberships.get(id);
}

function requireRunning(tx: MembershipsContext, chain: ReadChain, day: string): TermRecord {
  const status = chain.statusOn(day);
  const term = chain.termOn(day);
  if (term && status?.counts && status.span.state === "term" && (term.endsOn === null || term.endsOn >= day))
    return term;
  const advice = "only a term that is running can be paused";
  const details = { entity: "membership", id: chain.membership.id, status: status?.status ?? "not begun", day, advice };
  throw tx.error("membership_ended", details);
}

interface PauseDays {
  readonly from: string;
  readonly until: string | undefined;
  readonly most: number | null;
  readonly events: readonly MembershipEventRecord[];
}

function requireDays({ from, until, most, events }: PauseDays): void {
  const wrong = (message: string) => {
    throw invalidInput("membershipEvent", [{ field: "until", code: "out_of_range", message }]);
  };
  if (until !== undefined && until < from) wrong(`is before the first day, ${from}`);
  if (most !== null && until === undefined) wrong(`is required: the level allows ${most} days of pause`);
  if (most !== null && until !== undefined && daysOf(from, until) > most)
    wrong(`makes more than the ${most} days that the level allows`);
  const later = events.find(
    ({ kind, voidedOn, validFrom }) =>
      kind === "paused" && voidedOn === null && validFrom > from && (until === undefined || validFrom <= until),
  );
  if (later) wrong(`reaches into another pause, from ${later.validFrom}`);
}

/** The term ends so many days later, and those after it follow it, each from a new anchor where the last one's chain no longer fits. */
async function moveTerms(
  tx: MembershipsContext,
  terms: readonly TermRecord[],
  { term, days }: { readonly term: TermRecord; readonly days: number },
): Promise<void> {
  let last = { ...term, endsOn: addDays(term.endsOn!, days) };
  const changes: { id: string; startsOn?: string; endsOn: string | null }[] = [{ id: term.id, endsOn: last.endsOn }];
  const later = terms.filter(({ countsFrom }) => countsFrom > term.countsFrom);
  const plans = await plansOf(tx, later);
  for (const each of later) {
    if (last.endsOn === null) break;
    const placed = nextTerm(plans.get(each.planId)!, { ...last, samePlan: each.planId === last.planId });
    const moved = { ...placed, countsFrom: placed.startsOn };
    changes.push({ id: each.id, ...moved });
    last = { ...each, ...moved } as typeof last;
  }
  await tx.membershipTerms.updateMany(changes);
}

async function plansOf(tx: MembershipsContext, terms: readonly TermRecord[]) {
  const ids = [...new Set(terms.map(({ planId }) => planId))];
  if (ids.length === 0) return new Map<string, never>();
  const plans = await Array.fromAsync(tx.membershipPlans.iterate({ where: { id: { in: ids } }, archived: "include" }));
  return new Map(plans.map((plan) => [plan.id, plan]));
}
