/** What somebody types into a search box, read. */
import { phoneDigits } from "../value/phone.ts";
import { foldText, textProblem } from "../value/text.ts";
import { invalidQuery } from "./compilation.ts";

const MOST_WORDS = 20;

export interface SearchText {
  /** The words, with one space between. */
  readonly whole: string;
  /** Each must be found. */
  readonly terms: readonly Term[];
}

/** A word, or several that may be one phone number. */
export interface Term {
  /** Folded. */
  readonly words: readonly string[];
  /** The digits of what may be a phone number. */
  readonly phone: string | undefined;
}

/** @param place what is asked, for messages @throws `invalid_query` */
export function readSearchText(place: string, text: unknown): SearchText {
  if (typeof text !== "string") throw invalidQuery(place, "search", "must be a text");
  const problem = textProblem(text);
  if (problem) throw invalidQuery(place, "search", problem);
  const words = foldText(text)
    .split(/\s+/u)
    .filter((word) => word !== "");
  if (words.length > MOST_WORDS) throw invalidQuery(place, "search", `has more than ${MOST_WORDS} words`);
  return { whole: words.join(" "), terms: termsOf(words) };
}

/** Words in a row that look like a phone number are one term. */
function termsOf(words: readonly string[]): readonly Term[] {
  const terms: Term[] = [];
  for (let start = 0; start < words.length; start += terms.at(-1)!.words.length) {
    let end = words.length;
    let phone: string | undefined;
    for (; end > start && phone === undefined; end--) phone = phoneDigits(words.slice(start, end).join(" "));
    terms.push({ words: words.slice(start, phone === undefined ? start + 1 : end + 1), phone });
  }
  return terms;
}

/** Of a text that may be a phone number as a whole. */
export function wholePhone({ terms }: SearchText): string | undefined {
  return terms.length === 1 ? terms[0]!.phone : undefined;
}
