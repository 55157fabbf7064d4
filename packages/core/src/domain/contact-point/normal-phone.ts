/** Phone numbers in the form that they are compared by. */
import type { DomainContext } from "../domain-model.ts";
import type { Normalized } from "./normalized.ts";

export function normalPhone(context: DomainContext, number: string): Normalized {
  return context.phone?.normalize(number) ?? phoneDigits(number);
}

const MOST_DIGITS = 99;

/** "+49 (0)30 / 123-45" to "+493012345", and "030 12345" to "03012345": without a normaliser nobody knows of which country that is. */
export function phoneDigits(number: string): Normalized {
  const text = number.normalize("NFKC").replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15));
  const international = /^\D*\+/.test(text);
  const digits = (international ? text.replace("(0)", "") : text).replace(/\D/g, "");
  if (digits === "") return { problem: "is not a phone number: it has no digit" };
  if (digits.length > MOST_DIGITS) return { problem: `is not a phone number: it has more than ${MOST_DIGITS} digits` };
  return { normalized: international ? `+${digits}` : digits };
}
