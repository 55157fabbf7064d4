/** Puts the rows of an as-of read together that several statements have found, each the first ones of its own. */
import { compareText, type FindQuery, type Storable } from "@relata/core/adapter";
import type { RawRows } from "./conversation.ts";
import type { Values } from "./statement.ts";

/**
 * @param query names the columns of the order among its columns
 * @param foreign for the query of an include: the limit is for the rows of each of its values
 */
export function createMerge(query: FindQuery, foreign?: string): (rows: RawRows, values: Values) => RawRows {
  const keys = query.orderBy.map(({ column, direction }) => ({
    position: query.columns.indexOf(column),
    sign: direction === "asc" ? 1 : -1,
  }));
  const compare = (left: readonly unknown[], right: readonly unknown[]) => {
    for (const { position, sign } of keys) {
      const order = compareStored(left[position] as Storable, right[position] as Storable);
      if (order !== 0) return sign * order;
    }
    return 0;
  };
  const { limit } = query;
  const position = foreign === undefined ? undefined : query.columns.indexOf(foreign);

  return (rows, { params }) => {
    const sorted = rows.sort(compare);
    if (limit === undefined) return sorted;
    const most = params[limit] as number;
    return position === undefined ? sorted.slice(0, most) : firstOfEach(sorted, position, most);
  };
}

function firstOfEach(rows: RawRows, position: number, most: number): RawRows {
  const counts = new Map<unknown, number>();
  return rows.filter((row) => {
    const count = (counts.get(row[position]) ?? 0) + 1;
    counts.set(row[position], count);
    return count <= most;
  });
}

/** The contract's order of values of one kind, ascending: nulls last. */
function compareStored(left: Storable, right: Storable): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  if (typeof left === "string") return compareText(left, right as string);
  return left < right ? -1 : 1;
}
