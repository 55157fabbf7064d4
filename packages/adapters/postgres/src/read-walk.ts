/** From the levels that `compileWalk` finds to the rows of the contract. */
import { compareText, type Row, sortByText } from "@relata/core/adapter";

/** Lists side by side. */
interface Level {
  readonly ids: readonly string[];
  readonly types: readonly string[] | undefined;
  /** Null for the start. */
  readonly edges: readonly string[] | null;
  /** Of the nodes before in the level before, from 1. */
  readonly places: readonly number[] | null;
}

export function readWalk(rows: readonly (readonly unknown[])[]): readonly Row[] {
  const levels = rows.map(levelOf);
  return levels.flatMap((level, depth) => (depth === 0 ? [] : stepsOf(level, levels[depth - 1]!, depth)));
}

function levelOf(row: readonly unknown[]): Level {
  const [ids, edges, places, types] = row.map((list) => list && JSON.parse(list as string));
  return { ids, edges, places, types };
}

function stepsOf({ ids, types, edges, places }: Level, before: Level, depth: number): readonly Row[] {
  return sortByText(firstOfEach({ ids, types, edges }), (step) => edges![step]!).map((step): Row => {
    const place = places![step]! - 1;
    if (!types) return [ids[step]!, depth, edges![step]!, before.ids[place]!];
    return [ids[step]!, depth, edges![step]!, before.ids[place]!, types[step]!, before.types![place]!];
  });
}

/** Of several edges to one node of a level the one with the smallest id counts. */
function firstOfEach({ ids, types, edges }: Pick<Level, "ids" | "types" | "edges">): readonly number[] {
  const firsts = new Map<string | undefined, Map<string, number>>();
  for (const [step, id] of ids.entries()) {
    const ofType = firsts.get(types?.[step]) ?? new Map<string, number>();
    firsts.set(types?.[step], ofType);
    const other = ofType.get(id);
    if (other === undefined || compareText(edges![step]!, edges![other]!) < 0) ofType.set(id, step);
  }
  return [...firsts.values()].flatMap((steps) => [...steps.values()]);
}
