/** Relationships between anything and anything. */

export type { ActOptions, CorrectInput, EndInput, Superseded, SupersedeInput } from "./edge/acts.ts";
export type { DescribedThing, DescribeQuery, EdgeDescription } from "./edge/describe-edges.ts";
export type { Certainty } from "./edge/edge-days.ts";
export type { EvidenceInput } from "./edge/evidence.ts";
export type { AnyRelateInput, EdgeValues, RelateInput } from "./edge/relate.ts";
export type { PartyTie, TiesQuery } from "./edge/ties-on.ts";
export type { EngagementInput, EngagementTypeDefinition, LeaveInput, ParticipantInput } from "./engagement/engage.ts";
export type { EngagementRole } from "./engagement/engagement-roles.ts";
export type { IncompleteEngagement, MissingRole } from "./engagement/incomplete.ts";
export type { Participant, Participation, ParticipationQuery } from "./engagement/participants.ts";
export type { JsonAct, JsonDocument, JsonEdge, JsonEngagement, JsonProfile } from "./export/json-document.ts";
export type { GraphQuery } from "./export/read-graph.ts";
export type { Centrality, CentralityMeasure, CentralityQuery } from "./graph/centrality.ts";
export type { Communities, CommunitiesQuery } from "./graph/communities.ts";
export type { GraphNeighbours } from "./graph/graph-neighbours.ts";
export type { GraphPath, GraphPathsQuery } from "./graph/graph-paths.ts";
export type { OpenGraphQuery, RelationshipGraph } from "./graph/open-graph.ts";
export type { NetworkQuery } from "./graph/read-network.ts";
export type { HealthContribution, HealthQuery, RelationshipHealth } from "./health/health.ts";
export type {
  EndOptions,
  ImportColumns,
  ImportOptions,
  ImportProgress,
  ImportSource,
  ResolveThings,
  RowField,
} from "./import/import-options.ts";
export type {
  FallbackType,
  ImportChoice,
  ImportChoices,
  ImportFinding,
  ImportProblem,
  ImportReport,
  UnmappedRole,
} from "./import/import-report.ts";
export type { RoleReading } from "./import/parse-role.ts";
export type { CsvSource } from "./import/read-csv.ts";
export type { TextSource } from "./import/read-text.ts";
export type { RoleRule } from "./import/role-rules.ts";
export type { RoleWords, Tense } from "./import/role-words.ts";
export type { ImportRow } from "./import/source-row.ts";
export type { Inferred } from "./inference/infer.ts";
export { defineInferenceRule } from "./inference/inference-rule.ts";
export type { InferenceOptions } from "./inference/inference-services.ts";
export type { InferenceRuleInput, InferenceStep } from "./inference/rule-schemas.ts";
export { familyRules, standardRules, workRules } from "./inference/standard-rules.ts";
export type { InferenceWay } from "./inference/ways.ts";
export type { DayQuery, SpanQuery } from "./interval/asked-days.ts";
export type { DayInterval } from "./interval/day-interval.ts";
export {
  type Crowd,
  crowdedDays,
  gapsBetween,
  gapsIn,
  intersectionOf,
  overlapsAmong,
  type Stretch,
  stretchesOf,
  unionOf,
  without,
} from "./interval/interval-sets.ts";
export { inverseRelation, type TimeRelation, timeRelation, timeRelations } from "./interval/time-relation.ts";
export type { MergedEdge, MergePreview, MergePreviewInput } from "./merge/merge-services.ts";
export type { OfficeDefinition } from "./office/define-offices.ts";
export type { Handover } from "./office/handovers.ts";
export type { AppointInput, VacateInput } from "./office/hold-office.ts";
export type { HoldersAround } from "./office/holders.ts";
export type { OfficeSpanQuery, VacancyQuery } from "./office/office-services.ts";
export type { AskedOffices, Holding } from "./office/read-offices.ts";
export type { Vacancy } from "./office/vacancies.ts";
export type { AttributeFilter, AttributeRange } from "./party/attribute-filter.ts";
export type { PartyKindDefinition } from "./party/define-party-kinds.ts";
export type { PartiesQuery, Party, PartyPage } from "./party/parties.ts";
export type { Described, ProfileInput } from "./party/profiles.ts";
export { standardPartyKinds } from "./party/standard-party-kinds.ts";
export type { During, EdgesQuery } from "./question/asked-edges.ts";
export type { Connector, Connectors, ConnectorsQuery } from "./question/common-connections.ts";
export type { ConnectionPath, PathsQuery } from "./question/find-paths.ts";
export type { NamedThing } from "./question/name-things.ts";
export type { Neighbour, NeighbourStep, NeighboursPage, NeighboursQuery } from "./question/neighbours.ts";
export type { Relation } from "./question/relation.ts";
export type { RelationCount, RelationsPage, RelationsPageQuery, RelationsQuery } from "./question/relations-of.ts";
export { type Relationships, type RelationshipsOptions, relationships } from "./relationships.ts";
export type { PartyTimelineQuery, TimelineQuery } from "./timeline/timeline-services.ts";
export type { OfficeTimeline, PartyTimeline, TimeComparison, TimelineEntry } from "./timeline/timelines.ts";
export type { StatementRecord } from "./transparency/decide.ts";
export type { ExplainOptions, Explanation } from "./transparency/explain.ts";
export type { ExportOptions, JsonLdDocument, JsonLdNode } from "./transparency/export-party.ts";
export type { Audience, SightQuery, UseQuery, Verdict } from "./transparency/may-use.ts";
export type { ReadingInput, ReadingRecord, ReadingsPage, ReadingsQuery } from "./transparency/readings.ts";
export type { StatementInput } from "./transparency/statements.ts";
export { type AttributesOf, defineRelationshipType, type TypeDefinition } from "./type/define-relationship-type.ts";
export { type Label, type LabelQuery, labelOf } from "./type/label-of.ts";
export { officeHolderType, standardTypes } from "./type/standard-types.ts";
export type { AttributeDefinition, Limit, Variant } from "./type/type-schemas.ts";
export type { DrawQuery } from "./view/draw-neighbourhood.ts";
export { englishNeighbourhoodWords, type NeighbourhoodWords } from "./view/page-words.ts";
