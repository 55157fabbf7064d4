/** All relationships of a day in typed arrays: things are numbered, and the edges of each stand one after another (compressed sparse rows). */
import type { RecordReference } from "@relata/core/plugin";
import type { RelationshipsContext } from "../parts.ts";
import type { AskedEdges } from "../question/asked-edges.ts";
import type { Budget } from "../question/budget.ts";
import { thingKey } from "../things.ts";
import { type IdBytes, idBytes } from "./id-bytes.ts";

export interface GraphIndex {
  readonly things: readonly RecordReference[];
  readonly keys: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  /** The edges of thing `n` stand from `starts[n]` to before `starts[n + 1]`. */
  readonly starts: Uint32Array;
  /** Where each leads, whichever way it was recorded. Of one thing the strongest come first. */
  readonly fars: Uint32Array;
  /** Its number: the edges in the order of their ids. */
  readonly edges: Uint32Array;
  /** By the number of an edge; in ten-thousandths. */
  readonly strengths: Uint16Array;
  readonly ids: IdBytes;
  readonly bytes: number;
}

/** Per thing: a number in a map, a key, and an object of two texts; as V8 keeps them, about. */
const BYTES_PER_THING = 160;

/** By pages of a thousand. What is written meanwhile may be in it or not. @throws `search_too_wide` */
export async function loadIndex(
  context: RelationshipsContext,
  { asked, budget }: { readonly asked: AskedEdges; readonly budget: Budget },
): Promise<GraphIndex> {
  const numbers = new Map<string, number>();
  const things: RecordReference[] = [];
  const numberOf = (thing: RecordReference): number => {
    const key = thingKey(thing);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, things.length);
    return things.push(thing) - 1;
  };
  const ends: number[] = [];
  const strengths: number[] = [];
  const texts: string[] = [];
  const select = ["typeId", "fromType", "fromId", "toType", "toId", "strength"] as const;
  const where = { and: [asked.where("from"), asked.where("to")] };
  for await (const edge of context.relationships.iterate({ where, select })) {
    budget.spend(1);
    const strength = asked.strengthOf(edge);
    const from = numberOf({ entityType: edge.fromType, id: edge.fromId });
    const to = numberOf({ entityType: edge.toType, id: edge.toId });
    if (from === to) continue;
    ends.push(from, to);
    strengths.push(strength);
    texts.push(edge.id);
  }
  const ids = idBytes(texts.length);
  for (const [i, id] of texts.entries()) ids.set(i, id);
  const ofEdges = Uint16Array.from(strengths);
  const rows = rowsOf(things.length, ends, ofEdges);
  const arrays = [rows.starts, rows.fars, rows.edges, ofEdges, ids].reduce(
    (sum, { byteLength }) => sum + byteLength,
    0,
  );
  const keys = [...numbers.keys()];
  const letters = keys.reduce((sum, key) => sum + 2 * key.length, 0);
  const bytes = arrays + letters + BYTES_PER_THING * keys.length;
  return { things, keys, numbers, ...rows, strengths: ofEdges, ids, bytes };
}

function rowsOf(
  things: number,
  ends: readonly number[],
  strengths: Uint16Array,
): Pick<GraphIndex, "starts" | "fars" | "edges"> {
  const starts = new Uint32Array(things + 1);
  for (const end of ends) starts[end + 1]!++;
  for (let i = 0; i < things; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice(0, things);
  const [fars, edges] = [new Uint32Array(ends.length), new Uint32Array(ends.length)];
  const ordered = Uint32Array.from(strengths.keys()).sort((a, b) => strengths[b]! - strengths[a]! || a - b);
  for (const edge of ordered) {
    for (const end of [2 * edge, 2 * edge + 1]) {
      const place = next[ends[end]!]!++;
      fars[place] = ends[end ^ 1]!;
      edges[place] = edge;
    }
  }
  return { starts, fars, edges };
}
