/** A hierarchy as lines of text. */
import type { DrawnLine } from "./drawn-tree.ts";

export interface TextNode {
  readonly name: string;
  /** What is said behind the name. */
  readonly facts: readonly string[];
}

export function treeText(lines: readonly DrawnLine[], nodeOf: (id: string) => TextNode): string {
  const stems: string[] = [];
  const text = lines.map((line) => {
    const { name, facts } = nodeOf(line.id);
    const said = [line.label, ...(line.again ? ["see above"] : facts)].filter((fact) => fact !== "").map(onOneLine);
    const stem = stems.slice(1, line.depth).join("");
    const joint = line.depth === 0 ? "" : line.last ? "└─ " : "├─ ";
    stems[line.depth] = line.last ? "   " : "│  ";
    return `${stem}${joint}${onOneLine(name)}${said.length === 0 ? "" : `  (${said.join("; ")})`}\n`;
  });
  return text.join("");
}

/**
 * Without what would begin a new line, move the cursor of a terminal, or turn the direction of what follows (control characters, line
 * separators, and the embeddings, overrides and isolates of the bidirectional algorithm).
 */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}
