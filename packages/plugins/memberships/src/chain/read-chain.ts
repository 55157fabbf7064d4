/** A membership with all that its status and its next term follow from. */
import { compareText } from "@relata/core/plugin";
import type {
  LevelRecord,
  MembershipEventRecord,
  MembershipRecord,
  MembershipsContext,
  OrderRecord,
  PlanRecord,
  ProgramRecord,
  TermRecord,
} from "../parts.ts";
import { readRules } from "../status/read-rules.ts";
import { type Status, statusOn } from "../status/status-on.ts";
import type { StatusRule } from "../status/status-rule.ts";
import { type Span, spansOf, standingTerms } from "./spans.ts";

export interface ReadChain {
  readonly membership: MembershipRecord;
  /** Those that count, in the order of their days. */
  readonly terms: readonly TermRecord[];
  readonly allTerms: readonly TermRecord[];
  readonly events: readonly MembershipEventRecord[];
  readonly orders: readonly OrderRecord[];
  readonly spans: readonly Span[];
  readonly rules: readonly StatusRule[];
  statusOn(day: string): (Status & { readonly span: Span }) | undefined;
  /** The term that governs the day. */
  termOn(day: string): TermRecord | undefined;
}

/** Six queries, one after another. @throws `not_found` */
export async function readChain(context: MembershipsContext, id: string): Promise<ReadChain> {
  const membership = await context.memberships.get(id);
  const where = { membershipId: id };
  const allTerms = await Array.fromAsync(context.membershipTerms.iterate({ where }));
  const events = await Array.fromAsync(context.membershipEvents.iterate({ where }));
  const orders = await Array.fromAsync(context.membershipOrders.iterate({ where }));
  const rules = (await readRules(context, [membership.programId])).of(membership.programId);
  const spans = spansOf({ terms: allTerms, events, orders });
  const terms = standingTerms(allTerms);
  return {
    ...{ membership, terms, allTerms, events, orders, spans, rules },
    statusOn: (day) => statusOn(spans, rules, day),
    termOn: (day) => terms.findLast(({ countsFrom }) => countsFrom <= day),
  };
}

/** A plan with what it belongs to, archived or not. */
export interface ReadPlan {
  readonly plan: PlanRecord;
  readonly level: LevelRecord;
  readonly program: ProgramRecord;
}

/** @throws `not_found` */
export async function readPlan(context: MembershipsContext, planId: string): Promise<ReadPlan> {
  const { level: found, ...plan } = await context.membershipPlans.get(planId, {
    include: { level: { include: { program: true } } },
  });
  const { program, ...level } = found!;
  return { plan, level, program: program! };
}

/** By membership; in each, in the order of ids. */
export function byMembership<R extends { readonly membershipId: string; readonly id: string }>(
  records: readonly R[],
): ReadonlyMap<string, readonly R[]> {
  return Map.groupBy(
    records.toSorted((a, b) => compareText(a.id, b.id)),
    ({ membershipId }) => membershipId,
  );
}
