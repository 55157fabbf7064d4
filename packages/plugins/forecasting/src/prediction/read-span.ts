/** How far back history is read: as many of the latest months as hold a stated number of closings. */
import { addMonths, count, dayNumberOf, min } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";

/** No further back than this: how deals went years ago says little of how they go. */
const mostMonths = 36;
/** The latest months that are read however many closings they hold: two quarters, so that one can tell of the next. */
const leastMonths = 6;
/** No more closings than this, where that leaves the latest months. */
const mostClosings = 50_000;

export interface ReadSpan {
  /** The first day at risk: nothing had closed before, or what had is not read. */
  readonly riskFrom: number;
  readonly closings: number;
  /** Closings of the last three years that are not read, since there are too many: 0 but for large tables. */
  readonly leftOut: number;
}

/** One grouped aggregate. */
export async function readSpan(at: ForecastingContext, where: object, today: string): Promise<ReadSpan> {
  const oldest = addMonths(today, -mostMonths);
  const months = await at.opportunities.aggregate({
    where: {
      and: [{ status: { in: ["won", "lost"] }, actualCloseDate: { between: [oldest, today] } }, where as never],
    },
    groupBy: { month: { actualCloseDate: "month" } },
    measures: { closings: count(), first: min("actualCloseDate") },
  });
  const latest = months.toSorted((a, b) => (a.first! < b.first! ? 1 : -1));
  const kept = addMonths(today, -leastMonths);
  let closings = 0;
  let leftOut = 0;
  let riskFrom = dayNumberOf(today) + 1;
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
