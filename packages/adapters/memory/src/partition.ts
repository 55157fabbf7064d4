/** The rows of one table and one tenant, with the indexes that lead to them. */
import { compareBy } from "./compare-rows.ts";
import { createHashIndex, type HashIndex } from "./hash-index.ts";
import type { IndexRule } from "./index-rule.ts";
import { createOrderedIndex, type OrderedIndex } from "./ordered-index.ts";
import { idOf, type StoredRow, versionOf } from "./stored-row.ts";

export interface Partition {
  readonly tenantId: string;
  /** By the key of their table. */
  readonly rows: Map<string, StoredRow>;
  readonly keyOf: (row: StoredRow) => string;
  readonly ordered: RuledIndex[];
  readonly hashed: PositionedIndex[];
}

interface RuledIndex {
  readonly rule: IndexRule;
  readonly index: OrderedIndex;
}

interface PositionedIndex {
  readonly position: number;
  readonly index: HashIndex;
}

export function createPartition(
  tenantId: string,
  table: {
    readonly rules: readonly IndexRule[];
    readonly hashedPositions: readonly number[];
    readonly keyOf: (id: string, version: number) => string;
  },
): Partition {
  const keyOf = (row: StoredRow) => table.keyOf(idOf(row), versionOf(row));
  const partition: Partition = { tenantId, rows: new Map(), keyOf, ordered: [], hashed: [] };
  for (const rule of table.rules) addOrdered(partition, rule);
  for (const position of table.hashedPositions) addHashed(partition, position);
  return partition;
}

/** Rows that exist are put into the new index. */
export function addOrdered(partition: Partition, rule: IndexRule): void {
  const index = createOrderedIndex(compareBy(rule.keys));
  for (const row of partition.rows.values()) index.add(row);
  partition.ordered.push({ rule, index });
}

/** Rows that exist are put into the new index. */
export function addHashed(partition: Partition, position: number): void {
  const index = createHashIndex(position);
  for (const row of partition.rows.values()) index.add(row);
  partition.hashed.push({ position, index });
}

/** The unique rule by which `row` cannot stand beside the others; `self` is the row that it would replace, or is. */
export function findConflict(partition: Partition, row: StoredRow, self?: StoredRow): IndexRule | undefined {
  for (const { rule, index } of partition.ordered) {
    if (!rule.appliesTo(row)) continue;
    let other: StoredRow | undefined;
    index.ascend(
      (candidate) => rule.compareValues(candidate, row) < 0,
      (candidate) => {
        if (candidate === self) return true;
        other = candidate;
        return false;
      },
    );
    if (other !== undefined && rule.compareValues(other, row) === 0) return rule;
  }
  return undefined;
}

export function addRow(partition: Partition, row: StoredRow): void {
  partition.rows.set(partition.keyOf(row), row);
  for (const { index } of partition.ordered) index.add(row);
  for (const { index } of partition.hashed) index.add(row);
}

export function removeRow(partition: Partition, row: StoredRow): void {
  partition.rows.delete(partition.keyOf(row));
  for (const { index } of partition.ordered) index.remove(row);
  for (const { index } of partition.hashed) index.remove(row);
}

/** Gives the row the values of another, and moves it in the indexes that this concerns. */
export function changeRow(partition: Partition, row: StoredRow, values: StoredRow): void {
  const differs = (position: number) => row[position] !== values[position];
  const ordered = partition.ordered.filter(({ rule }) => rule.keys.some((key) => differs(key.position)));
  const hashed = partition.hashed.filter(({ position }) => differs(position));
  for (const { index } of ordered) index.remove(row);
  for (const { index } of hashed) index.remove(row);
  for (let position = 0; position < values.length; position++) row[position] = values[position] as StoredRow[number];
  for (const { index } of ordered) index.add(row);
  for (const { index } of hashed) index.add(row);
}
