/** A forecast as text. */
import { onOneLine } from "@relata/core/markup";
import { type DrawnForecast, type ForecastRow, forecastRows } from "./forecast-rows.ts";
import { textTable } from "./text-table.ts";
import type { ViewWords } from "./view-words.ts";
import { instantText } from "./view-words.ts";

export function forecastText(forecast: DrawnForecast, locale: string, words: ViewWords): string {
  const { writer, periods, categories, rows, overdue, undated } = forecastRows(forecast, locale, words);
  const names = treeNames(rows);
  const tables = periods.map((period, at) => {
    const title = [words.forecast, onOneLine(period), writer.unit].filter((part) => part !== "").join(" ");
    const columns = rows.map(({ cells }, row) => [
      names[row]!,
      ...cells.slice(at * categories.length, (at + 1) * categories.length),
    ]);
    const head = [words.line, ...categories].map(onOneLine);
    return `${title}, ${words.asOf} ${instantText(forecast.asOf)}\n\n${textTable(head, columns)}`;
  });
  return `${tables.join("\n")}\n${onOneLine(overdue)}\n${onOneLine(undated)}\n`;
}

function treeNames(rows: readonly ForecastRow[]): readonly string[] {
  const stems: string[] = [];
  return rows.map(({ name, depth, last }) => {
    const stem = stems.slice(1, depth).join("");
    const joint = depth === 0 ? "" : last ? "└─ " : "├─ ";
    stems[depth] = last ? "   " : "│  ";
    return `${stem}${joint}${onOneLine(name)}`;
  });
}
