/** The plugin that knows the phone numbers of the world: core uses it where it is installed, and is small without it. */
import type { Plugin } from "../../kernel/plugin/plugin.ts";
import type { Normalized } from "./normalized.ts";

/** What core asks of a plugin with the id "phone", where one is installed. `@relata/phone` is one. */
export interface PhoneNumbers {
  /** The international form of a number as written ("+493012345"), what is wrong with it, or undefined: its digits, then. */
  normalize(number: string): Normalized | undefined;
}

/** Named as optional, as by any plugin that uses another where it is there. */
export const phonePlugin = { id: "phone" } as Plugin<"phone", {}, {}, {}, { readonly phone: PhoneNumbers }, []>;

/** The part of core's context that the plugin makes. */
export interface MayHavePhone {
  readonly phone?: PhoneNumbers;
}
