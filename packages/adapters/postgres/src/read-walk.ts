/** From the levels that `compileWalk` finds to the rows of the contract. */
import { type Row, sortByText } from "@relata/core/adapter";

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

/** Of several edges to one node of a level the one with the smallest id counts. */
function stepsOf({ ids, types, edges, places }: Level, before: Level, depth: number): readonly Row[] {
  const isNew = firsts();
  return sortByText([...ids.keys()], (step) => edges![step]!)
    .filter((step) => isNew(ids[step]!, types?.[step]))
    .map((step): Row => {
      const place = places![step]! - 1;
      if (!types) return [ids[step]!, depth, edges![step]!, before.ids[place]!];
      return [ids[step]!, depth, edges![step]!, before.ids[place]!, types[step]!, before.types![place]!];
    });
}

/** Tells of each node whether it is asked about for the first time. */
export function firsts(): (id: string, type?: string) => boolean {
  const known = new Map<string | undefined, Set<string>>();
  // Nodes of one type often come one after another.
  let last: string | undefined;
  let ids = new Set<string>();
  known.set(last, ids);
  return (id, type) => {
    if (type !== last) {
      last = type;
      ids = known.get(type) ?? new Set();
      known.set(type, ids);
    }
    const before = ids.size;
    return ids.add(id).size > before;
  };
}
