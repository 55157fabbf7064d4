/** What `crm.forecasting.backtest` answers: plain data. Amounts are numbers of units of the currency. */
import type { Pooling } from "../prediction/pooling.ts";
import type { SignalReport } from "../prediction/signals.ts";
import type { Calibration } from "./calibration.ts";
import type { MethodForecast, MethodName } from "./origin-forecast.ts";
import type { Scores } from "./scores.ts";

export interface Backtest {
  readonly asOf: Date;
  /** Null where nothing has an amount. */
  readonly currency: string | null;
  /** In the order in which they were asked for. */
  readonly horizons: readonly HorizonBacktest[];
}

export interface HorizonBacktest {
  /** How long the windows are. */
  readonly months: number;
  /** The prediction first, then the baselines. */
  readonly methods: readonly MethodScores[];
  /** Of all chances at all origins; null where no opportunity was open at any. */
  readonly calibration: Calibration | null;
  /** In order of time. */
  readonly origins: readonly OriginBacktest[];
}

export interface MethodScores {
  readonly method: MethodName;
  /** Over all owners at all origins; null where it had figures at none. */
  readonly owners: Scores | null;
  /** Over the sums at all origins. */
  readonly company: Scores | null;
  /** Why it had no figures at one origin or more; null where it had some at all. */
  readonly missing: string | null;
}

export type MethodForecasts = Readonly<Partial<Record<MethodName, MethodForecast>>>;

export interface OriginBacktest {
  /** The day at whose end all that was known was known. */
  readonly origin: string;
  readonly from: string;
  readonly until: string;
  /** How the prediction found its chances. */
  readonly method: "competing_risks" | "stage_probability";
  readonly outcome: number;
  readonly company: MethodForecasts;
  readonly owners: readonly OwnerBacktest[];
  readonly calibration: Calibration | null;
  /** The rate that its chances are compared with: that of earlier origins that had ended; before there is one, won of all started. */
  readonly constantRate: number;
  readonly pooling: Pooling;
  readonly signals: readonly SignalReport[];
  readonly neverClosing: number | null;
}

export interface OwnerBacktest {
  readonly ownerId: string | null;
  readonly outcome: number;
  readonly forecasts: MethodForecasts;
}
