/** What accounts are interested in: a plugin that stands whole, as a template. */
export { type Interests, interests } from "./interests.ts";
