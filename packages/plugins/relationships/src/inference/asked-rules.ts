/** Which rules are asked for: the tenant's own, by their keys, or as they are given. */
import { type InputIssue, inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { once } from "../once.ts";
import type { RecordIn, RelationshipsContext } from "../parts.ts";
import { issuesOf, type ReadyRule, readyRules, type Types } from "./resolve-rule.ts";
import { type InferenceRuleInput, stepsSchema } from "./rule-schemas.ts";

export type InferenceRuleRecord = RecordIn<"inferenceRules">;

const word = (max: number) => z.string().trim().min(1).max(max);

export const ruleSchema = once(() =>
  z.strictObject({
    key: word(200),
    name: word(200),
    inverseName: word(200).optional(),
    fromRole: word(100),
    toRole: word(100).optional(),
    shape: z.enum(["paired", "symmetric"]).optional(),
    steps: stepsSchema(),
    overlapping: z.boolean().optional(),
    different: z.boolean().optional(),
    minStrength: z.number().min(0).max(1).optional(),
    means: word(200).nullish(),
  }),
);

/** A rule as it is kept, as one that is given. */
export function inputOf(record: Omit<InferenceRuleRecord, "id">): InferenceRuleInput {
  const { key, name, inverseName, fromRole, toRole, shape, steps, overlapping, different, minStrength, means } = record;
  return {
    ...{ key, name, fromRole, shape, steps, overlapping, different, means },
    ...(inverseName === null ? {} : { inverseName }),
    ...(toRole === null ? {} : { toRole }),
    ...(minStrength === null ? {} : { minStrength: Number(minStrength) }),
  };
}

/**
 * One query for the tenant's rules. Without `asked`, all of them, by their keys.
 *
 * @throws `unknown_inference_rule`, `inference_type_missing`; `invalid_input` for a rule that is given
 */
export async function askedRules(
  context: RelationshipsContext,
  asked: readonly (string | InferenceRuleInput)[] | undefined,
  types: Types,
): Promise<readonly ReadyRule[]> {
  const given = asked?.filter((each) => typeof each !== "string") ?? [];
  checkRules(given, types);
  const stored = new Map<string, InferenceRuleInput>();
  if (!asked || asked.length > given.length)
    for await (const rule of context.inferenceRules.iterate({ orderBy: [{ key: "asc" }] }))
      stored.set(rule.key, inputOf(rule));
  const rules = asked
    ? asked.map((each) => (typeof each === "string" ? stored.get(each) : each))
    : [...stored.values()];
  return rules.flatMap((rule, at) => {
    if (!rule) {
      const known = [...stored.keys()].slice(0, 20).join(", ") || "none";
      throw context.error("unknown_inference_rule", { entity: "inferenceRule", rule: asked![at] as string, known });
    }
    const [issue] = given.includes(rule) ? [] : issuesOf(rule, types);
    if (issue) {
      const reason = `${issue.field} ${issue.message}`;
      throw context.error("inference_type_missing", { entity: "inferenceRule", rule: rule.key, reason });
    }
    return readyRules(rule, types);
  });
}

/** @throws `invalid_input`, telling all that is wrong, with the index of each where there are several */
export function checkRules(rules: readonly unknown[], types: Types): void {
  const issues: InputIssue[] = [];
  rules.forEach((rule, index) => {
    const result = ruleSchema().safeParse(rule);
    const found = result.success ? issuesOf(result.data, types) : inputIssues(result.error.issues, rule);
    issues.push(...found.map((issue) => (rules.length > 1 ? { ...issue, index } : issue)));
  });
  if (issues.length > 0) throw invalidInput("inferenceRule", issues);
}
