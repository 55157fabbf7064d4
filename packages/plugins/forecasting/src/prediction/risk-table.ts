/**
 * Days at risk and exits, counted by stage, age in it and position in the fiscal quarter: all that the hazards need.
 * One pass over the stays fills a table for each of several spans of time; sums of them are tables of earlier origins.
 */
import { ageBand, ageBands, bandEnd } from "./age-bands.ts";
import { type CalendarPositions, positionOf, quarterPositions } from "./calendar-positions.ts";
import type { Deal } from "./deal-history.ts";

/** Ways out of a stage. */
export const causes = ["won", "lost", "moved"] as const;

export interface RiskTable {
  /** Deal-days, by (stage, band, position). */
  readonly exposure: Float64Array;
  /** Exits, by cause: (stage, band, position). */
  readonly exits: readonly Float64Array[];
  /** Moves by (from, to). */
  readonly moves: Float64Array;
  /** Deals by the stage that they start in. */
  readonly starts: Float64Array;
}

export const cell = (stage: number, band: number, position: number): number =>
  (stage * ageBands + band) * quarterPositions + position;

function emptyRiskTable(stages: number): RiskTable {
  const cells = stages * ageBands * quarterPositions;
  return {
    exposure: new Float64Array(cells),
    exits: causes.map(() => new Float64Array(cells)),
    moves: new Float64Array(stages * stages),
    starts: new Float64Array(stages),
  };
}

export interface RiskSpans {
  readonly stages: readonly string[];
  readonly calendar: CalendarPositions;
  /** The first day at risk: what was before is not counted (left truncation). */
  readonly from: number;
  /** The last days of the spans, ascending. */
  readonly ends: readonly number[];
}

/** One table for each end, each holding all from the first day at risk through that end. */
export function riskTables(deals: Iterable<Deal>, spans: RiskSpans): readonly RiskTable[] {
  const { stages, calendar, from, ends } = spans;
  const numbers = new Map(stages.map((stage, index) => [stage, index]));
  const tables = ends.map(() => emptyRiskTable(stages.length));
  const last = ends[ends.length - 1] ?? from - 1;
  const spanOf = spanFinder(from, ends);
  for (const deal of deals) {
    const { stays } = deal;
    for (let index = 0; index < stays.length; index += 1) {
      const stay = stays[index] as Deal["stays"][number];
      const stage = numbers.get(stay.stage);
      if (stage === undefined || stay.from > last) continue;
      const start = tables[spanOf(Math.max(from, stay.from))];
      if (index === 0 && start !== undefined) start.starts[stage] = (start.starts[stage] ?? 0) + 1;
      const end = Math.min(last, stay.until ?? last);
      let band = ageBand(Math.max(from, stay.from) - stay.from);
      let bandUntil = stay.from + bandEnd(band);
      let base = cell(stage, band, 0);
      for (let day = Math.max(from, stay.from); day <= end; day += 1) {
        if (day >= bandUntil) {
          band += 1;
          bandUntil = stay.from + bandEnd(band);
          base = cell(stage, band, 0);
        }
        const { exposure } = tables[spanOf(day)] as RiskTable;
        const place = base + calendar.at[day - calendar.from]!;
        exposure[place] = exposure[place]! + 1;
      }
      if (stay.until === undefined || stay.until > last || stay.until < from || stay.exit === undefined) continue;
      const table = tables[spanOf(stay.until)] as RiskTable;
      const place = cell(stage, ageBand(stay.until - stay.from), positionOf(calendar, stay.until));
      const exits = table.exits[causes.indexOf(stay.exit)]!;
      exits[place] = exits[place]! + 1;
      const next = stay.exit === "moved" ? numbers.get(stays[index + 1]?.stage ?? "") : undefined;
      if (next !== undefined) {
        const move = stage * stages.length + next;
        table.moves[move] = table.moves[move]! + 1;
      }
    }
  }
  for (let index = 1; index < tables.length; index += 1)
    addTo(tables[index] as RiskTable, tables[index - 1] as RiskTable);
  return tables;
}

function spanFinder(from: number, ends: readonly number[]): (day: number) => number {
  const last = ends[ends.length - 1] ?? from;
  const spans = new Uint16Array(Math.max(0, last - from + 1));
  let span = 0;
  for (let day = from; day <= last; day += 1) {
    while (day > ends[span]!) span += 1;
    spans[day - from] = span;
  }
  return (day) => spans[day - from]!;
}

function addTo(table: RiskTable, other: RiskTable): void {
  add(table.exposure, other.exposure);
  add(table.moves, other.moves);
  add(table.starts, other.starts);
  for (let index = 0; index < causes.length; index += 1) add(table.exits[index]!, other.exits[index]!);
}

function add(into: Float64Array, from: Float64Array): void {
  for (let index = 0; index < into.length; index += 1) into[index] = into[index]! + from[index]!;
}
