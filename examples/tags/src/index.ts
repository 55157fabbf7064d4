/** Tags on accounts: a plugin that stands whole, as a template. */
export { type Tags, tags } from "./tags.ts";
