/** What became of members between two days: from the opening to the closing count, without a rest. */
import { count, countDistinct, invalidInput, rateOf } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { dayBefore } from "../status/day-offset.ts";
import { askedPrograms, ofPrograms, type ProgramsQuery, programsFields, type RuledPrograms } from "./asked-programs.ts";
import { countingWhere, onDay } from "./rule-conditions.ts";

/** Both days are part of it: what was a member on the day before `from` is the opening. */
export interface PeriodQuery extends ProgramsQuery {
  readonly from: string;
  readonly until: string;
}

export const periodFields = { ...programsFields, from: daySchema, until: daySchema };
const querySchema = z.strictObject(periodFields);

/** @throws `invalid_input` for a period that ends before it begins */
export function requirePeriod({ from, until }: { readonly from: string; readonly until: string }): void {
  if (from > until)
    throw invalidInput("membership", [{ field: "until", code: "before_from", message: `is before from, ${from}` }]);
}

/** Each membership is told of once, by what it was on the evening before and is on the last day. */
export interface MemberFlow {
  readonly from: string;
  readonly until: string;
  /** Members on the day before `from`. */
  readonly opening: number;
  /** Whose first day as a member, ever, is in the period, also where they are members no longer by its end. */
  readonly joined: number;
  /** Members by the end who were none at the opening, and had been before. */
  readonly rejoined: number;
  /** Members by the end whose membership was paused at the opening. */
  readonly resumed: number;
  /** Members at the opening, or joined since, whose term has ended; … */
  readonly lapsed: number;
  readonly cancelled: number;
  readonly paused: number;
  readonly died: number;
  /** … or who count no longer for another reason: an override, or a first term that was taken back. */
  readonly otherLosses: number;
  /** `opening + joined + rejoined + resumed - lapsed - cancelled - paused - died - otherLosses`: members on the day `until`. */
  readonly closing: number;
  /** Terms that continue a chain and begin in the period, those of several that were bought at once included. */
  readonly renewed: number;
  /** Changes of level within a term whose day is in the period. */
  readonly upgraded: number;
  readonly downgraded: number;
  readonly retention: Retention;
}

/** Opening members who are members still. Rates are decimals of at most six digits ("0.925"), null of nobody. */
export interface Retention {
  readonly opening: number;
  readonly kept: number;
  /** `kept` over `opening`. */
  readonly rate: string | null;
  /** Of the opening members: those who died since, and those who were members for life. */
  readonly died: number;
  readonly life: { readonly opening: number; readonly kept: number; readonly died: number };
  /** The rate among those whose decision it was: without members for life, and without those who died. */
  readonly rateOfTerms: string | null;
}

/** Three queries for programs that have the same rules. @throws `invalid_input` */
export async function memberFlow(context: MembershipsContext, given: PeriodQuery): Promise<MemberFlow> {
  const query = parsed("membership", querySchema, given);
  requirePeriod(query);
  const groups: Group[] = [];
  let [renewed, upgraded, downgraded] = [0, 0, 0];
  for (const programs of await askedPrograms(context, query)) {
    groups.push(...(await groupsOf(context, programs, query)));
    renewed += await renewedIn(context, programs, query);
    const changed = await changedIn(context, programs, query);
    upgraded += changed.get("upgrade") ?? 0;
    downgraded += changed.get("downgrade") ?? 0;
  }
  return { from: query.from, until: query.until, ...reconciled(groups), renewed, upgraded, downgraded };
}

type Before = "life" | "member" | "paused" | "former" | "new";
type After = "member" | "died" | "cancelled" | "paused" | "lapsed" | "other";

interface Group {
  readonly before: Before;
  readonly after: After;
  readonly joined: "yes" | "no";
  readonly memberships: number;
}

interface Period {
  readonly from: string;
  readonly until: string;
}

/** Every membership has one span on the last day, also those that ended long ago. */
async function groupsOf(
  context: MembershipsContext,
  { rules, programIds }: RuledPrograms,
  { from, until }: Period,
): Promise<readonly Group[]> {
  const eve = dayBefore(from);
  const wasMember = { and: [onDay(eve), countingWhere(rules, eve)] };
  return context.membershipSpans.aggregate({
    where: { ...ofPrograms(programIds), ...onDay(until) },
    groupBy: {
      before: {
        cases: [
          {
            where: { membership: { spans: { some: { ...wasMember, termId: { ne: null }, termEndsOn: null } } } },
            value: "life",
          },
          { where: { membership: { spans: { some: wasMember } } }, value: "member" },
          { where: { membership: { spans: { some: { ...onDay(eve), state: "paused" } } } }, value: "paused" },
          { where: { joinedOn: { lte: eve } }, value: "former" },
        ],
        otherwise: "new",
      },
      after: {
        cases: [
          { where: countingWhere(rules, until), value: "member" },
          { where: { state: "deceased" }, value: "died" },
          { where: { state: "cancelled" }, value: "cancelled" },
          { where: { state: "paused" }, value: "paused" },
          { where: { state: "term" }, value: "lapsed" },
        ],
        otherwise: "other",
      },
      joined: { cases: [{ where: { joinedOn: { between: [from, until] } }, value: "yes" }], otherwise: "no" },
    },
    measures: { memberships: count() },
    archived: "include",
  });
}

function reconciled(
  groups: readonly Group[],
): Omit<MemberFlow, "from" | "until" | "renewed" | "upgraded" | "downgraded"> {
  const sum = (holds: (group: Group) => boolean) =>
    groups.reduce((total, group) => total + (holds(group) ? group.memberships : 0), 0);
  const wasMember = ({ before }: Group) => before === "life" || before === "member";
  const isMember = ({ after }: Group) => after === "member";
  const joins = (group: Group) =>
    !wasMember(group) && (group.joined === "yes" || (group.before === "new" && isMember(group)));
  const comesBack = (group: Group) => isMember(group) && !wasMember(group) && !joins(group);
  const lost = (reason: After) => sum((group) => group.after === reason && (wasMember(group) || joins(group)));
  const opening = sum(wasMember);
  const kept = sum((group) => wasMember(group) && isMember(group));
  const died = sum((group) => wasMember(group) && group.after === "died");
  const ofLife = (after?: After) => sum((group) => group.before === "life" && (!after || group.after === after));
  const life = { opening: ofLife(), kept: ofLife("member"), died: ofLife("died") };
  return {
    opening,
    joined: sum(joins),
    rejoined: sum((group) => comesBack(group) && group.before !== "paused"),
    resumed: sum((group) => comesBack(group) && group.before === "paused"),
    lapsed: lost("lapsed"),
    cancelled: lost("cancelled"),
    paused: lost("paused"),
    died: lost("died"),
    otherLosses: lost("other"),
    closing: sum(isMember),
    retention: {
      ...{ opening, kept, died, life, rate: rateOf(kept, opening) },
      rateOfTerms: rateOf(kept - life.kept, opening - life.opening - (died - life.died)),
    },
  };
}

function termsIn({ programIds }: RuledPrograms, { from, until }: Period) {
  const membership = programIds === undefined ? {} : { membership: { programId: { in: programIds } } };
  return { voidedOn: null, countsFrom: { between: [from, until] }, ...membership } as const;
}

async function renewedIn(context: MembershipsContext, programs: RuledPrograms, period: Period): Promise<number> {
  const [row] = await context.membershipTerms.aggregate({
    where: {
      ...termsIn(programs, period),
      or: [{ origin: "renewal" }, { origin: { in: ["join", "return", "import"] }, position: { gt: 0 } }],
    },
    measures: { terms: count() },
  });
  return row!.terms;
}

/** A change that remakes terms that were bought in advance is one change, on the day of its first term. */
async function changedIn(context: MembershipsContext, programs: RuledPrograms, period: Period) {
  const rows = await context.membershipTerms.aggregate({
    where: {
      ...termsIn(programs, period),
      origin: { in: ["upgrade", "downgrade"] },
      order: { terms: { none: { countsFrom: { lt: period.from }, voidedOn: null } } },
    },
    groupBy: { origin: "origin" },
    measures: { changes: countDistinct("orderId") },
  });
  return new Map(rows.map(({ origin, changes }) => [origin, changes]));
}
