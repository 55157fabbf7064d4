/** What of the history is learned from: all that closed in three years, or where that is too much, that of some owners, or the latest months. */
import { addMonths, count, dayNumberOf, min } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";

/** No further back than this: how deals went years ago says little of how they go. */
const mostMonths = 36;
/** The latest months that are read however many closings they hold: two quarters, so that one can tell of the next. */
const leastMonths = 6;
/** No more closings than this, where some owners, or the latest months, can stand for all. */
const mostClosings = 60_000;
/** Fewer owners do not stand for others: so many are taken, where that is not far above `mostClosings`. */
const leastOwners = 20;

export interface ReadSpan {
  /** The first day at risk: nothing had closed before, or what had is not read. */
  readonly riskFrom: number;
  readonly closings: number;
  /** Closings of the last three years that are not read, since there are too many: 0 but for large tables. */
  readonly leftOut: number;
  /** The owners whose deals are learned from; undefined for all. */
  readonly learned: readonly string[] | undefined;
}

export interface SpanQuery {
  readonly where: object;
  readonly today: string;
  /** Whether some owners may stand for all. */
  readonly sampled: boolean;
}

/** One grouped aggregate, two for large tables. */
export async function readSpan(at: ForecastingContext, query: SpanQuery): Promise<ReadSpan> {
  const condition = closedSince(query, addMonths(query.today, -mostMonths));
  const owners = await at.opportunities.aggregate({
    where: condition,
    groupBy: { ownerId: "ownerId" },
    measures: { closings: count(), first: min("actualCloseDate") },
  });
  const total = owners.reduce((sum, { closings }) => sum + closings, 0);
  const firsts = owners.map(({ first }) => dayNumberOf(first!));
  const riskFrom = Math.min(dayNumberOf(query.today) + 1, ...firsts);
  if (total <= mostClosings) return { riskFrom, closings: total, leftOut: 0, learned: undefined };
  const named = owners.flatMap(({ ownerId, closings }) => (ownerId === null ? [] : [{ ownerId, closings }]));
  const share = Math.max(mostClosings / total, leastOwners / named.length);
  const learned = query.sampled && share < 1 ? standingFor(named, share) : [];
  const closings = learned.reduce((sum, owner) => sum + owner.closings, 0);
  if (learned.length === 0 || closings > 2 * mostClosings)
    return { ...(await latestMonths(at, condition, query.today)), learned: undefined };
  return { riskFrom, closings, leftOut: total - closings, learned: learned.map(({ ownerId }) => ownerId) };
}

function closedSince({ where, today }: SpanQuery, oldest: string) {
  return {
    and: [{ status: { in: ["won", "lost"] }, actualCloseDate: { between: [oldest, today] } }, where as never],
  } as const;
}

/** So large a share of owners, evenly from those who close most to those who close least. */
function standingFor<O extends { readonly closings: number; readonly ownerId: string }>(
  owners: readonly O[],
  share: number,
): readonly O[] {
  const sorted = owners.toSorted((a, b) => b.closings - a.closings || (a.ownerId < b.ownerId ? -1 : 1));
  const step = 1 / share;
  const chosen: O[] = [];
  for (let place = step / 2; place < sorted.length; place += step) chosen.push(sorted[Math.floor(place)]!);
  return chosen;
}

async function latestMonths(at: ForecastingContext, where: ReturnType<typeof closedSince>, today: string) {
  const months = await at.opportunities.aggregate({
    where: where as never,
    groupBy: { month: { actualCloseDate: "month" } },
    measures: { closings: count(), first: min("actualCloseDate") },
  });
  const latest = months.toSorted((a, b) => (a.first! < b.first! ? 1 : -1));
  const kept = addMonths(today, -leastMonths);
  let [closings, leftOut, riskFrom] = [0, 0, dayNumberOf(today) + 1];
  for (const { closings: own, first } of latest) {
    if (leftOut > 0 || (closings + own > mostClosings && first! < kept)) {
      leftOut += own;
      continue;
    }
    closings += own;
    riskFrom = dayNumberOf(first!);
  }
  return { riskFrom, closings, leftOut };
}
