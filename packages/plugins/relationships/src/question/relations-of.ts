/** Who relates to a thing, how, and since when. */
import { count, decodeCursor, encodeCursor, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { parsed, thingSchema } from "../asked.ts";
import { type OrientedEdge, orient } from "../edges-around.ts";
import type { RelationshipsContext } from "../parts.ts";
import { nameAt, otherEnd, roleAt } from "../type/type-ends.ts";
import {
  type AskedEdges,
  askedEdges,
  type During,
  duringSchema,
  type EdgesQuery,
  edgesFields,
  rolesSchema,
} from "./asked-edges.ts";
import { nameThings, requireThings } from "./name-things.ts";
import { type Relation, relationOf } from "./relation.ts";

export interface RelationsQuery extends EdgesQuery {
  /** Instead of `on`: valid on any of these days. */
  readonly during?: During | undefined;
  /** The other thing has one of these roles. */
  readonly roles?: readonly string[] | undefined;
}

export interface RelationsPageQuery extends RelationsQuery {
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface RelationsPage {
  readonly items: readonly Relation[];
  readonly next: string | undefined;
}

export interface RelationCount {
  /** The key of the type. */
  readonly type: string;
  /** What the thing asked about is to the others: "employer of". */
  readonly name: string | null;
  /** What the others are: "employee". */
  readonly role: string | null;
  readonly count: number;
}

const fields = {
  ...edgesFields,
  during: duringSchema.optional(),
  roles: rolesSchema.optional(),
};
const pageSchema = z.strictObject({
  ...fields,
  limit: z.int().min(1).max(1_000).default(50),
  after: z.string().optional(),
});
const countSchema = z.strictObject(fields);

const ORDER = [{ validFrom: "desc" }, { id: "asc" }] as const;

/**
 * Those without a beginning first, then the latest beginnings. Four statements a page, one for each entity among the others, and one for the day where none is given. A relationship with itself is
 * told once.
 *
 * @throws `invalid_input`, `not_found`, `unknown_relationship_type`
 */
export async function relationsOf(
  context: RelationshipsContext,
  thing: RecordReference,
  query: RelationsPageQuery = {},
): Promise<RelationsPage> {
  const near = parsed("relationship", thingSchema, thing);
  const { limit, after, ...rest } = parsed("relationship", pageSchema, query);
  await requireThings(context, [near]);
  const asked = await askedEdges(context, "relationship", rest);
  const question = JSON.stringify(["relations", near, rest]);
  const place = after === undefined ? undefined : decodeCursor(question, after);
  const found: OrientedEdge[] = [];
  let goesOn = false;
  for (const end of ["from", "to"] as const) {
    const ordered = { where: edgesAt(asked, near, end), orderBy: ORDER };
    const start = place && ({ validFrom: place[0], id: place[1] } as Start);
    const { items, next } = await context.relationships.list({
      ...{ ...ordered, limit },
      after: start && (await context.relationships.cursorAfter(start, ordered)),
    });
    goesOn ||= next !== undefined;
    found.push(...items.map((edge) => orient(edge, asked.types.get(edge.typeId)!, end)));
  }
  const ordered = found.toSorted((a, b) => compareStarts(a.edge, b.edge));
  const page = ordered.slice(0, limit);
  const named = await nameThings(
    context,
    page.map(({ far }) => far),
  );
  const last = page.at(-1)?.edge;
  return {
    items: page.map((oriented) => relationOf(oriented, asked, named)),
    next: last && (goesOn || ordered.length > limit) ? encodeCursor(question, [last.validFrom, last.id]) : undefined,
  };
}

/** How many there are of each type and role, the most first. Four statements, and one for the day where none is given. @throws as `relationsOf` */
export async function countRelations(
  context: RelationshipsContext,
  thing: RecordReference,
  query: RelationsQuery = {},
): Promise<readonly RelationCount[]> {
  const near = parsed("relationship", thingSchema, thing);
  const given = parsed("relationship", countSchema, query);
  await requireThings(context, [near]);
  const asked = await askedEdges(context, "relationship", given);
  const counts = new Map<string, RelationCount>();
  for (const end of ["from", "to"] as const) {
    const where = edgesAt(asked, near, end);
    const groups = await context.relationships.aggregate({
      where,
      groupBy: { typeId: "typeId" },
      measures: { edges: count() },
    });
    for (const { typeId, edges } of groups) {
      const type = asked.types.get(typeId!)!;
      const [name, role] = [nameAt(type, end), roleAt(type, otherEnd(end))];
      const key = JSON.stringify([type.key, name, role]);
      counts.set(key, { type: type.key, name, role, count: edges + (counts.get(key)?.count ?? 0) });
    }
  }
  return [...counts.values()].toSorted(
    (a, b) => b.count - a.count || compare(a.type, b.type) || compare(a.role ?? "", b.role ?? ""),
  );
}

function edgesAt(asked: AskedEdges, { entityType, id }: RecordReference, end: "from" | "to") {
  const from = { fromId: id, fromType: entityType };
  // What relates a thing to itself is found at its `from` end.
  const at = end === "from" ? [from] : [{ toId: id, toType: entityType }, { not: from }];
  return { and: [asked.where(end), ...at] };
}

interface Start {
  readonly validFrom: string | null;
  readonly id: string;
}

/** As the storage orders them: descending, what is open first. */
function compareStarts(a: Start, b: Start): number {
  if (a.validFrom === b.validFrom) return compare(a.id, b.id);
  if (a.validFrom === null || b.validFrom === null) return a.validFrom === null ? -1 : 1;
  return a.validFrom < b.validFrom ? 1 : -1;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
