/** A hierarchy as a flowchart in the language of Mermaid. */
import type { DrawnEdge } from "./drawn-tree.ts";
import { onOneLine, type TextNode } from "./tree-text.ts";

/** Nodes are called n0, n1 …, so that no id and no name is ever read as part of the language. */
export function treeMermaid(
  ids: readonly string[],
  edges: readonly DrawnEdge[],
  nodeOf: (id: string) => TextNode,
): string {
  const names = new Map(ids.map((id, at) => [id, `n${at}`]));
  const nodes = ids.map((id) => {
    const { name, facts } = nodeOf(id);
    return `  ${names.get(id)}["${[name, ...facts].map(escaped).join("<br/>")}"]\n`;
  });
  const arrows = edges.map(({ parentId, childId, label }) => {
    const arrow = label === "" ? "-->" : `-->|"${escaped(label)}"|`;
    return `  ${names.get(parentId)} ${arrow} ${names.get(childId)}\n`;
  });
  return `flowchart TD\n${nodes.join("")}${arrows.join("")}`;
}

/**
 * What is no letter, digit or harmless sign, by its code: quotes, brackets, backticks, `#` and `<` mean something, and so does what begins
 * a list in Markdown.
 */
function escaped(text: string): string {
  return onOneLine(text)
    .replace(/[^\p{L}\p{M}\p{N} .,:+\-/()%]/gu, codeOf)
    .replace(/^[-+]|(?<=^\d+)[.)]/, codeOf);
}

function codeOf(character: string): string {
  return `#${character.codePointAt(0)};`;
}
