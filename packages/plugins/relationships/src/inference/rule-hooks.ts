/** What keeps rules and types in step: a rule names types that are there. */
import { invalidInput } from "@relata/core/plugin";
import type { RelationshipsContext, TypeRecord } from "../parts.ts";
import { readTypes } from "../type/read-types.ts";
import { type InferenceRuleRecord, inputOf } from "./asked-rules.ts";
import { issuesOf } from "./resolve-rule.ts";

interface ProposedRule {
  readonly input: Partial<InferenceRuleRecord> & { readonly id: string };
  readonly before?: InferenceRuleRecord;
}

/** The `before` hook of rules. @throws `invalid_input` */
export async function proposeRules(context: RelationshipsContext, batch: readonly ProposedRule[]): Promise<void> {
  if (batch.length === 0) return;
  await context.lockShared(RULES);
  const types = await readTypes(context);
  const issues = batch.flatMap(({ input, before }, index) => {
    const nothing = { inverseName: null, toRole: null, minStrength: null, means: null };
    const whole = { ...nothing, ...before, ...input } as InferenceRuleRecord;
    return issuesOf(inputOf(whole), types).map((issue) => (batch.length > 1 ? { ...issue, index } : issue));
  });
  if (issues.length > 0) throw invalidInput("inferenceRule", issues);
}

/** What rules name, and what is named of types, changes in turns. */
const RULES = "inferenceRules";

interface ProposedType {
  readonly input: { readonly key?: string };
  readonly before?: TypeRecord;
}

/** The hooks of types: one that a rule names keeps its key, and is not deleted. @throws `relationship_type_in_rule` */
export const typesOfRules = {
  async before(context: RelationshipsContext, batch: readonly ProposedType[]): Promise<void> {
    await refuseNamed(
      context,
      batch.flatMap(({ input, before }) =>
        before && input.key !== undefined && input.key !== before.key ? [before.key] : [],
      ),
    );
  },
  async beforeDelete(context: RelationshipsContext, batch: readonly { readonly before: TypeRecord }[]): Promise<void> {
    await refuseNamed(
      context,
      batch.map(({ before }) => before.key),
    );
  },
} as const;

async function refuseNamed(context: RelationshipsContext, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await context.lock(RULES);
  const going = new Set(keys);
  for await (const { key: rule, steps, means } of context.inferenceRules.iterate({ archived: "include" })) {
    const named = [...steps.flatMap(({ types = [] }) => types), ...(means === null ? [] : [means])];
    const type = named.find((key) => going.has(key));
    if (type !== undefined)
      throw context.error("relationship_type_in_rule", { entity: "relationshipType", field: "key", type, rule });
  }
}
