/** What is made of results for people to look at: pure, and loaded when it is first called. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { changesText } from "./changes-text.ts";
import { chartSvg } from "./chart-svg.ts";
import type { DrawChangesOptions, DrawFanOptions, DrawOptions } from "./draw-options.ts";
import type { Fan } from "./fan.ts";
import { fanChart } from "./fan-chart.ts";
import { fanText } from "./fan-text.ts";
import { type ForecastPage, forecastPage } from "./forecast-page.ts";
import type { DrawnForecast } from "./forecast-rows.ts";
import { forecastText } from "./forecast-text.ts";
import { wordsWith } from "./view-words.ts";
import { type DrawnChanges, waterfallBars } from "./waterfall-bars.ts";
import { waterfallChart } from "./waterfall-chart.ts";

export async function drawForecast(forecast: DrawnForecast, options: DrawOptions = {}): Promise<string> {
  const { locale, words } = checkedOptions(options);
  return forecastText(forecast, locale, words);
}

export async function drawChanges(changes: DrawnChanges, options: DrawChangesOptions = {}): Promise<string> {
  const { as, unit, ...rest } = options;
  const { locale, words } = checkedOptions(rest);
  if (checkedForm(as) === "text") return changesText(changes, locale, words);
  const all = waterfallBars(changes);
  const found = unit === undefined && all.length === 1 ? all[0] : all.find((each) => each.unit === unit);
  if (!found) {
    const units = all.map((each) => each.unit).join(", ");
    const message = all.length === 0 ? "has nothing to draw" : `must be one of the currencies of the changes: ${units}`;
    throw refused("unit", message);
  }
  return chartSvg(waterfallChart(found, { changes, locale, words }), { id: "changes", standalone: true });
}

export async function drawFan(fan: Fan, options: DrawFanOptions = {}): Promise<string> {
  const { as, ...rest } = options;
  const { locale, words } = checkedOptions(rest);
  const checked = checkedFan(fan);
  if (checkedForm(as) === "text") return fanText(checked, locale, words);
  return chartSvg(fanChart(checked, locale, words), { id: "fan", standalone: true });
}

export async function drawPage(page: ForecastPage, options: DrawOptions = {}): Promise<string> {
  const { locale, words } = checkedOptions(options);
  const fans = page.fans?.map(checkedFan);
  return forecastPage({ ...page, fans }, locale, words);
}

const amount = z.number().nullable();
const fanSchema = z.object({
  title: z.string(),
  unit: z.string().optional(),
  level: z.number().gt(0).lt(1),
  target: z.number().optional(),
  points: z.array(z.object({ label: z.string(), actual: amount, expected: amount, lower: amount, upper: amount })),
});

/** A fan is made by the application too, of numbers that may be none. */
function checkedFan(fan: Fan): Fan {
  const result = fanSchema.safeParse(fan);
  if (!result.success) throw invalidInput("fan", inputIssues(result.error.issues, fan));
  return result.data;
}

const optionsSchema = z.strictObject({
  locale: z.string().refine(isLocale, 'is no language tag, such as "en" or "zh-TW"').default("en"),
  words: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]).optional()).optional(),
});

function checkedOptions(options: DrawOptions) {
  const result = optionsSchema.safeParse(options);
  if (!result.success) throw invalidInput("drawing", inputIssues(result.error.issues, options));
  return { locale: result.data.locale, words: wordsWith(options.words) };
}

function checkedForm(as: DrawFanOptions["as"]): "text" | "svg" {
  if (as === undefined || as === "text" || as === "svg") return as ?? "text";
  throw refused("as", 'must be one of "text", "svg"');
}

function refused(field: string, message: string) {
  return invalidInput("drawing", [{ field, code: "not_allowed", message }]);
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
