/** Offices that nobody holds. */
import { validOn } from "../edge/edge-days.ts";
import type { AskedSpan } from "../interval/asked-days.ts";
import {
  type DayInterval,
  dayAfter,
  dayBefore,
  firstDay,
  intervalOf,
  lastDay,
  shareDay,
} from "../interval/day-interval.ts";
import { thereDuring } from "../interval/days-within.ts";
import { gapsIn } from "../interval/interval-sets.ts";
import type { OfficeRecord, RelationshipsContext } from "../parts.ts";
import { type AskedOffices, type Holding, readHoldings, readOffices } from "./read-offices.ts";

/** The days on which nobody holds it, from the first to the last, as far as the office is there: also those beyond the span asked for. */
export interface Vacancy extends DayInterval {
  readonly office: OfficeRecord;
  /** Who held it until the day before; several, where it has several holders; none, where nobody did. */
  readonly before: readonly Holding[];
  /** Who holds it from the day after on. */
  readonly after: readonly Holding[];
}

/**
 * Those that last on some day of the span, by account, title and day. One query for the offices, and one for every thousand of those whose
 * holders are looked at: of a single day, those that are vacant on it alone.
 */
export async function vacancies(
  context: RelationshipsContext,
  asked: AskedOffices,
  { from, until, certainty }: AskedSpan,
): Promise<readonly Vacancy[]> {
  // What holds on a day for certain is not told by a condition alone.
  const isDay = from === until && certainty !== "certain";
  const vacant = isDay ? { holdings: { none: { archivedAt: null, ...validOn(from, certainty) } } } : {};
  const offices = await readOffices(context, asked, [thereDuring({ from, until }), vacant]);
  const holdings = await readHoldings(
    context,
    offices.map(({ id }) => id),
    { certainty },
  );
  const span = intervalOf(from, until);
  return offices.flatMap((office) => {
    const held = holdings.of(office.id);
    return gapsIn(office, held)
      .filter((gap) => shareDay(gap, span))
      .map((gap) => ({ office, ...gap, ...neighbours(gap, held) }));
  });
}

function neighbours(gap: DayInterval, held: readonly Holding[]): Pick<Vacancy, "before" | "after"> {
  const [eve, morrow] = [dayBefore(firstDay(gap)), dayAfter(lastDay(gap))];
  return {
    before: held.filter((holding) => lastDay(holding) === eve),
    after: held.filter((holding) => firstDay(holding) === morrow),
  };
}
