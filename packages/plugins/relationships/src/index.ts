/** Relationships between anything and anything. */
export type { ActOptions, CorrectInput, EndInput, Superseded, SupersedeInput } from "./edge/acts.ts";
export type { DescribedThing, DescribeQuery, EdgeDescription } from "./edge/describe-edges.ts";
export type { Certainty } from "./edge/edge-days.ts";
export type { EvidenceInput } from "./edge/evidence.ts";
export type { AnyRelateInput, EdgeValues, RelateInput } from "./edge/relate.ts";
export type { PartyTie, TiesQuery } from "./edge/ties-on.ts";
export type { Centrality, CentralityMeasure, CentralityQuery } from "./graph/centrality.ts";
export type { Communities, CommunitiesQuery } from "./graph/communities.ts";
export type { GraphNeighbours } from "./graph/graph-neighbours.ts";
export type { GraphPath, GraphPathsQuery } from "./graph/graph-paths.ts";
export type { OpenGraphQuery, RelationshipGraph } from "./graph/open-graph.ts";
export type { NetworkQuery } from "./graph/read-network.ts";
export type { HealthContribution, HealthQuery, RelationshipHealth } from "./health/health.ts";
export type { During, EdgesQuery } from "./question/asked-edges.ts";
export type { Connector, Connectors, ConnectorsQuery } from "./question/common-connections.ts";
export type { ConnectionPath, PathsQuery } from "./question/find-paths.ts";
export type { NamedThing } from "./question/name-things.ts";
export type { Neighbour, NeighbourStep, NeighboursQuery } from "./question/neighbours.ts";
export type { Relation } from "./question/relation.ts";
export type {
  RelationCount,
  RelationsPage,
  RelationsPageQuery,
  RelationsQuery,
} from "./question/relations-of.ts";
export { type Relationships, relationships } from "./relationships.ts";
export { type AttributesOf, defineRelationshipType, type TypeDefinition } from "./type/define-relationship-type.ts";
export { type Label, type LabelQuery, labelOf } from "./type/label-of.ts";
export { officeHolderType, standardTypes } from "./type/standard-types.ts";
export type { AttributeDefinition, Limit, Variant } from "./type/type-schemas.ts";
