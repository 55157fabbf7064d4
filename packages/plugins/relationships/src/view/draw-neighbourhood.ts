/** What is around a thing, to look at. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { parsed, thingSchema } from "../asked.ts";
import { type GraphNode, type GraphQuery, readGraph } from "../export/read-graph.ts";
import { once } from "../once.ts";
import type { RelationshipsContext } from "../parts.ts";
import { thingKey } from "../things.ts";
import { layOut } from "./lay-out.ts";
import { neighbourhoodPage } from "./neighbourhood-page.ts";
import { englishNeighbourhoodWords, type NeighbourhoodWords } from "./page-words.ts";

export interface DrawQuery extends Omit<GraphQuery, "around" | "language"> {
  /** Unless given, "Relationships of" the things. */
  readonly title?: string | undefined;
  /** The language tag of the page, and of what relationships are called; "en" unless given. */
  readonly language?: string | undefined;
  /** The words of the page in another language than English. */
  readonly words?: { readonly [W in keyof NeighbourhoodWords]?: string | undefined } | undefined;
}

/** Without it, all that there is would be drawn. */
const aroundSchema = z.union([thingSchema, z.array(thingSchema).min(1)]);
/** What it has is checked by those who take it. */
const querySchema = z.looseObject({});

const pageSchema = once(() =>
  z.strictObject({
    title: z.string().optional(),
    language: z.string().refine(isLanguage, { message: 'is no language tag, such as "en" or "zh-TW"' }).default("en"),
    words: z
      .partialRecord(
        z.enum(Object.keys(englishNeighbourhoodWords) as (keyof NeighbourhoodWords)[]),
        z.string().optional(),
      )
      .default({}),
  }),
);

/** @throws as `readGraph` */
export async function drawNeighbourhood(
  context: RelationshipsContext,
  asked: { readonly around: RecordReference | readonly RecordReference[]; readonly query: DrawQuery },
  maxEdges: number,
): Promise<string> {
  const around = parsed("relationshipGraph", aroundSchema, asked.around);
  const { title, language, words: own, ...rest }: DrawQuery = parsed("relationshipGraph", querySchema, asked.query);
  const query = { ...rest, around };
  const page = parsed("relationshipGraph", pageSchema(), { title, language, words: own });
  const given = Object.entries(page.words).filter(([, word]) => word !== undefined);
  const words: NeighbourhoodWords = { ...englishNeighbourhoodWords, ...Object.fromEntries(given) };
  const graph = await readGraph(context, { ...query, language: page.language }, maxEdges);
  const starts = new Set([around].flat().map(thingKey));
  const isStart = ({ thing }: GraphNode) => starts.has(thingKey(thing));
  const names = graph.nodes.filter(isStart).map(({ name }) => name);
  const day = graph.on === null ? words.onAnyDay : `${words.on} ${graph.on}`;
  const known = context.now().toISOString().slice(0, 16).replace("T", " ");
  return neighbourhoodPage({
    ...{ graph, isStart, words, language: page.language },
    layout: await layOut(graph.nodes.length, graph.edges),
    title: page.title ?? `${words.around} ${names.join(", ")}`,
    caption: `${day}, ${words.asOf} ${known} UTC`,
  });
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
