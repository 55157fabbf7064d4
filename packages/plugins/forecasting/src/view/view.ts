/** Results to look at: as text for a terminal, as a page of HTML, as pictures. What draws them is loaded with the first call. */
import { loadedFunction } from "@relata/core/plugin";
import type { DrawChangesOptions, DrawFanOptions, DrawOptions } from "./draw-options.ts";
import type { Fan } from "./fan.ts";
import type { ForecastPage } from "./forecast-page.ts";
import type { DrawnForecast } from "./forecast-rows.ts";
import type { DrawnChanges } from "./waterfall-bars.ts";

const changesAsText = loadedFunction(async () => (await import("./draw-text.ts")).changesAsText);
const changesAsSvg = loadedFunction(async () => (await import("./draw-charts.ts")).changesAsSvg);
const fanAsText = loadedFunction(async () => (await import("./draw-text.ts")).fanAsText);
const fanAsSvg = loadedFunction(async () => (await import("./draw-charts.ts")).fanAsSvg);

/**
 * A forecast as a table of text for each period: lines as a tree, a column for each category. @throws `invalid_input` for a language tag that is
 * none
 */
export const drawForecast: (forecast: DrawnForecast, options?: DrawOptions) => Promise<string> = loadedFunction(
  async () => (await import("./draw-text.ts")).forecastAsText,
);

/**
 * Changes as a waterfall: lines of text with blocks beside them, or a picture (SVG, which follows light and dark). @throws `invalid_input`, also where
 * a picture is asked for of several currencies and none of them is named
 */
export async function drawChanges(changes: DrawnChanges, options: DrawChangesOptions = {}): Promise<string> {
  return options.as === "svg" ? changesAsSvg(changes, options) : changesAsText(changes, options);
}

/** What was and what is expected, with intervals: lines of text, or a picture (SVG). @throws `invalid_input`, also for numbers that are not finite */
export async function drawFan(fan: Fan, options: DrawFanOptions = {}): Promise<string> {
  return options.as === "svg" ? fanAsSvg(fan, options) : fanAsText(fan, options);
}

/**
 * A forecast, changes and fans, or some of them, as a whole page of HTML, which loads and runs nothing: charts are pictures in it, each with its
 * figures as a table.
 *
 * @throws `invalid_input`
 *
 * @example
 * ```ts run
 * import { drawPage, fanOfSeries, forecastSeries } from "@relata/forecasting";
 *
 * const won = [112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118];
 * const forecast = forecastSeries(won, { horizon: 3 });
 * const labels = won.map((_, at) => `2026-${at + 1}`).concat(["2027-1", "2027-2", "2027-3"]);
 * const html = await drawPage({ title: "Won", fans: [fanOfSeries({ title: "Won", values: won, forecast, labels })] });
 * if (!html.includes("<svg")) throw new Error("There is no chart.");
 * ```
 */
export const drawPage: (page: ForecastPage, options?: DrawOptions) => Promise<string> = loadedFunction(
  async () => (await import("./draw-charts.ts")).page,
);
