/** The rows of one table and one tenant, with the indexes that lead to them. */
import { compareBy } from "./compare-rows.ts";
import { createHashIndex } from "./hash-index.ts";
import type { IndexRule } from "./index-rule.ts";
import { createLeadIndex, type LookupIndex } from "./lead-index.ts";
import { createOrderedIndex, type OrderedIndex } from "./ordered-index.ts";
import { idOf, type StoredRow, versionOf } from "./stored-row.ts";

export interface Partition {
  readonly tenantId: string;
  /** By the key of their table. */
  readonly rows: Map<string, StoredRow>;
  readonly keyOf: (row: StoredRow) => string;
  readonly ordered: RuledIndex[];
  /** One for each column of which rows are looked up by value. */
  readonly lookups: PositionedIndex[];
}

/** Made of the rows when it is first used, and kept up to date from then on: what no query needs costs nothing. */
export interface RuledIndex {
  readonly rule: IndexRule;
  made: OrderedIndex | undefined;
}

interface PositionedIndex {
  readonly position: number;
  readonly index: LookupIndex;
}

export function createPartition(
  tenantId: string,
  table: {
    readonly rules: readonly IndexRule[];
    readonly lookedUp: readonly number[];
    readonly keyOf: (id: string, version: number) => string;
  },
): Partition {
  const keyOf = (row: StoredRow) => table.keyOf(idOf(row), versionOf(row));
  const ordered = table.rules.map((rule) => ({ rule, made: undefined }));
  const partition: Partition = { tenantId, rows: new Map(), keyOf, ordered, lookups: [] };
  renewLookups(partition, table.lookedUp);
  return partition;
}

/** The index of the rule with this number. */
export function orderedIndex(partition: Partition, at: number): OrderedIndex {
  return madeIndex(partition, partition.ordered[at] as RuledIndex);
}

function madeIndex({ rows }: Partition, ruled: RuledIndex): OrderedIndex {
  ruled.made ??= createOrderedIndex(compareBy(ruled.rule.keys), rows.values());
  return ruled.made;
}

/** To be called when columns or ordered indexes came or went: a column is looked up through one that begins with it, where there is one. */
export function renewLookups(partition: Partition, positions: readonly number[]): void {
  const lookups = positions.map((position) => {
    const lead = partition.ordered.find(({ rule }) => rule.keys[0]?.position === position);
    const [key] = lead?.rule.keys ?? [];
    const index =
      lead && key
        ? createLeadIndex(() => madeIndex(partition, lead), key)
        : createHashIndex(position, () => partition.rows.values());
    return { position, index };
  });
  partition.lookups.splice(0, partition.lookups.length, ...lookups);
}

/** The unique rule by which `row` cannot stand beside the others; `self` is the row that it would replace, or is. */
export function findConflict(partition: Partition, row: StoredRow, self?: StoredRow): IndexRule | undefined {
  for (const ruled of partition.ordered) {
    const { rule } = ruled;
    if (!rule.appliesTo(row)) continue;
    let isTaken = false;
    madeIndex(partition, ruled).ascend(
      (candidate) => rule.compareValues(candidate, row),
      (candidate) => {
        isTaken = candidate !== self;
        return !isTaken;
      },
    );
    if (isTaken) return rule;
  }
  return undefined;
}

export function addRow(partition: Partition, row: StoredRow): void {
  partition.rows.set(partition.keyOf(row), row);
  for (const { made } of partition.ordered) made?.add(row);
  for (const { index } of partition.lookups) index.add(row);
}

export function removeRow(partition: Partition, row: StoredRow): void {
  partition.rows.delete(partition.keyOf(row));
  for (const { made } of partition.ordered) made?.remove(row);
  for (const { index } of partition.lookups) index.remove(row);
}

/** Gives the row the values of another, and moves it in the indexes that this concerns. */
export function changeRow(partition: Partition, row: StoredRow, values: StoredRow): void {
  const differs = (position: number) => row[position] !== values[position];
  const ordered = partition.ordered.filter(
    ({ rule, made }) => made !== undefined && rule.keys.some((key) => differs(key.position)),
  );
  const lookups = partition.lookups.filter(({ position }) => differs(position));
  for (const { made } of ordered) made?.remove(row);
  for (const { index } of lookups) index.remove(row);
  for (let position = 0; position < values.length; position++) row[position] = values[position] as StoredRow[number];
  for (const { made } of ordered) made?.add(row);
  for (const { index } of lookups) index.add(row);
}
