/** A hierarchy as a flowchart in the language of Mermaid. */
import { escapedMermaid } from "@relata/core/markup";
import type { DrawnEdge } from "./drawn-tree.ts";
import type { TextNode } from "./tree-text.ts";

/** Nodes are called n0, n1 …, so that no id and no name is ever read as part of the language. */
export function treeMermaid(
  ids: readonly string[],
  edges: readonly DrawnEdge[],
  nodeOf: (id: string) => TextNode,
): string {
  const names = new Map(ids.map((id, at) => [id, `n${at}`]));
  const nodes = ids.map((id) => {
    const { name, facts } = nodeOf(id);
    return `  ${names.get(id)}["${[name, ...facts].map(escapedMermaid).join("<br/>")}"]\n`;
  });
  const arrows = edges.map(({ parentId, childId, label }) => {
    const arrow = label === "" ? "-->" : `-->|"${escapedMermaid(label)}"|`;
    return `  ${names.get(parentId)} ${arrow} ${names.get(childId)}\n`;
  });
  return `flowchart TD\n${nodes.join("")}${arrows.join("")}`;
}
