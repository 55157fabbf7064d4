import { expect, it } from "vitest";
import { compareBy } from "./compare-rows.ts";
import { comparisonOf } from "./compare-values.ts";
import { createOrderedIndex, type OrderedIndex, type PlaceOfRow } from "./ordered-index.ts";
import { createRandom } from "./random-fixture.ts";
import type { StoredRow } from "./stored-row.ts";

const keys = [0, 1].map((position) => ({ position, compare: comparisonOf("integer"), direction: "asc" }) as const);
const compare = compareBy(keys);

const everywhere: PlaceOfRow = () => 0;

function ascending(index: OrderedIndex, place = everywhere): StoredRow[] {
  const rows: StoredRow[] = [];
  index.ascend(place, (row) => rows.push(row) > 0);
  return rows;
}

function descending(index: OrderedIndex, place = everywhere): StoredRow[] {
  const rows: StoredRow[] = [];
  index.descend(place, (row) => rows.push(row) > 0);
  return rows;
}

/** Whether a row lies before, in or after the part from the first to the last one. */
function between(first: StoredRow, last: StoredRow): PlaceOfRow {
  return (row) => (compare(row, first) < 0 ? -1 : compare(row, last) > 0 ? 1 : 0);
}

it.each([
  { pattern: "random", valueAt: (at: number) => (at * 7919) % 1000 },
  { pattern: "ascending", valueAt: (at: number) => at },
  { pattern: "descending", valueAt: (at: number) => -at },
])("agrees with a sorted array over $pattern values, on every part of it, both ways", ({ valueAt }) => {
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
    for (let to = from; to < naive.length; to += 131) {
      const part = between(naive[from] as StoredRow, naive[to] as StoredRow);
      expect(ascending(index, part)).toEqual(naive.slice(from, to + 1));
      expect(descending(index, part)).toEqual(naive.slice(from, to + 1).reverse());
    }
  }
  expect(ascending(index, () => -1)).toEqual([]);
  expect(descending(index, () => -1)).toEqual([]);
  expect(ascending(index, () => 1)).toEqual([]);
  expect(descending(index, () => 1)).toEqual([]);
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
    (row) => ((row[0] as number) < 1500 ? -1 : 0),
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

it("estimates how many rows a part has: exactly a few, and roughly many", () => {
  const index = createOrderedIndex(compare);
  for (let at = 0; at < 3000; at++) index.add([(at * 7919) % 3000, at]);
  const part = (first: number, last: number) => between([first, 0], [last, 3000]);

  expect(index.estimate(part(1000, 1000))).toBe(1);
  expect(index.estimate(part(5000, 5001))).toBe(0);
  expect(index.estimate(part(500, 2499))).toBeGreaterThan(1400);
  expect(index.estimate(part(500, 2499))).toBeLessThan(2600);
});
