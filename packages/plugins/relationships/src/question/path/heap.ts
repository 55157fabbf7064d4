/** A binary heap (Williams, "Algorithm 232: Heapsort", 1964): whatever comes first by the order is at hand. */
export interface Heap<T> {
  readonly size: number;
  /** All that are in it, in no order. */
  readonly items: readonly T[];
  peek(): T | undefined;
  push(item: T): void;
  pop(): T | undefined;
}

/** @param compare negative where the first one comes first */
export function createHeap<T>(compare: (a: T, b: T) => number): Heap<T> {
  const items: T[] = [];
  const rise = (item: T) => {
    let at = items.length - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (compare(item, items[above]!) >= 0) break;
      items[at] = items[above]!;
      at = above;
    }
    items[at] = item;
  };
  const sink = (item: T) => {
    let at = 0;
    for (let below = 1; below < items.length; below = 2 * at + 1) {
      if (below + 1 < items.length && compare(items[below + 1]!, items[below]!) < 0) below++;
      if (compare(items[below]!, item) >= 0) break;
      items[at] = items[below]!;
      at = below;
    }
    items[at] = item;
  };
  return {
    get size() {
      return items.length;
    },
    items,
    peek: () => items[0],
    push: (item) => {
      items.push(item);
      rise(item);
    },
    pop: () => {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0) sink(last!);
      return first;
    },
  };
}
