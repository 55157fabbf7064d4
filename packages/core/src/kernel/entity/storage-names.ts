/** The names that entities and fields have in the storage. */

/** What these declare begins with no name of theirs. */
const UNPREFIXED: ReadonlySet<string> = new Set(["core", "app"]);

/** "stageEntry" to "stage_entry". */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The table of an entity's history. Two underscores, which the table of no entity has. */
export function historyName(entity: string): string {
  return `${snake(entity)}__history`;
}

/** The table of the paths of a tree, by the column of its reference. */
export function pathsName(entity: string, column: string): string {
  return `${snake(entity)}__${column}__paths`;
}

/** The first column of a field. `extendedBy` is the plugin that adds the field to somebody else's entity, where one does. */
export function columnName(field: string, extendedBy: string | undefined): string {
  const prefix = extendedBy === undefined || UNPREFIXED.has(extendedBy) ? "" : `${snake(extendedBy)}_`;
  return prefix + snake(field);
}
