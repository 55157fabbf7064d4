/** Relationships as a flowchart in the language of Mermaid. */
import { escapedMermaid } from "@relata/core/markup";
import { daysText } from "./edge-text.ts";
import type { ExportedGraph } from "./read-graph.ts";

/** Nodes are called n0, n1 …, so that no id and no name is ever read as part of the language. */
export function mermaid({ nodes, edges }: ExportedGraph): string {
  const boxes = nodes.map(({ name }, at) => `  n${at}["${escapedMermaid(name)}"]\n`);
  const arrows = edges.map(({ edge, type, from, to, name, office }) => {
    const facts = [office ?? name, daysText(edge)].filter((fact) => fact !== "");
    return `  n${from} ${type.shape === "symmetric" ? "---" : "-->"}|"${facts.map(escapedMermaid).join("<br/>")}"| n${to}\n`;
  });
  return `flowchart LR\n${boxes.join("")}${arrows.join("")}`;
}
