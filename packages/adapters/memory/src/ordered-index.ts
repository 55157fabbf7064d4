/** Rows in an order, as a sorted list of sorted buckets: adding and removing shift one bucket, never the whole list. */
import type { CompareRows } from "./compare-rows.ts";
import type { StoredRow, Visit } from "./stored-row.ts";

const bucketLimit = 256;
/** About so many rows has one that is neither new nor last. */
const usualBucket = 192;

/** Whether a row lies before (negative), in or after (positive) a part of the index; it never falls from one row to the next. */
export type PlaceOfRow = (row: StoredRow) => number;

export interface OrderedIndex {
  add(row: StoredRow): void;
  /** The row must still have the values with which it was added. */
  remove(row: StoredRow): void;
  /** The rows of the part. Few rows but those that are visited are asked for their place. */
  ascend(place: PlaceOfRow, visit: Visit): void;
  /** The same from the last one. */
  descend(place: PlaceOfRow, visit: Visit): void;
  /** How many rows the part has: exact within a bucket, and above that about right. */
  estimate(place: PlaceOfRow): number;
}

/**
 * @param compare a total order: zero for no two rows of the index.
 * @param rows what it begins with, in any order
 */
export function createOrderedIndex(compare: CompareRows, rows: Iterable<StoredRow> = []): OrderedIndex {
  const buckets = inBuckets([...rows].sort(compare));

  /** The first bucket whose last row is not before the part, or does not end in it (`from` 0 or 1). */
  const bucketAt = (place: PlaceOfRow, from: number) => {
    let low = 0;
    let high = buckets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (place(lastOf(buckets[middle] as StoredRow[])) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const bucketOf = (row: StoredRow) => {
    let low = 0;
    let high = buckets.length;
    if (high > 0 && compare(lastOf(buckets[high - 1] as StoredRow[]), row) < 0) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(lastOf(buckets[middle] as StoredRow[]), row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const offsetOf = (bucket: StoredRow[], row: StoredRow) => {
    let low = 0;
    let high = bucket.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(bucket[middle] as StoredRow, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add(row) {
      const at = bucketOf(row);
      const bucket = buckets[at];
      if (bucket === undefined) {
        const last = buckets[at - 1];
        if (last === undefined || last.length >= bucketLimit) buckets.push([row]);
        else last.push(row);
        return;
      }
      bucket.splice(offsetOf(bucket, row), 0, row);
      if (bucket.length <= bucketLimit) return;
      const middle = bucket.length >> 1;
      buckets.splice(at, 1, bucket.slice(0, middle), bucket.slice(middle));
    },
    remove(row) {
      const at = bucketOf(row);
      const bucket = buckets[at];
      if (bucket === undefined) return;
      const offset = offsetOf(bucket, row);
      if (bucket[offset] !== row) return;
      bucket.splice(offset, 1);
      if (bucket.length === 0) buckets.splice(at, 1);
    },
    ascend(place, visit) {
      let at = bucketAt(place, 0);
      let offset = offsetAt(buckets[at], place, 0);
      for (let bucket = buckets[at]; bucket !== undefined; bucket = buckets[++at]) {
        const isWhole = place(lastOf(bucket)) === 0;
        const end = isWhole ? bucket.length : offsetAt(bucket, place, 1);
        for (; offset < end; offset++) if (!visit(bucket[offset] as StoredRow)) return;
        if (!isWhole) return;
        offset = 0;
      }
    },
    descend(place, visit) {
      let at = bucketAt(place, 1);
      let offset = offsetAt(buckets[at], place, 1);
      for (;;) {
        const bucket = buckets[at];
        const isWhole = bucket === undefined || place(bucket[0] as StoredRow) >= 0;
        const end = isWhole ? 0 : offsetAt(bucket, place, 0);
        while (offset > end) if (!visit(bucket?.[--offset] as StoredRow)) return;
        if (!isWhole || at === 0) return;
        offset = (buckets[--at] as StoredRow[]).length;
      }
    },
    estimate(place) {
      const [first, last] = [bucketAt(place, 0), bucketAt(place, 1)];
      const [start, end] = [offsetAt(buckets[first], place, 0), offsetAt(buckets[last], place, 1)];
      if (first === last) return end - start;
      const between = (last - first - 1) * usualBucket;
      return (buckets[first] as StoredRow[]).length - start + between + end;
    },
  };
}

function inBuckets(rows: readonly StoredRow[]): StoredRow[][] {
  const buckets: StoredRow[][] = [];
  for (let from = 0; from < rows.length; from += usualBucket) buckets.push(rows.slice(from, from + usualBucket));
  return buckets;
}

function lastOf(bucket: StoredRow[]): StoredRow {
  return bucket[bucket.length - 1] as StoredRow;
}

/** Where the rows begin whose place is at least `from`. */
function offsetAt(bucket: StoredRow[] | undefined, place: PlaceOfRow, from: number): number {
  let low = 0;
  let high = bucket?.length ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (place(bucket?.[middle] as StoredRow) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
