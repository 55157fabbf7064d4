/** The plugin on one screen: what it brings, and where each rule stands. */
import { CrmError, definePlugin, type Normalized } from "@relata/core/plugin";
import { type CountryCode, isSupportedCountry } from "libphonenumber-js";
import { formatPhone, type PhoneFormat } from "./format-phone.ts";
import { normalizePhone } from "./normalize-phone.ts";

export interface PhoneOptions {
  /** The country of numbers without a country code, by its ISO 3166-1 code of two letters; without one, such numbers are invalid. */
  readonly defaultCountry?: CountryCode;
  /** What becomes of a text that cannot be a phone number: it is refused by name, or kept and compared by its digits. */
  readonly invalid?: "refuse" | "keep";
}

const define = ({ defaultCountry, invalid }: Required<Pick<PhoneOptions, "invalid">> & PhoneOptions) =>
  definePlugin({
    id: "phone",
    services: () => ({
      /** The international form (E.164), without an extension; core compares all phone numbers by it. */
      normalize: (number: string): Normalized | undefined => normalizePhone(number, { defaultCountry, invalid }),
      /** The number for people to read: "+49 30 12345" or "030 12345"; what is none stays as it is written. */
      format: (number: string, format: PhoneFormat = "international"): string =>
        formatPhone(number, { defaultCountry, format }),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Phone extends Named<ReturnType<typeof define>> {}

/**
 * Has phone numbers compared in their international form, so that "030 12345" and "+49 (0)30 12345" are one number, and refuses what
 * cannot be one. Numbers are kept as they are written; those that were there before are compared anew by
 * `crm.phoneNumbers.normalizeAgain()`. Whether a number can be one goes by its country's rules for lengths (libphonenumber's "possible"):
 * new ranges of numbers are no reason to refuse one.
 *
 * @throws `plugin_invalid` for a default country that is none.
 * @example
 * ```ts run
 * import { createCrm } from "@relata/core";
 * import { memory } from "@relata/memory";
 * import { phone } from "@relata/phone";
 *
 * const crm = await createCrm({ storage: memory(), plugins: [phone({ defaultCountry: "DE" })] });
 * await crm.contacts.create({ givenName: "Ann", phone: "030 1234567" });
 * const [ann] = await crm.contacts.byPhone("+49 (0)30 / 123 45 67");
 * crm.phone.format(ann!.phone!); // "+49 30 1234567"
 * ```
 */
export function phone({ defaultCountry, invalid = "refuse" }: PhoneOptions = {}): Phone {
  if (defaultCountry !== undefined && !isSupportedCountry(defaultCountry)) {
    const message = `phone: defaultCountry "${String(defaultCountry)}" is no country: give its code of two letters, such as "DE".`;
    throw new CrmError("plugin_invalid", message, { details: { plugin: "phone", field: "defaultCountry" } });
  }
  if (invalid !== "refuse" && invalid !== "keep") {
    const message = `phone: invalid must be "refuse" or "keep".`;
    throw new CrmError("plugin_invalid", message, { details: { plugin: "phone", field: "invalid" } });
  }
  return define({ invalid, ...(defaultCountry === undefined ? {} : { defaultCountry }) });
}
