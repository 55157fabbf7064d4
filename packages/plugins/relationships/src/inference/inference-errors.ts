/** What an inference is refused for. */
export const inferenceErrors = {
  inference_rule_unknown:
    'There is no rule "{rule}". Define it with defineRules, or give the rule itself; the known ones are: {known}.',
  inference_type_missing:
    'Rule "{rule}" cannot be followed: {reason}. Define the type again, or change or delete the rule.',
  inference_too_wide:
    "More than {most} relationships of the types {types} lead on from {things} things: ask for a day, for fewer rules, for what is between two things, or for more with `most`.",
  inference_too_many_ways:
    'Rule "{rule}" has more than {most} ways: ask for a day, for what is between two things, or for more with `most`.',
  type_in_rule: 'Type "{type}" is named by the rule "{rule}": change or delete the rule first.',
} as const;
