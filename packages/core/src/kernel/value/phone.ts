/** Phone numbers, as far as they can be compared without knowing the numbering plans of the world. */

/** A zero that is dialled only within the country: "+49 (0)30". */
const TRUNK_PREFIX = /\(\s*0\s*\)/g;
const DIGIT = /\p{Nd}/u;
const PHONE = /^[\p{Nd}\p{Pd}\s+()./]+$/u;
const LEADING_ZEROS = /^0+/;
const FEWEST_DIGITS = 4;
/** Country codes have one to three digits, and what is left is still a whole number of a national network. */
const MOST_IN_COUNTRY_CODE = 3;
const FEWEST_NATIONAL = 7;

/**
 * The digits of a phone number as it was written, without separators, "(0)" and leading zeros: "+49 (0)30 123-456" and
 * "0049 30 123456" become "4930123456", "030 123456" becomes "30123456". Digits of any script are read.
 */
export function foldPhone(value: string): string {
  let digits = "";
  for (const character of value.normalize("NFKD").replace(TRUNK_PREFIX, "")) {
    if (DIGIT.test(character)) digits += digitOf(character);
  }
  return digits.replace(LEADING_ZEROS, "");
}

/** What `foldPhone` makes of a text that may be a phone number or a part of one: only digits and separators, four digits at least. */
export function phoneDigits(text: string): string | undefined {
  if (!PHONE.test(text.normalize("NFKD"))) return undefined;
  const digits = foldPhone(text);
  return digits.length < FEWEST_DIGITS ? undefined : digits;
}

/** Digits that may be the same number, written with its country code or without: themselves first. */
export function phoneForms(digits: string): readonly string[] {
  const forms = new Set([digits]);
  for (let dropped = 1; dropped <= MOST_IN_COUNTRY_CODE; dropped++) {
    const national = digits.slice(dropped).replace(LEADING_ZEROS, "");
    if (national.length >= FEWEST_NATIONAL) forms.add(national);
  }
  return [...forms];
}

/** Unicode has the ten digits of each script in a row, and now and then two such rows side by side. */
function digitOf(character: string): number {
  const code = character.codePointAt(0)!;
  let value = 0;
  while (DIGIT.test(String.fromCodePoint(code - value - 1))) value++;
  return value % 10;
}
