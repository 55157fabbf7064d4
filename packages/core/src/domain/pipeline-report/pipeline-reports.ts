/** What the records of an entity tell of its pipelines. */
import type { Page } from "../../kernel/repository/repository.ts";
import type { PipelinedContext, RecordWhere } from "../pipeline/pipelined-context.ts";
import { recordsWithoutNextStep } from "./missing-next-step.ts";
import { type ConversionQuery, type StageConversion, stageConversion } from "./stage-conversion.ts";
import { type StaleRecord, staleRecords } from "./stale-records.ts";
import { type TimeInStage, type TimeInStageQuery, timeInStage } from "./time-in-stage.ts";
import type { WaitingQuery } from "./waiting-pages.ts";
import { type WinRate, type WinRateQuery, winRate } from "./win-rate.ts";

/** Named keys, each a field of the record, or `{ relation: field }`, or `{ dateField: bucket }`, as in `aggregate`. */
export type ReportGroups<R> = {
  readonly [name: string]: (keyof R & string) | { readonly [step: string]: unknown };
};
export type ReportGroup<R, G> = { readonly [K in keyof G]: G[K] extends keyof R ? R[G[K]] : unknown };

/** Archived records are left out. All of it answers as of an instant too: then "now" is that instant. `R` is the record, `W` a condition on it. */
export interface PipelineReports<R, W> {
  /** Open records that have been in their stage for longer than its `staleAfterDays`, those that have waited the longest first. */
  stale(query?: WaitingQuery<W>): Promise<Page<StaleRecord<R>>>;
  /**
   * Open records with no text in `nextStep` and with no activity ahead: none that is not done, refers to the record or is tied to it, and
   * starts or is due now or later. A page may have fewer records than its limit, and a next page all the same.
   */
  withoutNextStep(query?: WaitingQuery<W>): Promise<Page<R>>;
  /** Of the records that entered a stage, or a phase, in a period: how many went on to later ones, were won, and were lost. */
  conversion(query: ConversionQuery<W>): Promise<readonly StageConversion[]>;
  /** How long stays in the open stages of a pipeline lasted, of those that ended in a period and of those that have not ended. */
  timeInStage(query: TimeInStageQuery<W>): Promise<readonly TimeInStage[]>;
  /** What has been won of what was closed, or created, in a period, by number or by amount. */
  winRate<const U extends "number" | "amount", const G extends ReportGroups<R> = {}>(
    query: WinRateQuery<W, G, U>,
  ): Promise<readonly WinRate<ReportGroup<R, G>, U>[]>;
}

export function pipelineReports(context: () => PipelinedContext): PipelineReports<unknown, object> {
  const reports = {
    stale: (query?: WaitingQuery<RecordWhere>) => staleRecords(context(), query),
    withoutNextStep: (query?: WaitingQuery<RecordWhere>) => recordsWithoutNextStep(context(), query),
    conversion: (query: ConversionQuery<RecordWhere>) => stageConversion(context(), query),
    timeInStage: (query: TimeInStageQuery<RecordWhere>) => timeInStage(context(), query),
    winRate: (query: WinRateQuery<RecordWhere, object, unknown>) => winRate(context(), query),
  };
  return reports as PipelineReports<unknown, object>;
}
