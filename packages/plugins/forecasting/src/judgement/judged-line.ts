/** What a judged forecast shows. */
import type { ForecastCategory, ForecastCredit, ForecastMeasure, ForecastMethod } from "../category/category.ts";
import type { AssumedStage } from "../category/category-of.ts";
import type { ForecastPeriod } from "../period/asked-periods.ts";
import type { Conversion, Figure } from "../roll-up/figure.ts";
import type { Adjustment } from "./adjustment-input.ts";
import type { JudgementState } from "./judge.ts";
import type { PeriodInput } from "./judged-period.ts";
import type { QuotaProgress } from "./progress.ts";

export interface JudgedQuery {
  /** A month or a quarter. */
  readonly period: PeriodInput;
  /** The instant whose figures, adjustments, quotas and managers count; the handle's own, unless given. */
  readonly asOf?: Date | undefined;
  /** "cumulative" unless given. */
  readonly method?: ForecastMethod | undefined;
  /** "amount" unless given. */
  readonly measure?: ForecastMeasure | undefined;
  /** "owner" unless given. */
  readonly credit?: ForecastCredit | undefined;
  /** Of this category alone; of all, unless given. */
  readonly category?: ForecastCategory | undefined;
  /** Into one currency, as a forecast is: adjustments of the whole count only then. */
  readonly convert?: { readonly in?: string | undefined; readonly on?: string | undefined } | undefined;
  /** Only this user, and all below; teams are left out then. */
  readonly under?: string | undefined;
}

/** What somebody says of a figure, and what has become of what it was said of. */
export interface JudgedAdjustment
  extends Pick<Adjustment, "id" | "kind" | "byId" | "mode" | "amount" | "number" | "whole" | "note" | "judgedAt"> {
  /**
   * `counts`; `replaced` by an absolute one that is applied after it; `not_above`: who has said it stands above the user no longer, and it
   * does not count.
   */
  readonly state: JudgementState;
  /** What lies beneath has changed since. Making the adjustment again confirms it. */
  readonly stale: boolean;
  /** The figure that it applies to: as it was when the adjustment was made, as it is, and the difference. Null where it does not count any more. */
  readonly beneath: { readonly was: Figure; readonly is: Figure; readonly change: Figure } | null;
}

/** One figure of a user, as it is seen from below and from above. */
export interface JudgedFigure {
  readonly category: ForecastCategory;
  /** What counts for the user. */
  readonly ownerOnly: Figure;
  /** With what counts for those below. */
  readonly withoutAdjustments: Figure;
  /** What counts for the user, and the forecasts of the direct reports. */
  readonly withoutOwnerAdjustment: Figure;
  /** What the user says: the same with the user's own adjustment. */
  readonly withoutManagerAdjustment: Figure;
  /** With what those above say: what goes into the figure of the manager. */
  readonly forecast: Figure;
  /** Of this figure, in the order in which they apply. */
  readonly adjustments: readonly JudgedAdjustment[];
  /** How many adjustments count further down. */
  readonly adjustmentsBelow: number;
}

export interface JudgedUser {
  readonly userId: string;
  readonly name: string;
  /** Null at the top of what is shown. */
  readonly managerId: string | null;
  /** 0 at the top. */
  readonly depth: number;
  readonly figures: readonly JudgedFigure[];
  /** Of the user with all below; null without a quota. */
  readonly quota: QuotaProgress | null;
}

export interface JudgedTeam {
  readonly teamId: string;
  readonly name: string;
  readonly quota: QuotaProgress;
}

export interface JudgedForecast {
  /** The instant that was read. */
  readonly asOf: Date;
  readonly period: ForecastPeriod;
  readonly method: ForecastMethod;
  readonly measure: ForecastMeasure;
  readonly credit: ForecastCredit;
  readonly convert: Conversion | null;
  /** From the top down: managers before those who report to them. */
  readonly users: readonly JudgedUser[];
  /** Those that have a quota, by name: of the opportunities of the team. */
  readonly teams: readonly JudgedTeam[];
  /** How many adjustments stand and do not show: of the other method, and of the whole where nothing is converted. */
  readonly setAside: number;
  /** Of an instant in the past: the stages that had no category then, and count in the figures by their probability. */
  readonly assumed: readonly AssumedStage[];
}
