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

/** What is refused with `invalid_input` names each wrong field, and stores nothing. */
export function judgementServices(context: ForecastingContext) {
  return {
    /**
     * Says what a figure of the forecast should be: the user's own figure, or that of somebody below. What the author has said of it before is
     * replaced, and stays in history. What lies beneath is kept with it, to tell later whether it has changed. The author is `by`, or the
     * actor of the handle. One unit.
     *
     * @throws `invalid_input`; `adjustment_not_above` for an author who is neither the user nor above; `hierarchy_cycle`;
     * `stage_without_category`
     * @example
     * ```ts run with forecasting
     * await crm.as({ actorId: "mona" }).forecasting.adjust({
     *   userId: "rita",
     *   period: "2026-Q4",
     *   category: "commit",
     *   amount: { amount: "80.00", currency: "EUR" }, // in place of 100.00; mode: "difference" adds to it
     *   note: "The price is not agreed on.",
     * });
     * ```
     */
    adjust: (input: AdjustmentInput): Promise<Adjustment> => adjust(context, input),
    /**
     * An adjustment no longer counts; it stays, with its history, and comes back when it is made again. One unit.
     *
     * @throws `invalid_input`; `not_found`; `adjustment_not_above` for who is neither its author nor above the author
     */
    withdraw: (input: WithdrawInput): Promise<Adjustment> => withdraw(context, input),
    /**
     * Those of a period, each with what was said before, by user, category and when they were first made; withdrawn ones where they are asked
     * for. Three queries for each five hundred, beside those that find them.
     *
     * @throws `invalid_input`; `not_found` for `under`
     */
    adjustments: (query: AdjustmentsQuery): Promise<readonly AdjustmentWithHistory[]> =>
      inOneState(context, (tx) => adjustments(tx, query)),
    /**
     * What a user, with everybody below, or a team is to win in a month or a quarter; what was set for the same measure before is replaced.
     * Those of months do not make one of their quarter. One unit.
     *
     * @throws `invalid_input`, for a day inside of a period too; `reference_not_found`
     * @example
     * ```ts run with forecasting
     * await crm.forecasting.setQuota({ userId: "rita", period: "2026-Q4", amount: { amount: "500.00", currency: "EUR" } });
     * await crm.forecasting.setQuota({ userId: "rita", period: "2026-12", measure: "count", number: 4 });
     * ```
     */
    async setQuota(input: QuotaInput): Promise<Quota> {
      const [quota] = await setQuotas(context, [input]);
      return quota!;
    },
    /** The same for many at once, all or nothing. @throws `invalid_input` with the `index` of each that is wrong; `reference_not_found` */
    setQuotas: (inputs: readonly QuotaInput[]): Promise<readonly Quota[]> => setQuotas(context, inputs),
    /** Takes a quota away; it stays in history. @throws `invalid_input`; `not_found` where there is none */
    removeQuota: (key: QuotaKey): Promise<void> => removeQuota(context, key),
    /** Quotas by their first day, then by user or team, then by measure; those of a user or a team, a period or a measure, where these are given. @throws `invalid_input` */
    quotas: (query?: QuotaQuery): Promise<readonly Quota[]> => quotas(context, query),
    /**
     * The forecast of a month or a quarter with everybody's judgement: for each user and category what is there, what the user says and what
     * those above say; and attainment, gap and coverage of quotas, of users with all below, and of teams. Attainment is a share as a decimal
     * text: "0.26" is 26 %. It sees one state of all. The views are those of Salesforce's collaborative forecasts.
     *
     * @throws `invalid_input`; `not_found` for `under`; `missing_rate`; `hierarchy_cycle`; `stage_without_category`, of the present
     * @example
     * ```ts run with forecasting
     * const { users } = await crm.forecasting.judged({ period: "2026-Q4", category: "commit" });
     * for (const { name, figures, quota } of users)
     *   console.log(name, figures[0]!.withoutAdjustments, figures[0]!.forecast, quota?.attainment);
     * ```
     */
    judged: (query: JudgedQuery): Promise<JudgedForecast> => inOneState(context, (tx) => judgedForecast(tx, query)),
  };
}
