/** What is stored already of what is to be imported. */
import { compareText } from "@relata/core/plugin";
import type { OfficeRecord, RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf, thingKey } from "../things.ts";
import type { PlannedEdge } from "./plan-edges.ts";

export interface StoreOptions {
  /** Of edges, and before the keys of rows. */
  readonly source?: string | undefined;
}

/** The key of a relationship by that of its row. */
export function keyOf(key: string, { source }: StoreOptions): string {
  return source === undefined ? key : `${source}:${key}`;
}

export interface Standing {
  readonly find: (edge: PlannedEdge) => RelationshipRecord | undefined;
  /** Of the same types, and between some of the same things. */
  readonly between: readonly RelationshipRecord[];
}

/** Finds what has the id or the key of the row; or, where it has none, what is of the same type, between the same two, on the same days, by the same office. */
export async function standingOf(
  tx: RelationshipsContext,
  edges: readonly PlannedEdge[],
  options: StoreOptions,
): Promise<Standing> {
  const keyed = edges.flatMap(({ told: { key } }) => (key === undefined ? [] : [keyOf(key, options)]));
  const byKey = new Map<string, RelationshipRecord>();
  for (const part of chunksOf(keyed))
    for await (const edge of tx.relationships.iterate({ where: { key: { in: part } }, archived: "include" }))
      byKey.set(edge.key!, edge);
  const byId = new Map<string, RelationshipRecord>();
  for (const part of chunksOf(edges.flatMap(({ told }) => told.kept.id ?? [])))
    for await (const edge of tx.relationships.iterate({ where: { id: { in: part } }, archived: "include" }))
      byId.set(edge.id, edge);
  const offices = await officesOf(tx, edges);
  const between: RelationshipRecord[] = [];
  const bySaying = new Map<string, RelationshipRecord>();
  if (edges.length > 0) {
    const turned = edges.map((edge) => (isTurned(edge) ? { from: edge.to, to: edge.from } : edge));
    const where = {
      fromId: { in: [...new Set(turned.map(({ from }) => from.id))] },
      toId: { in: [...new Set(turned.map(({ to }) => to.id))] },
      typeId: { in: [...new Set(edges.map(({ type }) => type.id))] },
    };
    for await (const edge of tx.relationships.iterate({ where, archived: "include" })) {
      between.push(edge);
      const saying = sayingOf(edge);
      // One that stands counts before one that was retracted.
      if (edge.archivedAt === null || !bySaying.has(saying)) bySaying.set(saying, edge);
    }
  }
  const find = (edge: PlannedEdge) => {
    const { key, days, kept } = edge.told;
    const same = byId.get(kept.id ?? "");
    if (same) return same;
    if (key !== undefined) return byKey.get(keyOf(key, options));
    const office = officeKey(edge);
    const officeId = office === undefined ? null : offices.get(office)?.id;
    if (officeId === undefined) return undefined;
    const [from, to] = isTurned(edge) ? [edge.to, edge.from] : [edge.from, edge.to];
    return bySaying.get(
      sayingOf({
        ...{ typeId: edge.type.id, officeId, validFrom: days.validFrom, validUntil: days.validUntil },
        ...{ fromType: from.entityType, fromId: from.id, toType: to.entityType, toId: to.id },
      }),
    );
  };
  return { find, between };
}

/** Symmetric ones are stored in one order. */
function isTurned({ type, from, to }: PlannedEdge): boolean {
  return type.shape === "symmetric" && compareText(thingKey(from), thingKey(to)) > 0;
}

type Saying = Pick<
  RelationshipRecord,
  "typeId" | "fromType" | "fromId" | "toType" | "toId" | "validFrom" | "validUntil" | "officeId"
>;

function sayingOf({ typeId, fromType, fromId, toType, toId, validFrom, validUntil, officeId }: Saying): string {
  return JSON.stringify([typeId, fromType, fromId, toType, toId, validFrom, validUntil, officeId]);
}

/** One text for each account and title; undefined where no office is held. */
export function officeKey({ office, to }: PlannedEdge): string | undefined {
  return office && `${to.id} ${office.title}`;
}

/** Those that are there, by `officeKey`. One query for every thousand accounts. */
export async function officesOf(
  tx: RelationshipsContext,
  edges: readonly PlannedEdge[],
): Promise<ReadonlyMap<string, OfficeRecord>> {
  const wanted = new Set(edges.flatMap((edge) => officeKey(edge) ?? []));
  const accounts = new Set(edges.flatMap(({ office, to }) => (office ? [to.id] : [])));
  const found = new Map<string, OfficeRecord>();
  for (const part of chunksOf([...accounts])) {
    for await (const office of tx.offices.iterate({ where: { accountId: { in: part } } })) {
      const key = `${office.accountId} ${office.title}`;
      if (wanted.has(key)) found.set(key, office);
    }
  }
  return found;
}
