/** Who handed an office over to whom. */
import { daysBetween } from "@relata/core/plugin";
import type { AskedSpan } from "../interval/asked-days.ts";
import { compareDays, dayBefore, firstDay, lastDay } from "../interval/day-interval.ts";
import { thereDuring } from "../interval/days-within.ts";
import type { OfficeRecord, RelationshipsContext } from "../parts.ts";
import { type AskedOffices, type Holding, readHoldings, readOffices } from "./read-offices.ts";

export interface Handover {
  readonly office: OfficeRecord;
  /** The first day of those who came. */
  readonly day: string;
  readonly outgoing: readonly Holding[];
  readonly incoming: readonly Holding[];
  /** Days on which nobody held it between the two; 0 where the ones came on the day after the others' last. */
  readonly vacantDays: number;
}

/**
 * Those of the days of the span, by account, title and day. An office with a single holder goes from one to the next, whatever lies between;
 * one with several is handed over where some come on the day after others' last. The first holders of all take over from nobody, and are
 * in none. One query for the offices, one for every thousand of them.
 */
export async function handovers(
  context: RelationshipsContext,
  asked: AskedOffices,
  { from, until, certainty }: AskedSpan,
): Promise<readonly Handover[]> {
  const offices = await readOffices(context, asked, [thereDuring({ from: null, until })]);
  const holdings = await readHoldings(
    context,
    offices.map(({ id }) => id),
    { days: { from: null, until }, certainty },
  );
  return offices.flatMap((office) =>
    handoversOf(office, holdings.of(office.id)).filter(({ day }) => from <= day && day <= until),
  );
}

function handoversOf(office: OfficeRecord, holdings: readonly Holding[]): readonly Handover[] {
  const byLastDay = Map.groupBy(holdings, lastDay);
  const lastDays = [...byLastDay.keys()].sort(compareDays);
  const coming = Map.groupBy(holdings, firstDay);
  let at = -1;
  return [...coming].flatMap(([day, incoming]) => {
    // Those that come are in the order of their days, and so are those before them.
    while (at + 1 < lastDays.length && lastDays[at + 1]! < day) at++;
    const left = lastDays[at];
    if (left === undefined || (!office.isSingleHolder && left !== dayBefore(day))) return [];
    const vacantDays = daysBetween(left, day) - 1;
    return [{ office, day, outgoing: byLastDay.get(left)!, incoming, vacantDays }];
  });
}
