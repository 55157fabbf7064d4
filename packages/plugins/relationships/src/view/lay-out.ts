/** Where the things of a drawing stand: by the forces of d3-force, whose random numbers are always the same ones, so that a drawing is too. */
import type { SimulationLinkDatum, SimulationNodeDatum } from "d3-force";

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly places: readonly Place[];
  readonly width: number;
  readonly height: number;
}

interface Link {
  readonly from: number;
  readonly to: number;
}

/** So few have room for what they are called. */
const FEW = 60;
const MARGIN = { x: 110, y: 40 };

/** In pixels. What is linked is near, and no two names stand over each other. */
export async function layOut(count: number, links: readonly Link[]): Promise<Layout> {
  const { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } = await import("d3-force");
  const nodes: (SimulationNodeDatum & { x?: number; y?: number })[] = Array.from({ length: count }, () => ({}));
  const edges: SimulationLinkDatum<SimulationNodeDatum>[] = links.map(({ from, to }) => ({ source: from, target: to }));
  forceSimulation(nodes)
    .force("links", forceLink(edges).distance(links.length > FEW ? 130 : 180))
    .force("charge", forceManyBody().strength(-500).distanceMax(900))
    .force("room", forceCollide(46).iterations(2))
    .force("x", forceX().strength(0.05))
    .force("y", forceY().strength(0.08))
    .stop()
    .tick(300);
  const [left, top] = [Math.min(0, ...nodes.map(({ x }) => x!)), Math.min(0, ...nodes.map(({ y }) => y!))];
  const places = nodes.map(({ x, y }) => ({ x: rounded(x! - left + MARGIN.x), y: rounded(y! - top + MARGIN.y) }));
  return {
    places,
    width: rounded(Math.max(0, ...places.map(({ x }) => x)) + MARGIN.x),
    height: rounded(Math.max(0, ...places.map(({ y }) => y)) + MARGIN.y),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
