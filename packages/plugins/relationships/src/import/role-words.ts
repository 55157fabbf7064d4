/** The words by which free text tells when a role was held. */

export interface RoleWords {
  /** Held it once: "former director". */
  readonly former: readonly string[];
  readonly current: readonly string[];
  /** In another's place: "acting director". */
  readonly acting: readonly string[];
  /** Will hold it: "president-elect". */
  readonly designate: readonly string[];
  readonly since: readonly string[];
  readonly until: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** At the latest on that day. */
  readonly by: readonly string[];
  /** At the earliest on that day. */
  readonly notBefore: readonly string[];
  /** It was so then: when it began and whether it goes on is not said. */
  readonly asOf: readonly string[];
  readonly about: readonly string[];
  /** Between two days. */
  readonly to: readonly string[];
  /** In place of a last day. */
  readonly present: readonly string[];
}

export const englishRoleWords: RoleWords = {
  former: ["former", "formerly", "ex", "previous", "previously", "past", "retired", "erstwhile", "one-time"],
  current: ["current", "currently", "incumbent", "sitting"],
  acting: ["acting", "interim", "ad interim", "a.i.", "caretaker"],
  designate: ["designate", "elect", "incoming"],
  since: ["since", "from", "as from", "starting", "effective"],
  until: ["until", "till", "up to", "through"],
  before: ["before", "prior to"],
  after: ["after"],
  by: ["by", "not later than", "no later than", "at the latest"],
  notBefore: ["not before", "not earlier than", "no earlier than", "at the earliest"],
  asOf: ["as of", "as at"],
  about: ["about", "around", "circa", "ca.", "ca", "c.", "c", "approximately", "approx.", "early", "mid", "late", "~"],
  to: ["to", "until", "till", "through", "and"],
  present: ["present", "now", "today", "date", "to date", "ongoing"],
};

export type Tense = "former" | "current" | "acting" | "designate";
export const tenses = ["former", "current", "acting", "designate"] as const;

/** One of the words as a pattern, the longest first, with nothing of a word around it. */
export function oneOfWords(words: readonly string[]): string {
  const escaped = [...words]
    .sort((a, b) => b.length - a.length)
    .map((word) =>
      word
        .trim()
        .replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")
        .replace(/\s+/g, "\\s+"),
    );
  return `(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`;
}
