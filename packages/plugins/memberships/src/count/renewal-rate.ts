/** Of the terms that fell due between two days, those that another one of the chain follows. */
import { addDays, compareText, count, rateOf } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
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
 * One query for the days on which terms fell due, and one for each of them. A member who comes back in a new chain has not renewed.
 * @throws `invalid_input`
 */
export async function renewalRate(context: MembershipsContext, given: PeriodQuery): Promise<RenewalRate> {
  const query = parsed("membership", querySchema, given);
  requirePeriod(query);
  const { from, until } = query;
  const levels = new Map<string, Tally>();
  let life = 0;
  for (const programs of await askedPrograms(context, query)) {
    const of = dueTerms(programs);
    const days = await context.membershipTerms.aggregate({
      where: { ...of, endsOn: { between: [from, until] } },
      groupBy: { day: "endsOn" },
      measures: { terms: count() },
    });
    for (const { day } of days) await tallyDay(context, { of, day: day!, levels });
    life += await lifeMembers(context, programs, until);
  }
  const rows = [...levels]
    .sort(([a], [b]) => compareText(a, b))
    .map(([levelId, tally]) => ({ levelId, ...figures(tally) }));
  const total = (of: keyof Tally) => [...levels.values()].reduce((sum, tally) => sum + tally[of], 0);
  const all = { renewed: total("renewed"), left: total("left"), died: total("died"), changed: total("changed") };
  return { from, until, ...figures(all), life, levels: rows };
}

type Outcome = "changed" | "renewed" | "died" | "left";
type Tally = Record<Outcome, number>;

function dueTerms({ programIds }: RuledPrograms) {
  return { voidedOn: null, ...(programIds ? { membership: { programId: { in: programIds } } } : {}) } as const;
}

interface Day {
  readonly of: ReturnType<typeof dueTerms>;
  readonly day: string;
  readonly levels: Map<string, Tally>;
}

/** Of one day, so that what follows is told by it: the chain of a term began by then, and that of a return did not. */
async function tallyDay(context: MembershipsContext, { of, day, levels }: Day): Promise<void> {
  const goesOn = { voidedOn: null, countsFrom: { gt: day }, chainStartsOn: { lte: day } } as const;
  const cut = {
    voidedOn: null,
    countsFrom: addDays(day, 1),
    origin: { in: ["upgrade", "downgrade"] },
    order: { terms: { none: { countsFrom: { lte: day }, voidedOn: null } } },
  } as const;
  const death = { kind: "deceased", voidedOn: null, validFrom: { lte: day } } as const;
  const groups = await context.membershipTerms.aggregate({
    where: { ...of, endsOn: day },
    groupBy: {
      levelId: "levelId",
      outcome: {
        cases: [
          { where: { voidReason: "transferred" }, value: "changed" },
          { where: { membership: { terms: { some: cut } } }, value: "changed" },
          { where: { membership: { terms: { some: goesOn } } }, value: "renewed" },
          { where: { membership: { events: { some: death } } }, value: "died" },
        ],
        otherwise: "left",
      },
    },
    measures: { terms: count() },
  });
  for (const { levelId, outcome, terms } of groups) {
    const tally = levels.get(levelId) ?? { changed: 0, renewed: 0, died: 0, left: 0 };
    levels.set(levelId, tally);
    tally[outcome] += terms;
  }
}

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
