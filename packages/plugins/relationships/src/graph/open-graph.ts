/** All relationships of a day in memory, for many questions one after another. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
import type { RelationshipsContext } from "../parts.ts";
import { askedEdges, type EdgesQuery, edgesFields } from "../question/asked-edges.ts";
import { budgetOf } from "../question/budget.ts";
import { type GraphNeighbours, graphNeighbours } from "./graph-neighbours.ts";
import { type GraphPath, type GraphPathsQuery, graphPaths } from "./graph-paths.ts";
import { loadIndex } from "./load-index.ts";

export interface OpenGraphQuery extends EdgesQuery {
  /** So many relationships may be read; 5,000,000 unless given. */
  readonly maxEdges?: number | undefined;
}

type Things = RecordReference | readonly RecordReference[];

/**
 * Relationships as they were when they were read. What relates a thing to itself is not in it. Questions answer at once,
 * without the storage; a thing that has no relationship in it is no error, and reaches nobody.
 */
export interface RelationshipGraph {
  /** The day. */
  readonly on: string;
  /** When it was read, by the clock of the CRM. */
  readonly readAt: Date;
  /** How old it is by now. */
  ageMs(): number;
  readonly things: number;
  readonly relationships: number;
  /** What it takes: exact for its arrays, about 160 bytes and its key for each thing. */
  readonly bytes: number;
  /** As the service of this name: the nearest first. `hops` is 1 unless given. @throws `invalid_input` */
  neighbours(things: Things, query?: { readonly hops?: number | undefined }): GraphNeighbours;
  /** The same paths as the service of this name, in the same order. @throws `invalid_input` */
  shortestPaths(from: Things, to: Things, query?: GraphPathsQuery): readonly GraphPath[];
  strongestPaths(from: Things, to: Things, query?: GraphPathsQuery): readonly GraphPath[];
  /** Reads all anew; of today, where no day was given. Until it is done, questions are answered from what was read before. @throws as `openGraph` */
  refresh(): Promise<void>;
}

const querySchema = z.strictObject({ ...edgesFields, maxEdges: z.int().min(1).default(5_000_000) });

export async function openGraph(context: RelationshipsContext, query: OpenGraphQuery = {}): Promise<RelationshipGraph> {
  const { maxEdges, ...rest } = parsed("relationship", querySchema, query);
  const load = async () => {
    const asked = await askedEdges(context, "relationship", rest);
    const readAt = context.now();
    const index = await loadIndex(context, { asked, budget: budgetOf(context, maxEdges) });
    return { index, readAt, on: asked.days.from };
  };
  let loaded = await load();
  return {
    get on() {
      return loaded.on;
    },
    get readAt() {
      return loaded.readAt;
    },
    get things() {
      return loaded.index.things.length;
    },
    get relationships() {
      return loaded.index.strengths.length;
    },
    get bytes() {
      return loaded.index.bytes;
    },
    ageMs: () => context.now().getTime() - loaded.readAt.getTime(),
    neighbours: (things, asked) => graphNeighbours(loaded.index, things, asked),
    shortestPaths: (from, to, asked) => graphPaths(loaded.index, { from, to, byStrength: false }, asked),
    strongestPaths: (from, to, asked) => graphPaths(loaded.index, { from, to, byStrength: true }, asked),
    refresh: async () => {
      loaded = await load();
    },
  };
}
