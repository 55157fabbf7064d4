/** Relationships as a flowchart in the language of Mermaid. */
import { daysText } from "./edge-text.ts";
import type { ExportedGraph } from "./read-graph.ts";

/** Nodes are called n0, n1 …, so that no id and no name is ever read as part of the language. */
export function mermaid({ nodes, edges }: ExportedGraph): string {
  const boxes = nodes.map(({ name }, at) => `  n${at}["${escaped(name)}"]\n`);
  const arrows = edges.map(({ edge, type, from, to, name, office }) => {
    const facts = [office ?? name, daysText(edge)].filter((fact) => fact !== "");
    return `  n${from} ${type.shape === "symmetric" ? "---" : "-->"}|"${facts.map(escaped).join("<br/>")}"| n${to}\n`;
  });
  return `flowchart LR\n${boxes.join("")}${arrows.join("")}`;
}

/**
 * What is no letter, digit or harmless sign, by its code: quotes, brackets, backticks, `#` and `<` mean something, and so does what begins a list in
 * Markdown. What would begin a new line, or turn the direction of what follows, is a blank.
 */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim()
    .replace(/[^\p{L}\p{M}\p{N} .,:+\-/()%–≤≥]/gu, codeOf)
    .replace(/^[-+]|(?<=^\d+)[.)]/, codeOf);
}

function codeOf(character: string): string {
  return `#${character.codePointAt(0)};`;
}
