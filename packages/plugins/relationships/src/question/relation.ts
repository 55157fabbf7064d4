/** A relationship, as one of its things sees it. */
import type { RecordReference } from "@relata/core/plugin";
import { type OrientedEdge, orient } from "../edges-around.ts";
import type { RelationshipRecord } from "../parts.ts";
import { isSameThing } from "../things.ts";
import { nameAt } from "../type/type-ends.ts";
import { type AskedEdges, strengthText } from "./asked-edges.ts";
import type { NamedThing } from "./name-things.ts";

/** Read: "<near> is <name> <thing>", as "Anna is employee of Acme"; `thing` is the `role`: "Acme is the employer". */
export interface Relation {
  readonly id: string;
  /** The key of its type. */
  readonly type: string;
  /** What the near thing is to the other; null where its end has no name. */
  readonly name: string | null;
  readonly nearRole: string | null;
  /** What the other thing is; null where its end has no role. */
  readonly role: string | null;
  /** `along`: the near thing is at the `from` end. */
  readonly way: "along" | "against";
  readonly near: RecordReference;
  /** The other thing. */
  readonly thing: NamedThing;
  /** The first and the last day, both included; null: open. */
  readonly since: string | null;
  readonly until: string | null;
  /** From 0 to 1: its own strength, that of its type, or 1. */
  readonly strength: string;
  /** Where it comes from; null: not said. */
  readonly source: string | null;
  /** All that is recorded. */
  readonly edge: RelationshipRecord;
}

export function relationOf(
  { edge, type, way, near, far, nearRole, farRole }: OrientedEdge,
  asked: Pick<AskedEdges, "strengthOf">,
  named: (thing: RecordReference) => NamedThing,
): Relation {
  return {
    ...{ id: edge.id, type: type.key, name: nameAt(type, way === "along" ? "from" : "to"), nearRole, role: farRole },
    ...{ way, near, thing: named(far), since: edge.validFrom, until: edge.validUntil },
    ...{ strength: strengthText(asked.strengthOf(edge)), source: edge.source, edge },
  };
}

/** The edge as this thing, which is one of its two, sees it. */
export function seenFrom(thing: RecordReference, edge: RelationshipRecord, { types }: AskedEdges): OrientedEdge {
  const isFrom = isSameThing(thing, { entityType: edge.fromType, id: edge.fromId });
  return orient(edge, types.get(edge.typeId)!, isFrom ? "from" : "to");
}
