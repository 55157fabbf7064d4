/** Things are records of any entity: what stands at an end of a relationship. */
import type { RecordReference } from "@relata/core/plugin";

/** "contact 0190…": one text for each thing. */
export function thingKey({ entityType, id }: RecordReference): string {
  return `${entityType} ${id}`;
}

export function isSameThing(a: RecordReference, b: RecordReference): boolean {
  return a.entityType === b.entityType && a.id === b.id;
}

/** A list in parts, for queries of many ids. */
export function chunksOf<T>(items: readonly T[], size = 1_000): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

/**
 * The ids of things in parts, each of one entity: both halves of a pair of fields lead a query to the edges of exactly these things, where an id alone
 * does not for certain.
 */
export function idsByEntity(
  things: readonly RecordReference[],
): readonly { readonly entityType: string; readonly ids: readonly string[] }[] {
  return [...Map.groupBy(things, ({ entityType }) => entityType)].flatMap(([entityType, those]) =>
    chunksOf([...new Set(those.map(({ id }) => id))]).map((ids) => ({ entityType, ids })),
  );
}
