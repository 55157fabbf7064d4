/** Tables for a terminal: a title, a head with a line below, no frame. */
import { styleText } from "node:util";
import CliTable from "cli-table3";

export interface Column<Row> {
  readonly head: string;
  readonly align?: "left" | "right";
  cell(row: Row): string;
}

export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const table = new CliTable({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align = "left" }) => align),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2, compact: true },
    chars: frame,
  });
  for (const row of rows) table.push(columns.map(({ cell }) => cell(row)));
  const lines = table
    .toString()
    .split("\n")
    .map((line) => `  ${line.trimEnd()}`);
  lines.splice(1, 0, `  ${"─".repeat(Math.max(...lines.map((line) => line.length)) - 2)}`);
  return lines.join("\n");
}

export function renderTitle(title: string): string {
  return styleText("bold", title);
}

export function renderRemark(remark: string): string {
  return styleText("dim", `  ${remark}`);
}

const frame = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
  ].map((name) => [name, ""]),
);
