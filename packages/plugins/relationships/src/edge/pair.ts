/** Two things in relationships of one type, whichever way. */
import { fingerprint } from "@relata/core/plugin";
import { thingKey } from "../things.ts";

interface Paired {
  readonly typeId: string;
  readonly fromType: string;
  readonly fromId: string;
  readonly toType: string;
  readonly toId: string;
}

/** The same for both ways, and another one for any other two. */
export function pairKey({ typeId, fromType, fromId, toType, toId }: Paired): string {
  const from = thingKey({ entityType: fromType, id: fromId });
  const to = thingKey({ entityType: toType, id: toId });
  return from < to ? `${typeId} ${from} ${to}` : `${typeId} ${to} ${from}`;
}

/** What `relationship.pair` says: short enough for an index, and almost always another one for any other two. */
export function pairOf(edge: Paired): string {
  return fingerprint(pairKey(edge));
}
