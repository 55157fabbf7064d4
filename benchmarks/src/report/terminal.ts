/** Figures as lines of a terminal. */
import { type Figure, goalText, isReached, sizeText, spreadText } from "./figure.ts";

export function lineOf(figure: Figure): string {
  const { workload, size, of, kind } = figure;
  const name = size === undefined ? workload : `${workload} (${sizeText(size)})`;
  const relation = (kind === "times the cost" ? "cost of " : "") + of.join(" / ");
  return [
    name.padEnd(42),
    relation.padEnd(38),
    spreadText(figure).padEnd(24),
    goalText(figure).padEnd(16),
    verdict(figure),
  ]
    .join(" ")
    .trimEnd();
}

/** How many goals there were, and how many were reached. */
export function summaryOf(figures: readonly Figure[]): string {
  const judged = figures.map(isReached).filter((reached) => reached !== undefined);
  return `${judged.filter((reached) => reached).length} of ${judged.length} goals reached.`;
}

function verdict(figure: Figure): string {
  const reached = isReached(figure);
  return reached === undefined ? "" : reached ? "reached" : "NOT reached";
}
