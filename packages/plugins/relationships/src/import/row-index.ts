/** Which rows have said what already: for millions of rows, without their texts. Pure. */
import type { RowValues } from "./read-row.ts";

export interface SeenRow {
  readonly row: number;
  /** Long texts by their digests. */
  readonly values: RowValues;
  /** As it was noted. */
  readonly isForth: boolean;
}

export interface RowIndex {
  find(saying: string): SeenRow | undefined;
  note(saying: string, row: number, about?: { readonly values?: RowValues; readonly isForth?: boolean }): void;
}

/** A map has room for 16 million keys. */
const SHARDS = 16;

/** Some 80 bytes for each row. Sayings are told apart by digests of 128 bits. */
export function rowIndex(): RowIndex {
  const shards = Array.from({ length: SHARDS }, () => new Map<string, number>());
  const valued = new Map<number, RowValues>();
  const share = sharedValues();
  const shardOf = (digest: string) => shards[digest.charCodeAt(0) % SHARDS]!;
  return {
    find(saying) {
      const digest = digestOf(saying);
      const found = shardOf(digest).get(digest);
      if (found === undefined) return undefined;
      const row = Math.floor(found / 2);
      return { row, values: valued.get(row) ?? {}, isForth: found % 2 === 1 };
    },
    note(saying, row, { values = {}, isForth = true } = {}) {
      const digest = digestOf(saying);
      shardOf(digest).set(digest, row * 2 + Number(isForth));
      const compact = compactValues(values);
      if (Object.keys(compact).length > 0) valued.set(row, share(compact));
    },
  };
}

/** As they are compared with those of another row. */
export function compactValues(values: RowValues): RowValues {
  const entries = Object.entries(values).map(([field, value]) => [
    field,
    typeof value === "string" && value.length > 64 ? digestOf(value) : value,
  ]);
  return Object.fromEntries(entries);
}

/** Gives one object for all that are equal. */
export function sharedValues(): <T>(value: T) => T {
  const known = new Map<string, unknown>();
  return <T>(value: T): T => {
    if (value === undefined) return value;
    const key = JSON.stringify(value);
    if (!known.has(key)) known.set(key, value);
    return known.get(key) as T;
  };
}

/** 128 bits as eight characters: cyrb128, a hash without secrets (github.com/bryc/code). */
function digestOf(text: string): string {
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
