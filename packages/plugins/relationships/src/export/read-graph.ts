/** The relationships that are to be exported or drawn, with what they are between. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { certaintySchema, daySchema, keySchema, parsed, thingSchema, visibilitySchema } from "../asked.ts";
import { type Certainty, isValidOn, validOn } from "../edge/edge-days.ts";
import { edgesAround, strengthOf } from "../edges-around.ts";
import { displayName, recordsOf } from "../names-of.ts";
import { once } from "../once.ts";
import type { RelationshipRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import { requireThings } from "../question/name-things.ts";
import { chunksOf, thingKey } from "../things.ts";
import { genderOf } from "../type/gender.ts";
import { labelOf } from "../type/label-of.ts";
import { readTypes, typesOfKeys } from "../type/read-types.ts";

export interface GraphQuery {
  /** Only what is within `hops` of these things; all relationships unless given. */
  readonly around?: RecordReference | readonly RecordReference[] | undefined;
  /** From 1 to 10; 1 unless given. What the outermost things have among each other is left out. */
  readonly hops?: number | undefined;
  /** Valid on this day: today, unless given; null: on any day. */
  readonly on?: string | null | undefined;
  readonly certainty?: Certainty | undefined;
  /** Keys of types; all unless given. */
  readonly types?: readonly string[] | undefined;
  /** From 0 to 1: of at least this strength. */
  readonly minStrength?: number | undefined;
  /** Public and internal ones, unless given. */
  readonly visibility?: readonly RelationshipRecord["visibility"][] | undefined;
  /** An IETF language tag, for what relationships are called where their types say it in several; their own words unless given. */
  readonly language?: string | undefined;
  /** More are refused. */
  readonly maxEdges?: number | undefined;
}

export interface GraphNode {
  readonly thing: RecordReference;
  /** Its id, where it has no name or is gone. */
  readonly name: string;
}

export interface GraphEdge {
  readonly edge: RelationshipRecord;
  readonly type: TypeRecord;
  /** Places in `nodes`. */
  readonly from: number;
  readonly to: number;
  /** What the `from` end is to the other: "mother of", by its gender and the language. */
  readonly name: string;
  /** Of the office that is held, its title. */
  readonly office: string | undefined;
}

export interface ExportedGraph {
  /** By name; then by id. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Null: any day. */
  readonly on: string | null;
}

const querySchema = once(() =>
  z.strictObject({
    around: z.union([thingSchema, z.array(thingSchema)]).optional(),
    hops: z.int().min(1).max(10).default(1),
    on: daySchema.nullable().optional(),
    certainty: certaintySchema.optional(),
    types: z.array(keySchema).optional(),
    minStrength: z.number().min(0).max(1).optional(),
    visibility: z.array(visibilitySchema).default(["public", "internal"]),
    language: z.string().min(1).max(100).optional(),
    maxEdges: z.int().min(1).optional(),
  }),
);

type Asked = Omit<z.output<ReturnType<typeof querySchema>>, "on" | "types"> & {
  readonly on: string | null;
  readonly types: ReadonlyMap<string, TypeRecord>;
  readonly typeIds: readonly string[] | undefined;
};

/** @throws `not_found` for a thing that is not there; `relationship_graph_too_large`, `unknown_relationship_type`, `invalid_input` */
export async function readGraph(
  context: RelationshipsContext,
  query: GraphQuery,
  maxEdges = Number.POSITIVE_INFINITY,
): Promise<ExportedGraph> {
  const { on, types: keys, ...rest } = parsed("relationshipGraph", querySchema(), query);
  const typeIds = keys && [...(await typesOfKeys(context, keys)).values()].map(({ id }) => id);
  const asked: Asked = {
    ...rest,
    on: on === undefined ? await context.settings.today() : on,
    types: await readTypes(context),
    typeIds,
    maxEdges: rest.maxEdges ?? maxEdges,
  };
  const starts = [asked.around ?? []].flat();
  await requireThings(context, starts);
  const edges = asked.around === undefined ? await allEdges(context, asked) : await edgesWithin(context, asked);
  return graphOf(context, { edges, starts }, asked);
}

async function allEdges(context: RelationshipsContext, asked: Asked): Promise<readonly RelationshipRecord[]> {
  const { on, certainty, visibility, typeIds, minStrength = 0, types } = asked;
  const where = {
    ...(on === null ? {} : validOn(on, certainty)),
    ...(typeIds === undefined ? {} : { typeId: { in: typeIds } }),
    visibility: { in: visibility },
  };
  const edges: RelationshipRecord[] = [];
  for await (const edge of context.relationships.iterate({ where })) {
    if (on !== null && !isValidOn(edge, on, certainty)) continue;
    if (strengthOf(edge, types.get(edge.typeId)!) < minStrength) continue;
    edges.push(edge);
    refuseMany(context, edges.length, asked);
  }
  return edges;
}

/** Two queries for each hop and thousand things. */
async function edgesWithin(context: RelationshipsContext, asked: Asked): Promise<readonly RelationshipRecord[]> {
  const { around, hops, on, certainty, visibility, typeIds, minStrength, types } = asked;
  const options = { on: on ?? undefined, certainty, visibility, typeIds, minStrength, types };
  const found = new Map<string, RelationshipRecord>();
  let frontier = [around!].flat();
  const reached = new Set(frontier.map(thingKey));
  for (let hop = 0; hop < hops && frontier.length > 0; hop++) {
    const next: RecordReference[] = [];
    for (const part of chunksOf(frontier)) {
      // An edge may be told from both of its ends.
      const most = 2 * asked.maxEdges!;
      for (const { edge, far } of await edgesAround(context, part, { ...options, most })) {
        found.set(edge.id, edge);
        if (reached.has(thingKey(far))) continue;
        reached.add(thingKey(far));
        next.push(far);
      }
      refuseMany(context, found.size, asked);
    }
    frontier = next;
  }
  return [...found.values()];
}

function refuseMany(context: RelationshipsContext, count: number, { maxEdges }: Asked): void {
  if (count > maxEdges!)
    throw context.error("relationship_graph_too_large", { entity: "relationship", field: "maxEdges", most: maxEdges });
}

async function graphOf(
  context: RelationshipsContext,
  { edges, starts }: { readonly edges: readonly RelationshipRecord[]; readonly starts: readonly RecordReference[] },
  { types, on, language }: Asked,
): Promise<ExportedGraph> {
  const ends = (edge: RelationshipRecord) => [
    { entityType: edge.fromType, id: edge.fromId },
    { entityType: edge.toType, id: edge.toId },
  ];
  const things = new Map([...starts, ...edges.flatMap(ends)].map((thing) => [thingKey(thing), thing]));
  const records = await recordsOf(context, [...things.values()]);
  const nodes = [...things].map(([key, thing]) => {
    const record = records.get(key);
    return { thing, name: record ? displayName(record) : thing.id };
  });
  nodes.sort((a, b) => compare(a.name, b.name) || compare(thingKey(a.thing), thingKey(b.thing)));
  const places = new Map(nodes.map(({ thing }, at) => [thingKey(thing), at]));
  const titles = await titlesOf(context, edges);
  const drawn = edges.map((edge): GraphEdge => {
    const [from, to] = ends(edge).map((thing) => places.get(thingKey(thing))!) as [number, number];
    const type = types.get(edge.typeId)!;
    const gender = genderOf(records.get(thingKey(nodes[from]!.thing)));
    const name = labelOf(type, "from", { language, gender }).name ?? type.name;
    return { edge, type, from, to, name, office: titles.get(edge.officeId ?? "") };
  });
  drawn.sort((a, b) => a.from - b.from || a.to - b.to || compare(a.edge.id, b.edge.id));
  return { nodes, edges: drawn, on };
}

async function titlesOf(context: RelationshipsContext, edges: readonly RelationshipRecord[]) {
  const titles = new Map<string, string>();
  const ids = new Set(edges.flatMap(({ officeId }) => officeId ?? []));
  for (const part of chunksOf([...ids]))
    for await (const { id, title } of context.offices.iterate({ where: { id: { in: part } }, archived: "include" }))
      titles.set(id, title);
  return titles;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
