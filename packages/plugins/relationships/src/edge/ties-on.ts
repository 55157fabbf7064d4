/** Ties between contacts and accounts, as other plugins ask for them: households and memberships rest on these. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, parsed } from "../asked.ts";
import { edgesAround, type OrientedEdge } from "../edges-around.ts";
import type { RelationshipsContext, TypeRecord } from "../parts.ts";
import { readTypes } from "../type/read-types.ts";

export interface TiesQuery {
  /** The day, "YYYY-MM-DD". */
  readonly on: string;
  /** Keys of types, whichever way the tie goes; or roles: those that the contact has in it. */
  readonly types: readonly string[];
  readonly fromContactIds?: readonly string[] | undefined;
  readonly fromAccountIds?: readonly string[] | undefined;
  readonly toContactIds?: readonly string[] | undefined;
}

/** A party, a contact that is related to it, and by what. */
export interface PartyTie {
  /** Of the relationship. */
  readonly id: string;
  /** The key or the role that was asked for. */
  readonly type: string;
  readonly from: { readonly entity: "contact" | "account"; readonly id: string };
  readonly contactId: string;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly createdAt: Date;
}

const ids = z.array(idSchema).optional();
const tiesSchema = z.strictObject({
  ...{ on: daySchema, types: z.array(z.string().min(1).max(200)) },
  ...{ fromContactIds: ids, fromAccountIds: ids, toContactIds: ids },
});

/** Of one of the parties, or to one of the contacts; where both are given, of both. By edge; one that is asked for by two names is told for each. */
export async function tiesOn(context: RelationshipsContext, query: TiesQuery): Promise<readonly PartyTie[]> {
  const { on, types: asked, fromContactIds, fromAccountIds, toContactIds } = parsed("relationship", tiesSchema, query);
  const parties = [
    ...(fromContactIds ?? []).map((id) => ({ entityType: "contact", id })),
    ...(fromAccountIds ?? []).map((id) => ({ entityType: "account", id })),
  ];
  const isOfParties = fromContactIds !== undefined || fromAccountIds !== undefined;
  const contacts = new Set(toContactIds);
  const start = isOfParties ? parties : [...contacts].map((id) => ({ entityType: "contact", id }));
  const types = await readTypes(context);
  const keys = new Set([...types.values()].map(({ key }) => key));
  const known = namesByType(types, asked);
  const edges = await edgesAround(context, start, { on, types, typeIds: [...known.keys()] });
  // The near thing is the party, or, where only contacts are given, the contact.
  const ties = edges.map((edge) => (isOfParties ? edge : turned(edge)));
  return ties
    .filter(({ near, far }) => far.entityType === "contact" && isParty(near))
    .filter(({ far }) => toContactIds === undefined || contacts.has(far.id))
    .flatMap(({ edge, type, near, far, farRole }) =>
      known
        .get(type.id)!
        .filter((name) => name === type.key || (name === farRole && !keys.has(name)))
        .map((name) => ({
          ...{ id: edge.id, type: name, contactId: far.id },
          from: { entity: near.entityType as "contact" | "account", id: near.id },
          ...{ validFrom: edge.validFrom, validUntil: edge.validUntil, createdAt: edge.createdAt },
        })),
    );
}

function isParty({ entityType }: RecordReference): boolean {
  return entityType === "contact" || entityType === "account";
}

/** As the other one of its two things sees it. */
function turned(edge: OrientedEdge): OrientedEdge {
  const way = edge.way === "along" ? "against" : "along";
  return { ...edge, way, near: edge.far, far: edge.near, nearRole: edge.farRole, farRole: edge.nearRole };
}

/** By the id of each type that some name means: these names. A name that is a key means no role. */
function namesByType(
  types: ReadonlyMap<string, TypeRecord>,
  names: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const keys = new Set([...types.values()].map(({ key }) => key));
  const found = new Map<string, readonly string[]>();
  for (const type of types.values()) {
    const own = [...new Set(names)].filter((name) =>
      keys.has(name) ? name === type.key : name === type.fromRole || name === type.toRole,
    );
    if (own.length > 0) found.set(type.id, own);
  }
  return found;
}
