/** From the levels that `compileWalk` finds to the rows of the contract. */
import { compareText, type Row, sortByText } from "@relata/core/adapter";

interface Step {
  readonly id: string;
  readonly type: string | undefined;
  readonly edge: string;
  readonly before: Node;
}

type Node = Pick<Step, "id" | "type">;

/** Of several edges to one node of a level the one with the smallest id counts. */
export function readWalk(levels: readonly (readonly unknown[])[]): readonly Row[] {
  const reached: Row[] = [];
  let before: readonly Node[] = [];
  for (const [depth, columns] of levels.entries()) {
    const [ids, edges, places, types] = columns.map((list) => list && JSON.parse(list as string)) as [
      ids: readonly string[],
      edges: readonly string[] | null,
      places: readonly number[] | null,
      types?: readonly string[],
    ];
    const nodes = ids.map((id, i): Node => ({ id, type: types?.[i] }));
    if (edges && places) {
      const level = nodes.map((node, i): Step => ({ ...node, edge: edges[i]!, before: before[places[i]! - 1]! }));
      for (const step of sortByText(firstSteps(level), ({ edge }) => edge)) reached.push(rowOf(step, depth));
    }
    before = nodes;
  }
  return reached;
}

function firstSteps(level: readonly Step[]): Step[] {
  const types = new Map<string | undefined, Map<string, Step>>();
  for (const step of level) {
    const ids = types.get(step.type) ?? new Map<string, Step>();
    types.set(step.type, ids);
    const other = ids.get(step.id);
    if (!other || compareText(step.edge, other.edge) < 0) ids.set(step.id, step);
  }
  return [...types.values()].flatMap((ids) => [...ids.values()]);
}

function rowOf({ id, type, edge, before }: Step, depth: number): Row {
  return type === undefined ? [id, depth, edge, before.id] : [id, depth, edge, before.id, type, before.type!];
}
