/** Where days stand in the fiscal quarter: its first, second or third month. */
export const quarterPositions = 3;

export interface CalendarPositions {
  readonly from: number;
  /** One position (0, 1, 2) a day. */
  readonly at: Uint8Array;
}

/** The position of a day. A day outside is refused with a RangeError: the caller has asked for too few. */
export function positionOf(calendar: CalendarPositions, day: number): number {
  const position = calendar.at[day - calendar.from];
  if (position === undefined) throw new RangeError(`Day ${day} has no position in a fiscal quarter.`);
  return position;
}
