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

/** Of more things than `MANY` the forces work less long, and names may stand over each other: a drawing of thousands takes seconds, not minutes. */
const MANY = 1_000;
const STEPS = 300;
const LEAST_STEPS = 40;

/** In pixels. What is linked is near, and of few things no two names stand over each other. */
export async function layOut(count: number, links: readonly Link[]): Promise<Layout> {
  const { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } = await import("d3-force");
  const nodes: (SimulationNodeDatum & { x?: number; y?: number })[] = Array.from({ length: count }, () => ({}));
  const edges: SimulationLinkDatum<SimulationNodeDatum>[] = links.map(({ from, to }) => ({ source: from, target: to }));
  const steps = Math.max(LEAST_STEPS, Math.min(STEPS, Math.round((STEPS * MANY) / Math.max(count, 1))));
  const simulation = forceSimulation(nodes)
    .alphaDecay(1 - 0.001 ** (1 / steps))
    .force("links", forceLink(edges).distance(links.length > FEW ? 130 : 180))
    .force("charge", forceManyBody().strength(-500).distanceMax(900))
    .force("x", forceX().strength(0.05))
    .force("y", forceY().strength(0.08))
    .stop();
  if (count <= MANY) simulation.force("room", forceCollide(46).iterations(2));
  simulation.tick(steps);
  const [left, top] = [
    nodes.reduce((least, { x }) => Math.min(least, x!), 0),
    nodes.reduce((least, { y }) => Math.min(least, y!), 0),
  ];
  const places = nodes.map(({ x, y }) => ({ x: rounded(x! - left + MARGIN.x), y: rounded(y! - top + MARGIN.y) }));
  return {
    places,
    width: rounded(places.reduce((most, { x }) => Math.max(most, x), 0) + MARGIN.x),
    height: rounded(places.reduce((most, { y }) => Math.max(most, y), 0) + MARGIN.y),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
