/** Relationships that the rules will hardly allow beside others: they are written one by one, the others together. Pure. */
import { compareText } from "@relata/core/plugin";
import { shareDay } from "../interval/day-interval.ts";
import type { RelationshipRecord } from "../parts.ts";
import { thingKey } from "../things.ts";
import type { PlannedEdge } from "./plan-edges.ts";

type Days = Pick<RelationshipRecord, "validFrom" | "validUntil">;

/** Those that share days with an earlier one, or with one that is stored, of their type between the same two; or with as many at one end as its limit is. */
export function findSuspects(
  edges: readonly PlannedEdge[],
  standing: readonly RelationshipRecord[],
): ReadonlySet<PlannedEdge> {
  const taken = new Map<string, Days[]>();
  const take = (key: string, days: Days) => {
    const known = taken.get(key);
    if (known) known.push(days);
    else taken.set(key, [days]);
  };
  for (const edge of standing) {
    // Offices tell apart what the same two have at the same time.
    if (edge.archivedAt !== null || edge.officeId !== null) continue;
    const ends = [
      thingKey({ entityType: edge.fromType, id: edge.fromId }),
      thingKey({ entityType: edge.toType, id: edge.toId }),
    ];
    take(pairKey(edge.typeId, ends), edge);
  }
  const suspects = new Set<PlannedEdge>();
  for (const edge of edges) {
    const { days } = edge.told;
    const isOver = ({ key, most }: Room) =>
      (taken.get(key) ?? []).filter((other) => shareDay(days, other)).length >= most;
    const rooms = roomsOf(edge);
    if (rooms.some(isOver)) suspects.add(edge);
    // What comes later waits for it, whatever becomes of it.
    for (const { key } of rooms) take(key, days);
  }
  return suspects;
}

interface Room {
  readonly key: string;
  readonly most: number;
}

function roomsOf({ type, from, to, office }: PlannedEdge): readonly Room[] {
  const pair =
    type.mayOverlap && type.mayReverse
      ? []
      : [{ key: pairKey(type.id, [thingKey(from), thingKey(to)], office?.title), most: 1 }];
  const limits = type.limits.flatMap(({ end, most, primary }) => {
    if (primary) return [];
    const things = type.shape === "symmetric" ? [from, to] : [end === "from" ? from : to];
    return things.map((thing) => ({ key: `${type.id} ${end} ${thingKey(thing)}`, most }));
  });
  return [...pair, ...limits];
}

function pairKey(typeId: string, ends: readonly string[], office?: string): string {
  return JSON.stringify([typeId, ...[...ends].sort(compareText), office ?? null]);
}
