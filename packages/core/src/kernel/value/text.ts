/** Text as it is stored, and folded for matching. */

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Combining marks of Latin, Greek, Cyrillic and Arabic; vowel signs and voicing marks of other scripts carry meaning and stay. */
const DIACRITICS = /[\u0300-\u036f]|[\u064b-\u0655]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are in ASCII
const ASCII = /^[\x00-\x7f]*$/;

/** Such text is normalised as it is, and each unit of it is a character. */
export function isAscii(value: string): boolean {
  return ASCII.test(value);
}

/** Why a text cannot be stored, or undefined. */
export function textProblem(value: string): string | undefined {
  const nul = value.indexOf("\0");
  if (nul >= 0) return `contains a NUL character at position ${nul}`;
  if (LONE_SURROGATE.test(value)) return "contains half of a surrogate pair, which is not a character";
  return undefined;
}

/** The number of characters (code points). */
export function textLength(value: string): number {
  let length = value.length;
  for (let i = 0; i < value.length - 1; i++) {
    const unit = value.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff) length--;
  }
  return length;
}

/**
 * The one folding of the SDK: without case, width and diacritics. Compatibility decomposition (NFKD, Unicode Standard Annex 15),
 * marks removed, full case folding by way of upper case ("ß" and "ẞ" become "ss"), final sigma as sigma, recomposed (NFC).
 */
export function foldText(value: string): string {
  if (isAscii(value)) return value.toLowerCase();
  return value
    .normalize("NFKD")
    .replace(DIACRITICS, "")
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKD")
    .replace(DIACRITICS, "")
    .replaceAll("ς", "σ")
    .normalize("NFC");
}

/** By code point, as databases compare UTF-8: not by UTF-16 unit, and by no locale. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    // Surrogates stand for the code points above all others.
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

/** In the order of `compareText`. */
export function sortByText<T>(items: readonly T[], textOf: (item: T) => string): T[] {
  const order = (compare: (a: string, b: string) => number) => items.toSorted((a, b) => compare(textOf(a), textOf(b)));
  // The units of such text are its characters, and the engine compares them sooner.
  return isAscii(items.map(textOf).join("")) ? order((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : order(compareText);
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
