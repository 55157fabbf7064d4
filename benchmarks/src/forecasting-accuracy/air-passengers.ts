/** A picture: the passengers of 1949 to 1959, what was forecast of the year that followed, and what came. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawFan, type Fan, fanOfSeries, forecastSeries } from "@relata/forecasting";
import type { Evaluation, Section } from "./section.ts";

/** So many months before them are in the picture. */
const SHOWN = 60;
const PICTURE = fileURLToPath(new URL("../../../docs/images/air-passengers.svg", import.meta.url));

export const airPassengers: Section = { name: "air-passengers", evaluate };

async function evaluate(folder: string): Promise<Evaluation> {
  const lines = readFileSync(join(folder, "AirPassengers.csv"), "utf8").trim().split("\n").slice(1);
  const rows = lines.map((line) => line.split(","));
  const [oneYear, twoYears] = [fanOf(rows, 12), fanOf(rows, 24)];
  mkdirSync(dirname(PICTURE), { recursive: true });
  writeFileSync(PICTURE, await drawFan(oneYear.fan, { as: "svg" }));
  const markdown = [
    `![Air passengers: what was, and what was expected of the last year](images/air-passengers.svg)`,
    `1960, forecast at the end of 1959 by ${oneYear.model}: ${oneYear.told}. The two years from the end of 1958, a flat year, are harder: ${twoYears.told}.`,
  ].join("\n\n");
  return { markdown, missed: [] };
}

interface AheadFan {
  readonly fan: Fan;
  readonly model: string;
  /** How far it was off, in words. */
  readonly told: string;
}

function fanOf(rows: readonly (readonly string[])[], months: number): AheadFan {
  const all = rows.map(([, value]) => Number(value));
  const [values, outcome] = [all.slice(0, -months), all.slice(-months)];
  const forecast = forecastSeries(values, { season: 12, horizon: months });
  const labels = rows.map(([month]) => month!).slice(-SHOWN - months);
  const shown = values.slice(-SHOWN);
  const fan = fanOfSeries({ title: "Air passengers, thousands", values: shown, forecast, labels, outcome });
  const ahead = fan.points.slice(-months);
  const held = ahead.filter(({ actual, lower, upper }) => actual! >= lower! && actual! <= upper!).length;
  const off = ahead.reduce((sum, { actual, expected }) => sum + Math.abs(actual! - expected!) / actual!, 0);
  const told = `a mean absolute error of ${((100 * off) / months).toFixed(1)} %, and ${held} of ${months} months inside of the interval of 80 %`;
  return { fan, model: forecast.model, told };
}
