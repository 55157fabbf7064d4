/** What a prediction is made from, as known at its origin. Days are numbers of days, as `dayNumberOf` counts them. */

/** One stay in an open stage. It ends on the day of its exit, or has not ended. */
export interface Stay {
  readonly stage: string;
  readonly from: number;
  readonly until?: number | undefined;
  readonly exit?: "won" | "lost" | "moved" | undefined;
}

export interface Deal {
  readonly id: string;
  readonly owner: string;
  /** In units of the measure. Of a won one what was won, of an open one what is expected. */
  readonly amount: number;
  /** In order of time, at least one. */
  readonly stays: readonly Stay[];
  /** Of its stage or its own, 0 to 1: used where history is too short. */
  readonly probability?: number | undefined;
  readonly expectedCloseOn?: number | undefined;
  /** The value of each signal, in the order of their names; absent where it has none. */
  readonly signals?: readonly (string | undefined)[] | undefined;
}

/** The day on which the deal was won, where its last stay ended so by that day. */
export function wonOn(deal: Deal, by: number): number | undefined {
  const last = deal.stays[deal.stays.length - 1];
  return last?.exit === "won" && last.until !== undefined && last.until <= by ? last.until : undefined;
}

/** The stay in which the deal was open at the end of a day. */
export function openStay(deal: Deal, at: number): Stay | undefined {
  for (let index = deal.stays.length - 1; index >= 0; index -= 1) {
    const stay = deal.stays[index] as Stay;
    if (stay.from <= at) return stay.until === undefined || stay.until > at ? stay : undefined;
  }
  return undefined;
}

/** The first day of the deal. */
export const startedOn = (deal: Deal): number => (deal.stays[0] as Stay).from;
