/** What became of the opportunities that were expected in a period when it began: without any reading. */

/** What an opportunity is, at the end. */
export interface Outcome {
  readonly status: "open" | "won" | "lost";
  readonly expectedCloseDate: string | null;
  readonly actualCloseDate: string | null;
}

/** In the order in which they are told. */
export const fates = ["won", "lost", "pushed_out", "still_expected", "won_outside", "gone"] as const;
/**
 * `won`: in the period. `pushed_out`: open, and no longer expected in it. `still_expected`: open, and expected in it yet. `won_outside`:
 * won, and dated outside of it. `gone`: deleted or archived.
 */
export type Fate = (typeof fates)[number];

export function fateOf(outcome: Outcome | undefined, period: { readonly from: string; readonly until: string }): Fate {
  if (outcome === undefined) return "gone";
  const isIn = (day: string | null) => day !== null && day >= period.from && day <= period.until;
  switch (outcome.status) {
    case "won":
      return isIn(outcome.actualCloseDate) ? "won" : "won_outside";
    case "lost":
      return "lost";
    case "open":
      return isIn(outcome.expectedCloseDate) ? "still_expected" : "pushed_out";
    default:
      return outcome.status satisfies never;
  }
}
