/** Who holds an office on a day, and who held it before and after. */

import type { AskedDay } from "../interval/asked-days.ts";
import { compareDays, firstDay, holdsOn, lastDay } from "../interval/day-interval.ts";
import type { RelationshipsContext } from "../parts.ts";
import { type Holding, readHoldings } from "./read-offices.ts";

/** In the order of their first days. @throws `not_found` */
export async function holdersOn(
  context: RelationshipsContext,
  officeId: string,
  { on, certainty }: AskedDay,
): Promise<readonly Holding[]> {
  await context.offices.get(officeId, { select: ["id"] });
  return (await readHoldings(context, [officeId], { days: { from: on, until: on }, certainty })).of(officeId);
}

export interface HoldersAround {
  /** Those who held it last and no more on the day: several where their last day is the same. */
  readonly before: readonly Holding[];
  readonly on: readonly Holding[];
  /** Those who hold it next. */
  readonly after: readonly Holding[];
}

/** @throws `not_found` */
export async function holdersAround(
  context: RelationshipsContext,
  officeId: string,
  { on, certainty }: AskedDay,
): Promise<HoldersAround> {
  await context.offices.get(officeId, { select: ["id"] });
  const all = (await readHoldings(context, [officeId], { certainty })).of(officeId);
  const earlier = all.filter((holding) => lastDay(holding) < on);
  const later = all.filter((holding) => firstDay(holding) > on);
  const last = earlier.map(lastDay).toSorted(compareDays).at(-1);
  const next = later.map(firstDay).toSorted(compareDays)[0];
  return {
    before: earlier.filter((holding) => lastDay(holding) === last),
    on: all.filter((holding) => holdsOn(holding, on)),
    after: later.filter((holding) => firstDay(holding) === next),
  };
}
