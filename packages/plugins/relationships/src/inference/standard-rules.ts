/** Rules of families and of work that most want, over `standardTypes`. They name roles, so that they hold for every type that has these. */
import { defineInferenceRule } from "./inference-rule.ts";
import type { InferenceRuleInput } from "./rule-schemas.ts";

/** What follows from parents, children and spouses. */
export const familyRules = [
  defineInferenceRule({
    ...{ key: "grandparent", name: "grandparent of", inverseName: "grandchild of" },
    ...{ fromRole: "grandparent", toRole: "grandchild", steps: [{ role: "child" }, { role: "child" }] },
  }),
  defineInferenceRule({
    ...{ key: "sibling", name: "sibling of", fromRole: "sibling", shape: "symmetric", means: "sibling" },
    steps: [{ role: "parent" }, { role: "child" }],
  }),
  defineInferenceRule({
    ...{ key: "aunt_or_uncle", name: "aunt or uncle of", inverseName: "niece or nephew of" },
    ...{ fromRole: "aunt_or_uncle", toRole: "niece_or_nephew" },
    steps: [{ role: "parent" }, { role: "child" }, { role: "child" }],
  }),
  defineInferenceRule({
    ...{ key: "cousin", name: "cousin of", fromRole: "cousin", shape: "symmetric" },
    steps: [{ role: "parent" }, { role: "parent" }, { role: "child" }, { role: "child" }],
  }),
  defineInferenceRule({
    ...{ key: "parent_in_law", name: "parent-in-law of", inverseName: "child-in-law of" },
    ...{ fromRole: "parent_in_law", toRole: "child_in_law", steps: [{ role: "child" }, { role: "spouse" }] },
  }),
  defineInferenceRule({
    ...{ key: "sibling_in_law", name: "sibling-in-law of", fromRole: "sibling_in_law", shape: "symmetric" },
    steps: [{ role: "spouse" }, { role: "parent" }, { role: "child" }],
  }),
] as const satisfies readonly InferenceRuleInput[];

/** What follows from working at one place at the same time. */
export const workRules = [
  defineInferenceRule({
    ...{ key: "colleague", name: "colleague of", fromRole: "colleague", shape: "symmetric", means: "colleague" },
    steps: [{ role: "employer" }, { role: "employee" }],
  }),
  defineInferenceRule({
    ...{
      key: "fellow_board_member",
      name: "fellow board member of",
      fromRole: "fellow_board_member",
      shape: "symmetric",
    },
    steps: [
      { types: ["board_member"], way: "along" },
      { types: ["board_member"], way: "against" },
    ],
  }),
] as const satisfies readonly InferenceRuleInput[];

/** All of them, for `defineRules` where `standardTypes` are defined. */
export const standardRules: readonly InferenceRuleInput[] = [...familyRules, ...workRules];
