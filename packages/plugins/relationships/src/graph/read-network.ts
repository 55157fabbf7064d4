/** A part of the graph as a plain network: things, and for each two of them that are related, how strongly. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import type { RelationshipsContext } from "../parts.ts";
import type { AskedEdges } from "../question/asked-edges.ts";
import { askedEdges, type EdgesQuery, edgesFields } from "../question/asked-edges.ts";
import { type Budget, budgetOf } from "../question/budget.ts";
import { requireThings, thingsSchema } from "../question/name-things.ts";
import { hopsSchema, thingsAround } from "../question/neighbours.ts";
import { orderAround } from "../question/read-search-edges.ts";
import { chunksOf, thingKey } from "../things.ts";

export interface NetworkQuery extends EdgesQuery {
  /** Only these things and what is near them; all relationships of the day unless given. */
  readonly around?: RecordReference | readonly RecordReference[] | undefined;
  /** How near, in steps; 2 unless given. */
  readonly hops?: number | undefined;
  /** So many relationships may be read; 20,000 unless given. */
  readonly maxEdges?: number | undefined;
}

export interface Network {
  /** By key, in order. */
  readonly things: ReadonlyMap<string, RecordReference>;
  /** In the order of their keys. Several relationships between two are one tie, as strong as the strongest. */
  readonly ties: readonly Tie[];
}

export interface Tie {
  readonly a: string;
  readonly b: string;
  /** Over 0, at most 10,000 ten-thousandths. */
  readonly strength: number;
}

/** For `z.strictObject`. */
export const networkFields = {
  ...edgesFields,
  around: thingsSchema.optional(),
  hops: hopsSchema.default(2),
  maxEdges: z.int().min(1).default(20_000),
};

type Asked = z.output<z.ZodObject<typeof networkFields>>;

/** Without relationships of a thing with itself, and those of strength 0. @throws `not_found`, `unknown_relationship_type`, `search_too_wide` */
export async function readNetwork(
  context: RelationshipsContext,
  { around, hops, maxEdges, ...rest }: Asked,
): Promise<Network> {
  if (around) await requireThings(context, around);
  const asked = await askedEdges(context, "relationship", rest);
  const budget = budgetOf(context, maxEdges);
  // As many relationships lead to them, or more.
  const reached = around ? await thingsAround(context, around, { asked, hops, limit: maxEdges + 1 }) : [];
  if (reached.length > maxEdges) budget.spend(reached.length);
  const within = around && new Map([...around, ...reached].map((thing) => [thingKey(thing), thing]));
  const things = new Map<string, RecordReference>(within);
  const ties = new Map<string, Tie>();
  for await (const { from, to, strength } of edgesWithin(context, asked, { within, budget })) {
    for (const thing of [from, to]) things.set(thingKey(thing), thing);
    const [a, b] = [thingKey(from), thingKey(to)].toSorted() as [string, string];
    const key = `${a} ${b}`;
    if (a !== b && strength > (ties.get(key)?.strength ?? 0)) ties.set(key, { a, b, strength });
  }
  return { things: byKey(things), ties: [...byKey(ties).values()] };
}

async function* edgesWithin(
  context: RelationshipsContext,
  asked: AskedEdges,
  { within, budget }: { readonly within: ReadonlyMap<string, RecordReference> | undefined; readonly budget: Budget },
) {
  const select = ["typeId", "fromType", "fromId", "toType", "toId", "strength"] as const;
  const ids = within && [...new Set([...within.values()].map(({ id }) => id))];
  for (const part of ids ? chunksOf(ids) : [undefined]) {
    const at = part ? [{ fromId: { in: part } }] : [asked.where("to")];
    const where = { and: [asked.where("from"), ...at] };
    const orderBy = part ? orderAround("from") : [];
    for await (const edge of context.relationships.iterate({ where, select, orderBy })) {
      budget.spend(1);
      const from = { entityType: edge.fromType, id: edge.fromId };
      const to = { entityType: edge.toType, id: edge.toId };
      if (!within || (within.has(thingKey(from)) && within.has(thingKey(to))))
        yield { from, to, strength: asked.strengthOf(edge) };
    }
  }
}

function byKey<T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
