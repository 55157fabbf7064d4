/** Relationships between anything and anything. */
export type { ActOptions, CorrectInput, EndInput, Superseded, SupersedeInput } from "./edge/acts.ts";
export type { DescribedThing, DescribeQuery, EdgeDescription } from "./edge/describe-edges.ts";
export type { Certainty } from "./edge/edge-days.ts";
export type { EvidenceInput } from "./edge/evidence.ts";
export type { AnyRelateInput, EdgeValues, RelateInput } from "./edge/relate.ts";
export type { PartyTie, TiesQuery } from "./edge/ties-on.ts";
export { type Relationships, relationships } from "./relationships.ts";
export { type AttributesOf, defineRelationshipType, type TypeDefinition } from "./type/define-relationship-type.ts";
export { type Label, type LabelQuery, labelOf } from "./type/label-of.ts";
export { officeHolderType, standardTypes } from "./type/standard-types.ts";
export type { AttributeDefinition, Limit, Variant } from "./type/type-schemas.ts";
