/**
 * A shortest path, searched from both ends at once, a whole level at a time, each time from the side whose frontier is the smaller
 * (Pohl, "Bi-directional Search", 1971): the two searches see far fewer nodes than one that goes all the way.
 */
import type { Level, LevelWalk, Step } from "./level-walk.ts";

interface Search {
  readonly start: readonly string[];
  readonly end: readonly string[];
  readonly limit: number;
  readonly level: Level;
}

/** What has been reached from one end, and by which step. */
interface Side {
  readonly known: Set<string>;
  readonly steps: Map<string, Step>;
  frontier: readonly string[];
}

/** The steps of the path, in their order; none where there is no path, or where a node is in both lists. */
export function* findPath({ start, end, limit, level }: Search): LevelWalk<readonly Step[]> {
  const [ahead, behind] = [sideFrom(start), sideFrom(end)];
  if (start.some((node) => behind.known.has(node))) return [];
  for (let length = 1; length <= limit && ahead.frontier.length > 0 && behind.frontier.length > 0; length++) {
    const backwards = behind.frontier.length < ahead.frontier.length;
    const [side, other] = backwards ? [behind, ahead] : [ahead, behind];
    const steps = yield* level(side.frontier, side.known, backwards);
    for (const step of steps) side.steps.set(step.node, step);
    side.frontier = steps.map(({ node }) => node);
    // No path was shorter, so whatever meets the other side now lies on its frontier, and every such path is a shortest one.
    const meeting = side.frontier.find((node) => other.known.has(node));
    if (meeting !== undefined) return pathThrough(meeting, ahead, behind);
  }
  return [];
}

function sideFrom(nodes: readonly string[]): Side {
  const known = new Set(nodes);
  return { known, steps: new Map(), frontier: [...known] };
}

function pathThrough(meeting: string, ahead: Side, behind: Side): readonly Step[] {
  const there = stepsFrom(meeting, ahead).reverse();
  // A step of the search from the end leads away from it: the path goes the other way.
  const onwards = stepsFrom(meeting, behind).map(
    ({ node, edge, before }): Step => ({ node: before, edge, before: node }),
  );
  return [...there, ...onwards];
}

function stepsFrom(node: string, { steps }: Side): Step[] {
  const found: Step[] = [];
  for (let step = steps.get(node); step; step = steps.get(step.before)) found.push(step);
  return found;
}
