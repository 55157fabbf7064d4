/** Of the terms that fell due between two days, those that another one of the chain follows. */
import { compareText, count, rateOf } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
import type { TermOutcome } from "../chain/membership-span.ts";
import type { MembershipsContext } from "../parts.ts";
import { askedPrograms, ofPrograms, type RuledPrograms } from "./asked-programs.ts";
import { type PeriodQuery, periodFields, requirePeriod } from "./member-flow.ts";
import { countingWhere, onDay } from "./rule-conditions.ts";

export interface RenewalFigures {
  /** Terms whose last day is in the period, but for those that a change of level or a transfer has cut, and those of members who had died by then. */
  readonly due: number;
  /** Those of them that are followed by a term of the same unbroken chain, whenever it was bought. */
  readonly renewed: number;
  /** `renewed` over `due`, a decimal of at most six digits ("0.85"); null where nothing fell due. */
  readonly rate: string | null;
  /** Terms of members who had died by their last day: they are not among those that were due. */
  readonly died: number;
}

export interface RenewalRate extends RenewalFigures {
  readonly from: string;
  readonly until: string;
  /** Members for life on the day `until`: nothing of theirs falls due. */
  readonly life: number;
  /** By the level of the term that fell due, in the order of their ids. */
  readonly levels: readonly (RenewalFigures & { readonly levelId: string })[];
}

const querySchema = z.strictObject(periodFields);

/**
 * One query, and one for life members of programs that have the same rules, whatever the number of days. A member who comes back in a new chain has
 * not renewed. @throws `invalid_input`
 */
export async function renewalRate(context: MembershipsContext, given: PeriodQuery): Promise<RenewalRate> {
  const query = parsed("membership", querySchema, given);
  requirePeriod(query);
  const { from, until } = query;
  const levels = new Map<string, Tally>();
  let life = 0;
  for (const programs of await askedPrograms(context, query)) {
    const groups = await context.membershipSpans.aggregate({
      where: {
        ...ofPrograms(programs.programIds),
        ...{ termEndsOn: { between: [from, until] }, termOutcome: { ne: null } },
      },
      groupBy: { levelId: "levelId", outcome: "termOutcome" },
      measures: { terms: count() },
      archived: "include",
    });
    for (const { levelId, outcome, terms } of groups) {
      const tally = levels.get(levelId) ?? { changed: 0, renewed: 0, died: 0, left: 0 };
      levels.set(levelId, tally);
      tally[outcome!] += terms;
    }
    life += await lifeMembers(context, programs, until);
  }
  const rows = [...levels]
    .sort(([a], [b]) => compareText(a, b))
    .map(([levelId, tally]) => ({ levelId, ...figures(tally) }));
  const total = (of: TermOutcome) => [...levels.values()].reduce((sum, tally) => sum + tally[of], 0);
  const all = { renewed: total("renewed"), left: total("left"), died: total("died"), changed: total("changed") };
  return { from, until, ...figures(all), life, levels: rows };
}

type Tally = Record<TermOutcome, number>;

function figures({ renewed, left, died }: Tally): RenewalFigures {
  const due = renewed + left;
  return { due, renewed, rate: rateOf(renewed, due), died };
}

async function lifeMembers(
  context: MembershipsContext,
  { rules, programIds }: RuledPrograms,
  day: string,
): Promise<number> {
  const [row] = await context.membershipSpans.aggregate({
    where: {
      ...ofPrograms(programIds),
      and: [onDay(day), countingWhere(rules, day), { termId: { ne: null }, termEndsOn: null }],
    },
    measures: { memberships: count() },
    archived: "include",
  });
  return row!.memberships;
}
