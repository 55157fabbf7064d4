/** Relationships between anything and anything. */
export type { Certainty } from "./edge/edge-days.ts";
export type { EvidenceInput } from "./edge/evidence.ts";
export type { AnyRelateInput, EdgeValues, RelateInput } from "./edge/relate.ts";
export type { Inferred } from "./inference/infer.ts";
export { defineInferenceRule } from "./inference/inference-rule.ts";
export type { InferenceOptions } from "./inference/inference-services.ts";
export type { InferenceRuleInput, InferenceStep } from "./inference/rule-schemas.ts";
export { familyRules, standardRules, workRules } from "./inference/standard-rules.ts";
export type { InferenceWay } from "./inference/ways.ts";
export { type Relationships, relationships } from "./relationships.ts";
export { type AttributesOf, defineRelationshipType, type TypeDefinition } from "./type/define-relationship-type.ts";
export type { AttributeDefinition, Limit, Variant } from "./type/type-schemas.ts";
