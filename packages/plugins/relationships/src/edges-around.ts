/** Edges, looked at from the things at which they end. */
import type { RecordReference } from "@relata/core/plugin";
import { type Certainty, type Days, isValidOn, validDuring, validOn } from "./edge/edge-days.ts";
import type { RelationshipRecord, RelationshipsContext, TypeRecord } from "./parts.ts";
import { idsByEntity, thingKey } from "./things.ts";
import { readTypes } from "./type/read-types.ts";
import { type End, otherEnd, roleAt } from "./type/type-ends.ts";

/** An edge as one of its two things sees it. */
export interface OrientedEdge {
  readonly edge: RelationshipRecord;
  readonly type: TypeRecord;
  /** `along`: the near thing stands at the `from` end. */
  readonly way: "along" | "against";
  /** One of those that were asked for, and what it is related to. */
  readonly near: RecordReference;
  readonly far: RecordReference;
  /** What each is in it: "employee", "employer"; null where its end has no role. */
  readonly nearRole: string | null;
  readonly farRole: string | null;
}

export interface EdgesAroundOptions {
  /** Valid on this day; all days unless given. */
  readonly on?: string | undefined;
  /** Valid on some of these days, as they are stated. */
  readonly during?: Days | undefined;
  /** Of `on`; "stated" unless given. */
  readonly certainty?: Certainty | undefined;
  readonly typeIds?: readonly string[] | undefined;
  /** The far thing has one of these roles. */
  readonly roles?: readonly string[] | undefined;
  /** From 0 to 1; see `strengthOf`. */
  readonly minStrength?: number | undefined;
  readonly visibility?: readonly RelationshipRecord["visibility"][] | undefined;
  /** Those that were retracted; left out unless asked for. */
  readonly archived?: "exclude" | "include" | "only" | undefined;
  /** Where there are more, no more of them are read than it takes to know. */
  readonly most?: number | undefined;
  /** Where they are read already. */
  readonly types?: ReadonlyMap<string, TypeRecord> | undefined;
}

/**
 * All edges of these things: those along first, then those against, each by id. Between two of the things an edge is told twice, once from each; one from a
 * thing to itself twice too, but once where it is symmetric. Two queries for every thousand things of an entity, and more where these have over a thousand
 * edges.
 */
export async function edgesAround(
  context: RelationshipsContext,
  things: readonly RecordReference[],
  options: EdgesAroundOptions = {},
): Promise<readonly OrientedEdge[]> {
  if (things.length === 0) return [];
  const types = options.types ?? (await readTypes(context));
  const found: OrientedEdge[] = [];
  for (const end of ["from", "to"] as const) {
    const typeIds = typesWithRole(types, options, otherEnd(end));
    if (typeIds?.length === 0) continue;
    const where = whereOf(options, typeIds);
    for (const { entityType, ids } of idsByEntity(things)) {
      const at =
        end === "from" ? { fromType: entityType, fromId: { in: ids } } : { toType: entityType, toId: { in: ids } };
      const { archived = "exclude" } = options;
      for await (const edge of context.relationships.iterate({ where: { ...where, ...at }, archived })) {
        const oriented = orient(edge, types.get(edge.typeId)!, end);
        if (isAsked(oriented, options)) found.push(oriented);
        if (options.most !== undefined && found.length > options.most) return found;
      }
    }
  }
  return found;
}

/** An edge as the thing at this end sees it. */
export function orient(edge: RelationshipRecord, type: TypeRecord, end: End): OrientedEdge {
  const from = { entityType: edge.fromType, id: edge.fromId };
  const to = { entityType: edge.toType, id: edge.toId };
  const [nearRole, farRole] = [roleAt(type, end), roleAt(type, otherEnd(end))];
  return end === "from"
    ? { edge, type, way: "along", near: from, far: to, nearRole, farRole }
    : { edge, type, way: "against", near: to, far: from, nearRole, farRole };
}

/** From 0 to 1: its own, that of its type, or 1. */
export function strengthOf(
  { strength }: Pick<RelationshipRecord, "strength">,
  { defaultStrength }: Pick<TypeRecord, "defaultStrength">,
): number {
  return Number(strength ?? defaultStrength ?? 1);
}

/** Of the types that are asked for, those whose far end has one of the roles; undefined: any. */
function typesWithRole(
  types: ReadonlyMap<string, TypeRecord>,
  { typeIds, roles }: EdgesAroundOptions,
  far: End,
): readonly string[] | undefined {
  if (roles === undefined) return typeIds;
  const asked = typeIds && new Set(typeIds);
  const isAmong = (role: string | null) => role !== null && roles.includes(role);
  return [...types.values()].flatMap((type) =>
    isAmong(roleAt(type, far)) && (asked === undefined || asked.has(type.id)) ? [type.id] : [],
  );
}

function whereOf({ on, certainty, during, visibility }: EdgesAroundOptions, typeIds: readonly string[] | undefined) {
  return {
    and: [
      ...(on === undefined ? [] : [validOn(on, certainty)]),
      ...(during === undefined ? [] : [validDuring(during)]),
    ],
    ...(typeIds === undefined ? {} : { typeId: { in: typeIds } }),
    ...(visibility === undefined ? {} : { visibility: { in: visibility } }),
  };
}

function isAsked({ edge, type, way, near, far }: OrientedEdge, options: EdgesAroundOptions): boolean {
  const { on, certainty, minStrength } = options;
  if (type.shape === "symmetric" && way === "against" && thingKey(near) === thingKey(far)) return false;
  if (on !== undefined && !isValidOn(edge, on, certainty)) return false;
  return minStrength === undefined || strengthOf(edge, type) >= minStrength;
}
