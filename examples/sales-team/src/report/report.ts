/** The whole report as text, from the public API's lists and aggregates. */
import { styleText } from "node:util";
import type { SalesCrm } from "../crm.ts";
import { pipelineKey } from "../import/pipeline.ts";
import type { Finding } from "../source/findings.ts";
import { readBoard, renderBoard } from "./board.ts";
import { formatCount } from "./format.ts";
import { quarterEnds, readPipelineThen, renderPipelineThen } from "./pipeline-then.ts";
import { readPredicted, renderPredicted } from "./predicted.ts";
import { readStalest, renderStalest } from "./stalest.ts";
import { renderRemark, renderTitle } from "./table.ts";
import { readWinRates, renderWinRates } from "./win-rates.ts";
import { readWonByGroup, renderWonByGroup } from "./won-by-group.ts";
import { readWonByQuarter, renderWonByQuarter } from "./won-by-quarter.ts";

/** @param lastDay The day to which ages are measured. */
export async function renderReport(crm: SalesCrm, lastDay: string): Promise<string> {
  const board = await readBoard(crm, pipelineKey);
  const rates = await readWinRates(crm);
  const quarters = await readWonByQuarter(crm);
  const groups = await readWonByGroup(crm);
  const then = await readPipelineThen(crm, quarterEnds(quarters, lastDay));
  const predicted = await readPredicted(crm, quarters, lastDay);
  const stalest = await readStalest(crm, lastDay);
  const closed = rates.all.won + rates.all.lost;
  return [
    renderTitle("Pipeline"),
    renderBoard(board),
    renderRemark("Open opportunities count at the list price of their product, won ones at what they were won for."),
    "",
    renderTitle("Win rate by manager"),
    renderWinRates([...rates.byManager, rates.all], "Manager"),
    renderRemark(
      `Won of the ${formatCount(closed)} that are closed (won or lost); days from engagement to close, of those won.`,
    ),
    "",
    renderTitle("Win rate by owner"),
    renderWinRates(rates.byOwner, "Owner"),
    "",
    renderTitle("Won by quarter"),
    renderWonByQuarter(quarters),
    "",
    renderTitle("Won by group"),
    renderWonByGroup(groups),
    renderRemark("Accounts that others belong to, by `subsidiary_of`, rolled up over the hierarchy of accounts."),
    "",
    renderTitle("The pipeline as it stood"),
    renderPipelineThen(then),
    renderRemark("Read from history, as of the end of each day: what was known then, not what became of it."),
    "",
    renderTitle("Predicted"),
    renderPredicted(predicted),
    renderRemark("Each as of the day before the quarter, by `@relata/forecasting`: from what was known then."),
    "",
    renderTitle("Stalest open opportunities"),
    renderStalest(stalest),
    renderRemark(
      `Measured to ${lastDay}, the last day in the data. ${formatCount(stalest.stale)} of ${formatCount(stalest.open)} open ones have been in their stage longer than it allows.`,
    ),
  ].join("\n");
}

export function renderFindings(findings: readonly Finding[]): string {
  const counts = findings.map(({ count }) => formatCount(count));
  const width = Math.max(0, ...counts.map((count) => count.length));
  const entries = findings.map(({ what, done }, index) => {
    const count = (counts[index] ?? "").padStart(width);
    return `  ${count}  ${what}\n  ${" ".repeat(width)}  ${styleText("dim", done)}`;
  });
  return [renderTitle("What was not clean in the input"), ...(entries.length === 0 ? ["  Nothing."] : entries)].join(
    "\n",
  );
}
