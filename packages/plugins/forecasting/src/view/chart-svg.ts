/** Charts as SVG, drawn by ECharts without a browser. */

import { escaped, onOneLine } from "@relata/core/markup";
import { CustomChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

export interface Chart {
  readonly option: EChartsCoreOption;
  /** What it shows, for those who cannot see it, and in a few words. */
  readonly title: string;
  readonly description: string;
}

export interface ChartPlace {
  /** Unique on its page: ids inside of the picture begin with it. */
  readonly id: string;
  /** With its own colours, for a file; otherwise those of the page (`chartColours`). */
  readonly standalone: boolean;
}

const [WIDTH, HEIGHT] = [960, 360];

/** The names of the colours as CSS, in light and dark. What is up or down is told by signs too. */
export const chartColours = `
:root { --ink: #24292f; --rule: #d0d7de; --whole: #0a5bbd; --up: #1a7f37; --down: #c4212c; --target: #8250df; }
@media (prefers-color-scheme: dark) {
:root { --ink: #e6edf3; --rule: #3d444d; --whole: #6cb0ff; --up: #4ac26b; --down: #ff7b72; --target: #c297ff; }
}
`;

/** The same picture for the same chart: nothing moves, and nothing answers to a pointer. */
export function chartSvg({ option, title, description }: Chart, { id, standalone }: ChartPlace): string {
  // Registering again changes nothing.
  use([CustomChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption({ ...shared, ...option });
    const labelled = `role="img" aria-labelledby="${id}-title ${id}-description"`;
    const said = `<title id="${id}-title">${escaped(title)}</title><desc id="${id}-description">${escaped(description)}</desc>`;
    const style = standalone ? `<style>${chartColours}svg { font-family: system-ui, sans-serif; }</style>` : "";
    return cleaned(chart.renderToSVGString(), id).replace(
      /^<svg ([^>]*)>/,
      (_, rest: string) => `<svg ${labelled} ${rest}>${said}${style}`,
    );
  } finally {
    chart.dispose();
  }
}

const text = { color: "var(--ink)" };

/** What all charts share. */
const shared = {
  animation: false,
  backgroundColor: "transparent",
  textStyle: { ...text, fontFamily: "inherit" },
  grid: { left: 12, right: 16, top: 24, bottom: 12, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
} satisfies EChartsCoreOption;

/** Axes for names along, and amounts upward. */
export function axes(names: readonly string[], write: (amount: number) => string, every: boolean): EChartsCoreOption {
  const line = { lineStyle: { color: "var(--rule)" } };
  const interval = every ? { interval: 0 } : {};
  return {
    xAxis: {
      ...{
        type: "category",
        data: names.map(onOneLine),
        axisTick: { show: false },
        axisLine: { ...line, onZero: false },
      },
      axisLabel: { ...text, ...interval, width: 90, overflow: "break", hideOverlap: !every },
    },
    yAxis: { type: "value", splitLine: line, axisLabel: { ...text, formatter: write } },
  };
}

/**
 * Without what is for a pointer, and with ids that are the same each time: the renderer numbers them on through the life of the process.
 * What comes from outside is escaped there, so that no quote in a text begins an attribute.
 */
function cleaned(svg: string, id: string): string {
  return svg
    .replace(/<style\s*>.*?<\/style>\s*/gs, "")
    .replace(/ (?:class="zr[^"]*"|ecmeta_\w+="[^"]*"|pointer-events="[^"]*")/g, "")
    .replace(/( id="|="url\(#)zr\d+-/g, `$1${id}-`);
}
