import { CrmError } from "@relata/core/plugin";
import { expect, it } from "vitest";
import { forecastSeries } from "../series/forecast-series.ts";
import { type Fan, fanOfBacktest, fanOfPredictions, fanOfSeries } from "./fan.ts";
import { drawChanges, drawFan, drawForecast, drawPage } from "./view.ts";
import { type DrawnChanges, waterfallBars } from "./waterfall-bars.ts";

const attack = `</svg><script>alert(1)</script>" onload='x' & \u202e\u0007`;
const eur = (amount: string) => [{ amount, currency: "EUR" }];
const instant = (text: string) => new Date(`${text}Z`);

function cell(pipeline: string, closed: string, period = "2026-Q4") {
  const open = { pipeline: eur(pipeline), best_case: eur(closed), most_likely: eur(closed), commit: eur(closed) };
  return { period, ...open, closed: eur(closed) };
}

const forecast = {
  asOf: instant("2026-11-20T12:00"),
  periods: [{ name: "2026-Q4" }],
  lines: [
    {
      key: "a",
      parentKey: null,
      name: "Chief",
      depth: 0,
      own: [cell("40.00", "0.00")],
      total: [cell("1240.50", "90.00")],
    },
    {
      key: "b",
      parentKey: "a",
      name: "名前",
      depth: 1,
      own: [cell("1200.50", "0.00")],
      total: [cell("1200.50", "0.00")],
    },
    { key: "c", parentKey: "a", name: attack, depth: 1, own: [cell("0.00", "90.00")], total: [cell("0.00", "90.00")] },
    { key: null, parentKey: null, name: null, depth: 0, own: [cell("5.00", "0.00")], total: [cell("5.00", "0.00")] },
  ],
  total: [cell("1245.50", "90.00")],
  overdue: { count: 2, figure: eur("40.00") },
  undated: { count: 0, figure: [] },
};

const changes = {
  from: instant("2026-11-15T12:00"),
  to: instant("2026-11-20T12:00"),
  opening: eur("100.00"),
  closing: eur("120.00"),
  bars: [
    { kind: "new", figure: eur("60.00"), opportunities: [{}, {}] },
    { kind: "won", figure: eur("-40.00"), opportunities: [{}] },
    { kind: "lost", figure: eur("0.00"), opportunities: [] },
    { kind: "recategorised", figure: eur("0.00"), opportunities: [{}] },
  ],
} satisfies DrawnChanges;

const fan: Fan = {
  ...{ title: "Won", unit: "EUR", level: 0.8, target: 500 },
  points: [
    { label: "2026-09", actual: 300, expected: null, lower: null, upper: null },
    { label: "2026-10", actual: 420, expected: 400, lower: 350, upper: 450 },
    { label: "2026-11", actual: null, expected: 460, lower: 380, upper: 600 },
  ],
};

it("draws a forecast as a tree with figures that add up, wide letters included, and nothing that moves the cursor", async () => {
  expect(await drawForecast(forecast)).toBe(`Forecast 2026-Q4 EUR, as of 2026-11-20 12:00 UTC

Name                                              Pipeline  Best case  Most likely  Commit  Closed
────────────────────────────────────────────────  ────────  ─────────  ───────────  ──────  ──────
Chief                                             1,240.50      90.00        90.00   90.00   90.00
├─ own                                               40.00       0.00         0.00    0.00    0.00
├─ 名前                                           1,200.50       0.00         0.00    0.00    0.00
└─ </svg><script>alert(1)</script>" onload='x' &      0.00      90.00        90.00   90.00   90.00
(none)                                                5.00       0.00         0.00    0.00    0.00
Total                                             1,245.50      90.00        90.00   90.00   90.00

Overdue: 40.00 (2)
Without a date: 0.00 (0)
`);
});

it("names the currency of each amount where there are several, and counts without one", async () => {
  const total = [{ ...cell("5.00", "0.00"), closed: [...eur("1.00"), { amount: "20", currency: "JPY" }] }];
  const several = await drawForecast({ ...forecast, lines: [], total });
  expect(several.replaceAll("\u00a0", " ")).toContain("EUR 1.00, JPY 20");
  const counted = { pipeline: 12345, best_case: 2, most_likely: 2, commit: 2, closed: 0.333333 };
  const aside = { count: 1, figure: 1 };
  const drawn = await drawForecast(
    { ...forecast, lines: [], total: [counted], overdue: aside, undated: aside },
    { locale: "de", words: { total: "Summe", names: { pipeline: "Offen" } } },
  );
  expect(drawn).toContain("Offen");
  expect(drawn).toContain("Summe  12.345");
  expect(drawn).toContain("0,333333");
});

it("draws changes as a waterfall beside their figures", async () => {
  expect(await drawChanges(changes)).toBe(`Changes EUR, 2026-11-15 12:00 UTC – 2026-11-20 12:00 UTC

Change         Amount  Opportunities
─────────────  ──────  ─────────────  ────────────────────────────────────────
Opening        100.00                 █████████████████████████
New            +60.00              2                           ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
Won            -40.00              1                                ░░░░░░░░░░
Recategorised    0.00              1
Closing        120.00                 ██████████████████████████████
`);
});

it("gives the bars of a waterfall as numbers, one waterfall for each currency", () => {
  expect(waterfallBars(changes)).toEqual([
    {
      unit: "EUR",
      bars: [
        { kind: "opening", from: 0, to: 100, count: null },
        { kind: "new", from: 100, to: 160, count: 2 },
        { kind: "won", from: 160, to: 120, count: 1 },
        { kind: "closing", from: 0, to: 120, count: null },
      ],
    },
  ]);
  const yen = [{ amount: "7", currency: "JPY" }];
  const bars = [{ kind: "new", figure: [...eur("1.00"), ...yen], opportunities: [{}] }];
  const several = waterfallBars({ ...changes, opening: [], bars, closing: [...eur("1.00"), ...yen] });
  expect(several.map(({ unit, bars: [, first] }) => [unit, first?.to])).toEqual([
    ["EUR", 1],
    ["JPY", 7],
  ]);
});

it("draws what was and what is expected on one scale", async () => {
  expect(await drawFan(fan)).toBe(`Won, EUR (80%, Target 500.0 (┊))

Period   Actual  Expected    Low   High
───────  ──────  ────────  ─────  ─────  ────────────────────────────────────────────────
2026-09   300.0                                                  ●              ┊
2026-10   420.0     400.0  350.0  450.0                             ├───○─●─┤   ┊
2026-11             460.0  380.0  600.0                                ├─────○──────────┤
`);
});

it("makes fans of series, of predictions and of back-tests", () => {
  const values = [3, 1, 2];
  const series = fanOfSeries({
    ...{ title: "Series", values, labels: ["a", "b", "c", "d"], outcome: [5] },
    forecast: forecastSeries(values, { horizon: 1 }),
  });
  expect(series.points.slice(2)).toEqual([
    { label: "c", actual: 2, expected: null, lower: null, upper: null },
    { label: "d", actual: 5, expected: 2, lower: null, upper: null },
  ]);
  const euros = (amount: string) => ({ amount, currency: "EUR" });
  const amounts = { p10: euros("1.50"), p50: euros("2.00"), p90: euros("9.00") };
  const predicted = fanOfPredictions({
    ...{
      title: "Q4",
      past: [{ label: "Q3", won: euros("4.00") }],
      ahead: [{ label: "Q4", amounts }],
      quota: euros("7"),
    },
  });
  expect(predicted).toEqual({
    ...{ title: "Q4", unit: "EUR", level: 0.8, target: 7 },
    points: [
      { label: "Q3", actual: 4, expected: null, lower: null, upper: null },
      { label: "Q4", actual: null, expected: 2, lower: 1.5, upper: 9 },
    ],
  });
  const origins = [{ origin: "2026-06-30", outcome: 8, company: { predicted: { p10: 5, p50: 7, p90: 9 } } }];
  expect(fanOfBacktest({ title: "Back-test", backtest: { origins } }).points).toEqual([
    { label: "2026-06-30", actual: 8, expected: 7, lower: 5, upper: 9 },
  ]);
});

it("draws pictures that are the same each time, follow light and dark, and say what they show", async () => {
  const picture = await drawFan({ ...fan, title: attack }, { as: "svg" });
  expect(await drawFan({ ...fan, title: attack }, { as: "svg" })).toBe(picture);
  expect(picture).toMatch(/^<svg role="img" aria-labelledby="fan-title fan-description" /);
  expect(picture).toContain("@media (prefers-color-scheme: dark)");
  expect(picture).toContain(
    '<desc id="fan-description">2026-10: Actual 420.0; 2026-11: Expected 460.0 (380.0 – 600.0); Target 500.0</desc>',
  );
  expect(picture).not.toMatch(/<script|zr\d|ecmeta|:hover|<a |href=/);
  const waterfall = await drawChanges(changes, { as: "svg" });
  expect(waterfall).toContain("Opening 100; New +60; Won -40; Closing 120");
  expect(waterfall.match(/<path[^>]* fill="var\(--(whole|up|down)\)"/g)).toHaveLength(4);
});

it("makes a page of all of it that runs nothing, loads nothing, and shows names as they are", async () => {
  const named = { ...fan, points: fan.points.map((point) => ({ ...point, label: `${point.label} ${attack}` })) };
  const html = await drawPage({ title: attack, caption: attack, forecast, changes, fans: [named, fan] });
  expect(html).toContain(
    `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
  );
  expect(html).not.toMatch(/<script|<img|<link|<iframe|href=|src=|url\((?!#)/);
  expect(html.match(/<svg role="img"/g)).toHaveLength(3);
  expect(html.match(/<table>/g)).toHaveLength(4);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(html).toContain("&lt;/svg&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;");
  expect(html).toContain(`<tr class="own"><th scope="row" style="--depth:1"><bdi>own</bdi></th><td>40.00</td>`);
});

it.each([
  [
    () => drawForecast(forecast, { locale: "not a tag" }),
    "drawing.locale",
    'is no language tag, such as "en" or "zh-TW"',
  ],
  [() => drawFan(fan, { as: "png" } as never), "drawing.as", 'must be one of "text", "svg"'],
  [() => drawFan({ ...fan, level: 80 }), "fan.level", "must be below 1, such as 0.8"],
  [
    () => drawFan({ ...fan, points: [{ ...fan.points[0]!, actual: Number.NaN }] }),
    "fan.points.0.actual",
    "must be a number",
  ],
  [
    () => drawChanges({ ...changes, opening: [{ amount: "7", currency: "JPY" }] }, { as: "svg" }),
    "drawing.unit",
    "must be one of the currencies of the changes: EUR, JPY",
  ],
])("refuses what cannot be drawn, and names it: %#", async (draw, field, words) => {
  const error: unknown = await draw().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CrmError);
  expect(error).toMatchObject({ code: "invalid_input", message: `${field} ${words}.` });
});
