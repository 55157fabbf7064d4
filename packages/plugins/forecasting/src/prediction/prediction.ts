/** What `crm.forecasting.predict` answers: plain data. */
import type { Money } from "@relata/core/plugin";
import type { Contribution } from "./deal-chances.ts";
import type { Pooling } from "./pooling.ts";
import type { SignalReport } from "./signals.ts";

export interface Prediction {
  readonly asOf: Date;
  /** The period's first and last day. */
  readonly from: string;
  readonly until: string;
  /** `stage_probability` where history is too short to fit chances to: `reason` then says what is missing. */
  readonly method: "competing_risks" | "stage_probability";
  readonly reason: string | null;
  /** One for each currency of the opportunities, or one where they are converted. */
  readonly currencies: readonly CurrencyPrediction[];
  /** Every open opportunity. */
  readonly opportunities: readonly PredictedOpportunity[];
  /** Which other fields carry something, and which do not. */
  readonly signals: readonly SignalReport[];
  /** The share of new opportunities that are never closed; null where it is not known. */
  readonly neverClosing: number | null;
  readonly history: PredictionHistory;
}

export interface PredictionHistory {
  /** The first day of what was looked at. */
  readonly from: string;
  readonly won: number;
  readonly lost: number;
  /** Closings of the last three years that were not looked at, because there are more than a prediction reads. */
  readonly leftOut: number;
  /**
   * Of how many owners all was looked at, where these stand for all; null where it was that of everybody. Totals are of all owners alike; an
   * opportunity of another one has no effect of its owner in its chance.
   */
  readonly learnedOwners: number | null;
}

export interface CurrencyPrediction {
  readonly currency: string;
  readonly total: PredictedAmounts;
  /** In the order of their ids; what nobody owns comes last. */
  readonly owners: readonly OwnerPrediction[];
  /** Of each user who has a quota of this very period in this currency, in the order of their ids. */
  readonly quotas: readonly QuotaPrediction[];
  /** How the parts were joined, and what that comes from. */
  readonly pooling: Pooling;
}

export interface PredictedAmounts {
  /** Won in the period by the instant of the prediction. */
  readonly won: Money;
  /** What open opportunities are expected to bring: the sum of chance × amount. */
  readonly open: Money;
  /** What opportunities that do not exist yet are expected to bring. */
  readonly arriving: Money;
  /** By the run rate, from the instant on. */
  readonly runRate: Money;
  /** What is expected of the period, all in all. */
  readonly mean: Money;
  /** So much or less comes in 10, 50 and 90 of 100 cases. */
  readonly p10: Money;
  readonly p50: Money;
  readonly p90: Money;
}

export interface OwnerPrediction extends PredictedAmounts {
  readonly ownerId: string | null;
}

export interface QuotaPrediction {
  readonly userId: string;
  readonly quota: Money;
  /** That the user, with everybody below, wins it: 0 to 1. */
  readonly chance: number;
}

export interface PredictedOpportunity {
  readonly id: string;
  readonly ownerId: string | null;
  readonly amount: Money | null;
  /** That it is won in the period: 0 to 1. */
  readonly chance: number;
  /** What moved it: steps on the log-odds scale, which add up to the chance's. The value of `stage` is the stage's id. */
  readonly contributions: readonly Contribution[];
}
