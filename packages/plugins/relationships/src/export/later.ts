/** What is loaded with the first export or drawing. */
export { drawNeighbourhood } from "../view/draw-neighbourhood.ts";
export { graphmlPieces } from "./graphml.ts";
export { jsonDocument, jsonPieces } from "./json-pieces.ts";
export { mermaid } from "./mermaid.ts";
export { askedGraph, readGraph } from "./read-graph.ts";
