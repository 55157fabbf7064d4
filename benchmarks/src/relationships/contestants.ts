/** Who looks for neighbours and paths: Relata, its graph in memory, and what one would write by hand. */
import type { ReachedRecord, RecordDistance } from "@relata/core";
import type { Connector, GraphNeighbours, RelationshipGraph } from "@relata/relationships";
import type { Operation } from "../measure/measure.ts";
import { DAY, type GraphCrm, HUB_DAY, type Node } from "./graph-data.ts";
import type { Direction, HandDatabase } from "./hand-databases.ts";

const HOPS = 3;
const ENDS = { from: "fromId", to: "toId" } as const;

/** The nodes of an answer, in one form and order. */
export type Distances = readonly (readonly [type: string, id: string, distance: number])[];

export function relataNeighbours(
  { relationships }: GraphCrm,
  starts: readonly Node[],
  direction: Direction,
): Operation {
  return (number) => {
    const start = starts[number % starts.length]!;
    return relationships.traverse({ ...ENDS, direction, start, depth: HOPS, validOn: DAY });
  };
}

/** The same without edges. */
export function relataNodes({ relationships }: GraphCrm, starts: readonly Node[], direction: Direction): Operation {
  return (number) => {
    const start = starts[number % starts.length]!;
    return relationships.traverse({ ...ENDS, direction, start, depth: HOPS, validOn: DAY, edges: false });
  };
}

export function reachedBy(answer: unknown): Distances {
  return (answer as readonly RecordDistance[]).map(({ node, depth }) => [node.entityType, node.id, depth] as const);
}

export function foundBy(answer: unknown): Distances {
  const { items } = answer as GraphNeighbours;
  return items.map(({ thing, distance }) => [thing.entityType, thing.id, distance] as const);
}

export function graphNeighbours(graph: RelationshipGraph, starts: readonly Node[]): Operation {
  return (number) => graph.neighbours(starts[number % starts.length]!, { hops: HOPS });
}

export function recursiveNeighbours(hand: HandDatabase, starts: readonly Node[], direction: Direction): Operation {
  const find = hand.neighbours(direction);
  return (number) => {
    const { entityType, id } = starts[number % starts.length]!;
    return find(entityType, id, HOPS, DAY);
  };
}

/** The same answer as Relata's: with the edge of each step, and the node before. */
export function recursiveSteps(hand: HandDatabase, starts: readonly Node[]): Operation {
  return (number) => {
    const { entityType, id } = starts[number % starts.length]!;
    return hand.steps(entityType, id, HOPS, DAY);
  };
}

/** All that an answer of Relata's says, as the statement by hand gives it. */
export function stepsIn(answer: unknown): readonly (readonly unknown[])[] {
  return (answer as readonly ReachedRecord[]).map(({ node, depth, edgeId, previous }) => {
    return [node.entityType, node.id, depth, edgeId, previous.entityType, previous.id];
  });
}

export interface Pair {
  readonly start: Node;
  readonly end: Node;
}

export function relataPath({ relationships }: GraphCrm, pairs: readonly Pair[]): Operation {
  return async (number) => {
    const path = await relationships.path({
      ...ENDS,
      direction: "both",
      validOn: DAY,
      ...pairs[number % pairs.length]!,
    });
    return path?.nodes.length;
  };
}

/** Level by level from the start, until the end is met. */
export function searchedPath(hand: HandDatabase, pairs: readonly Pair[]): Operation {
  return async (number) => {
    const { start, end } = pairs[number % pairs.length]!;
    const known = new Set([start.id]);
    let frontier = [start.id];
    for (let nodes = 2; frontier.length > 0; nodes++) {
      const next: string[] = [];
      for (const [, id] of await hand.level(frontier, DAY)) {
        if (known.has(id)) continue;
        known.add(id);
        next.push(id);
      }
      if (known.has(end.id)) return nodes;
      frontier = next;
    }
    return undefined;
  };
}

/** What one asks for the strongest paths: the CRM on a day, or a graph that was read of it. */
export type PathFinder = (pair: Pair, count: number) => unknown;

export function relataPaths({ relationships }: GraphCrm, on: string): PathFinder {
  return ({ start, end }, count) => relationships.strongestPaths(start, end, { count, on, maxEdges: 1_000_000 });
}

export function graphPaths(graph: RelationshipGraph): PathFinder {
  return ({ start, end }, count) => graph.strongestPaths(start, end, { count });
}

export function strongest(find: PathFinder, pairs: readonly Pair[], count: number): Operation {
  return (number) => find(pairs[number % pairs.length]!, count);
}

/** The products of their strengths. */
export function strengthsOf(answer: unknown): readonly string[] {
  return (answer as readonly { readonly strength: string }[]).map(({ strength }) => strength);
}

export function relataCommon({ relationships }: GraphCrm, pairs: readonly Pair[]): Operation {
  return (number) => {
    const { start, end } = pairs[number % pairs.length]!;
    return relationships.commonConnections(start, end, { on: HUB_DAY, limit: 10, maxEdges: 1_000_000 });
  };
}

export function joinedCommon(hand: HandDatabase, pairs: readonly Pair[]): Operation {
  return (number) => {
    const { start, end } = pairs[number % pairs.length]!;
    return hand.common(start, end, HUB_DAY);
  };
}

/** Relata's answer as the statement by hand gives it. */
export function commonIn(answer: unknown): readonly (readonly unknown[])[] {
  return (answer as readonly Connector[]).map(({ thing, strength }) => {
    return [thing.entityType, thing.id, Math.round(Number(strength) * 1e8)];
  });
}
