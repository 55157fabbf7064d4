/** A hierarchy as lines of text. */
import { onOneLine } from "@relata/core/markup";
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
