/** Columns of text in a terminal. */
import stringWidth from "string-width";

/** The first column to the left, all others to the right, unless they are named; a line below the head. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0],
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => stringWidth(row[column] ?? ""))));
  const lineOf = (row: readonly string[]) => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? "";
      const space = " ".repeat(width - stringWidth(cell));
      return left.includes(column) ? cell + space : space + cell;
    });
    return `${cells.join("  ").trimEnd()}\n`;
  };
  const rule = `${widths.map((width) => "─".repeat(width)).join("  ")}\n`;
  return lineOf(head) + rule + rows.map(lineOf).join("");
}
