/** UUID version 7 from a clock and a counter: as cheap as an id that ascends can be. */
import { randomFillSync } from "node:crypto";

export function createIds(clock: () => number): () => string {
  const pool = Buffer.alloc(8 * 256);
  let used = pool.length;
  let lastMs = 0;
  let counter = 0;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const ms = clock();
    if (ms > lastMs) [lastMs, counter] = [ms, 0];
    else if (++counter > 0xfff) [lastMs, counter] = [lastMs + 1, 0];
    pool[used] = (pool[used]! & 0x3f) | 0x80;
    const random = pool.toString("hex", used, used + 8);
    used += 8;
    const time = lastMs.toString(16).padStart(12, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${random.slice(0, 4)}-${random.slice(4)}`;
  };
}
