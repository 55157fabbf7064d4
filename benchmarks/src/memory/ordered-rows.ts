/** Rows in the order of a key: a list of sorted buckets, as one would write it for one index. */

const BUCKET_LIMIT = 256;

export interface OrderedRows<Row> {
  add(row: Row): void;
  remove(row: Row): void;
  /** The first rows behind a key, or from it on, for which `isWanted` holds. */
  take(
    start: { readonly key: string; readonly behind: boolean },
    count: number,
    isWanted: (row: Row) => boolean,
  ): Row[];
}

/** @param keyOf different for each row, and compared as text */
export function createOrderedRows<Row>(keyOf: (row: Row) => string): OrderedRows<Row> {
  const buckets: Row[][] = [];

  const bucketAt = (key: string) => {
    let [low, high] = [0, buckets.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keyOf(buckets[middle]!.at(-1)!) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const offsetIn = (bucket: readonly Row[], key: string) => {
    let [low, high] = [0, bucket.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keyOf(bucket[middle]!) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add(row) {
      const key = keyOf(row);
      const at = Math.min(bucketAt(key), buckets.length - 1);
      const bucket = buckets[at];
      if (bucket === undefined) {
        buckets.push([row]);
        return;
      }
      bucket.splice(offsetIn(bucket, key), 0, row);
      if (bucket.length > BUCKET_LIMIT) buckets.splice(at + 1, 0, bucket.splice(BUCKET_LIMIT / 2));
    },
    remove(row) {
      const key = keyOf(row);
      const at = bucketAt(key);
      const bucket = buckets[at]!;
      bucket.splice(offsetIn(bucket, key), 1);
      if (bucket.length === 0) buckets.splice(at, 1);
    },
    take({ key, behind }, count, isWanted) {
      const taken: Row[] = [];
      let at = bucketAt(key);
      let offset = buckets[at] ? offsetIn(buckets[at]!, key) : 0;
      for (; at < buckets.length; at++, offset = 0) {
        for (const bucket = buckets[at]!; offset < bucket.length; offset++) {
          const row = bucket[offset]!;
          if (behind && keyOf(row) === key) continue;
          if (!isWanted(row)) return taken;
          if (taken.push(row) === count) return taken;
        }
      }
      return taken;
    },
  };
}
