/** Where the texts that start with a prefix end, in the order of code points. */

const LAST = 0x10ffff;
const BEFORE_SURROGATES = 0xd7ff;
const AFTER_SURROGATES = 0xe000;

/**
 * The first text after every text that starts with `prefix`: the prefix with its last code point replaced by the next one. Undefined
 * where no text comes after. A lone surrogate is no text, so none is made.
 */
export function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) as number);
  while (points.at(-1) === LAST) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  const next = last === BEFORE_SURROGATES ? AFTER_SURROGATES : last + 1;
  return [...points, next].map((point) => String.fromCodePoint(point)).join("");
}
