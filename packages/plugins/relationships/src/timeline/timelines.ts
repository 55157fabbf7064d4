/** Relationships in the order of their days. */
import { daysBetween, type RecordReference } from "@relata/core/plugin";
import { type Certainty, type Days, daysOf } from "../edge/edge-days.ts";
import { edgesAround, type OrientedEdge } from "../edges-around.ts";
import { compareIntervals, type DayInterval, firstDay, lastDay, shareDay } from "../interval/day-interval.ts";
import { type Crowd, crowdedDays, gapsBetween, gapsIn, intersectionOf } from "../interval/interval-sets.ts";
import { type TimeRelation, timeRelation } from "../interval/time-relation.ts";
import { type Holding, officesById, readHoldings } from "../office/read-offices.ts";
import type { OfficeRecord, RelationshipsContext, TypeRecord } from "../parts.ts";

/** How an entry stands in time to the one before it in the list; null for the first one. */
interface Placed {
  readonly sincePrevious: TimeRelation | null;
}

interface Timeline<E> {
  /** In the order of their first days; of the same one, those that end earlier first. */
  readonly entries: readonly (E & Placed)[];
  /** Days on which none holds: of the days asked about, or between the first and the last entry. */
  readonly gaps: readonly DayInterval[];
  /** Days on which two or more hold. */
  readonly overlaps: readonly Crowd[];
}

/** A relationship as the one whose timeline it is sees it, by the days that are asked for. */
export interface TimelineEntry extends OrientedEdge, DayInterval {
  /** The office that is held by it. */
  readonly office: OfficeRecord | null;
}

export interface PartyTimeline extends Timeline<TimelineEntry> {}

export interface OfficeTimeline extends Timeline<Holding> {
  readonly office: OfficeRecord;
}

export interface AskedTimeline {
  readonly days: Days;
  readonly certainty: Certainty;
}

/** Of a person, an organisation, or whatever else stands in relationships. */
export async function timelineOf(
  context: RelationshipsContext,
  thing: RecordReference,
  asked: AskedTimeline & {
    readonly types: ReadonlyMap<string, TypeRecord>;
    readonly typeIds: readonly string[] | undefined;
    readonly roles: readonly string[] | undefined;
  },
): Promise<PartyTimeline> {
  const { days, certainty, ...options } = asked;
  // As stated, the database leaves out what lies outside; otherwise the bounds may reach beyond what is stated.
  const during = certainty === "stated" ? { during: days } : {};
  const around = await edgesAround(context, [thing], { ...options, ...during });
  const officeIds = around.flatMap(({ edge }) => edge.officeId ?? []);
  const offices = await officesById(context, officeIds);
  const entries = around.flatMap((oriented): readonly TimelineEntry[] => {
    const held = daysOf(oriented.edge, certainty);
    const office = offices.get(oriented.edge.officeId ?? "") ?? null;
    return held ? [{ ...oriented, office, validFrom: held.from, validUntil: held.until }] : [];
  });
  return arranged(entries, days);
}

/** @throws `not_found` */
export async function officeTimeline(
  context: RelationshipsContext,
  officeId: string,
  { days, certainty }: AskedTimeline,
): Promise<OfficeTimeline> {
  const office = await context.offices.get(officeId);
  const holdings = (await readHoldings(context, [officeId], { days, certainty })).of(officeId);
  // Nobody misses it when there is no office.
  const span = intersectionOf([office, { validFrom: days.from, validUntil: days.until }]);
  const isOpen = days.from === null && days.until === null && office.validFrom === null && office.validUntil === null;
  const { entries, overlaps } = arranged(holdings, days);
  const gaps = isOpen ? gapsBetween(holdings) : span ? gapsIn(span, holdings) : [];
  return { office, entries, gaps, overlaps };
}

function arranged<E extends DayInterval>(all: readonly E[], { from, until }: Days): Timeline<E> {
  const span = { validFrom: from, validUntil: until };
  const inSpan = all.filter((each) => shareDay(each, span)).toSorted(compareIntervals);
  const entries = inSpan.map((each, at) => ({
    ...each,
    sincePrevious: at === 0 ? null : timeRelation(inSpan[at - 1]!, each),
  }));
  const cut = inSpan.map((each) => intersectionOf([each, span])!);
  return {
    entries,
    gaps: from === null && until === null ? gapsBetween(cut) : gapsIn(span, cut),
    overlaps: crowdedDays(cut),
  };
}

/** How two relationships stand to each other in time. */
export interface TimeComparison {
  /** The first to the second: "during"; undefined where one of them is certain on no day. */
  readonly relation: TimeRelation | undefined;
  /** The days that both have; undefined where there are none. */
  readonly shared: DayInterval | undefined;
  /** Days between the one's last and the other's first day that neither has; 0 where they meet or share days. */
  readonly daysApart: number;
}

/** @throws `not_found` */
export async function compareInTime(
  context: RelationshipsContext,
  ids: readonly [string, string],
  certainty: Certainty,
): Promise<TimeComparison> {
  const days: DayInterval[] = [];
  for (const id of ids) {
    const held = daysOf(await context.relationships.get(id), certainty);
    if (held) days.push({ validFrom: held.from, validUntil: held.until });
  }
  const [a, b] = days;
  if (!a || !b) return { relation: undefined, shared: undefined, daysApart: 0 };
  const shared = intersectionOf([a, b]);
  const [earlier, later] = firstDay(a) <= firstDay(b) ? [a, b] : [b, a];
  const daysApart = shared ? 0 : daysBetween(lastDay(earlier), firstDay(later)) - 1;
  return { relation: timeRelation(a, b), shared, daysApart };
}
