/** Relationships as GraphML (graphml.graphdrawing.org), with the labels of yEd beside it; Gephi reads it too. */
import { escaped } from "@relata/core/markup";
import { roleAt } from "../type/type-ends.ts";
import type { ExportedGraph, GraphEdge, GraphNode } from "./read-graph.ts";

type Kind = "string" | "double" | "boolean";
type Value = string | number | boolean | null | undefined;

interface Key {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  readonly of: "node" | "edge";
}

const key = (of: Key["of"], name: string, kind: Kind = "string"): Key => ({ id: `${of}.${name}`, name, kind, of });

const nodeKeys = [key("node", "label"), key("node", "entityType"), key("node", "entityId")];
const edgeKeys = [
  ...[
    "id",
    "label",
    "type",
    "fromRole",
    "toRole",
    "office",
    "validFrom",
    "validFromIs",
    "validUntil",
    "validUntilIs",
  ].map((name) => key("edge", name)),
  ...[key("edge", "strength", "double"), key("edge", "confidence", "double"), key("edge", "isPrimary", "boolean")],
  ...["basis", "source", "notes", "visibility"].map((name) => key("edge", name)),
];

export function graphml({ nodes, edges }: ExportedGraph): string {
  const attributes = attributeKeys(edges);
  const keys = [...nodeKeys, ...edgeKeys, ...attributes.values()];
  const drawnNodes = nodes.map((node, at) => nodeElement(node, at));
  const drawnEdges = edges.map((edge, at) => edgeElement(edge, at, attributes));
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:y="http://www.yworks.com/xml/graphml" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
${keys.map(keyElement).join("\n")}
<key id="node.graphics" for="node" yfiles.type="nodegraphics"/>
<key id="edge.graphics" for="edge" yfiles.type="edgegraphics"/>
<graph id="relationships" edgedefault="directed">
${[...drawnNodes, ...drawnEdges].join("\n")}
</graph>
</graphml>
`;
}

function keyElement({ id, name, kind, of }: Key): string {
  return `<key id="${escaped(id)}" for="${of}" attr.name="${escaped(name)}" attr.type="${kind}"/>`;
}

/** Those of the types; one that is of several kinds is a text. */
function attributeKeys(edges: readonly GraphEdge[]): ReadonlyMap<string, Key> {
  const found = new Map<string, Key>();
  for (const type of new Set(edges.map((edge) => edge.type))) {
    for (const { key: name, kind } of type.attributes) {
      const own = kind === "number" || kind === "decimal" ? "double" : kind === "boolean" ? "boolean" : "string";
      const known = found.get(name)?.kind ?? own;
      found.set(name, key("edge", `attribute.${name}`, known === own ? own : "string"));
    }
  }
  return found;
}

function nodeElement({ thing, name }: GraphNode, at: number): string {
  const values = [name, thing.entityType, thing.id];
  const graphics = `<data key="node.graphics"><y:ShapeNode><y:NodeLabel>${escaped(name)}</y:NodeLabel></y:ShapeNode></data>`;
  return `<node id="n${at}">${nodeKeys.map((each, i) => dataElement(each, values[i])).join("")}${graphics}</node>`;
}

function edgeElement(drawn: GraphEdge, at: number, attributes: ReadonlyMap<string, Key>): string {
  const { edge, type, from, to, name: label, office } = drawn;
  const values: { readonly [name: string]: Value } = {
    ...{ ...edge, label, type: type.key, fromRole: roleAt(type, "from"), toRole: roleAt(type, "to"), office },
    ...{ strength: edge.strength ?? type.defaultStrength },
  } as never;
  const own = edgeKeys.map((each) => dataElement(each, values[each.name]));
  const more = [...attributes].map(([name, each]) => dataElement(each, edge.attributes[name]));
  const arrows = type.shape === "symmetric" ? "none" : "standard";
  const graphics = `<data key="edge.graphics"><y:PolyLineEdge><y:Arrows source="none" target="${arrows}"/><y:EdgeLabel>${escaped(label)}</y:EdgeLabel></y:PolyLineEdge></data>`;
  const directed = type.shape === "symmetric" ? ' directed="false"' : "";
  return `<edge id="e${at}" source="n${from}" target="n${to}"${directed}>${own.join("")}${more.join("")}${graphics}</edge>`;
}

function dataElement({ id }: Key, value: Value): string {
  return value === null || value === undefined ? "" : `<data key="${escaped(id)}">${escaped(String(value))}</data>`;
}
