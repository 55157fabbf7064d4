/** Forecast, changes and fans as a page of HTML that needs nothing but itself. */
import { escaped, htmlPage } from "@relata/core/markup";
import { chartSvg } from "./chart-svg.ts";
import { figureWriter, unitsOf } from "./drawn-figure.ts";
import type { Fan } from "./fan.ts";
import { fanChart } from "./fan-chart.ts";
import { figureFormat } from "./fan-text.ts";
import { type DrawnForecast, forecastRows } from "./forecast-rows.ts";
import { pageStyle } from "./page-style.ts";
import { instantText, nameOf, type ViewWords } from "./view-words.ts";
import { type DrawnChanges, waterfallBars } from "./waterfall-bars.ts";
import { waterfallChart } from "./waterfall-chart.ts";

/** What a page shows, in this order; what is not given is left out. */
export interface ForecastPage {
  readonly title: string;
  /** What is said below the title. */
  readonly caption?: string | undefined;
  readonly forecast?: DrawnForecast | undefined;
  readonly changes?: DrawnChanges | undefined;
  readonly fans?: readonly Fan[] | undefined;
}

export function forecastPage(page: ForecastPage, locale: string, words: ViewWords): string {
  const { title, caption, forecast, changes, fans = [] } = page;
  const sections = [
    ...(forecast ? [forecastSection(forecast, locale, words)] : []),
    ...(changes ? [changesSection(changes, locale, words)] : []),
    ...fans.map((fan, at) => fanSection(fan, at, { locale, words })),
  ];
  const body = `<main>
<h1>${escaped(title)}</h1>
${caption === undefined ? "" : `<p>${escaped(caption)}</p>\n`}${sections.join("\n")}
</main>`;
  return htmlPage({ title, language: locale, style: pageStyle, body });
}

function forecastSection(forecast: DrawnForecast, locale: string, words: ViewWords): string {
  const { writer, periods, categories, rows, overdue, undated } = forecastRows(forecast, locale, words);
  const groups = periods.map((period) => `<th scope="colgroup" colspan="${categories.length}">${escaped(period)}</th>`);
  const columns = periods.flatMap(() => categories.map((category) => `<th scope="col">${escaped(category)}</th>`));
  const body = rows.map(({ kind, name, depth, cells }) => {
    const figures = cells.map((cell) => `<td>${escaped(cell)}</td>`).join("");
    return `<tr class="${kind}"><th scope="row" style="--depth:${depth}"><bdi>${escaped(name)}</bdi></th>${figures}</tr>`;
  });
  const title = titled(words.forecast, writer.unit);
  return `<section>
<h2>${escaped(title)}</h2>
<p>${escaped(`${words.asOf} ${instantText(forecast.asOf)}`)}</p>
${scrolled(
  title,
  `<thead><tr><td></td>${groups.join("")}</tr>
<tr><th scope="col">${escaped(words.line)}</th>${columns.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>`,
)}
<p>${escaped(overdue)}<br>${escaped(undated)}</p>
</section>`;
}

function changesSection(changes: DrawnChanges, locale: string, words: ViewWords): string {
  const { from, to, opening, closing, bars } = changes;
  const writer = figureWriter(locale, unitsOf([opening, closing, ...bars.map(({ figure }) => figure)]));
  const count = new Intl.NumberFormat(locale);
  const charts = waterfallBars(changes).map((each, at) =>
    chartSvg(waterfallChart(each, { changes, locale, words }), { id: `changes${at + 1}`, standalone: false }),
  );
  const row = (kind: string, figure: string, number: string) => [nameOf(kind, words), figure, number];
  const rows = [
    row("opening", writer.write(opening), ""),
    ...bars
      .filter(({ opportunities }) => opportunities.length > 0)
      .map((bar) => row(bar.kind, writer.writeChange(bar.figure), count.format(bar.opportunities.length))),
    row("closing", writer.write(closing), ""),
  ];
  const title = titled(words.changes, writer.unit);
  return `<section>
<h2>${escaped(title)}</h2>
<p>${escaped(`${instantText(from)} – ${instantText(to)}`)}</p>
${charts.map((chart) => `<figure>${chart}</figure>`).join("\n")}
${plainTable(title, [words.change, words.amount, words.opportunities], rows)}
</section>`;
}

function fanSection(
  fan: Fan,
  at: number,
  { locale, words }: { readonly locale: string; readonly words: ViewWords },
): string {
  const format = figureFormat(locale, fan.points);
  const written = (value: number | null) => (value === null ? "" : format.format(value));
  const chart = fanChart(fan, locale, words);
  const rows = fan.points.map(({ label, actual, expected, lower, upper }) => [
    ...[label, written(actual), written(expected), written(lower), written(upper)],
  ]);
  const goal = fan.target === undefined ? "" : `<p>${escaped(`${words.target} ${format.format(fan.target)}`)}</p>\n`;
  return `<section>
<h2>${escaped(chart.title)}</h2>
${goal}<figure>${chartSvg(chart, { id: `fan${at + 1}`, standalone: false })}</figure>
<details><summary>${escaped(words.asTable)}</summary>
${plainTable(fan.title, [words.period, words.actual, words.expected, words.lower, words.upper], rows)}
</details>
</section>`;
}

function plainTable(name: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((column) => `<th scope="col">${escaped(column)}</th>`).join("");
  const body = rows.map(([first, ...cells]) => {
    const figures = cells.map((cell) => `<td>${escaped(cell)}</td>`).join("");
    return `<tr><th scope="row"><bdi>${escaped(first!)}</bdi></th>${figures}</tr>`;
  });
  return scrolled(name, `<thead><tr>${columns}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody>`);
}

/** A wide table scrolls by itself, by the keyboard too. */
function scrolled(name: string, table: string): string {
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escaped(name)}"><table>
${table}
</table></div>`;
}

function titled(title: string, unit: string): string {
  return unit === "" ? title : `${title}, ${unit}`;
}
