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

interface RuledIndex {
  readonly rule: IndexRule;
  readonly index: OrderedIndex;
}

interface PositionedIndex {
  readonly position: number;
  readonly index: LookupIndex;
  /** The ordered index that it reads, if any. */
  readonly lead: OrderedIndex | undefined;
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
  const partition: Partition = { tenantId, rows: new Map(), keyOf, ordered: [], lookups: [] };
  for (const rule of table.rules) addOrdered(partition, rule);
  for (const position of table.lookedUp) addLookup(partition, position);
  return partition;
}

/** Rows that exist are put into the new index. */
export function addOrdered(partition: Partition, rule: IndexRule): void {
  const index = createOrderedIndex(compareBy(rule.keys));
  for (const row of partition.rows.values()) index.add(row);
  partition.ordered.push({ rule, index });
}

/** Rows that exist are put into the new index. */
export function addLookup(partition: Partition, position: number): void {
  partition.lookups.push(createLookupIndex(partition, position));
}

/** To be called when ordered indexes came or went: a column is looked up through one that begins with it, where there is one. */
export function renewLookups({ lookups, ...partition }: Partition): void {
  for (const [at, { position, lead }] of lookups.entries()) {
    if (lead !== leadOf(partition, position)?.index) lookups[at] = createLookupIndex(partition, position);
  }
}

type Indexed = Pick<Partition, "rows" | "ordered">;

function createLookupIndex(partition: Indexed, position: number): PositionedIndex {
  const lead = leadOf(partition, position);
  const [key] = lead?.rule.keys ?? [];
  if (lead && key) return { position, index: createLeadIndex(lead.index, key), lead: lead.index };
  const index = createHashIndex(position);
  for (const row of partition.rows.values()) index.add(row);
  return { position, index, lead: undefined };
}

function leadOf({ ordered }: Indexed, position: number): RuledIndex | undefined {
  return ordered.find(({ rule }) => rule.keys[0]?.position === position);
}

/** The unique rule by which `row` cannot stand beside the others; `self` is the row that it would replace, or is. */
export function findConflict(partition: Partition, row: StoredRow, self?: StoredRow): IndexRule | undefined {
  for (const { rule, index } of partition.ordered) {
    if (!rule.appliesTo(row)) continue;
    let isTaken = false;
    index.ascend(
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
  for (const { index } of partition.ordered) index.add(row);
  for (const { index } of partition.lookups) index.add(row);
}

export function removeRow(partition: Partition, row: StoredRow): void {
  partition.rows.delete(partition.keyOf(row));
  for (const { index } of partition.ordered) index.remove(row);
  for (const { index } of partition.lookups) index.remove(row);
}

/** Gives the row the values of another, and moves it in the indexes that this concerns. */
export function changeRow(partition: Partition, row: StoredRow, values: StoredRow): void {
  const differs = (position: number) => row[position] !== values[position];
  const ordered = partition.ordered.filter(({ rule }) => rule.keys.some((key) => differs(key.position)));
  const lookups = partition.lookups.filter(({ position }) => differs(position));
  for (const { index } of ordered) index.remove(row);
  for (const { index } of lookups) index.remove(row);
  for (let position = 0; position < values.length; position++) row[position] = values[position] as StoredRow[number];
  for (const { index } of ordered) index.add(row);
  for (const { index } of lookups) index.add(row);
}
