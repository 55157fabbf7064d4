/** The relationships that are to be exported or drawn, with what they are between. */
import { type AnyRecord, compareText, type RecordReference } from "@relata/core/plugin";
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
import { readTypes, typeIdsOf } from "../type/read-types.ts";

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

/** A relationship in words. */
export interface DrawnEdge {
  readonly edge: RelationshipRecord;
  readonly type: TypeRecord;
  readonly from: GraphNode;
  readonly to: GraphNode;
  /** What the `from` end is to the other: "mother of", by its gender and the language. */
  readonly name: string;
  /** Of the office that is held, its title. */
  readonly office: string | undefined;
}

export interface GraphEdge extends Omit<DrawnEdge, "from" | "to"> {
  /** Places in `nodes`. */
  readonly from: number;
  readonly to: number;
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

export type AskedGraph = Omit<z.output<ReturnType<typeof querySchema>>, "on" | "types" | "around"> & {
  readonly on: string | null;
  readonly around: readonly RecordReference[] | undefined;
  readonly types: ReadonlyMap<string, TypeRecord>;
  readonly typeIds: readonly string[] | undefined;
  readonly maxEdges: number;
};

/** @throws `not_found` for a thing that is not there; `unknown_relationship_type`, `invalid_input` */
export async function askedGraph(
  context: RelationshipsContext,
  query: GraphQuery,
  maxEdges = Number.POSITIVE_INFINITY,
): Promise<AskedGraph> {
  const { on, types: keys, around, ...rest } = parsed("relationshipGraph", querySchema(), query);
  const types = await readTypes(context);
  const typeIds = keys && typeIdsOf(context, types, keys);
  const starts = around && [around].flat();
  await requireThings(context, starts ?? []);
  return {
    ...rest,
    ...{ typeIds, around: starts, types },
    on: on === undefined ? await context.settings.today() : on,
    maxEdges: rest.maxEdges ?? maxEdges,
  };
}

/** Whole in memory. @throws as `askedGraph`; `relationship_graph_too_large` */
export async function readGraph(
  context: RelationshipsContext,
  query: GraphQuery,
  maxEdges?: number,
): Promise<ExportedGraph> {
  const asked = await askedGraph(context, query, maxEdges);
  const edges = (await Array.fromAsync(edgePages(context, asked))).flat();
  const names = await namedEnds(context, edges, asked);
  const nodes = [...names.nodes.values()];
  nodes.sort((a, b) => compareText(a.name, b.name) || compareText(thingKey(a.thing), thingKey(b.thing)));
  const places = new Map(nodes.map((node, at) => [node, at]));
  const drawn = (await drawEdges(context, edges, { asked, names })).map((edge) => ({
    ...{ ...edge, from: places.get(edge.from)!, to: places.get(edge.to)! },
  }));
  drawn.sort((a, b) => a.from - b.from || a.to - b.to || compareText(a.edge.id, b.edge.id));
  return { nodes, edges: drawn, on: asked.on };
}

/** So many relationships are read together. */
const PAGE = 1_000;

/** By their ids; what is around things is all in memory, of the others one page. @throws `relationship_graph_too_large` */
export async function* edgePages(
  context: RelationshipsContext,
  asked: AskedGraph,
): AsyncGenerator<readonly RelationshipRecord[], void, undefined> {
  const { on, certainty, visibility, typeIds, minStrength = 0, types, around } = asked;
  if (around) {
    const found = [...(await edgesWithin(context, asked, around))].sort((a, b) => compareText(a.id, b.id));
    yield* chunksOf(found, PAGE);
    return;
  }
  const where = {
    ...(on === null ? {} : validOn(on, certainty)),
    ...(typeIds === undefined ? {} : { typeId: { in: typeIds } }),
    visibility: { in: visibility },
  };
  let [count, after]: [number, string | undefined] = [0, undefined];
  do {
    const page: { readonly items: readonly RelationshipRecord[]; readonly next: string | undefined } =
      await context.relationships.list({ where, limit: PAGE, after });
    const shown = page.items.filter((edge) => {
      const type = types.get(edge.typeId);
      // One of a type that is newer than the reading.
      if (!type || (on !== null && !isValidOn(edge, on, certainty))) return false;
      return strengthOf(edge, type) >= minStrength;
    });
    count += shown.length;
    refuseMany(context, count, asked);
    if (shown.length > 0) yield shown;
    after = page.next;
  } while (after !== undefined);
}

/** Two queries for each hop and thousand things. */
async function edgesWithin(
  context: RelationshipsContext,
  asked: AskedGraph,
  around: readonly RecordReference[],
): Promise<Iterable<RelationshipRecord>> {
  const { hops, on, certainty, visibility, typeIds, minStrength, types, maxEdges } = asked;
  const options = { on: on ?? undefined, certainty, visibility, typeIds, minStrength, types };
  const found = new Map<string, RelationshipRecord>();
  let frontier = around;
  const reached = new Set(frontier.map(thingKey));
  for (let hop = 0; hop < hops && frontier.length > 0; hop++) {
    const next: RecordReference[] = [];
    for (const part of chunksOf(frontier)) {
      // An edge may be told from both of its ends.
      for (const { edge, far } of await edgesAround(context, part, { ...options, most: 2 * maxEdges })) {
        found.set(edge.id, edge);
        if (reached.has(thingKey(far))) continue;
        reached.add(thingKey(far));
        next.push(far);
      }
      refuseMany(context, found.size, asked);
    }
    frontier = next;
  }
  return found.values();
}

function refuseMany(context: RelationshipsContext, count: number, { maxEdges }: AskedGraph): void {
  if (count > maxEdges)
    throw context.error("relationship_graph_too_large", { entity: "relationship", field: "maxEdges", most: maxEdges });
}

interface NamedEnds {
  /** By `thingKey`, with what is asked around. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly records: ReadonlyMap<string, AnyRecord>;
}

async function namedEnds(
  context: RelationshipsContext,
  edges: readonly RelationshipRecord[],
  { around = [] }: AskedGraph,
): Promise<NamedEnds> {
  const things = new Map([...around, ...edges.flatMap(endsOf)].map((thing) => [thingKey(thing), thing]));
  const records = await recordsOf(context, [...things.values()]);
  const named = [...things].map(([key, thing]) => {
    const record = records.get(key);
    return [key, { thing, name: record ? displayName(record) : thing.id }] as const;
  });
  return { nodes: new Map(named), records };
}

/** In their order; one query for each entity, and one for offices, for every thousand. */
export async function drawEdges(
  context: RelationshipsContext,
  edges: readonly RelationshipRecord[],
  { asked, names }: { readonly asked: AskedGraph; readonly names?: NamedEnds },
): Promise<readonly DrawnEdge[]> {
  const { nodes, records } = names ?? (await namedEnds(context, edges, asked));
  const titles = await titlesOf(context, edges);
  return edges.map((edge) => {
    const [from, to] = endsOf(edge).map((thing) => nodes.get(thingKey(thing))!) as [GraphNode, GraphNode];
    const type = asked.types.get(edge.typeId)!;
    const gender = genderOf(records.get(thingKey(from.thing)));
    const name = labelOf(type, "from", { language: asked.language, gender }).name ?? type.name;
    return { edge, type, from, to, name, office: titles.get(edge.officeId ?? "") };
  });
}

export function endsOf(edge: RelationshipRecord): readonly RecordReference[] {
  return [
    { entityType: edge.fromType, id: edge.fromId },
    { entityType: edge.toType, id: edge.toId },
  ];
}

async function titlesOf(context: RelationshipsContext, edges: readonly RelationshipRecord[]) {
  const titles = new Map<string, string>();
  const ids = new Set(edges.flatMap(({ officeId }) => officeId ?? []));
  for (const part of chunksOf([...ids]))
    for await (const { id, title } of context.offices.iterate({ where: { id: { in: part } }, archived: "include" }))
      titles.set(id, title);
  return titles;
}
