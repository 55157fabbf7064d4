/** What follows from relationships by rules, as services. */

import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { certaintySchema, daySchema, keySchema, parsed, thingSchema, visibilitySchema } from "../asked.ts";
import type { Certainty } from "../edge/edge-days.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { requireThings } from "../question/name-things.ts";
import { readTypes } from "../type/read-types.ts";
import { askedRules, checkRules, type InferenceRuleRecord, ruleSchema } from "./asked-rules.ts";
import { type Inference, type Inferred, inferBetween, inferFrom } from "./infer.ts";
import type { InferenceRuleInput } from "./rule-schemas.ts";

export interface InferenceOptions {
  /** Keys of the tenant's rules, or rules; all of the tenant's unless given. */
  readonly rules?: readonly (string | InferenceRuleInput)[] | undefined;
  /** The day on which it holds; null: on any. Today unless given. */
  readonly on?: string | null | undefined;
  readonly certainty?: Certainty | undefined;
  /** Rests only on relationships that are seen so; any unless given. */
  readonly visibility?: readonly RelationshipRecord["visibility"][] | undefined;
  /** The most relationships that are read, and ways of one rule that are followed; 20,000 unless given, 1,000,000 at most. */
  readonly maxEdges?: number | undefined;
}

const MOST_EDGES = 20_000;

const optionsSchema = () =>
  z.strictObject({
    rules: z.array(z.union([keySchema, ruleSchema()], { error: "must be the key of a rule, or a rule" })).optional(),
    on: daySchema.nullish(),
    certainty: certaintySchema.optional(),
    visibility: z.array(visibilitySchema).optional(),
    maxEdges: z.int().min(1).max(1_000_000).optional(),
  });

export function inferenceServices(context: RelationshipsContext) {
  return {
    /**
     * Makes rules the tenant's, or makes those of these keys as they are given; in the order given. One unit.
     *
     * @throws `invalid_input` for a rule that names a type or a role that is not there
     */
    defineRules: (rules: readonly InferenceRuleInput[]): Promise<readonly InferenceRuleRecord[]> =>
      context.transaction(async (tx) => {
        checkRules(parsed("inferenceRule", z.array(z.unknown()), rules), await readTypes(tx));
        const values = rules.map(valuesOf);
        return (await tx.inferenceRules.upsertMany(values, { by: "key" })).map(({ record }) => record);
      }),
    /**
     * What a thing is to others by rules, with the relationships that each rests on: by the rules in their order, then by the other thing.
     * Nothing is stored. Two queries for each type on a step, however many things there are.
     *
     * @throws `invalid_input`, `not_found`, `unknown_inference_rule`, `inference_type_missing`; `inference_too_wide` and `inference_too_many_ways` beyond
     * `maxEdges`
     * @example
     * ```ts run with relationships
     * const [first] = await crm.relationships.inferred(anna, { rules: ["colleague"] }); // one of standardRules
     * console.log(first?.far.id === bela.id, first?.days[0]?.validFrom); // true, 2023-01-01: since both are there
     * ```
     */
    async inferred(thing: RecordReference, options: InferenceOptions = {}): Promise<readonly Inferred[]> {
      const from = parsed("relationship", thingSchema, thing);
      await requireThings(context, [from]);
      return inferFrom(context, from, await inferenceOf(context, options));
    },
    /** What two things are to one another by rules. What both have in common may be a hub: it is looked for from both. @throws as `inferred` */
    async inferredBetween(
      thing: RecordReference,
      other: RecordReference,
      options: InferenceOptions = {},
    ): Promise<readonly Inferred[]> {
      const ends = [parsed("relationship", thingSchema, thing), parsed("relationship", thingSchema, other)] as const;
      await requireThings(context, ends);
      return inferBetween(context, ends, await inferenceOf(context, options));
    },
  };
}

export async function inferenceOf(context: RelationshipsContext, given: InferenceOptions): Promise<Inference> {
  const {
    rules,
    on,
    certainty = "stated",
    visibility,
    maxEdges = MOST_EDGES,
  } = parsed("relationship", optionsSchema(), given);
  const types = await readTypes(context);
  return {
    ...{ types, certainty, visibility, maxEdges },
    rules: await askedRules(context, rules as InferenceOptions["rules"], types),
    on: on === null ? undefined : (on ?? (await context.settings.today())),
  };
}

/** What is not given is as if the rule were new. */
function valuesOf(rule: InferenceRuleInput) {
  const { key, name, inverseName = null, fromRole, toRole = null, shape = "paired", means = null } = rule;
  const { overlapping = true, different = true, minStrength } = rule;
  return {
    ...{ key, name, inverseName, fromRole, toRole, shape, overlapping, different, means },
    steps: rule.steps.map((step) => ({ ...step })) as InferenceRuleRecord["steps"],
    minStrength: minStrength === undefined ? null : String(minStrength),
  };
}
