/** What tells the nodes of a walk apart: an id, or a type and an id. */

/** No id has it. */
const SEPARATOR = "\u0000";

export function nodeKey(type: string, id: string): string {
  return type + SEPARATOR + id;
}

export function idOfKey(key: string): string {
  return key.slice(key.indexOf(SEPARATOR) + 1);
}

export function typeOfKey(key: string): string {
  return key.slice(0, key.indexOf(SEPARATOR));
}
