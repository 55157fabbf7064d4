/** What `crm.forecasting` tells of changes. */
import type { ForecastingContext } from "../parts.ts";
import { inOneState } from "../roll-up/in-one-state.ts";
import { type Changes, type ChangesQuery, changes } from "./changes.ts";

export function changeServices(context: ForecastingContext) {
  return {
    /**
     * What has changed in the forecast of a period between two instants, or in all that is open: bars from the opening to the closing
     * figure, each with its opportunities and what they add to it. The figure is of what is open and closed in the period, each
     * opportunity by its own category; `category` takes some of them, each by itself, and the bars of the categories add up to
     * those of the whole. One that is won in the period it was expected in therefore adds nothing to the whole; it leaves its category, and
     * comes to `closed`. Without a period, won and lost ones leave the figure.
     *
     * The bars, in this order: new, won, lost, reopened, pulled in, pushed out, increased, decreased, recategorised, transferred in and
     * out (where `where`, `under`, `pipeline` or a credit by splits chooses a scope), deleted, restored, and exchange rate (where it is
     * converted). From both ends alone, an opportunity is changed into what it is in that order: first its status, then its date, its amount,
     * its category, its place in the scope, and last the rates; what each step adds stands in that step's bar. So what is pulled in and
     * raised comes in with its former amount, and is raised by the rest; what is pushed out and raised goes with its former amount; what
     * is transferred out and raised is raised first. What is new, restored or deleted comes or goes whole, whatever it is by then.
     * What came and went between the two instants is nowhere. Both ends are read as of their instants, in one state of all.
     *
     * Opening, closing and the bars add up exactly, in each currency; so do the opportunities of each bar. Converted, each end is rounded once,
     * by the rates of its own day (or of `convert.on`), and the bars and their opportunities share the difference by largest
     * remainder; all bars but the last are at the rates of the first instant.
     *
     * @throws `invalid_input`; `invalid_query` for `where`; `not_found` for `pipeline` and `under`; `hierarchy_cycle`; `missing_rate`;
     * `stage_without_category`, of the present
     * @example
     * ```ts run with forecasting
     * const from = new Date("2026-10-01T00:00:00Z");
     * const { opening, bars, closing } = await crm.forecasting.changes({ period: "2026-Q4", from });
     * for (const { kind, figure, opportunities } of bars)
     *   if (opportunities.length > 0) console.log(kind, figure); // new [{ amount: "100.00", currency: "EUR" }]
     * console.log(opening, closing); // [], [{ amount: "100.00", currency: "EUR" }]
     * ```
     */
    changes: (query: ChangesQuery): Promise<Changes> => inOneState(context, (tx) => changes(tx, query)),
  };
}
