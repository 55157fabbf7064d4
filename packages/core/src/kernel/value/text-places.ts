/** Where folded words stand in a text as it was written. */
import { foldText } from "./text.ts";

/** From the first UTF-16 unit to the one after the last. */
export type Place = readonly [from: number, to: number];

/** A character with the marks that belong to it: what folds by itself. */
const CHARACTERS = /\P{M}\p{M}*|\p{M}+/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\u0000-\u007f]*$/;

/**
 * Where each of the words stands first; words that are nowhere in it have no place. A text of which the folding joins characters
 * (single Korean letters, half-width voicing marks) is given as a whole.
 */
export function placesOf(value: string, words: readonly string[]): readonly Place[] {
  const folded = foldText(value);
  const found = words.flatMap((word): Place[] => {
    const at = folded.indexOf(word);
    return at < 0 ? [] : [[at, at + word.length]];
  });
  if (found.length === 0 || ASCII.test(value)) return found;
  const origins = originsOf(value);
  if (origins.folded !== folded) return [[0, value.length]];
  return found.map(([from, to]) => [origins.characters[from]![0], origins.characters[to - 1]![1]]);
}

/** For each unit of the folded text, the place of the character that it comes from. */
function originsOf(value: string): { readonly folded: string; readonly characters: readonly Place[] } {
  const characters: Place[] = [];
  let folded = "";
  for (const { 0: character, index } of value.matchAll(CHARACTERS)) {
    const part = foldText(character);
    folded += part;
    for (let i = 0; i < part.length; i++) characters.push([index, index + character.length]);
  }
  return { folded, characters };
}
