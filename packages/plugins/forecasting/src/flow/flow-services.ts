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
     * that is earlier. A figure that nothing defines is null.
     *
     * @throws `invalid_input`; `not_found` for a pipeline or a user; `missing_rate`
     */
    velocity: (query: VelocityQuery): Promise<Velocity> => inOneState(context, (tx) => velocity(tx, query)),
    /**
     * How often and how far expected close dates were pushed to later days in a period, while the opportunities were open, from their
     * history; and how many that were open and expected in the period when it began were won in it, lost, or pushed out of it. Pushes
     * are those of opportunities that are there, in the scope, at the end of the period, or at the instant that is asked for where
     * that is earlier.
     *
     * @throws `invalid_input` for a period that has not begun, too; `not_found` for a pipeline or a user
     */
    slippage: (query: SlippageQuery): Promise<Slippage> => inOneState(context, (tx) => slippage(tx, query)),
  };
}
