/** Results as text. */
import { changesText } from "./changes-text.ts";
import { checkedFan } from "./checked-fan.ts";
import { checkedOptions, type DrawOptions } from "./draw-options.ts";
import type { Fan } from "./fan.ts";
import { fanText } from "./fan-text.ts";
import type { DrawnForecast } from "./forecast-rows.ts";
import { forecastText } from "./forecast-text.ts";
import type { DrawnChanges } from "./waterfall-bars.ts";

export async function forecastAsText(forecast: DrawnForecast, options: DrawOptions = {}): Promise<string> {
  const { locale, words } = checkedOptions(options);
  return forecastText(forecast, locale, words);
}

export async function changesAsText(changes: DrawnChanges, options: DrawOptions): Promise<string> {
  const { locale, words } = checkedOptions(options);
  return changesText(changes, locale, words);
}

export async function fanAsText(fan: Fan, options: DrawOptions): Promise<string> {
  const { locale, words } = checkedOptions(options);
  return fanText(checkedFan(fan), locale, words);
}
