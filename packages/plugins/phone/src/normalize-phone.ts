/** Texts to phone numbers in their international form. */
import type { Normalized } from "@relata/core/plugin";
import { type CountryCode, ParseError, parsePhoneNumberWithError } from "libphonenumber-js";

export interface NormalizeOptions {
  readonly defaultCountry: CountryCode | undefined;
  readonly invalid: "refuse" | "keep";
}

/** Undefined: it is kept, and compared by its digits. */
export function normalizePhone(number: string, { defaultCountry, invalid }: NormalizeOptions): Normalized | undefined {
  const problem = problemOf(number, defaultCountry);
  if (typeof problem !== "string") return { normalized: problem.normalized };
  return invalid === "keep" ? undefined : { problem };
}

function problemOf(number: string, defaultCountry: CountryCode | undefined): string | { readonly normalized: string } {
  try {
    const parsed = parsePhoneNumberWithError(number.normalize("NFKC"), {
      extract: false,
      ...(defaultCountry === undefined ? {} : { defaultCountry }),
    });
    if (parsed.isPossible()) return { normalized: parsed.number };
    return `is not a phone number: it has a wrong length for +${parsed.countryCallingCode}`;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return MESSAGES[error.message] ?? "is not a phone number";
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  INVALID_COUNTRY: "is not a phone number: it has no known country code, such as +49, and there is no default country",
  TOO_SHORT: "is not a phone number: it is too short",
  TOO_LONG: "is not a phone number: it is too long",
};
