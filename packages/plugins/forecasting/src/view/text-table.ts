/** Columns of text in a terminal. */
import stringWidth from "string-width";

/**
 * Without what would begin a new line, move the cursor of a terminal, or turn the direction of what follows (control characters, line
 * separators, and the embeddings, overrides and isolates of the bidirectional algorithm).
 */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}

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
