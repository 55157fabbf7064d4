/**
 * The turns in which relationships are written. Every unit takes them in one order, so that no two wait for each other in a circle: that of the office or
 * the engagement, or of the relationship itself where it has neither; those of the types; and when it is written, those of what must be counted.
 */
import type { RelationshipRecord, TypeRecord } from "../parts.ts";

export const officeLock = (id: string) => `office:${id}`;
export const engagementLock = (id: string) => `engagement:${id}`;
/** In which a type is changed, and its relationships are written. */
export const typeLock = (id: string) => `relationshipType:${id}`;

/** So many of a type at once are written in the turn of the type alone: with names of their own they would keep everything else waiting. */
export const MOST_NAMED = 64;

/** The turn of who acts on a relationship that is there. Who ends all of an office, or all of an engagement, has that of each of them. */
export function turnOf({ id, officeId, toType, toId }: RelationshipRecord): string {
  if (officeId !== null) return officeLock(officeId);
  return toType === "engagement" ? engagementLock(toId) : `relationship:${id}`;
}

/** Of edges that are written together, the types of which there are too many for names of their own. */
export function typesOfMany(
  edges: readonly { readonly typeId: string }[],
  types: ReadonlyMap<string, TypeRecord>,
): ReadonlySet<string> {
  const counts = new Map<string, number>();
  if (edges.length > MOST_NAMED) for (const { typeId } of edges) counts.set(typeId, (counts.get(typeId) ?? 0) + 1);
  const isCounted = (id: string) => types.has(id) && hasRules(types.get(id)!);
  return new Set([...counts].flatMap(([id, count]) => (count > MOST_NAMED && isCounted(id) ? [id] : [])));
}

/** Whether relationships of it are looked at together. */
function hasRules(type: TypeRecord): boolean {
  return isPaired(type) || type.limits.length > 0;
}

/** Whether what stands between the same two is looked at. */
export function isPaired(type: TypeRecord): boolean {
  return !(type.mayOverlap && mayReverse(type));
}

export function mayReverse({ shape, mayReverse }: TypeRecord): boolean {
  // It has no ways: the other way round, it is the same one twice.
  return shape === "symmetric" || mayReverse;
}
