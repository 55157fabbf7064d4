/** Rows by the value of one column, for a column that leads no ordered index. */
import type { Storable } from "@relata/core/adapter";
import type { LookupIndex } from "./lead-index.ts";
import type { StoredRow } from "./stored-row.ts";

/** From so many rows of one value on, they are kept in a set: removing from a long array would be slow. */
const arrayLimit = 16;

/** @param rows all rows of the tenant: it is made of them when it is first used. */
export function createHashIndex(position: number, rows: () => Iterable<StoredRow>): LookupIndex {
  let made: Map<Storable, Group> | undefined;
  const groups = () => {
    if (made === undefined) {
      made = new Map();
      for (const row of rows()) add(made, row);
    }
    return made;
  };
  const add = (to: Map<Storable, Group>, row: StoredRow) => {
    const value = row[position] as Storable;
    if (value === null) return;
    const group = to.get(value);
    if (group === undefined) to.set(value, [row]);
    else if (group instanceof Set) group.add(row);
    else if (group.length < arrayLimit) group.push(row);
    else to.set(value, new Set(group).add(row));
  };

  return {
    add(row) {
      if (made !== undefined) add(made, row);
    },
    remove(row) {
      const value = row[position] as Storable;
      const group = made?.get(value);
      if (group === undefined) return;
      if (group instanceof Set) group.delete(row);
      else if (group.includes(row)) group.splice(group.indexOf(row), 1);
      if (sizeOf(group) === 0) made?.delete(value);
    },
    count(value) {
      const group = groups().get(value);
      return group === undefined ? 0 : sizeOf(group);
    },
    visit(value, visit) {
      for (const row of groups().get(value) ?? []) if (!visit(row)) return;
    },
  };
}

type Group = StoredRow[] | Set<StoredRow>;

function sizeOf(group: Group): number {
  return group instanceof Set ? group.size : group.length;
}
