/** Relationships between anything and anything. */
export { type Relationships, relationships } from "./relationships.ts";
