/** Ids that core makes: UUID version 7 (RFC 9562), ordered by time. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HEX = Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

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
  // Built as one text: engines keep a sum of texts as a tree of its pieces, eight times the size.
  const codes = Array.from("00000000-0000-7000-8000-000000000000", (character) => character.charCodeAt(0));
  const put = (place: number, byte: number) => {
    codes[place] = HEX[byte >> 4]!;
    codes[place + 1] = HEX[byte & 15]!;
  };

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
    put(0, (high >>> 24) & 255);
    put(2, (high >>> 16) & 255);
    put(4, (high >>> 8) & 255);
    put(6, high & 255);
    put(9, low >> 8);
    put(11, low & 255);
    codes[15] = HEX[counter >> 8]!;
    put(16, counter & 255);
    put(19, 0x80 | (pool[at + 2]! & 0x3f));
    put(21, pool[at + 3]!);
    for (let i = 0; i < 6; i++) put(24 + 2 * i, pool[at + 4 + i]!);
    return String.fromCharCode(...codes);
  };
}
