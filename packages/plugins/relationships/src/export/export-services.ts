/** Exports and drawings, as services. The code is loaded when it is first asked for. */
import { loadedFunctions, type RecordReference } from "@relata/core/plugin";
import type { RelationshipsContext } from "../parts.ts";
import type { DrawQuery } from "../view/draw-neighbourhood.ts";
import type { JsonDocument } from "./json-document.ts";
import type { GraphQuery } from "./read-graph.ts";

interface WholeExports {
  /** As GraphML, for yEd, Gephi and others; whole in memory. @throws `relationship_graph_too_large` with `maxEdges`; `unknown_relationship_type`, `invalid_input` */
  exportGraphml(query?: GraphQuery): Promise<string>;
  /**
   * As a document that `importRelationships({ json })` reads: relationships with evidence and acts, and the types, kinds, rules, offices, engagements and
   * descriptions of accounts that belong to them; not those that were retracted, who the things are apart from their names, what parties stated, and
   * who has read it. Whole in memory.
   *
   * @throws as `exportGraphml`
   */
  exportJson(query?: GraphQuery): Promise<JsonDocument>;
  /** As a flowchart of Mermaid. More than 500 relationships are refused unless `maxEdges` says so, and Mermaid's own then. @throws as `exportGraphml` */
  exportMermaid(query?: GraphQuery): Promise<string>;
  /**
   * What is around a thing, as a page of HTML that loads and runs nothing: a drawing, and a table of the same facts. More than 500 relationships are refused
   * unless `maxEdges` says so. @throws as `exportGraphml`
   */
  drawNeighbourhood(around: RecordReference | readonly RecordReference[], query?: DrawQuery): Promise<string>;
}

/** The same, piece by piece: a thousand relationships at a time, and some bytes for each thing, are held in memory; what is `around` things is held whole. */
interface StreamedExports {
  /**
   * What `exportGraphml` gives. Pages are read one after another: for one state of everything, ask a handle of the past, `crm.asOf(instant).relationships`.
   * @throws as `exportGraphml`, from the first piece on
   */
  streamGraphml(query?: GraphQuery): AsyncIterable<string>;
  /** The JSON of what `exportJson` gives, a line for each record. @throws as `streamGraphml` */
  streamJson(query?: GraphQuery): AsyncIterable<string>;
}

/** What Mermaid draws at most by itself, and what is still read on a page. */
const DRAWN = 500;

const wholeExports: (context: RelationshipsContext) => WholeExports = loadedFunctions<
  RelationshipsContext,
  WholeExports
>({ exportGraphml: true, exportJson: true, exportMermaid: true, drawNeighbourhood: true }, async () => {
  const { askedGraph, readGraph, graphmlPieces, jsonDocument, mermaid, drawNeighbourhood } = await import("./later.ts");
  return (context) => ({
    exportGraphml: async (query = {}) =>
      (await Array.fromAsync(graphmlPieces(context, await askedGraph(context, query)))).join(""),
    exportJson: async (query = {}) => jsonDocument(context, await askedGraph(context, query)),
    exportMermaid: async (query = {}) => mermaid(await readGraph(context, query, DRAWN)),
    drawNeighbourhood: (around, query = {}) => drawNeighbourhood(context, { around, query }, DRAWN),
  });
});

export function exportServices(context: RelationshipsContext): WholeExports & StreamedExports {
  return {
    ...wholeExports(context),
    async *streamGraphml(query = {}) {
      const { askedGraph, graphmlPieces } = await import("./later.ts");
      yield* graphmlPieces(context, await askedGraph(context, query));
    },
    async *streamJson(query = {}) {
      const { askedGraph, jsonPieces } = await import("./later.ts");
      yield* jsonPieces(context, await askedGraph(context, query));
    },
  };
}
