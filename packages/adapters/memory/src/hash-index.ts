/** Rows by the value of one column, for a column that leads no ordered index. */
import type { Storable } from "@relata/core/adapter";
import type { LookupIndex } from "./lead-index.ts";
import type { StoredRow } from "./stored-row.ts";

/** From so many rows of one value on, they are kept in a set: removing from a long array would be slow. */
const arrayLimit = 16;

export function createHashIndex(position: number): LookupIndex {
  const groups = new Map<Storable, StoredRow[] | Set<StoredRow>>();

  return {
    add(row) {
      const value = row[position] as Storable;
      if (value === null) return;
      const group = groups.get(value);
      if (group === undefined) groups.set(value, [row]);
      else if (group instanceof Set) group.add(row);
      else if (group.length < arrayLimit) group.push(row);
      else groups.set(value, new Set(group).add(row));
    },
    remove(row) {
      const value = row[position] as Storable;
      const group = groups.get(value);
      if (group === undefined) return;
      if (group instanceof Set) group.delete(row);
      else if (group.includes(row)) group.splice(group.indexOf(row), 1);
      if (sizeOf(group) === 0) groups.delete(value);
    },
    count(value) {
      const group = groups.get(value);
      return group === undefined ? 0 : sizeOf(group);
    },
    visit(value, visit) {
      for (const row of groups.get(value) ?? []) if (!visit(row)) return;
    },
  };
}

function sizeOf(group: StoredRow[] | Set<StoredRow>): number {
  return group instanceof Set ? group.size : group.length;
}
