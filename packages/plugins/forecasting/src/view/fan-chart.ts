/** A fan chart: what was, what is expected, and between which ends. */
import { axes, type Chart } from "./chart-svg.ts";
import type { Fan, FanPoint } from "./fan.ts";
import { figureFormat } from "./fan-text.ts";
import type { ViewWords } from "./view-words.ts";

/** Along so few periods intervals have lines at their ends, by which single ones are seen. */
const MOST_WHISKERS = 24;

export function fanChart(fan: Fan, locale: string, words: ViewWords): Chart {
  const { points, target } = fan;
  const amounts = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const drawn = joined(points);
  const interval = percentOf(fan, locale);
  const shade = {
    ...{ areaStyle: { color: "var(--up)", opacity: 0.22 }, itemStyle: { color: "var(--up)", opacity: 0.22 } },
  };
  const line = (name: string, data: readonly (number | null)[], style: object) => ({
    ...{ type: "line", name, data, silent: true, symbol: "circle", symbolSize: 4, showSymbol: points.length <= 60 },
    ...style,
  });
  const band = { stack: "interval", stackStrategy: "all", symbol: "none", lineStyle: { width: 0 } };
  const whole = { lineStyle: { color: "var(--whole)", width: 2 }, itemStyle: { color: "var(--whole)" } };
  const expected = {
    ...{ lineStyle: { color: "var(--up)", width: 2, type: "dashed" }, itemStyle: { color: "var(--up)" } },
  };
  return {
    title: titleOf(fan, locale),
    description: descriptionOf(fan, locale, words),
    option: {
      ...axes(
        points.map(({ label }) => label),
        (amount) => amounts.format(amount),
        false,
      ),
      legend: {
        ...{ top: 0, right: 16, itemWidth: 28, selectedMode: false, textStyle: { color: "var(--ink)" } },
        data: [
          ...[words.actual, words.expected, { name: interval, icon: "rect" }],
          ...(target === undefined ? [] : [words.target]),
        ],
      },
      series: [
        line(
          words.lower,
          drawn.map(({ lower }) => lower),
          band,
        ),
        line(
          interval,
          drawn.map(({ lower, upper }) => (lower === null || upper === null ? null : upper - lower)),
          { ...band, ...shade },
        ),
        ...whiskers(points),
        line(
          words.expected,
          drawn.map((point) => point.expected),
          expected,
        ),
        line(
          words.actual,
          points.map(({ actual }) => actual),
          whole,
        ),
        ...(target === undefined
          ? []
          : [
              line(
                words.target,
                points.map(() => target),
                {
                  ...{ symbol: "none", itemStyle: { color: "var(--target)" } },
                  lineStyle: { color: "var(--target)", width: 1.5, type: "dotted" },
                },
              ),
            ]),
      ],
    },
  };
}

/** The fan opens at the last value that is known. */
function joined(points: readonly FanPoint[]): readonly FanPoint[] {
  return points.map((point, at) => {
    const opens = point.expected === null && point.actual !== null && (points[at + 1]?.expected ?? null) !== null;
    return opens ? { ...point, expected: point.actual, lower: point.actual, upper: point.actual } : point;
  });
}

function whiskers(points: readonly FanPoint[]): readonly object[] {
  const data = points.flatMap(({ lower, upper }, at) => (lower === null || upper === null ? [] : [[at, lower, upper]]));
  if (points.length > MOST_WHISKERS) return [];
  const style = { stroke: "var(--up)", lineWidth: 1.5 };
  return [
    {
      ...{ type: "custom", silent: true, encode: { x: 0, y: [1, 2] }, data },
      renderItem({ dataIndex }: { readonly dataIndex: number }, drawing: Drawing) {
        const [at, lower, upper] = data[dataIndex]!;
        const [x, low] = drawing.coord([at!, lower!]);
        const [, high] = drawing.coord([at!, upper!]);
        const lines = [
          { x1: x, y1: low, x2: x, y2: high },
          { x1: x - 5, y1: low, x2: x + 5, y2: low },
          { x1: x - 5, y1: high, x2: x + 5, y2: high },
        ];
        return { type: "group", children: lines.map((shape) => ({ type: "line", shape, style })) };
      },
    },
  ];
}

/** What ECharts gives a series that draws by itself. */
interface Drawing {
  coord(place: readonly [number, number]): readonly [number, number];
}

function titleOf(fan: Fan, locale: string): string {
  const { title, unit = "" } = fan;
  return `${[title, unit].filter((part) => part !== "").join(", ")} (${percentOf(fan, locale)})`;
}

function percentOf({ level }: Fan, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(level);
}

/** The last value that is known, and the last one that is expected. */
function descriptionOf({ points, target }: Fan, locale: string, words: ViewWords): string {
  const format = figureFormat(locale, points);
  const known = points.findLast(({ actual }) => actual !== null);
  const ahead = points.findLast(({ expected }) => expected !== null);
  const said: string[] = [];
  if (known) said.push(`${known.label}: ${words.actual} ${format.format(known.actual!)}`);
  if (ahead) {
    const { label, expected, lower, upper } = ahead;
    const ends = lower === null || upper === null ? "" : ` (${format.format(lower)} – ${format.format(upper)})`;
    said.push(`${label}: ${words.expected} ${format.format(expected!)}${ends}`);
  }
  if (target !== undefined) said.push(`${words.target} ${format.format(target)}`);
  return said.join("; ");
}
