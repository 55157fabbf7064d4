/** What an inference is refused for. */
export const inferenceErrors = {
  unknown_inference_rule:
    'There is no rule "{rule}". Define it with defineRules, or give the rule itself; the known ones are: {known}.',
  inference_type_missing:
    'Rule "{rule}" cannot be followed: {reason}. Define the type again, or change or delete the rule.',
  inference_too_wide:
    "More than {maxEdges} relationships of the types {types} lead on from {things} things: ask for a day, for fewer rules, for what is between two things, or for more with `maxEdges`.",
  inference_too_many_ways:
    'Rule "{rule}" has more than {maxEdges} ways: ask for a day, for what is between two things, or for more with `maxEdges`.',
  relationship_type_in_rule: 'Type "{type}" is named by the rule "{rule}": change or delete the rule first.',
} as const;
