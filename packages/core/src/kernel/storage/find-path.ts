/**
 * A shortest path, searched from both ends at once, a whole level at a time, each time from the side whose frontier is the smaller
 * (Pohl, "Bi-directional Search", 1971): the two searches see far fewer nodes than one that goes all the way.
 */
import { compareText, sortByText } from "../value/text.ts";
import { type Level, type LevelWalk, type Node, type Reached, type Side, sideFrom } from "./level-walk.ts";

interface Search {
  readonly start: readonly Node[];
  readonly end: readonly Node[];
  readonly limit: number;
  readonly level: Level;
}

export interface Step {
  readonly node: Node;
  readonly edge: string;
  readonly before: Node;
}

/** The steps of the path, in their order; none where there is no path, or where a node is in both lists. */
export function* findPath({ start, end, limit, level }: Search): LevelWalk<readonly Step[]> {
  const [ahead, behind] = [sideFrom(start), sideFrom(end)];
  if (meetingOf(ahead.frontier, behind)) return [];
  for (let length = 1; length <= limit && ahead.frontier.length > 0 && behind.frontier.length > 0; length++) {
    const backwards = behind.frontier.length < ahead.frontier.length;
    const [side, other] = backwards ? [behind, ahead] : [ahead, behind];
    // No path was shorter, so whatever meets the other side now lies on its frontier, and every such path is a shortest one.
    const next: Reached[] = [];
    for (const part of partsOf(side.frontier)) {
      const found = yield* level(side, part, backwards);
      const meeting = meetingOf(found, other);
      if (meeting) return pathThrough(meeting, ahead, behind);
      for (const node of found) next.push(node);
    }
    side.frontier = next;
  }
  return [];
}

const FIRST_PART = 64;

/**
 * Where the two sides are about to meet they do so at many places, and a part of the frontier is enough to find one. Each part is twice as
 * large as the one before, so that there are few. The order is the same on every storage.
 */
function* partsOf(frontier: readonly Reached[]): Generator<readonly Reached[]> {
  const ordered = frontier.length > FIRST_PART ? sortByText(frontier, ({ edge }) => edge) : frontier;
  for (let start = 0, size = FIRST_PART; start < ordered.length; start += size, size *= 2)
    yield ordered.slice(start, start + size);
}

/** The same on every storage, whatever order it finds edges in. */
function meetingOf(nodes: readonly Reached[], other: Side): Reached | undefined {
  let first: Reached | undefined;
  for (const node of nodes) {
    if ((!first || compareText(node.edge, first.edge) < 0) && other.find(node.type, node.id)) first = node;
  }
  return first;
}

function pathThrough({ type, id }: Node, ahead: Side, behind: Side): readonly Step[] {
  const there = stepsTo(ahead.find(type, id)).reverse();
  // A step of the search from the end leads away from it: the path goes the other way.
  const onwards = stepsTo(behind.find(type, id)).map(({ node, edge, before }) => ({
    node: before,
    edge,
    before: node,
  }));
  return [...there, ...onwards];
}

/** From the last one to the first. */
function stepsTo(reached: Reached | undefined): Step[] {
  const steps: Step[] = [];
  for (let node = reached; node?.before; node = node.before) steps.push({ node, edge: node.edge, before: node.before });
  return steps;
}
