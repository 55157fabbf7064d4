/** What is to be written on which day, in the order in which it happened: a pure function of the source and the CRM's state. */
import { dayOf, laterDay, noonOf } from "../day.ts";
import type { SalesData, SourceActivity, SourceOpportunity, StageKey } from "../source/sales-data.ts";
import type { Base } from "./import-base.ts";
import { notBefore, type Registered, type Registry } from "./registry.ts";

/** An opportunity as the CRM has it. */
export interface KnownOpportunity extends Registered {
  readonly stage: StageKey;
  readonly updatedAt: Date;
  readonly actualCloseDate: string | null;
}

export interface ScheduledMove {
  readonly opportunity: SourceOpportunity;
  /** Never before the day of the record's creation; null for an open stage. */
  readonly closeDate: string | null;
}

export interface Schedule {
  readonly days: readonly ScheduledDay[];
  /** Opportunities that began before everything they refer to was in the CRM: dated later than they began. */
  readonly postponed: number;
  /** Known opportunities that are closed on another day than in the source: the day that was recorded stays. */
  readonly otherCloseDate: number;
}

/** Everything that is dated `at`. */
export interface ScheduledDay {
  readonly at: Date;
  readonly creations: SourceOpportunity[];
  readonly moves: ScheduledMove[];
  readonly activities: SourceActivity[];
}

export interface ScheduleRequest {
  readonly data: SalesData;
  readonly base: Base;
  readonly opportunities: ReadonlyMap<string, KnownOpportunity>;
  readonly activities: Registry;
  /** Since when the pipeline is there. */
  readonly since: Date;
  /** The present: what changes a record on a day before the record's last change is dated so. */
  readonly now: Date;
}

/**
 * New opportunities are created on the day of their first stage and closed on their close date; activities are created on their
 * day; each not before what it refers to, and nothing in the future. Known opportunities are moved if their stage is another.
 */
export function scheduleImport(request: ScheduleRequest): Schedule {
  const days = new Map<number, ScheduledDay>();
  const dayAt = (at: Date) => {
    const day = days.get(at.getTime()) ?? { at, creations: [], moves: [], activities: [] };
    days.set(at.getTime(), day);
    return day;
  };
  const move = (at: Date, opportunity: SourceOpportunity, createdAt: Date) => {
    const { closedOn } = opportunity;
    dayAt(at).moves.push({ opportunity, closeDate: closedOn === null ? null : laterDay(closedOn, dayOf(createdAt)) });
  };
  const thereSince = new Map<string, Registered>();
  let postponed = 0;
  let otherCloseDate = 0;

  for (const opportunity of request.data.opportunities) {
    const { id, stage, createdOn, closedOn } = opportunity;
    const known = request.opportunities.get(id);
    if (known !== undefined) {
      thereSince.set(id, known);
      if (known.stage !== stage) move(moveInstant(opportunity, known, request.now), opportunity, known.createdAt);
      else if (known.actualCloseDate !== closedOn) otherCloseDate += 1;
      continue;
    }
    const at = creationInstant(opportunity, request);
    if (dayOf(at) > createdOn) postponed += 1;
    thereSince.set(id, { id, createdAt: at });
    dayAt(at).creations.push(opportunity);
    if (closedOn !== null) move(later(happened(closedOn, request.now), at), opportunity, at);
  }
  for (const activity of request.data.activities) {
    if (!request.activities.has(activity.id))
      dayAt(activityInstant(activity, request, thereSince)).activities.push(activity);
  }
  const inOrder = [...days.values()].sort((one, other) => one.at.getTime() - other.at.getTime());
  return { days: inOrder, postponed, otherCloseDate };
}

/** The days of each month together, in order. */
export function byMonth(days: readonly ScheduledDay[]): readonly (readonly [string, readonly ScheduledDay[]])[] {
  return [...Map.groupBy(days, ({ at }) => at.toISOString().slice(0, 7))];
}

/** How many writes a day has. */
export function countWrites({ creations, moves, activities }: ScheduledDay): number {
  return creations.length + moves.length + activities.length;
}

function creationInstant(opportunity: SourceOpportunity, { base, since, now }: ScheduleRequest): Date {
  const references = [
    base.users.find(opportunity.owner),
    base.accounts.find(opportunity.account),
    base.products.find(opportunity.product),
  ];
  return notBefore(later(happened(opportunity.createdOn, now), since), references);
}

/** The day that the source gives for the stage, unless the record has changed since then. */
function moveInstant(opportunity: SourceOpportunity, known: KnownOpportunity, now: Date): Date {
  if (opportunity.stage === "prospecting") return now;
  const at = happened(opportunity.closedOn ?? opportunity.createdOn, now);
  return at < known.updatedAt ? now : at;
}

function activityInstant(
  { owner, contact, opportunity, day }: SourceActivity,
  { base, now }: ScheduleRequest,
  opportunities: ReadonlyMap<string, Registered>,
): Date {
  const subject = opportunity === null ? null : (opportunities.get(opportunity) ?? null);
  return notBefore(happened(day, now), [base.users.find(owner), base.contacts.find(contact), subject]);
}

/** Noon of the day, unless that is yet to come. */
function happened(day: string, now: Date): Date {
  const noon = noonOf(day);
  return noon < now ? noon : now;
}

function later(one: Date, other: Date): Date {
  return one < other ? other : one;
}
