/** For applications: phone numbers as a plugin. */
export type { PhoneFormat } from "./format-phone.ts";
export { type Phone, type PhoneOptions, phone } from "./phone.ts";
