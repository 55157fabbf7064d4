/** Names as they are written in the culture that they are from. Pure functions of the contact's fields. */

/** What a contact's name consists of. Each part may be absent: a mononym is one of the two names alone. */
export interface NameParts {
  readonly givenName?: string | null;
  readonly middleName?: string | null;
  readonly familyName?: string | null;
  readonly secondFamilyName?: string | null;
  readonly honorific?: string | null;
  readonly suffix?: string | null;
  readonly nameOrder?: "given_first" | "family_first" | null;
  readonly givenNameReading?: string | null;
  readonly familyNameReading?: string | null;
  readonly preferredLanguage?: string | null;
}

/** The parts by which a name is sorted: by the first of them, then by the second. */
export interface SortingName {
  readonly first: string;
  readonly second: string;
}

/**
 * - `full`: all of it, with honorific and suffix: "Dr. Ana María García Pérez", "山田太郎様".
 * - `sort`: as in an alphabetical list: "García Pérez, Ana María", "山田太郎", "สมชาย ใจดี".
 * - `informal`: as one says it among people who know each other: "Ana María"; where the family name stands first without a space, both.
 */
export type NameForm = "full" | "sort" | "informal";

/** Han, kana with its marks (the long vowel, the iteration), and Hangul. */
const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々・]+$/u;
const THAI = /\p{Script=Thai}/u;
const HANGUL = /\p{Script=Hangul}/u;
/** "Jr.", "III": part of the name. Others are set off by a comma ("PhD"). */
const GENERATION = /^(?:jr|sr|[ivx]{1,4})\.?$/i;
/** In Latin script, by the language that is preferred. */
const FAMILY_FIRST_LANGUAGES = new Set(["hu", "vi"]);
/** Names are sorted by the given name: the other one is a father's name, or came late. */
const SORTED_BY_GIVEN_NAME = new Set(["is"]);

/**
 * The name of a contact for people to read, in the order of its culture: `nameOrder`, where it is given; the family name first where
 * the name is all Chinese, Japanese or Korean script (without a space), or the preferred language is Hungarian or Vietnamese; else
 * the given name first. A contact without a name has the e-mail address or the phone number as one, or "".
 *
 * @example
 * ```ts run
 * import { contactDisplay } from "@relata/core";
 *
 * contactDisplay({ givenName: "太郎", familyName: "山田", honorific: "様" }); // "山田太郎様"
 * contactDisplay({ givenName: "John", familyName: "Smith", suffix: "PhD" }, { form: "sort" }); // "Smith, John"
 * ```
 */
export function contactDisplay(
  contact: NameParts & { readonly email?: string | null; readonly phone?: string | null },
  { form = "full" }: { readonly form?: NameForm } = {},
): string {
  return named(contact, form) ?? contact.email ?? contact.phone ?? "";
}

function named(parts: NameParts, form: NameForm): string | undefined {
  switch (form) {
    case "full":
      return fullNameOf(parts);
    case "sort":
      return alphabeticalName(parts);
    case "informal":
      return isEastAsian(parts) ? bareName(parts) : (parts.givenName ?? bareName(parts));
  }
}

/** Undefined for a contact without a name; an honorific alone is none. */
export function fullNameOf(parts: NameParts): string | undefined {
  const name = bareName(parts);
  if (name === undefined) return undefined;
  return withSuffix(withHonorific(name, parts.honorific), parts.suffix);
}

function bareName(parts: NameParts): string | undefined {
  const { givenName, middleName, familyName, secondFamilyName } = parts;
  const ordered = familyFirst(parts)
    ? languageOf(parts) === "vi"
      ? [familyName, secondFamilyName, middleName, givenName]
      : [familyName, secondFamilyName, givenName, middleName]
    : [givenName, middleName, familyName, secondFamilyName];
  const present = ordered.filter((part) => part);
  if (present.length === 0 || !(givenName || familyName)) return undefined;
  return present.join(isEastAsian(parts) && familyFirst(parts) ? "" : " ");
}

function alphabeticalName(parts: NameParts): string | undefined {
  const { givenName, middleName, familyName, secondFamilyName } = parts;
  if (familyFirst(parts) || sortedByGivenName(parts)) return bareName(parts);
  const family = [familyName, secondFamilyName].filter((part) => part).join(" ");
  const given = [givenName, middleName].filter((part) => part).join(" ");
  return family && given ? `${family}, ${given}` : bareName(parts);
}

/** By the reading, where there is one: Japanese names are sorted by how they sound. */
export function sortingNameOf(parts: NameParts): SortingName {
  const { givenNameReading, familyNameReading, middleName, secondFamilyName } = parts;
  const given = givenNameReading || [parts.givenName, middleName].filter((part) => part).join(" ");
  const family = familyNameReading || [parts.familyName, secondFamilyName].filter((part) => part).join(" ");
  if (!family || (given && sortedByGivenName(parts))) return { first: given, second: family };
  return { first: family, second: given };
}

function sortedByGivenName(parts: NameParts): boolean {
  return THAI.test(parts.givenName ?? "") || SORTED_BY_GIVEN_NAME.has(languageOf(parts));
}

function familyFirst(parts: NameParts): boolean {
  if (parts.nameOrder) return parts.nameOrder === "family_first";
  return isEastAsian(parts) || FAMILY_FIRST_LANGUAGES.has(languageOf(parts));
}

/** All of the name is in the scripts that put no space between family and given name. */
function isEastAsian({ givenName, middleName, familyName, secondFamilyName }: NameParts): boolean {
  const present = [givenName, middleName, familyName, secondFamilyName].filter((part) => part);
  return present.length > 0 && present.every((part) => EAST_ASIAN.test(part!));
}

function languageOf({ preferredLanguage }: NameParts): string {
  return (preferredLanguage ?? "").split("-")[0]!.toLowerCase();
}

/** Korean titles stand behind a space, Chinese and Japanese ones do not. */
function withHonorific(name: string, honorific: string | null | undefined): string {
  if (!honorific) return name;
  if (!EAST_ASIAN.test(honorific)) return THAI.test(honorific) ? `${honorific}${name}` : `${honorific} ${name}`;
  return HANGUL.test(honorific) ? `${name} ${honorific}` : `${name}${honorific}`;
}

function withSuffix(name: string, suffix: string | null | undefined): string {
  if (!suffix) return name;
  return GENERATION.test(suffix) ? `${name} ${suffix}` : `${name}, ${suffix}`;
}
