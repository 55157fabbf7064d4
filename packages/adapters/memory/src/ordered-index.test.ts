import { expect, it } from "vitest";
import { compareBy } from "./compare-rows.ts";
import { comparisonOf } from "./compare-values.ts";
import { createOrderedIndex, type OrderedIndex } from "./ordered-index.ts";
import { createRandom } from "./random-fixture.ts";
import type { StoredRow } from "./stored-row.ts";

const keys = [0, 1].map((position) => ({ position, compare: comparisonOf("integer"), direction: "asc" }) as const);
const compare = compareBy(keys);

function ascending(index: OrderedIndex, skip: (row: StoredRow) => boolean = () => false): StoredRow[] {
  const rows: StoredRow[] = [];
  index.ascend(skip, (row) => rows.push(row) > 0);
  return rows;
}

function descending(index: OrderedIndex, skip: (row: StoredRow) => boolean = () => false): StoredRow[] {
  const rows: StoredRow[] = [];
  index.descend(skip, (row) => rows.push(row) > 0);
  return rows;
}

it.each([
  { pattern: "random", valueAt: (at: number) => (at * 7919) % 1000 },
  { pattern: "ascending", valueAt: (at: number) => at },
  { pattern: "descending", valueAt: (at: number) => -at },
])("agrees with a sorted array over $pattern values, from every starting point, both ways", ({ valueAt }) => {
  const random = createRandom(1);
  const index = createOrderedIndex(compare);
  let naive: StoredRow[] = [];
  for (let at = 0; at < 3000; at++) {
    const row = [random.below(10) === 0 ? null : valueAt(at), at];
    index.add(row);
    naive.push(row);
  }
  for (let removed = 0; removed < 1500; removed++) {
    const [row] = naive.splice(random.below(naive.length), 1);
    index.remove(row as StoredRow);
  }
  naive = naive.sort(compare);

  expect(ascending(index)).toEqual(naive);
  expect(descending(index)).toEqual(naive.toReversed());
  for (let from = 0; from < naive.length; from += 97) {
    const start = naive[from] as StoredRow;
    expect(ascending(index, (row) => compare(row, start) < 0)).toEqual(naive.slice(from));
    expect(descending(index, (row) => compare(row, start) > 0)).toEqual(naive.slice(0, from + 1).reverse());
  }
});

it("is empty again when all rows are removed", () => {
  const index = createOrderedIndex(compare);
  const rows = Array.from({ length: 2000 }, (_, at) => [at, at]);
  for (const row of rows) index.add(row);
  for (const row of rows) index.remove(row);

  expect(ascending(index)).toEqual([]);
  expect(descending(index)).toEqual([]);
});

it("ends a walk when the visitor has enough", () => {
  const index = createOrderedIndex(compare);
  for (let at = 0; at < 2000; at++) index.add([at, at]);
  const seen: unknown[] = [];

  index.ascend(
    (row) => (row[0] as number) < 1500,
    (row) => seen.push(row[0]) < 3,
  );
  expect(seen).toEqual([1500, 1501, 1502]);
});

it("keeps a row that differs from the one to be removed", () => {
  const index = createOrderedIndex(compare);
  index.add([1, 1]);
  index.remove([1, 1]);

  expect(ascending(index)).toEqual([[1, 1]]);
});
