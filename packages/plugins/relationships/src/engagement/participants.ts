/** Who takes part in engagements, and in which engagements one takes part. */
import type { RecordReference } from "@relata/core/plugin";
import { type Days, daysOf, validDuring } from "../edge/edge-days.ts";
import { type EdgesAroundOptions, edgesAround } from "../edges-around.ts";
import type { AskedDay, AskedSpan } from "../interval/asked-days.ts";
import { compareIntervals, type DayInterval, shareDay } from "../interval/day-interval.ts";
import type {
  EngagementRecord,
  EngagementTypeRecord,
  RelationshipRecord,
  RelationshipsContext,
  TypeRecord,
} from "../parts.ts";
import { chunksOf } from "../things.ts";
import { roleTypeKey } from "./engagement-roles.ts";
import { kindsOf } from "./participation-hooks.ts";

/** One who takes part in a role, by the days that are asked for: as stated, as certain, or as possible. */
export interface Participant extends DayInterval {
  readonly role: string;
  readonly party: RecordReference;
  /** The relationship by which it does. */
  readonly edge: RelationshipRecord;
}

/** The roles of engagements, as relationship types. */
export interface RoleTypes {
  readonly typeIds: readonly string[];
  readonly kinds: ReadonlyMap<string, EngagementTypeRecord>;
  roleOf(typeId: string): string;
  typeIdOf(kind: EngagementTypeRecord, role: string): string | undefined;
}

/** Of these engagements' kinds. Two queries for every thousand kinds. */
export async function roleTypesOf(
  context: RelationshipsContext,
  engagements: readonly Pick<EngagementRecord, "typeId">[],
): Promise<RoleTypes> {
  const kinds = new Map<string, EngagementTypeRecord>();
  for (const part of chunksOf([...new Set(engagements.map(({ typeId }) => typeId))]))
    for await (const kind of context.engagementTypes.iterate({ where: { id: { in: part } }, archived: "include" }))
      kinds.set(kind.id, kind);
  const roles = new Map<string, string>();
  for (const { key, roles: own } of kinds.values())
    for (const role of own) roles.set(roleTypeKey(key, role.key), role.key);
  const types: TypeRecord[] = [];
  for (const part of chunksOf([...roles.keys()]))
    for await (const type of context.relationshipTypes.iterate({ where: { key: { in: part } }, archived: "include" }))
      types.push(type);
  const roleById = new Map(types.map(({ id, key }) => [id, roles.get(key)!]));
  const idByKey = new Map(types.map(({ id, key }) => [key, id]));
  return {
    typeIds: types.map(({ id }) => id),
    kinds,
    roleOf: (typeId) => roleById.get(typeId)!,
    typeIdOf: ({ key }, role) => idByKey.get(roleTypeKey(key, role)),
  };
}

/** By engagement, in the order of their days: those of some of the days. One query for every thousand engagements, after those for the roles. */
export async function readParticipants(
  context: RelationshipsContext,
  engagements: readonly EngagementRecord[],
  { days, certainty, types }: { readonly days: Days; readonly types?: RoleTypes } & Pick<AskedSpan, "certainty">,
): Promise<{ of(engagementId: string): readonly Participant[] }> {
  const { typeIds, roleOf } = types ?? (await roleTypesOf(context, engagements));
  const span = { validFrom: days.from, validUntil: days.until };
  const found: Participant[] = [];
  for (const part of chunksOf(engagements.map(({ id }) => id))) {
    const where = {
      toType: "engagement",
      toId: { in: part },
      typeId: { in: typeIds },
      ...validDuring(days, certainty),
    };
    for await (const edge of context.relationships.iterate({ where })) {
      const held = daysOf(edge, certainty);
      const interval = held && { validFrom: held.from, validUntil: held.until };
      if (!interval || !shareDay(interval, span)) continue;
      const party = { entityType: edge.fromType, id: edge.fromId };
      found.push({ role: roleOf(edge.typeId), party, edge, ...interval });
    }
  }
  const byEngagement = Map.groupBy(found.toSorted(compareIntervals), ({ edge }) => edge.toId);
  return { of: (id) => byEngagement.get(id) ?? [] };
}

/** @throws `not_found` */
export async function participantsOn(
  context: RelationshipsContext,
  engagementId: string,
  { on, certainty, roles }: AskedDay & { readonly roles?: readonly string[] | undefined },
): Promise<readonly Participant[]> {
  const engagement = await context.engagements.get(engagementId);
  const all = await readParticipants(context, [engagement], { days: { from: on, until: on }, certainty });
  return all.of(engagement.id).filter(({ role }) => roles === undefined || roles.includes(role));
}

/** An engagement in which a party takes part. */
export interface Participation extends DayInterval {
  readonly engagement: EngagementRecord;
  /** The key of its kind. */
  readonly type: string;
  readonly role: string;
  readonly edge: RelationshipRecord;
}

export interface ParticipationQuery {
  /** The keys of kinds of engagement, and of roles; any unless given. */
  readonly types?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
}

/** In which one took part on some of the days, in the order of their days. */
export async function engagementsOf(
  context: RelationshipsContext,
  party: RecordReference,
  { from, until, certainty, types, roles }: AskedSpan & ParticipationQuery,
): Promise<readonly Participation[]> {
  const options: EdgesAroundOptions = certainty === "stated" ? { during: { from, until } } : {};
  const around = (await edgesAround(context, [party], options)).filter(
    ({ way, far }) => way === "along" && far.entityType === "engagement",
  );
  const kinds = await kindsOf(
    context,
    around.map(({ type }) => type.key),
  );
  const engagements = new Map<string, EngagementRecord>();
  for (const part of chunksOf([...new Set(around.map(({ far }) => far.id))]))
    for await (const each of context.engagements.iterate({ where: { id: { in: part } }, archived: "include" }))
      engagements.set(each.id, each);
  const found = around.flatMap(({ edge, type, nearRole }): readonly Participation[] => {
    const [kind, days, role] = [kinds.get(type.key), daysOf(edge, certainty), nearRole ?? ""];
    if (!kind || !days || (types && !types.includes(kind.key)) || (roles && !roles.includes(role))) return [];
    const interval = { validFrom: days.from, validUntil: days.until };
    if (!shareDay(interval, { validFrom: from, validUntil: until })) return [];
    return [{ engagement: engagements.get(edge.toId)!, type: kind.key, role, edge, ...interval }];
  });
  return found.toSorted(compareIntervals);
}
