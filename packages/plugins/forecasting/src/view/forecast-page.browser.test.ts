/// <reference lib="dom" />
import { expect, it, onTestFinished } from "vitest";
import { forecastSeries } from "../series/forecast-series.ts";
import { fanOfSeries } from "./fan.ts";
import { drawPage } from "./view.ts";

const attack = `</script></svg><script>top.attacked = 1</script><img src="https://e.example/x.png" onerror="top.attacked = 2">`;

async function openPage(html: string): Promise<Window & typeof globalThis> {
  const frame = document.createElement("iframe");
  frame.style.cssText = "width: 1000px; height: 700px";
  frame.srcdoc = html;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  onTestFinished(() => frame.remove());
  await loaded;
  return frame.contentWindow as Window & typeof globalThis;
}

const figure = (amount: string) => [{ amount, currency: "EUR" }];
const cell = {
  ...{ pipeline: figure("100.00"), best_case: figure("80.00"), most_likely: figure("60.00") },
  ...{ commit: figure("40.00"), closed: figure("20.00") },
};

it("shows tables and charts without a script, in the colours of the page, and loads and runs nothing", async () => {
  const values = Array.from({ length: 48 }, (_, at) => 100 + at + 20 * Math.sin((at * Math.PI) / 6));
  const labels = Array.from({ length: 60 }, (_, at) => `${2022 + Math.floor(at / 12)}-${(at % 12) + 1}`);
  labels[3] = attack;
  const forecast = forecastSeries(values, { horizon: 12, season: 12 });
  const aside = { count: 1, figure: figure("1.00") };
  const page = await openPage(
    await drawPage({
      title: attack,
      forecast: {
        ...{ asOf: new Date(0), periods: [{ name: attack }], total: [cell], overdue: aside, undated: aside },
        lines: Array.from({ length: 2_000 }, (_, at) => {
          return { name: `${attack} ${at}`, depth: at % 5, own: [cell], total: [cell] };
        }),
      },
      changes: {
        ...{ from: new Date(0), to: new Date(1), opening: figure("10.00"), closing: figure("4.00") },
        bars: [{ kind: attack, figure: figure("-6.00"), opportunities: [{}] }],
      },
      fans: [fanOfSeries({ title: attack, values, forecast, labels })],
    }),
  );
  const { document: shown } = page;
  expect("attacked" in window).toBe(false);
  expect(shown.querySelectorAll("script, img, link, iframe")).toHaveLength(0);
  expect(page.performance.getEntriesByType("resource")).toHaveLength(0);
  expect(shown.querySelector("h1")?.textContent).toBe(attack);
  expect(shown.querySelector("tbody th")?.textContent).toBe(`${attack} 0`);

  const charts = [...shown.querySelectorAll("svg")];
  expect(charts).toHaveLength(2);
  for (const chart of charts) {
    expect(chart.getBoundingClientRect().width).toBeGreaterThan(500);
    const names = chart.getAttribute("aria-labelledby")!.split(" ");
    expect(names.map((id) => chart.querySelector(`#${id}`)?.textContent)).not.toContain("");
    const filled = [...chart.querySelectorAll("path[fill^=var]")];
    expect(filled.length).toBeGreaterThan(0);
    for (const path of filled) expect(page.getComputedStyle(path).fill).toMatch(/^rgb\(/);
  }
  expect(charts[0]!.textContent).toContain("-6");

  const region = shown.querySelector<HTMLElement>(".scroll")!;
  region.focus();
  expect(shown.activeElement).toBe(region);
  const details = shown.querySelector("details")!;
  const table = details.querySelector("table")!;
  expect(table.checkVisibility()).toBe(false);
  details.querySelector("summary")!.click();
  expect(table.checkVisibility()).toBe(true);
  expect(table.rows).toHaveLength(61);
});
