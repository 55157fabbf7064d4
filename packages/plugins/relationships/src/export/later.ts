/** What is loaded with the first export or drawing. */
export { drawNeighbourhood } from "../view/draw-neighbourhood.ts";
export { graphml } from "./graphml.ts";
export { jsonDocument } from "./json-document.ts";
export { mermaid } from "./mermaid.ts";
export { readGraph } from "./read-graph.ts";
