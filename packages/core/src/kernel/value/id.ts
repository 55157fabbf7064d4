/** Ids that core makes: UUID version 7 (RFC 9562), ordered by time. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Random bytes are fetched for so many ids at once. */
const POOL = 64;
const RANDOM_BYTES = 10;

/** Whether a text has the form of the ids that the SDK makes. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/**
 * Makes ids from a clock and a source of random bytes. Ids made by one generator ascend, also within a millisecond and when the
 * clock steps back: then the last millisecond is kept, and the random part counts up.
 */
export function createIdGenerator(clock: () => number, random: (length: number) => Uint8Array): () => string {
  let pool = new Uint8Array(0);
  let used = 0;
  let lastMs = -1;
  let counter = 0;

  return () => {
    if (used >= pool.length) {
      pool = random(POOL * RANDOM_BYTES) as Uint8Array<ArrayBuffer>;
      used = 0;
    }
    const at = used;
    used += RANDOM_BYTES;
    const ms = Math.floor(clock());
    // Twelve bits after the version count within a millisecond; they start low, so that there is room to count.
    if (ms > lastMs) {
      lastMs = ms;
      counter = ((pool[at]! << 8) | pool[at + 1]!) & 0x7ff;
    } else if (++counter > 0xfff) {
      lastMs++;
      counter = 0;
    }
    const high = Math.floor(lastMs / 0x1_0000);
    const low = lastMs & 0xffff;
    const hex = (index: number) => HEX[pool[at + index]!]!;
    const first = `${HEX[(high >>> 24) & 255]}${HEX[(high >>> 16) & 255]}${HEX[(high >>> 8) & 255]}${HEX[high & 255]}`;
    const second = `-${HEX[low >> 8]}${HEX[low & 255]}-7${counter.toString(16).padStart(3, "0")}`;
    const third = `-${HEX[0x80 | (pool[at + 2]! & 0x3f)]}${hex(3)}-${hex(4)}${hex(5)}${hex(6)}`;
    // Engines keep a long sum of texts as a tree of its pieces, eight times the size; what is joined is one text.
    return [first, second, third, `${hex(7)}${hex(8)}${hex(9)}`].join("");
  };
}
