/** Relationships between anything and anything. */
export type { ActOptions, CorrectInput, EndInput, Superseded, SupersedeInput } from "./edge/acts.ts";
export type { DescribedThing, DescribeQuery, EdgeDescription } from "./edge/describe-edges.ts";
export type { Certainty } from "./edge/edge-days.ts";
export type { EvidenceInput } from "./edge/evidence.ts";
export type { AnyRelateInput, EdgeValues, RelateInput } from "./edge/relate.ts";
export type { PartyTie, TiesQuery } from "./edge/ties-on.ts";
export type {
  EngagementInput,
  EngagementTypeDefinition,
  LeaveInput,
  ParticipantInput,
} from "./engagement/engage.ts";
export type { EngagementRole } from "./engagement/engagement-roles.ts";
export type { IncompleteEngagement, MissingRole } from "./engagement/incomplete.ts";
export type { Participant, Participation, ParticipationQuery } from "./engagement/participants.ts";
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

export { type Relationships, relationships } from "./relationships.ts";
export type { PartyTimelineQuery, TimelineQuery } from "./timeline/timeline-services.ts";
export type { OfficeTimeline, PartyTimeline, TimeComparison, TimelineEntry } from "./timeline/timelines.ts";
export { type AttributesOf, defineRelationshipType, type TypeDefinition } from "./type/define-relationship-type.ts";
export { type Label, type LabelQuery, labelOf } from "./type/label-of.ts";
export { officeHolderType, standardTypes } from "./type/standard-types.ts";
export type { AttributeDefinition, Limit, Variant } from "./type/type-schemas.ts";
