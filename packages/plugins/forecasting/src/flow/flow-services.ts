/** What `crm.forecasting` tells of the flow through the pipeline, beside `crm.opportunities.conversion` and `timeInStage`. */
import type { ForecastingContext } from "../parts.ts";
import { inOneState } from "../roll-up/in-one-state.ts";
import { type Slippage, type SlippageQuery, slippage } from "./slippage.ts";
import { type Velocity, type VelocityQuery, velocity } from "./velocity.ts";

export function flowServices(context: ForecastingContext) {
  return {
    /**
     * Pipeline velocity: the number of open opportunities × the win rate × the mean amount won ÷ the mean days to win, with each of the four. What was won and
     * lost is what was closed on the days from `from` to `to`, both included; what is open is what was at their end, or is now where
     * that is earlier. A figure that nothing defines is null. Rates and days are decimals as text; `winRate` is a share from 0 to 1.
     *
     * @throws `invalid_input`; `invalid_query` for `where`; `not_found` for `pipeline` and `under`; `hierarchy_cycle`; `missing_rate`
     * @example
     * ```ts run with forecasting
     * const { winRate, meanDaysToWin, perDay } = await crm.forecasting.velocity({ from: "2026-08-01", to: "2026-10-31" });
     * console.log(winRate, meanDaysToWin, perDay); // null, null, null: nothing was closed on these days
     * ```
     */
    velocity: (query: VelocityQuery): Promise<Velocity> => inOneState(context, (tx) => velocity(tx, query)),
    /**
     * How often and how far expected close dates were pushed to later days in a period, while the opportunities were open, from their
     * history; and how many that were open and expected in the period when it began were won in it, lost, or pushed out of it. Pushes
     * are those of opportunities that are there, in the scope, at the end of the period, or at the instant that is asked for where
     * that is earlier.
     *
     * @throws `invalid_input` for a period that has not begun, too; `invalid_query` for `where`; `not_found` for `pipeline` and `under`;
     * `hierarchy_cycle`
     * @example
     * ```ts run with forecasting
     * const { pushed, expected } = await crm.forecasting.slippage({ period: "2026-Q4" });
     * console.log(pushed.pushes, pushed.meanDays, expected.count); // 0, null, 0: nothing was open when it began
     * ```
     */
    slippage: (query: SlippageQuery): Promise<Slippage> => inOneState(context, (tx) => slippage(tx, query)),
  };
}
