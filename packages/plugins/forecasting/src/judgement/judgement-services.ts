/** Judgement and quotas, as `crm.forecasting` has them. */
import type { ForecastingContext } from "../parts.ts";
import { inOneState } from "../roll-up/in-one-state.ts";
import { adjust, withdraw } from "./adjust.ts";
import type { Adjustment, AdjustmentInput, WithdrawInput } from "./adjustment-input.ts";
import { type AdjustmentsQuery, type AdjustmentWithHistory, adjustments } from "./adjustments.ts";
import { judgedForecast } from "./judged.ts";
import type { JudgedForecast, JudgedQuery } from "./judged-line.ts";
import {
  type Quota,
  type QuotaInput,
  type QuotaKey,
  type QuotaQuery,
  quotas,
  removeQuota,
  setQuotas,
} from "./quotas.ts";

/** They throw `invalid_input`, naming each wrong field, and store nothing then. */
export function judgementServices(context: ForecastingContext) {
  return {
    /**
     * Says what a figure of the forecast should be: the user's own figure, or that of somebody below. What the author has said of it before is
     * replaced, and stays in history. What lies beneath is kept with it, to tell later whether it has changed.
     *
     * @throws `adjustment_not_above` for an author who is neither the user nor above; and what the forecast throws
     */
    adjust: (input: AdjustmentInput): Promise<Adjustment> => adjust(context, input),
    /**
     * An adjustment no longer counts; it stays, with its history, and comes back when it is made again.
     *
     * @throws `not_found`; `adjustment_not_above` for who is neither its author nor above the author
     */
    withdraw: (input: WithdrawInput): Promise<Adjustment> => withdraw(context, input),
    /** Those of a period, each with what was said before. Three queries for each five hundred, beside those that find them. */
    adjustments: (query: AdjustmentsQuery): Promise<readonly AdjustmentWithHistory[]> =>
      inOneState(context, (tx) => adjustments(tx, query)),
    /**
     * What a user or a team is to win in a period; what was set for the same measure before is replaced. One unit.
     *
     * @throws `reference_not_found`
     */
    async setQuota(input: QuotaInput): Promise<Quota> {
      const [quota] = await setQuotas(context, [input]);
      return quota!;
    },
    /** Many at once, all or nothing. @throws `invalid_input` with the `index` of each that is wrong; `reference_not_found` */
    setQuotas: (inputs: readonly QuotaInput[]): Promise<readonly Quota[]> => setQuotas(context, inputs),
    /** Takes a quota away. @throws `not_found` where there is none */
    removeQuota: (key: QuotaKey): Promise<void> => removeQuota(context, key),
    quotas: (query?: QuotaQuery): Promise<readonly Quota[]> => quotas(context, query),
    /**
     * The forecast of a month or a quarter with everybody's judgement: for each user and category what is there, what the user says and what
     * those above say; and attainment, gap and coverage of quotas, of users with all below, and of teams. It sees one state of all.
     *
     * @throws `missing_rate`, `stage_without_category`, `hierarchy_cycle`; `not_found` for `under`
     */
    judged: (query: JudgedQuery): Promise<JudgedForecast> => inOneState(context, (tx) => judgedForecast(tx, query)),
  };
}
