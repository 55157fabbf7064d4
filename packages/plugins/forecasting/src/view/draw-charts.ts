/** Results as pictures and as a page: what needs the library of charts. */
import { invalidInput } from "@relata/core/plugin";
import { chartSvg } from "./chart-svg.ts";
import { checkedFan } from "./checked-fan.ts";
import { checkedOptions, type DrawChangesOptions, type DrawOptions } from "./draw-options.ts";
import type { Fan } from "./fan.ts";
import { fanChart } from "./fan-chart.ts";
import { type ForecastPage, forecastPage } from "./forecast-page.ts";
import { type DrawnChanges, waterfallBars } from "./waterfall-bars.ts";
import { waterfallChart } from "./waterfall-chart.ts";

export async function changesAsSvg(changes: DrawnChanges, options: DrawChangesOptions): Promise<string> {
  const { locale, words } = checkedOptions(options);
  const { unit } = options;
  const all = waterfallBars(changes);
  const found = unit === undefined && all.length === 1 ? all[0] : all.find((each) => each.unit === unit);
  if (!found) {
    const units = all.map((each) => each.unit).join(", ");
    const message = all.length === 0 ? "has nothing to draw" : `must be one of the currencies of the changes: ${units}`;
    throw invalidInput("drawing", [{ field: "unit", code: "not_allowed", message }]);
  }
  return chartSvg(waterfallChart(found, { changes, locale, words }), { id: "changes", standalone: true });
}

export async function fanAsSvg(fan: Fan, options: DrawOptions): Promise<string> {
  const { locale, words } = checkedOptions(options);
  return chartSvg(fanChart(checkedFan(fan), locale, words), { id: "fan", standalone: true });
}

export async function page(given: ForecastPage, options: DrawOptions = {}): Promise<string> {
  const { locale, words } = checkedOptions(options);
  return forecastPage({ ...given, fans: given.fans?.map(checkedFan) }, locale, words);
}
