/** Relationships as JSON, which an import reads again. */
import type { RecordReference } from "@relata/core/plugin";
import type { RelationshipRecord, TypeRecord } from "../parts.ts";
import type { TypeDefinition } from "../type/define-relationship-type.ts";
import type { ExportedGraph, GraphEdge } from "./read-graph.ts";

export interface JsonDocument {
  readonly format: "relata-relationships";
  readonly version: 1;
  /** Valid on this day; null: on any. */
  readonly on: string | null;
  readonly nodes: readonly (RecordReference & { readonly name: string })[];
  /** Those that edges are of. */
  readonly types: readonly TypeDefinition[];
  readonly edges: readonly JsonEdge[];
}

/** By the fields that rows of an import have; what is null or as it is by default is left out. */
export interface JsonEdge {
  readonly from: RecordReference;
  readonly to: RecordReference;
  readonly type: string;
  readonly key?: string;
  readonly office?: string;
  readonly validFrom?: string;
  readonly validFromIs?: RelationshipRecord["validFromIs"];
  readonly validUntil?: string;
  readonly validUntilIs?: RelationshipRecord["validUntilIs"];
  readonly isPrimary?: true;
  readonly strength?: string;
  readonly confidence?: string;
  readonly basis: RelationshipRecord["basis"];
  readonly source?: string;
  readonly notes?: string;
  readonly visibility: RelationshipRecord["visibility"];
  readonly attributes?: RelationshipRecord["attributes"];
}

export function jsonDocument({ nodes, edges, on }: ExportedGraph): JsonDocument {
  const types = new Map(edges.map(({ type }) => [type.id, type]));
  return {
    ...{ format: "relata-relationships", version: 1, on },
    nodes: nodes.map(({ thing, name }) => ({ ...thing, name })),
    types: [...types.values()].map(definitionOf),
    edges: edges.map(edgeOf),
  };
}

function edgeOf({ edge, type, office }: GraphEdge): JsonEdge {
  const values = {
    ...{ from: { entityType: edge.fromType, id: edge.fromId }, to: { entityType: edge.toType, id: edge.toId } },
    ...{ type: type.key, key: edge.key, office },
    ...{ validFrom: edge.validFrom, validFromIs: edge.validFromIs === "exact" ? null : edge.validFromIs },
    ...{ validUntil: edge.validUntil, validUntilIs: edge.validUntilIs === "exact" ? null : edge.validUntilIs },
    ...{ isPrimary: edge.isPrimary || null, strength: edge.strength, confidence: edge.confidence, basis: edge.basis },
    ...{ source: edge.source, notes: edge.notes, visibility: edge.visibility },
    attributes: Object.keys(edge.attributes).length === 0 ? null : edge.attributes,
  };
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as JsonEdge;
}

function definitionOf(type: TypeRecord): TypeDefinition {
  const { key, category, shape, name, inverseName, fromRole, toRole, variants, fromEntities, toEntities } = type;
  const { limits, mayOverlap, mayReverse, mayRelateToSelf, attributes, defaultStrength } = type;
  return {
    ...{ key, category, shape, name, inverseName, fromRole, toRole, variants, fromEntities, toEntities },
    ...{ limits, mayOverlap, mayReverse, mayRelateToSelf, attributes, defaultStrength },
  };
}
