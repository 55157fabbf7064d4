/** Where the texts that start with a prefix end, in the order of code points. */

const LAST = 0x10ffff;
const BEFORE_SURROGATES = 0xd7ff;
const AFTER_SURROGATES = 0xe000;

/** In SQLite every blob comes after every text. */
const AFTER_ALL_TEXT = new Uint8Array([0]);

/**
 * The first value after every text that starts with `prefix`: the prefix with its last code point replaced by the next one,
 * where there is a next one. A lone surrogate is no text, so none is made.
 */
export function prefixEnd(prefix: string): string | Uint8Array {
  const points = Array.from(prefix, (character) => character.codePointAt(0) as number);
  while (points.at(-1) === LAST) points.pop();
  const last = points.pop();
  if (last === undefined) return AFTER_ALL_TEXT;
  const next = last === BEFORE_SURROGATES ? AFTER_SURROGATES : last + 1;
  return [...points, next].map((point) => String.fromCodePoint(point)).join("");
}
