/** A neighbourhood as a page of HTML that needs nothing but itself. */

import { escaped, htmlPage } from "@relata/core/markup";
import { strengthOf } from "../edges-around.ts";
import { dayText } from "../export/edge-text.ts";
import type { ExportedGraph } from "../export/read-graph.ts";
import { type Drawing, neighbourhoodSvg } from "./neighbourhood-svg.ts";
import { pageStyle, pageStyleHash } from "./page-style.ts";
import type { NeighbourhoodWords } from "./page-words.ts";

export interface NeighbourhoodPage extends Omit<Drawing, "description"> {
  readonly caption: string;
  /** A language tag: "en". */
  readonly language: string;
  readonly words: NeighbourhoodWords;
}

export function neighbourhoodPage(page: NeighbourhoodPage): string {
  const { graph, layout, title, caption, language, words, isStart } = page;
  const svg = neighbourhoodSvg({ graph, layout, title, description: words.tableSaysTheSame, isStart });
  const body = `<main>
<h1>${escaped(title)}</h1>
<p>${escaped(caption)}</p>
<div class="scroll" role="region" tabindex="0" aria-label="${escaped(title)}">${svg}</div>
${graph.edges.length === 0 ? `<p>${escaped(words.nothing)}</p>` : tableOf(graph, title, words)}
</main>`;
  return htmlPage({ title, language, style: pageStyle, styleHash: pageStyleHash, body });
}

function tableOf({ nodes, edges }: ExportedGraph, title: string, words: NeighbourhoodWords): string {
  const heads = [words.thing, words.role, words.relatedTo, words.from, words.until, words.strength];
  const rows = edges.map(({ edge, type, from, to, name, office }) => {
    const cells = [
      office === undefined ? name : `${name}: ${office}`,
      nodes[to]!.name,
      dayText(edge.validFrom, edge.validFromIs),
      dayText(edge.validUntil, edge.validUntilIs),
      String(strengthOf(edge, type)),
    ];
    const first = `<th scope="row"><bdi>${escaped(nodes[from]!.name)}</bdi></th>`;
    return `<tr>${first}${cells.map((cell) => `<td><bdi>${escaped(cell)}</bdi></td>`).join("")}</tr>`;
  });
  return `<table aria-label="${escaped(title)}">
<thead><tr>${heads.map((head) => `<th scope="col">${escaped(head)}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>`;
}
