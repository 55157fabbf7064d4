/** Rows in an order, as a sorted list of sorted buckets: adding and removing shift one bucket, never the whole list. */
import type { CompareRows } from "./compare-rows.ts";
import type { StoredRow, Visit } from "./stored-row.ts";

const bucketLimit = 256;

export interface OrderedIndex {
  add(row: StoredRow): void;
  /** The row must still have the values with which it was added. */
  remove(row: StoredRow): void;
  /** From the first row that is not skipped, ascending. `skip` is true for the rows up to some point, and false from there. */
  ascend(skip: (row: StoredRow) => boolean, visit: Visit): void;
  /** From the last row that is not skipped, descending. Here `skip` is false up to some point, and true from there. */
  descend(skip: (row: StoredRow) => boolean, visit: Visit): void;
}

/** @param compare a total order: zero for no two rows of the index. */
export function createOrderedIndex(compare: CompareRows): OrderedIndex {
  const buckets: StoredRow[][] = [];

  const firstBucket = (skip: (row: StoredRow) => boolean) =>
    partitionPoint(buckets.length, (at) => {
      const bucket = buckets[at] as StoredRow[];
      return skip(bucket[bucket.length - 1] as StoredRow);
    });
  const firstIn = (bucket: StoredRow[], skip: (row: StoredRow) => boolean) =>
    partitionPoint(bucket.length, (at) => skip(bucket[at] as StoredRow));

  return {
    add(row) {
      const isBefore = (other: StoredRow) => compare(other, row) < 0;
      const last = buckets.length - 1;
      const at =
        last >= 0 && isBefore((buckets[last] as StoredRow[]).at(-1) as StoredRow) ? last + 1 : firstBucket(isBefore);
      if (at > last) {
        const bucket = buckets[last];
        if (bucket === undefined || bucket.length >= bucketLimit) buckets.push([row]);
        else bucket.push(row);
        return;
      }
      const bucket = buckets[at] as StoredRow[];
      bucket.splice(firstIn(bucket, isBefore), 0, row);
      if (bucket.length <= bucketLimit) return;
      const middle = bucket.length >> 1;
      buckets.splice(at, 1, bucket.slice(0, middle), bucket.slice(middle));
    },
    remove(row) {
      const isBefore = (other: StoredRow) => compare(other, row) < 0;
      const at = firstBucket(isBefore);
      const bucket = buckets[at];
      if (bucket === undefined) return;
      const offset = firstIn(bucket, isBefore);
      if (bucket[offset] !== row) return;
      bucket.splice(offset, 1);
      if (bucket.length === 0) buckets.splice(at, 1);
    },
    ascend(skip, visit) {
      let at = firstBucket(skip);
      let bucket = buckets[at];
      let offset = bucket === undefined ? 0 : firstIn(bucket, skip);
      while (bucket !== undefined) {
        for (; offset < bucket.length; offset++) if (!visit(bucket[offset] as StoredRow)) return;
        bucket = buckets[++at];
        offset = 0;
      }
    },
    descend(skip, visit) {
      const keep = (row: StoredRow) => !skip(row);
      let at = firstBucket(keep);
      let bucket = buckets[at];
      let offset = bucket === undefined ? 0 : firstIn(bucket, keep);
      for (;;) {
        while (offset > 0) if (!visit(bucket?.[--offset] as StoredRow)) return;
        if (at === 0) return;
        bucket = buckets[--at] as StoredRow[];
        offset = bucket.length;
      }
    },
  };
}

/** The first number below `length` for which `isBefore` is false, or `length`; it must be true up to there only. */
function partitionPoint(length: number, isBefore: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
