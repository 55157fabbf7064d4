/** The whole prediction of one origin from plain deals: pure, the same for the same input. */
import { dealChances, neverClosing } from "./deal-chances.ts";
import type { Deal } from "./deal-history.ts";
import { type Expectation, expectation } from "./expectation.ts";
import { historyOf, lastClosingBand } from "./history.ts";
import { numbered, openByOwner, sumsOf } from "./open-deals.ts";
import type { Outlook, OutlookInput } from "./outlook-result.ts";
import { fitPooling, joined } from "./pooling.ts";
import { residuals } from "./residuals.ts";
import { riskTables } from "./risk-table.ts";
import { fitSignals } from "./signals.ts";
import { simulate } from "./simulation.ts";
import { stageOutlook } from "./stage-outlook.ts";
import { earlierWindows, type Window } from "./window.ts";
import { wonAgainstLost } from "./won-against-lost.ts";
import { wonAmounts } from "./won-amounts.ts";

export function outlook(input: OutlookInput): Outlook {
  const { deals, calendar, riskFrom, window, seed } = input;
  const owners = numbered(input.owners);
  const stages = numbered(input.stages);
  const { learned, learnedOwners } = learnedFrom(input);
  const spans = [...earlierWindows(window, riskFrom)].reverse();
  const windows = [...spans, { ...window, whole: true }];
  const ends = windows.map(({ origin }) => origin);
  const tables = riskTables(learned, { stages: input.stages, calendar, from: riskFrom, ends });
  const table = tables.at(-1)!;
  const history = historyOf(table, riskFrom, window.origin);
  if (!history.enough) return stageOutlook(input, history);
  const at = (index: number): Expectation => {
    const then = { stages, calendar, riskFrom, table: tables[index]!, window: windows[index]! };
    return index < spans.length
      ? expectation({ ...then, deals: learned, owners: learnedOwners })
      : expectation({ ...then, deals, owners, totals: input.sample?.totals });
  };
  const past = spans.flatMap((span, index) =>
    historyOf(tables[index]!, riskFrom, span.origin).enough
      ? [{ expected: at(index), outcome: afterOrigin(learned, learnedOwners, span), whole: span.whole }]
      : [],
  );
  const pooling = fitPooling(past);
  const before = at(spans.length);
  const fitted = { deals: learned, stages, hazards: before.hazards, calendar, riskFrom, origin: window.origin };
  const signals = fitSignals(residuals(fitted), input.signals ?? []);
  const days = { start: window.origin + 1, countFrom: Math.max(window.from, window.origin + 1), end: window.to };
  const chances = dealChances({ ...fitted, deals, days, signals, shift: pooling.shift });
  const open = openByOwner(chances, owners);
  const expected = { ...before, ...sumsOf(open) };
  const means = joined(expected, pooling);
  const draws = simulate({
    owners: open.map((own, owner) => ({ open: own, openMean: expected.open[owner]!, mean: means[owner]! })),
    amounts: wonValues(deals),
    width: pooling.width,
    shared: pooling.shared,
    seed,
  });
  return {
    method: "competing_risks",
    history,
    deals: chances,
    owners: input.owners.map((owner, index) => ({
      owner,
      won: expected.won[index]!,
      open: expected.open[index]!,
      arriving: expected.arriving[index]!,
      runRate: expected.runRate[index]!,
      mean: means[index]! + expected.won[index]!,
      draws: draws[index]!.map((draw) => draw + expected.won[index]!),
    })),
    pooling,
    signals: signals.report.map((one, index) => ({
      ...one,
      wonAgainstLost: wonAgainstLost(fitted, input.signals![index]!),
    })),
    neverClosing: neverClosing(before.hazards, lastClosingBand(table)),
  };
}

/** Errors are learned from all owners, whoever is asked for. */
function learnedFrom({ deals, sample }: OutlookInput) {
  const names = sample && new Set(sample.learned);
  const learned = names ? deals.filter(({ owner }) => names.has(owner)) : deals;
  return { learned, learnedOwners: numbered([...new Set(learned.map(({ owner }) => owner))].sort()) };
}

/** What each owner won in the part of a window that lies after its origin. */
const afterOrigin = (deals: readonly Deal[], owners: ReadonlyMap<string, number>, { origin, from, to }: Window) =>
  wonAmounts(deals, owners, { from: Math.max(from, origin + 1), to });

/** The amounts of what was won, which new business is drawn from. */
function wonValues(deals: readonly Deal[]): Float64Array {
  const amounts: number[] = [];
  for (const { amount, stays } of deals)
    if (stays[stays.length - 1]?.exit === "won" && amount > 0) amounts.push(amount);
  return Float64Array.from(amounts);
}
