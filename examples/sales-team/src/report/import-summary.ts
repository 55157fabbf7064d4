/** What an import did, and how long it took. */
import type { ImportResult } from "../import/import-sales-data.ts";
import type { Tally } from "../import/tally.ts";
import { formatCount } from "./format.ts";
import { renderTable, renderTitle } from "./table.ts";

export function renderImportSummary(
  { tallies, moved, postponed, otherCloseDate }: ImportResult,
  elapsedMs: number,
): string {
  const rows = Object.entries(tallies).map(([entity, tally]: [string, Tally]) => ({ entity, ...tally }));
  const writes = moved + rows.reduce((sum, { created, changed }) => sum + created + changed, 0);
  const seconds = elapsedMs / 1000;
  return [
    renderTitle("Imported"),
    renderTable(rows, [
      { head: "", cell: ({ entity }) => entity },
      { head: "Created", align: "right", cell: ({ created }) => formatCount(created) },
      { head: "Changed", align: "right", cell: ({ changed }) => formatCount(changed) },
      { head: "Unchanged", align: "right", cell: ({ unchanged }) => formatCount(unchanged) },
    ]),
    `  ${formatCount(moved)} opportunities moved to another stage.`,
    ...remark(postponed, "opportunities are older than what they refer to: dated when all of it was in the CRM."),
    ...remark(otherCloseDate, "opportunities closed on another day in the files: the day that was recorded stays."),
    writes === 0
      ? `  Nothing new: all of it was in the CRM already. Checked in ${seconds.toFixed(1)} s.`
      : `  ${formatCount(writes)} writes in ${seconds.toFixed(1)} s: ${formatCount(Math.round(writes / seconds))} per second.`,
  ].join("\n");
}

function remark(count: number, what: string): string[] {
  return count === 0 ? [] : [`  ${formatCount(count)} ${what}`];
}
