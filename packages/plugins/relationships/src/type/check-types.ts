/** What relationships that there are would break, when their type becomes stricter. */
import { count } from "@relata/core/plugin";
import { findExcess, findMeeting } from "../edge/edge-rules.ts";
import type { RelationshipsContext, TypeRecord } from "../parts.ts";
import { chunksOf } from "../things.ts";
import { attributeCheck } from "./attributes.ts";
import type { AttributeDefinition, Limit } from "./type-schemas.ts";

interface ChangedType {
  readonly before?: TypeRecord;
  readonly after?: TypeRecord;
}

interface Change {
  readonly before: TypeRecord;
  readonly after: TypeRecord;
}

/** Relationships that a change would leave against their type. */
type Broken = readonly string[];

const MOST_SHOWN = 5;

/**
 * The `after` hook of types. Relationships that were retracted are looked at when they are reopened.
 *
 * @throws `relationship_type_in_use`, naming the field, how many, and some of them
 */
export async function checkTypes(context: RelationshipsContext, batch: readonly ChangedType[]): Promise<void> {
  for (const { before, after } of batch) {
    if (!before || !after) continue;
    for (const [field, brokenBy] of Object.entries(checks)) {
      const broken = await brokenBy(context, { before, after });
      if (broken.length === 0) continue;
      const ids = broken.slice(0, MOST_SHOWN);
      throw context.error("relationship_type_in_use", {
        ...{ entity: "relationshipType", field, id: after.id, type: after.key },
        ...{ count: broken.length, ids: ids.join(", "), relationshipIds: ids },
      });
    }
  }
}

type Check = (context: RelationshipsContext, change: Change) => Promise<Broken>;

/** By the field that is changed. */
const checks: Readonly<Record<string, Check>> = {
  shape: async (context, { before, after }) => {
    // What has ways has none then, or gets them.
    if ((before.shape === "symmetric") === (after.shape === "symmetric")) return [];
    return idsOf(context, { typeId: after.id });
  },
  fromEntities: async (context, { before, after }) => {
    const entities = narrower(before.fromEntities, after.fromEntities);
    if (!entities) return [];
    const outside = { notIn: entities };
    const from = await idsOf(context, { typeId: after.id, fromType: outside });
    if (after.shape !== "symmetric") return from;
    return [...new Set([...from, ...(await idsOf(context, { typeId: after.id, toType: outside }))])];
  },
  toEntities: async (context, { before, after }) => {
    const entities = narrower(before.toEntities, after.toEntities);
    return entities ? idsOf(context, { typeId: after.id, toType: { notIn: entities } }) : [];
  },
  limits: async (context, { before, after }) => {
    const broken = new Set<string>();
    for (const limit of after.limits.filter((each) => isStricter(each, before.limits)))
      for (const id of await aboveLimit(context, after, limit)) broken.add(id);
    return [...broken];
  },
  mayOverlap: async (context, { before, after }) =>
    before.mayOverlap && !after.mayOverlap ? overlapping(context, after) : [],
  mayReverse: async (context, { before, after }) =>
    before.mayReverse && !after.mayReverse && after.shape !== "symmetric" ? reversed(context, after) : [],
  mayRelateToSelf: async (context, { before, after }) => {
    if (!before.mayRelateToSelf || after.mayRelateToSelf) return [];
    const broken: string[] = [];
    for await (const edge of edgesOf(context, after))
      if (edge.fromId === edge.toId && edge.fromType === edge.toType) broken.push(edge.id);
    return broken;
  },
  attributes: async (context, { before, after }) => {
    if (!isNarrower(before.attributes, after.attributes)) return [];
    const broken: string[] = [];
    const issuesOf = attributeCheck(after.attributes);
    const edges = context.relationships.iterate({ where: { typeId: after.id }, select: ["attributes"] });
    for await (const { id, attributes } of edges) if (issuesOf(attributes).length > 0) broken.push(id);
    return broken;
  },
};

type EdgeWhere = NonNullable<NonNullable<Parameters<RelationshipsContext["relationships"]["list"]>[0]>["where"]>;

async function idsOf(context: RelationshipsContext, where: EdgeWhere): Promise<Broken> {
  const edges = await Array.fromAsync(context.relationships.iterate({ where, select: ["id"] }));
  return edges.map(({ id }) => id);
}

const fields = [
  ...(["fromType", "fromId", "toType", "toId"] as const),
  ...(["officeId", "validFrom", "validUntil"] as const),
] as const;

function edgesOf(context: RelationshipsContext, { id }: TypeRecord, where: EdgeWhere = {}) {
  return context.relationships.iterate({ where: { ...where, typeId: id }, select: fields });
}

/** The entities, where fewer may stand there than before. */
function narrower(before: readonly string[] | null, after: readonly string[] | null): readonly string[] | undefined {
  if (after === null || before?.every((entity) => after.includes(entity))) return undefined;
  return after;
}

function isStricter({ end, most, primary = false }: Limit, before: readonly Limit[]): boolean {
  return !before.some((each) => each.end === end && (each.primary ?? false) === primary && each.most <= most);
}

/** The database finds the things that have more than so many at all; of these, the days decide. */
async function aboveLimit(context: RelationshipsContext, type: TypeRecord, { end, most, primary }: Limit) {
  const isSymmetric = type.shape === "symmetric";
  const ends = isSymmetric ? (["fromId", "toId"] as const) : ([end === "from" ? "fromId" : "toId"] as const);
  const where = { typeId: type.id, ...(primary ? { isPrimary: true } : {}) };
  const numbers = new Map<string, number>();
  for (const field of ends) {
    const groups = await context.relationships.aggregate({
      ...{ where, groupBy: { thing: field }, measures: { edges: count() } },
      ...(isSymmetric ? {} : { having: { edges: { gt: most } } }),
    });
    for (const { thing, edges } of groups) numbers.set(String(thing), (numbers.get(String(thing)) ?? 0) + edges);
  }
  const broken = new Set<string>();
  for (const ids of chunksOf([...numbers].flatMap(([id, number]) => (number > most ? [id] : [])))) {
    const byThing = new Map<string, Map<string, StoredEdge>>();
    for (const field of ends)
      for await (const edge of edgesOf(context, type, { ...where, [field]: { in: ids } })) {
        const thing = `${field === "fromId" ? edge.fromType : edge.toType} ${edge[field]}`;
        byThing.set(thing, (byThing.get(thing) ?? new Map()).set(edge.id, edge));
      }
    for (const edges of byThing.values()) for (const id of excessOf([...edges.values()], most)) broken.add(id);
  }
  return broken;
}

type StoredEdge = Awaited<ReturnType<typeof edgesOf> extends AsyncIterable<infer E> ? E : never>;

async function overlapping(context: RelationshipsContext, type: TypeRecord): Promise<Broken> {
  const pairs = await context.relationships.aggregate({
    where: { typeId: type.id },
    groupBy: { fromId: "fromId", toId: "toId" },
    measures: { edges: count() },
    having: { edges: { gt: 1 } },
  });
  const broken: string[] = [];
  for (const part of chunksOf(pairs)) {
    const edges = await Array.fromAsync(
      edgesOf(context, type, { fromId: { in: part.map(({ fromId }) => String(fromId)) } }),
    );
    const key = ({ fromType, fromId, toType, toId, officeId }: StoredEdge) =>
      [fromType, fromId, toType, toId, officeId].join(" ");
    for (const same of Map.groupBy(edges, key).values()) broken.push(...excessOf(same, 1));
  }
  return broken;
}

async function reversed(context: RelationshipsContext, type: TypeRecord): Promise<Broken> {
  const edges = await Array.fromAsync(edgesOf(context, type));
  const byEnds = Map.groupBy(edges, ({ fromType, fromId, toType, toId }) => `${fromType} ${fromId} ${toType} ${toId}`);
  const broken = new Set<string>();
  for (const edge of edges) {
    const { fromType, fromId, toType, toId } = edge;
    const against = byEnds.get(`${toType} ${toId} ${fromType} ${fromId}`) ?? [];
    const meeting = findMeeting([edge], against, new Set([edge.id]));
    for (const { id } of meeting?.edges ?? []) broken.add(id);
  }
  return [...broken];
}

function excessOf(edges: readonly StoredEdge[], most: number): Broken {
  const excess = findExcess(edges, most, new Set(edges.map(({ id }) => id)));
  return excess?.edges.map(({ id }) => id) ?? [];
}

function isNarrower(before: readonly AttributeDefinition[], after: readonly AttributeDefinition[]): boolean {
  const old = new Map(before.map((attribute) => [attribute.key, attribute]));
  const isKept = ({ key, kind, required = false, values = [] }: AttributeDefinition) => {
    const was = old.get(key);
    if (!was) return !required;
    const allows = kind === was.kind && (was.values ?? []).every((value) => values.includes(value));
    return allows && (!required || (was.required ?? false));
  };
  return !after.every(isKept) || before.some(({ key }) => !after.some((attribute) => attribute.key === key));
}
