/** The names that a unit locks, as the storage is given them. */
import { compareText } from "../value/text.ts";

/** So many at most for one tenant: databases have room for a limited number of locks. */
const PLACES = 1_024;

/**
 * In the order of all, so that no two units wait for each other in a circle because of one call. Names share places: those of a list of any
 * length are few enough to be held at once, and two units may wait for each other though their names differ.
 */
export function lockNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(placeOf))].sort(compareText);
}

/** FNV-1a (public domain, by Fowler, Noll and Vo), 32 bits. */
function placeOf(name: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return String((hash >>> 0) % PLACES);
}
