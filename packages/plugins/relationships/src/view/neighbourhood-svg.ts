/** Things and what is between them, as SVG. */

import { escaped } from "@relata/core/markup";
import { strengthOf } from "../edges-around.ts";
import { daysText } from "../export/edge-text.ts";
import type { ExportedGraph, GraphEdge, GraphNode } from "../export/read-graph.ts";
import type { Layout, Place } from "./lay-out.ts";

export interface Drawing {
  readonly graph: ExportedGraph;
  readonly layout: Layout;
  readonly title: string;
  readonly description: string;
  readonly isStart: (node: GraphNode) => boolean;
}

/** With more edges than these, what they are stands beside the pointer and in the table only. */
const MOST_LABELS = 60;
const RADIUS = 8;

export function neighbourhoodSvg({ graph: { nodes, edges }, layout, title, description, isStart }: Drawing): string {
  const { places, width, height } = layout;
  const lines = edges.map((edge) => lineOf(edge, places[edge.from]!, places[edge.to]!));
  const labels = edges.length > MOST_LABELS ? [] : labelsOf(edges, places);
  const circles = nodes.map((node, at) => nodeOf(node, places[at]!, isStart(node)));
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="drawing-title drawing-text" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title id="drawing-title">${escaped(title)}</title>
<desc id="drawing-text">${escaped(description)}</desc>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
${[...lines, ...labels, ...circles].join("\n")}
</svg>`;
}

/** "employee of, 2010-03-01 –": what the one is to the other. */
function edgeText({ edge, name, office }: GraphEdge): string {
  return [office ?? name, daysText(edge)].filter((text) => text !== "").join(", ");
}

function lineOf(drawn: GraphEdge, from: Place, to: Place): string {
  const strength = strengthOf(drawn.edge, drawn.type);
  const width = Math.round(10 + 25 * strength) / 10;
  const arrow = drawn.type.shape === "symmetric" ? "" : ' marker-end="url(#arrow)"';
  const [start, end] = [towards(from, to), towards(to, from)];
  return `<line x1="${start.x}" y1="${start.y}" x2="${end.x}" y2="${end.y}" stroke-width="${width}"${arrow}><title>${escaped(edgeText(drawn))}</title></line>`;
}

/** From the rim of the circle. */
function towards(from: Place, to: Place): Place {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const rounded = (value: number) => Math.round(value * 10) / 10;
  return { x: rounded(from.x + (dx / length) * (RADIUS + 2)), y: rounded(from.y + (dy / length) * (RADIUS + 2)) };
}

/** Those between the same two stand below each other. */
function labelsOf(edges: readonly GraphEdge[], places: readonly Place[]): readonly string[] {
  const counts = new Map<string, number>();
  return edges.map((drawn) => {
    const [from, to] = [places[drawn.from]!, places[drawn.to]!];
    const pair = [drawn.from, drawn.to].sort((a, b) => a - b).join(" ");
    const above = counts.get(pair) ?? 0;
    counts.set(pair, above + 1);
    const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2 + above * 12];
    return `<text class="label" x="${x.toFixed(1)}" y="${y.toFixed(1)}">${escaped(drawn.office ?? drawn.name)}</text>`;
  });
}

function nodeOf({ thing, name }: GraphNode, { x, y }: Place, isStart: boolean): string {
  const classes = [...(thing.entityType === "account" ? ["account"] : []), ...(isStart ? ["start"] : [])].join(" ");
  return `<g class="${classes}"><circle cx="${x}" cy="${y}" r="${RADIUS}"/><text x="${x}" y="${(y + 22).toFixed(1)}">${escaped(shortened(name))}<title>${escaped(name)}</title></text></g>`;
}

const MOST_CHARACTERS = 28;

function shortened(name: string): string {
  const characters = [...name];
  return characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS - 1).join("")}…` : name;
}
