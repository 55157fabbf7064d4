/** Days as people write them: "3 May 2014", "3/2010", "c. 1998", "before 2019". Nothing is guessed: what is not certain is refused. */
import { addMonths, dayAt, dayNumberOf, isDate } from "@relata/core/plugin";
import type { bounds } from "../edge/relationship.ts";
import { oneOfWords, type RoleWords } from "./role-words.ts";

export type Bound = (typeof bounds)[number];

/** The first or the last day of something, and how it is meant. */
export interface MeantDay {
  readonly day: string;
  readonly is: Bound;
  /** When it can be; null: open. */
  readonly earliest: string | null;
  readonly latest: string | null;
}

/** The days that a text such as "May 2014" can mean, both inclusive, with how it relates to them. */
export interface DayPhrase {
  readonly first: string;
  readonly last: string;
  readonly relation: "in" | "about" | "before" | "after" | "by" | "not_before";
}

export interface DayReading {
  /** In which order "03/04/2014" is written: such days are refused unless it is said. */
  readonly dateOrder?: "day_first" | "month_first" | undefined;
  readonly words: RoleWords;
  /** Language tags by which names of months are known. */
  readonly languages: readonly string[];
}

/** Reads one day, month or year; undefined where it is none, or none for sure. */
export type DayReader = (text: string) => DayPhrase | undefined;

export function dayReader({ dateOrder, words, languages }: DayReading): DayReader {
  const months = monthNumbers(languages);
  const relations = (
    [
      ["not_before", words.notBefore],
      ["by", words.by],
      ["before", words.before],
      ["after", words.after],
      ["about", words.about],
    ] as const
  ).map(([relation, each]) => ({ relation, pattern: new RegExp(`^${oneOfWords(each)}[\\s-]*`, "iu") }));
  return (given) => {
    const text = given.trim().replace(/\s+/g, " ");
    const found = relations.map((each) => ({ ...each, length: each.pattern.exec(text)?.[0].length ?? 0 }));
    const longest = found.reduce((best, each) => (each.length > best.length ? each : best));
    const isUnsure = text.endsWith("?");
    const period = periodOf(text.slice(longest.length, isUnsure ? -1 : undefined), { months, dateOrder });
    if (!period) return undefined;
    if (longest.length > 0)
      return isUnsure && longest.relation !== "about" ? undefined : { ...period, relation: longest.relation };
    return { ...period, relation: isUnsure ? "about" : "in" };
  };
}

/** What a phrase says of a first day. A month or a year without more is meant as about its first day. */
export function startOf(phrase: DayPhrase): MeantDay {
  return meantBy(phrase, phrase.first);
}

/** What a phrase says of a last day. A month or a year without more is meant as about its last day. */
export function endOf(phrase: DayPhrase): MeantDay {
  return meantBy(phrase, phrase.last);
}

/** `nearest`: the day that stands for the period. */
function meantBy({ first, last, relation }: DayPhrase, nearest: string): MeantDay {
  switch (relation) {
    case "before":
      return atLatest(dayAt(dayNumberOf(first) - 1));
    case "by":
      return atLatest(last);
    case "after":
      return atEarliest(dayAt(dayNumberOf(last) + 1));
    case "not_before":
      return atEarliest(first);
    case "about":
      return { day: nearest, is: "about", earliest: null, latest: null };
    case "in":
      return { day: nearest, is: first === last ? "exact" : "about", earliest: first, latest: last };
    default:
      return relation satisfies never;
  }
}

export function atLatest(day: string): MeantDay {
  return { day, is: "at_latest", earliest: null, latest: day };
}

export function atEarliest(day: string): MeantDay {
  return { day, is: "at_earliest", earliest: day, latest: null };
}

interface Reading {
  readonly months: ReadonlyMap<string, number>;
  readonly dateOrder: DayReading["dateOrder"];
}

function periodOf(text: string, { months, dateOrder }: Reading) {
  const numbers = text.split(/[-/.]/);
  if (/^\d{4}$/.test(text)) return yearOf(text);
  if (/^\d{4}[-/]\d{1,2}$/.test(text)) return monthOf(numbers[0]!, Number(numbers[1]));
  if (/^\d{1,2}[-/.]\d{4}$/.test(text)) return monthOf(numbers[1]!, Number(numbers[0]));
  if (/^\d{4}([-/])\d{1,2}\1\d{1,2}$/.test(text))
    return dayOfParts(numbers[0]!, Number(numbers[1]), Number(numbers[2]));
  if (/^\d{1,2}([-/.])\d{1,2}\1\d{4}$/.test(text)) {
    const [one, two] = [Number(numbers[0]), Number(numbers[1])];
    // With points it is written day first wherever it is.
    const isDayFirst = text.includes(".") || one > 12 || one === two || dateOrder === "day_first";
    if (isDayFirst) return dayOfParts(numbers[2]!, two, one);
    return two > 12 || dateOrder === "month_first" ? dayOfParts(numbers[2]!, one, two) : undefined;
  }
  return periodInWords(text, months);
}

function periodInWords(text: string, months: Reading["months"]) {
  const named =
    /^(?:(\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? )?(\p{L}[\p{L}\p{M}]*)\.?(?: (\d{1,2})(?:st|nd|rd|th)?)?(?:,? | of )(\d{4})$/iu.exec(
      text,
    );
  const month = months.get(named?.[2]?.toLowerCase() ?? "");
  if (!named || month === undefined) return undefined;
  const [, before, , after, year] = named;
  if (before === undefined && after === undefined) return monthOf(year!, month);
  return before === undefined || after === undefined ? dayOfParts(year!, month, Number(before ?? after)) : undefined;
}

type Period = { readonly first: string; readonly last: string } | undefined;

function yearOf(year: string): Period {
  return isDate(`${year}-01-01`) ? { first: `${year}-01-01`, last: `${year}-12-31` } : undefined;
}

function monthOf(year: string, month: number): Period {
  const first = `${year}-${String(month).padStart(2, "0")}-01`;
  if (!isDate(first)) return undefined;
  // The month after December of 9999 is none.
  return { first, last: month === 12 ? `${year}-12-31` : dayAt(dayNumberOf(addMonths(first, 1)) - 1) };
}

function dayOfParts(year: string, month: number, day: number): Period {
  const text = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  return isDate(text) ? { first: text, last: text } : undefined;
}

/** The names of months and their abbreviations, in small letters. */
function monthNumbers(languages: readonly string[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>([["sept", 9]]);
  for (const language of languages) {
    for (const style of ["long", "short"] as const) {
      const names = new Intl.DateTimeFormat(language, { month: style, timeZone: "UTC" });
      const withDay = new Intl.DateTimeFormat(language, { day: "numeric", month: style, timeZone: "UTC" });
      for (let month = 1; month <= 12; month++) {
        const at = new Date(Date.UTC(2024, month - 1, 1));
        // Of some languages a month has another form beside a day.
        const inflected = withDay.formatToParts(at).find(({ type }) => type === "month")?.value ?? "";
        for (const name of [names.format(at), inflected]) numbers.set(name.toLowerCase().replace(/\.$/, ""), month);
      }
    }
  }
  return numbers;
}
