/** Phone numbers for people to read. */
import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js";

/** "+49 30 12345", "030 12345", or "tel:+493012345" (RFC 3966). */
export type PhoneFormat = "international" | "national" | "uri";

const NAMES = { international: "INTERNATIONAL", national: "NATIONAL", uri: "RFC3966" } as const;

export function formatPhone(
  number: string,
  { defaultCountry, format }: { readonly defaultCountry: CountryCode | undefined; readonly format: PhoneFormat },
): string {
  const options = { extract: false, ...(defaultCountry === undefined ? {} : { defaultCountry }) };
  const parsed = parsePhoneNumberFromString(number.normalize("NFKC"), options);
  return parsed ? parsed.format(NAMES[format]) : number;
}
