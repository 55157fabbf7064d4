/** Changes as a waterfall chart. */
import { axes, type Chart } from "./chart-svg.ts";
import { instantText, nameOf, type ViewWords } from "./view-words.ts";
import type { DrawnChanges, WaterfallBar, WaterfallBars } from "./waterfall-bars.ts";

/** What ECharts gives a series that draws by itself. */
interface Drawing {
  coord(place: readonly [number, number]): readonly [number, number];
  size(of: readonly [number, number]): readonly [number, number];
}

export function waterfallChart(
  { unit, bars }: WaterfallBars,
  { changes, locale, words }: { readonly changes: DrawnChanges; readonly locale: string; readonly words: ViewWords },
): Chart {
  const amounts = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(locale, {
    ...{ notation: "compact", maximumFractionDigits: 1, signDisplay: "exceptZero" },
  });
  const names = bars.map(({ kind }) => nameOf(kind, words));
  const labels = bars.map(({ from, to, count }) => (count === null ? amounts.format(to) : signed.format(to - from)));
  const title = [words.changes, unit].filter((part) => part !== "").join(" ");
  return {
    title: `${title}, ${instantText(changes.from)} – ${instantText(changes.to)}`,
    description: names.map((name, at) => `${name} ${labels[at]}`).join("; "),
    option: {
      ...axes(names, (amount) => amounts.format(amount), true),
      series: {
        ...{ type: "custom", silent: true, encode: { x: 0, y: [1, 2] } },
        data: bars.map(({ from, to }, at) => [at, from, to]),
        renderItem: ({ dataIndex }: { readonly dataIndex: number }, drawing: Drawing) =>
          drawn(drawing, { at: dataIndex, bar: bars[dataIndex]!, label: labels[dataIndex]!, last: bars.length - 1 }),
      },
    },
  };
}

interface DrawnBar {
  readonly at: number;
  readonly bar: WaterfallBar;
  readonly label: string;
  readonly last: number;
}

function drawn(drawing: Drawing, { at, bar, label, last }: DrawnBar): object {
  const [x, start] = drawing.coord([at, bar.from]);
  const [next, end] = drawing.coord([at + 1, bar.to]);
  const width = drawing.size([1, 0])[0] * 0.6;
  const top = Math.min(start, end);
  const fill = bar.count === null ? "var(--whole)" : bar.to < bar.from ? "var(--down)" : "var(--up)";
  const connector = { x1: x + width / 2, y1: end, x2: x + (next - x || width / 0.6) - width / 2, y2: end };
  return {
    type: "group",
    children: [
      {
        type: "rect",
        shape: { x: x - width / 2, y: top, width, height: Math.max(1, Math.abs(start - end)) },
        style: { fill },
      },
      ...(at === last
        ? []
        : [{ type: "line", shape: connector, style: { stroke: "var(--ink)", lineWidth: 1, opacity: 0.5 } }]),
      {
        type: "text",
        style: {
          text: label,
          x,
          y: top - 4,
          align: "center",
          verticalAlign: "bottom",
          fill: "var(--ink)",
          fontSize: 12,
          fontFamily: "inherit",
        },
      },
    ],
  };
}
