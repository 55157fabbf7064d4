/** Relationships as JSON, piece by piece, and as a whole document of the same. */

import { documentParts, FORMAT } from "../import/source-row.ts";
import type { RelationshipsContext } from "../parts.ts";
import { documentPartsOf } from "./document-parts.ts";
import { type JsonDocument, jsonEdges } from "./json-document.ts";
import { type AskedGraph, edgePages } from "./read-graph.ts";

/** One line for each record. What is held is a page; what is around things is held whole. */
export async function* jsonPieces(
  context: RelationshipsContext,
  asked: AskedGraph,
): AsyncGenerator<string, void, undefined> {
  yield `{"format":"${FORMAT}","version":1,"on":${JSON.stringify(asked.on)}`;
  const pages = await heldPages(context, asked);
  const parts = documentPartsOf(context, asked, pages.held);
  for (const part of documentParts) yield* listPieces(part, parts[part]());
  yield* listPieces("edges", jsonEdges(context, asked, pages.each()));
  yield "}\n";
}

export async function jsonDocument(context: RelationshipsContext, asked: AskedGraph): Promise<JsonDocument> {
  const pages = await heldPages(context, asked);
  const parts = documentPartsOf(context, asked, pages.held);
  const document: { [list: string]: unknown } = { format: FORMAT, version: 1, on: asked.on };
  for (const part of documentParts) document[part] = (await Array.fromAsync<readonly unknown[]>(parts[part]())).flat();
  document.edges = (await Array.fromAsync(jsonEdges(context, asked, pages.each()))).flat();
  return document as unknown as JsonDocument;
}

/** What is around things tells which offices and engagements belong to it, before its relationships are written. */
async function heldPages(context: RelationshipsContext, asked: AskedGraph) {
  const held = asked.around ? (await Array.fromAsync(edgePages(context, asked))).flat() : undefined;
  return { held, each: () => (held ? [held] : edgePages(context, asked)) };
}

async function* listPieces(
  name: string,
  pages: AsyncIterable<readonly unknown[]>,
): AsyncGenerator<string, void, undefined> {
  yield `,\n"${name}":[`;
  let separator = "\n";
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield separator + page.map((value) => JSON.stringify(value)).join(",\n");
    separator = ",\n";
  }
  yield "\n]";
}
