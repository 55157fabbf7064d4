/**
 * Whether a figure has collapsed beside the recorded one. Each round counts for itself, and the best is what is compared: what else a machine does
 * spoils some rounds (on two cores, a client and its server may halve a median), a lost index or cache spoils all.
 */
import { type Figure, goalText, sizeText, spreadText } from "./figure.ts";

const COLLAPSE = 2;

/** A line for each figure whose best round is less than half as good as the median recorded of the same workload, size and pair, or has none. */
export function collapses(figures: readonly Figure[], recorded: readonly Figure[]): readonly string[] {
  return figures
    .filter(({ goal }) => goal?.smoke)
    .flatMap((figure) => {
      const before = recorded.find((candidate) => keyOf(candidate) === keyOf(figure));
      if (before === undefined) return [`${keyOf(figure)}: nothing recorded; run the benchmark with --write`];
      const times = figure.goal?.atMost === undefined ? before.median / figure.max : figure.min / before.median;
      if (times <= COLLAPSE) return [];
      return [`${keyOf(figure)}: ${spreadText(figure)}, recorded ${spreadText(before)} (goal: ${goalText(figure)})`];
    });
}

function keyOf({ workload, size, of }: Figure): string {
  return `${workload}${size === undefined ? "" : ` (${sizeText(size)})`}, ${of.join(" beside ")}`;
}
