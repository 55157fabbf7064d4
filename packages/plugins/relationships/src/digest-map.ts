/** Numbers by texts that are not kept, for millions of them. Pure. */

export interface DigestMap {
  get(text: string): number | undefined;
  set(text: string, value: number): void;
}

/** A map has room for 16 million keys. */
const SHARDS = 16;

/** Some 80 bytes for each text, however long. Texts are told apart by digests of 128 bits. */
export function digestMap(): DigestMap {
  const shards = Array.from({ length: SHARDS }, () => new Map<string, number>());
  const shardOf = (digest: string) => shards[digest.charCodeAt(0) % SHARDS]!;
  return {
    get(text) {
      const digest = digestOf(text);
      return shardOf(digest).get(digest);
    },
    set(text, value) {
      const digest = digestOf(text);
      shardOf(digest).set(digest, value);
    },
  };
}

/** 128 bits as eight characters: cyrb128, a hash without secrets (github.com/bryc/code). */
export function digestOf(text: string): string {
  let [a, b, c, d] = [1_779_033_703, 3_144_134_277, 1_013_904_242, 2_773_480_762];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = b ^ Math.imul(a ^ code, 597_399_067);
    b = c ^ Math.imul(b ^ code, 2_869_860_233);
    c = d ^ Math.imul(c ^ code, 951_274_213);
    d = a ^ Math.imul(d ^ code, 2_716_044_179);
  }
  a = Math.imul(c ^ (a >>> 18), 597_399_067);
  b = Math.imul(d ^ (b >>> 22), 2_869_860_233);
  c = Math.imul(a ^ (c >>> 17), 951_274_213);
  d = Math.imul(b ^ (d >>> 19), 2_716_044_179);
  return String.fromCharCode(...[a, b, c, d].flatMap((word) => [word >>> 16, word & 0xffff]));
}
