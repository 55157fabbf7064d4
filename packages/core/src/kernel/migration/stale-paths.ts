/** Paths of trees that were not kept for a time: the database notes it, so that they are filled in anew where they are kept again. */
import { pathsTable } from "../entity/resolve-table.ts";
import type { LiveSchema, LiveTable, MigrationStep } from "../storage/storage-adapter.ts";
import type { TableSchema } from "../storage/storage-schema.ts";
import { PATH_MEANING, STALE_PATH_MEANING } from "../storage/tree-path.ts";

/**
 * For every table of paths that nothing keeps any more. Not where its reference is there and not declared either: the plugin that it belongs
 * to may only be absent from this process, and keeps them in another one.
 */
export function abandonedPaths(declared: ReadonlyMap<string, TableSchema>, { tables }: LiveSchema): MigrationStep[] {
  const abandoned = [...tables].filter(([name, table]) => !declared.has(name) && meaningOf(table) === PATH_MEANING);
  if (abandoned.length === 0) return [];
  const absent = new Set(
    [...tables].flatMap(([name, { columns }]) => {
      const known = new Set(declared.get(name)?.columns.map((column) => column.name));
      return [...columns.keys()].filter((column) => !known.has(column)).map((column) => pathsTable(name, column));
    }),
  );
  return abandoned
    .filter(([name]) => !absent.has(name))
    .map(([name]) => setMeaning({ name, entity: name }, STALE_PATH_MEANING));
}

/** For one that is kept again. `fillPaths` follows it. */
export function keptAgain(table: TableSchema, existing: LiveTable): MigrationStep[] {
  return meaningOf(existing) === STALE_PATH_MEANING ? [setMeaning(table, PATH_MEANING)] : [];
}

function meaningOf({ columns }: LiveTable): string | undefined {
  return columns.get("path")?.meaning;
}

function setMeaning({ name, entity }: Pick<TableSchema, "name" | "entity">, meaning: string): MigrationStep {
  return { kind: "set_meaning", table: { name, entity }, column: "path", meaning };
}
