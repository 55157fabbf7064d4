/** Words that are known to be misspelt in exports of this shape, and what they should be. */
const corrections: ReadonlyMap<string, string> = new Map([
  ["technolgy", "technology"],
  ["Philipines", "Philippines"],
]);

/** The right spelling; the word itself when nothing is known against it. */
export function correctSpelling(word: string): string {
  return corrections.get(word) ?? word;
}
