/** What becomes of the rows of an import, as it goes on. */
import type { RelationshipsContext } from "../parts.ts";
import { findingCounts, findingOf, type RowText, rowText, rowTextOf } from "./findings.ts";
import { type CheckedOptions, type ImportProgress, isFallback } from "./import-options.ts";
import type { ImportFinding, ImportReport } from "./import-report.ts";
import type { PlannedEdge } from "./plan-edges.ts";
import type { RowProblem } from "./read-row.ts";
import { sharedValues } from "./row-index.ts";
import type { SourceRow } from "./source-row.ts";
import type { Stored } from "./store-edges.ts";

/** `total`: how many rows there will be, where that is known. */
export function importOutcome(context: RelationshipsContext, options: CheckedOptions, total: number | undefined) {
  /** Of rows of which it is not known yet what becomes of them. */
  const texts = new Map<number, RowText>();
  const share = sharedValues();
  const findings: ImportFinding[] = [];
  const counting = findingCounts();
  let last: ImportProgress = { done: 0, read: 0, rows: total };
  let firstRejected: ImportFinding | undefined;
  let [rows, created, fallen, unchanged, rejected] = [0, 0, 0, 0, 0];

  function tell(problems: readonly RowProblem[]): void {
    for (const problem of problems) {
      const finding = findingOf(problem, texts.get(problem.row)!, options);
      counting.add(finding);
      if (finding.choice === "reject") {
        rejected += 1;
        firstRejected = firstRejected && firstRejected.row <= finding.row ? firstRejected : finding;
      }
      if (options.onFinding) options.onFinding(finding);
      else findings.push(finding);
      // What falls back to a type is still to be written.
      if (!isFallback(finding.choice)) texts.delete(problem.row);
    }
  }

  return {
    tell,
    isRejected: (): boolean => rejected > 0 && !options.dryRun,
    /** Gives the number of the first one. */
    read(batch: readonly SourceRow[]): number {
      const first = rows;
      for (const row of batch) {
        const text = rowTextOf(row, options);
        // Held rows have many texts in common.
        texts.set(rows++, options.isToldTwice ? { ...text, from: share(text.from), to: share(text.to) } : text);
      }
      return first;
    },
    stored(unit: Stored): void {
      created += unit.created.length;
      fallen += unit.created.filter(({ isFallen }) => isFallen).length;
      unchanged += unit.unchanged;
      tell(unit.problems);
    },
    /** A unit is written. */
    done(unit: readonly PlannedEdge[]): void {
      for (const { told } of unit) texts.delete(told.row);
    },
    /** Where it went on. */
    progress(): void {
      const now = { done: rows - texts.size, read: rows, rows: total };
      if (now.done === last.done && now.read === last.read) return;
      last = now;
      options.onProgress?.(now);
    },
    /** @throws `relationship_import_rejected`; a dry run tells what would be rejected, and the rest */
    report(): ImportReport {
      findings.sort((a, b) => a.row - b.row);
      if (firstRejected && !options.dryRun) {
        const facts = { entity: "relationship", count: rejected, first: rowText(firstRejected) };
        throw context.error("relationship_import_rejected", { ...facts, findings });
      }
      const { counts } = counting;
      return {
        ...{ rows, created, fallen, unchanged, leftOut: rows - created - unchanged },
        ...{ mirrors: counts.mirror ?? 0, doubles: counts.double ?? 0, counts, findings },
        ...{ unmapped: counting.unmapped(), isDryRun: options.dryRun },
      };
    },
  };
}
