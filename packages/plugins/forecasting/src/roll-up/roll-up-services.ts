/** Roll-ups, as `crm.forecasting` has them. */
import type { ForecastingContext } from "../parts.ts";
import { type ForecastQuery, forecast } from "./forecast.ts";
import { inOneState } from "./in-one-state.ts";
import type { Forecast } from "./line.ts";
import {
  type BehindQuery,
  type ForecastOpportunities,
  type LineQuery,
  opportunitiesAside,
  opportunitiesBehind,
} from "./opportunities-behind.ts";

export function rollUpServices(context: ForecastingContext) {
  return {
    /**
     * What is won and what is open in periods of the fiscal calendar, by forecast category, added up along the sales hierarchy or by anything
     * else. Open opportunities fall by their expected close date, overdue ones too, won ones by the day they were won; what is lost is in no
     * figure. With `asOf` it is what `crm.asOf(asOf).forecasting.forecast` tells: opportunities, owners, managers, stages, settings and
     * rates of that instant; a stage that had no category then counts by its probability, and `assumed` tells which. A few queries, however many opportunities, that see one state of all.
     *
     * @throws `invalid_input` for a period outside of the calendar and whatever else is wrong; `invalid_query` for `where`; `not_found` for
     * `under` and `pipeline`; `stage_without_category`, of the present; `missing_rate`, naming all that are missing; `hierarchy_cycle`;
     * `hierarchies_missing`
     * @example
     * ```ts run with forecasting
     * const { lines, total } = await crm.forecasting.forecast({ period: "2026-Q4", by: "month" });
     * console.log(total.map(({ period, commit }) => [period, commit])); // 2026-10 and 2026-11: nothing; 2026-12: 100.00 EUR
     * for (const { name, depth, own, total } of lines) console.log(name, depth, own[2]!.commit, total[2]!.commit);
     * // Mona 0, nothing of her own, 100.00 EUR with all below; Rita 1, 100.00 EUR
     * ```
     */
    forecast: (query: ForecastQuery): Promise<Forecast> => inOneState(context, (tx) => forecast(tx, query)),
    /**
     * The opportunities behind one figure of a forecast, each with its share; all shares add up to the figure. The query is the forecast's, with a
     * column's name as `period`, beside a `line`, a `category`, and `part` for what is the line's own.
     *
     * @throws as `forecast`; `invalid_cursor`
     * @example
     * ```ts run with forecasting
     * const behind = { period: "2026-Q4", line: "mona", category: "commit" } as const;
     * const { items } = await crm.forecasting.opportunitiesBehind(behind);
     * for (const { name, share } of items) console.log(name, share); // Rollout { amount: "100.00", currency: "EUR" }
     * ```
     */
    opportunitiesBehind: (query: BehindQuery): Promise<ForecastOpportunities> =>
      inOneState(context, (tx) => opportunitiesBehind(tx, query)),
    /** The open opportunities of a period that were expected to close before the day of `asOf`. @throws as `forecast`; `invalid_cursor` */
    overdue: (query: LineQuery): Promise<ForecastOpportunities> =>
      inOneState(context, (tx) => opportunitiesAside(tx, "overdue", query)),
    /** The open opportunities without an expected close date: of all periods alike. @throws as `forecast`; `invalid_cursor` */
    undated: (query: LineQuery): Promise<ForecastOpportunities> =>
      inOneState(context, (tx) => opportunitiesAside(tx, "undated", query)),
    /** The open opportunities of a period whose stage had no category at the instant that is read: `Forecast.assumed`. @throws as `forecast`; `invalid_cursor` */
    assumed: (query: LineQuery): Promise<ForecastOpportunities> =>
      inOneState(context, (tx) => opportunitiesAside(tx, "assumed", query)),
  };
}
