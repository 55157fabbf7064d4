/** What a prediction is asked, and what it answers, in plain numbers. */
import type { CalendarPositions } from "./calendar-positions.ts";
import type { DealChance } from "./deal-chances.ts";
import type { Deal } from "./deal-history.ts";
import type { Totals } from "./expectation.ts";
import type { History } from "./history.ts";
import type { Pooling } from "./pooling.ts";
import type { Signal, SignalReport } from "./signals.ts";
import type { Window } from "./window.ts";

export interface OutlookInput {
  readonly deals: readonly Deal[];
  /** All whose deals count. A deal of someone else is used for chances only. */
  readonly owners: readonly string[];
  /** The open stages. */
  readonly stages: readonly string[];
  /** Their probabilities, 0 to 1. */
  readonly probabilities?: ReadonlyMap<string, number> | undefined;
  /** For all days from the first at risk to the end of the window. */
  readonly calendar: CalendarPositions;
  /** The first day at risk. */
  readonly riskFrom: number;
  readonly window: Window;
  readonly signals?: readonly Signal[] | undefined;
  /**
   * Where only some owners are learned from: these, and what all won and took in. Of the others, deals are the open ones, with their
   * present stay.
   */
  readonly sample?: { readonly learned: readonly string[]; readonly totals: Totals } | undefined;
  readonly seed: number;
}

/** One owner's part, in units of the measure. */
export interface OwnerOutlook {
  readonly owner: string;
  /** Won in the window by the origin. */
  readonly won: number;
  /** Open deals: the sum of chance × amount. */
  readonly open: number;
  /** Business that is still to come in. */
  readonly arriving: number;
  /** By the owner's run rate, shrunk towards that of all. */
  readonly runRate: number;
  /** What is expected of the whole window, pooled. */
  readonly mean: number;
  /** Simulated outcomes of the whole window; the same draw of all owners belongs together. */
  readonly draws: Float64Array;
}

export interface Outlook {
  /** How chances were found. By the stage's probability where history is too short for more. */
  readonly method: "competing_risks" | "stage_probability";
  readonly history: History;
  readonly deals: readonly DealChance[];
  readonly owners: readonly OwnerOutlook[];
  readonly pooling: Pooling;
  readonly signals: readonly SignalReport[];
  /** The share of new deals that never close; absent where it is not known. */
  readonly neverClosing?: number | undefined;
}
