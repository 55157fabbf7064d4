/** Exports and drawings, as services. The code is loaded when it is first asked for. */
import { loadedFunctions, type RecordReference } from "@relata/core/plugin";
import type { RelationshipsContext } from "../parts.ts";
import type { DrawQuery } from "../view/draw-neighbourhood.ts";
import type { JsonDocument } from "./json-document.ts";
import type { GraphQuery } from "./read-graph.ts";

interface ExportServices {
  /** As GraphML, for yEd, Gephi and others; whole in memory. @throws `relationship_graph_too_large` with `maxEdges`; `unknown_relationship_type`, `invalid_input` */
  exportGraphml(query?: GraphQuery): Promise<string>;
  /**
   * As a document that `importRelationships({ json })` reads: what relationships say, and their types; not their acts, their evidence, and whose place they take.
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

/** What Mermaid draws at most by itself, and what is still read on a page. */
const DRAWN = 500;

export const exportServices: (context: RelationshipsContext) => ExportServices = loadedFunctions<
  RelationshipsContext,
  ExportServices
>({ exportGraphml: true, exportJson: true, exportMermaid: true, drawNeighbourhood: true }, async () => {
  const { readGraph, graphml, jsonDocument, mermaid, drawNeighbourhood } = await import("./later.ts");
  return (context) => ({
    exportGraphml: async (query = {}) => graphml(await readGraph(context, query)),
    exportJson: async (query = {}) => jsonDocument(await readGraph(context, query)),
    exportMermaid: async (query = {}) => mermaid(await readGraph(context, query, DRAWN)),
    drawNeighbourhood: (around, query = {}) => drawNeighbourhood(context, { around, query }, DRAWN),
  });
});
