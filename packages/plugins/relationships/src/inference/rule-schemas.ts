/** What a rule of inference is made of: a composition of steps from one thing to another. */
import * as z from "zod";
import { once } from "../once.ts";

/** From a thing to those that it stands in a relationship to: by the role that they have, by the type, or by both. */
export interface InferenceStep {
  /** What the next thing is: "child". Any type that has the role counts, unless types are given. */
  readonly role?: string | undefined;
  /** Keys of types. Without a role, a relationship leads either way. */
  readonly types?: readonly string[] | undefined;
  /** Only relationships that lead from this thing to the next one (`along`), or from the next one to this (`against`). */
  readonly way?: "along" | "against" | undefined;
  /** The entities that the next thing may be of; any unless given. */
  readonly entities?: readonly string[] | undefined;
}

/** A rule as it is declared in code, or given as data. The names are those of a type: of what the first thing is to the last. */
export interface InferenceRuleInput<K extends string = string> {
  readonly key: K;
  /** What the first thing is to the last: "grandparent of"; and the other way round: "grandchild of". */
  readonly name: string;
  readonly inverseName?: string | undefined;
  /** The role of the first thing and of the last: "grandparent", "grandchild". */
  readonly fromRole: string;
  readonly toRole?: string | undefined;
  /** `symmetric`: both are the same to one another, and there is no inverse name and no second role; "paired" unless given. */
  readonly shape?: "paired" | "symmetric" | undefined;
  readonly steps: readonly InferenceStep[];
  /** Its relationships have a day in common, and it holds on these days; if not, it holds from the day on which the last of them has begun. True unless given. */
  readonly overlapping?: boolean | undefined;
  /** No thing stands on the way twice. The two ends differ in any case. True unless given. */
  readonly different?: boolean | undefined;
  /** The least product of the strengths on the way. */
  readonly minStrength?: number | undefined;
  /** The key of the type that says the same when it is recorded; its `from` end is the first thing. */
  readonly means?: string | null | undefined;
}

/** More steps than this would be no relationship that anybody can follow. */
const MOST_STEPS = 6;

const word = (max: number) => z.string().trim().min(1).max(max);

export const stepsSchema = once(() =>
  z
    .array(
      z
        .strictObject({
          role: word(100).optional(),
          types: z.array(word(200)).min(1).optional(),
          way: z.enum(["along", "against"]).optional(),
          entities: z.array(word(100)).min(1).optional(),
        })
        .refine(({ role, types }) => role !== undefined || types !== undefined, {
          message: "names neither a role nor types: say what the next thing is",
        }),
    )
    .min(1)
    .max(MOST_STEPS),
);
