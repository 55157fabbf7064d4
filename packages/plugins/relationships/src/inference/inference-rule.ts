/** A rule by which relationships follow from others. What follows is never stored. */
import { boolean, decimal, defineEntity, json, oneOf, text } from "@relata/core/plugin";
import { type InferenceRuleInput, stepsSchema } from "./rule-schemas.ts";

export const inferenceRule = defineEntity("inferenceRule", {
  plural: "inferenceRules",
  fields: {
    key: text({ minLength: 1, maxLength: 200 }).unique(),
    name: text({ fold: true, minLength: 1, maxLength: 200 }),
    inverseName: text({ fold: true, maxLength: 200 }).optional(),
    fromRole: text({ minLength: 1, maxLength: 100 }),
    toRole: text({ maxLength: 100 }).optional(),
    shape: oneOf("paired", "symmetric").default("paired"),
    steps: json(() => stepsSchema()),
    overlapping: boolean().default(true),
    different: boolean().default(true),
    minStrength: decimal({ scale: 4, min: 0, max: 1 }).optional(),
    /** The key of the type that says the same. */
    means: text({ maxLength: 200 }).optional(),
  },
});

/**
 * A rule in code, typed by its key. Give it to `inferred`, or to `defineRules` so that it is the tenant's.
 *
 * @example
 * ```ts
 * import { defineInferenceRule } from "@relata/relationships";
 *
 * export const grandparent = defineInferenceRule({
 *   key: "grandparent",
 *   name: "grandparent of",
 *   inverseName: "grandchild of",
 *   fromRole: "grandparent",
 *   toRole: "grandchild",
 *   steps: [{ role: "child" }, { role: "child" }],
 * });
 * ```
 */
export function defineInferenceRule<const K extends string>(rule: InferenceRuleInput<K>): InferenceRuleInput<K> {
  return rule;
}
