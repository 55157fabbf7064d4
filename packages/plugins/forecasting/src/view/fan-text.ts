/** A fan as text: a line for each period, with its place and its interval on one scale. */
import { onOneLine } from "@relata/core/markup";
import type { Fan, FanPoint } from "./fan.ts";
import { textTable } from "./text-table.ts";
import type { ViewWords } from "./view-words.ts";

/** How many characters the scale is long. */
const LENGTH = 48;

export function fanText({ title, unit = "", level, points, target }: Fan, locale: string, words: ViewWords): string {
  const number = figureFormat(locale, points);
  const scale = scaleOf(points, target);
  const written = (value: number | null) => (value === null ? "" : number.format(value));
  const rows = points.map((point) => [
    ...[onOneLine(point.label), written(point.actual), written(point.expected)],
    ...[written(point.lower), written(point.upper), drawn(point, target, scale)],
  ]);
  const { period, actual, expected, lower, upper } = words;
  const head = [period, actual, expected, lower, upper, ""].map(onOneLine);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(level);
  const goal = target === undefined ? "" : `, ${words.target} ${number.format(target)} (┊)`;
  return `${onOneLine([title, unit].filter((part) => part !== "").join(", "))} (${percent}${onOneLine(goal)})\n\n${textTable(head, rows, [0, 5])}`;
}

/** As many digits as tell the values from one another: whole numbers from a thousand on. */
export function figureFormat(locale: string, points: readonly FanPoint[]): Intl.NumberFormat {
  const sizes = points.flatMap(({ actual, expected }) => [Math.abs(actual ?? 0), Math.abs(expected ?? 0)]);
  const most = Math.max(0, ...sizes);
  const digits = most >= 1_000 || most === 0 ? 0 : most >= 10 ? 1 : 3;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

type Scale = (value: number) => number;

function scaleOf(points: readonly FanPoint[], target: number | undefined): Scale {
  const values = points
    .flatMap(({ actual, expected, lower, upper }) => [actual, expected, lower, upper, target ?? null])
    .filter((value) => value !== null);
  const least = Math.min(0, ...values);
  const most = Math.max(0, ...values);
  return (value) => (most === least ? 0 : Math.round(((value - least) / (most - least)) * (LENGTH - 1)));
}

function drawn({ actual, expected, lower, upper }: FanPoint, target: number | undefined, scale: Scale): string {
  const line = new Array<string>(LENGTH).fill(" ");
  if (target !== undefined) line[scale(target)] = "┊";
  if (lower !== null && upper !== null) {
    const [start, end] = [scale(lower), scale(upper)];
    line.fill("─", start, end + 1);
    line[start] = "├";
    line[end] = start === end ? "│" : "┤";
  }
  if (expected !== null) line[scale(expected)] = "○";
  if (actual !== null) line[scale(actual)] = expected !== null && scale(actual) === scale(expected) ? "◉" : "●";
  return line.join("").trimEnd();
}
