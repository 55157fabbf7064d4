/** Roles as people write them: "Former director", "President (as of 2019)", "Non-executive director until May 2014". */
import { atLatest, type DayPhrase, type DayReading, dayReader, endOf, type MeantDay, startOf } from "./day-phrase.ts";
import { englishRoleWords, oneOfWords, type RoleWords, type Tense, tenses } from "./role-words.ts";

export interface RoleReading {
  readonly dateOrder?: DayReading["dateOrder"];
  /** Words beside the English ones: `{ former: ["ehemalig"], until: ["bis"] }`. */
  readonly words?: { readonly [W in keyof RoleWords]?: readonly string[] | undefined } | undefined;
  /** Of names of months beside the English ones. */
  readonly languages?: readonly string[] | undefined;
}

export interface ParsedRole {
  /** As it was written, without blanks around it. */
  readonly text: string;
  /** What is left when tenses and days are taken off: "director". */
  readonly role: string;
  /** In the order in which they stand: a former acting director has two. */
  readonly tenses: readonly Tense[];
  readonly from?: MeantDay;
  readonly until?: MeantDay;
  /** Part of the text tells of days that cannot be read for sure: it stands in `role` still. */
  readonly unreadDays?: string;
}

/** What days a part of a text tells. */
interface Days {
  readonly from?: MeantDay;
  readonly until?: MeantDay;
}

const MOST_KNOWN = 10_000;

/** Reads roles, each text once. */
export function roleReader({
  dateOrder,
  words: own = {},
  languages = [],
}: RoleReading = {}): (text: string) => ParsedRole {
  const words = allWords(own);
  const reading = { words, dateOrder, languages: ["en", ...languages] };
  const grammar = { days: daysReader(reading), tense: tenseReader(words), marker: markerPattern(words) };
  const known = new Map<string, ParsedRole>();
  return (given) => {
    const text = given.normalize("NFC").replace(/\s+/g, " ").trim();
    const parsed = known.get(text) ?? parseRole(text, grammar);
    // Texts with days in them may be different in every row.
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, parsed);
    return parsed;
  };
}

/** Days of columns are written in the words of roles. */
export function columnReader({ dateOrder, words: own = {}, languages = [] }: RoleReading = {}) {
  return dayReader({ words: allWords(own), dateOrder, languages: ["en", ...languages] });
}

function allWords(own: NonNullable<RoleReading["words"]>): RoleWords {
  const entries = Object.entries(englishRoleWords).map(([name, english]: [string, readonly string[]]) => [
    name,
    [...english, ...(own[name as keyof RoleWords] ?? [])],
  ]);
  return Object.fromEntries(entries) as RoleWords;
}

interface Grammar {
  readonly days: (text: string) => Days | undefined;
  /** Of a text that is nothing but a tense. */
  readonly tense: ReturnType<typeof tenseReader>;
  /** A word after which days follow. */
  readonly marker: RegExp;
}

const MOST = 1_000;

function parseRole(text: string, grammar: Grammar): ParsedRole {
  const found: Tense[] = [];
  let role = text.replace(/^[-–—•*]\s+/, "");
  let days: Days = {};
  // The longest texts that there are for a role are some hundred characters.
  for (let before = ""; before !== role && role.length <= MOST; ) {
    before = role;
    const taken = takeBrackets(role, grammar) ?? takeDays(role, grammar);
    if (taken?.days && !((taken.days.from && days.from) || (taken.days.until && days.until))) {
      days = { ...taken.days, ...days };
      role = taken.role;
    } else if (taken?.tense) {
      found.push(taken.tense);
      role = taken.role;
    }
    const tense = grammar.tense.at(role);
    if (!tense) continue;
    found.push(tense.tense);
    role = tense.role;
  }
  const unreadDays = unreadIn(role, grammar);
  return { text, role, tenses: found, ...days, ...(unreadDays === undefined ? {} : { unreadDays }) };
}

interface Taken {
  readonly role: string;
  readonly days?: Days;
  readonly tense?: Tense;
}

/** "(as of 2019)", "[former]" at the end. */
function takeBrackets(text: string, { days, tense }: Grammar): Taken | undefined {
  const bracket = /^(.*\S)\s*[([]([^()[\]]*)[)\]]$/u.exec(text);
  if (!bracket) return undefined;
  const [, role, inside] = bracket as unknown as [string, string, string];
  const found = days(inside.trim());
  if (found) return { role, days: found };
  const only = tense.only(inside.trim());
  return only ? { role, tense: only } : undefined;
}

/** The longest end of the text that tells days: "until May 2014", "2010–2014". */
function takeDays(text: string, { days }: Grammar): Taken | undefined {
  if (!/\d{4}/.test(text)) return undefined;
  for (const { index } of text.matchAll(/(?<=[\s,;:–—-])(?=[^\s,;:])/gu)) {
    const found = days(text.slice(index));
    const role = text.slice(0, index).replace(/[\s,;:–—-]+$/u, "");
    if (found && role !== "") return { role, days: found };
  }
  return undefined;
}

function unreadIn(role: string, { marker }: Grammar): string | undefined {
  const found = marker.exec(role);
  return found ? role.slice(found.index) : undefined;
}

function markerPattern(words: RoleWords): RegExp {
  const markers = [words.since, words.until, words.before, words.after, words.by, words.notBefore, words.asOf].flat();
  const about = `(?:${oneOfWords(words.about)}[\\s-]*)?`;
  // A number after such a word, or a date, that was not read; or a span of years that was not.
  return new RegExp(`${oneOfWords(markers)}\\s+${about}(?:\\p{L}+\\.?\\s+)?\\d|\\d{4}\\s*[–—-]\\s*\\d`, "iu");
}

function tenseReader(words: RoleWords) {
  const patterns = tenses.map((tense) => {
    const word = oneOfWords(words[tense]);
    return {
      tense,
      only: new RegExp(`^${word}$`, "iu"),
      first: new RegExp(`^${word}[\\s-]+(?=\\S)`, "iu"),
      last: new RegExp(`(?<=\\S)[\\s,–-]+${word}$`, "iu"),
    };
  });
  return {
    only: (text: string) => patterns.find(({ only }) => only.test(text))?.tense,
    /** A tense at the beginning or the end, and what is left. */
    at(text: string) {
      for (const { tense, first, last } of patterns) {
        const pattern = first.test(text) ? first : last.test(text) ? last : undefined;
        if (pattern) return { tense, role: text.replace(pattern, "").trim() };
      }
      return undefined;
    },
  };
}

/** Reads a text that is nothing but days: a span, or a word such as "since" with a day. A bare day says neither. */
function daysReader(reading: DayReading): (text: string) => Days | undefined {
  const { words } = reading;
  const day = dayReader(reading);
  const starting = (part: readonly string[]) => new RegExp(`^${oneOfWords(part)}[\\s:]*`, "iu");
  const present = new RegExp(`^${oneOfWords(words.present)}$`, "iu");
  const [since, until, asOf] = [starting(words.since), starting(words.until), starting(words.asOf)];
  const bare = starting([...words.before, ...words.after, ...words.by, ...words.notBefore, ...words.about]);
  const between = new RegExp(
    `\\s*[–—]\\s*|\\s+-\\s+|(?<=\\d{4})-(?=\\d{4}|\\p{L}|$)|^-(?=\\d)|\\s+${oneOfWords(words.to)}\\s+`,
    "giu",
  );
  const phraseAfter = (pattern: RegExp, text: string): DayPhrase | undefined => {
    const word = pattern.exec(text);
    return word ? day(text.slice(word[0].length)) : undefined;
  };
  return (text) => {
    const observed = phraseAfter(asOf, text);
    if (observed?.relation === "in") return { from: atLatest(observed.last) };
    const start = phraseAfter(since, text);
    if (start) return { from: startOf(start) };
    const end = phraseAfter(until, text);
    if (end) return { until: endOf(end) };
    for (const { index, 0: joint } of text.matchAll(between)) {
      const left = text.slice(0, index).replace(since, "").trim();
      const right = text
        .slice(index + joint.length)
        .replace(/,$/, "")
        .trim();
      const [first, last] = [day(left), day(right)];
      const isOpen = right === "" || present.test(right);
      if (first && last) return { from: startOf(first), until: endOf(last) };
      if (first && isOpen) return { from: startOf(first) };
      if (left === "" && last) return { until: endOf(last) };
    }
    const alone = bare.test(text) ? day(text) : undefined;
    return alone ? { from: startOf(alone) } : undefined;
  };
}
