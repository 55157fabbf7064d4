/** How households are named and greeted: rules as data, and English ones. */
import * as z from "zod";
import { parsed } from "../asked.ts";

/**
 * A pattern is text with fields in braces: `{given}`, `{family}`, `{honorific}`, `{full}` (the whole name, in the order of its culture) and
 * `{informal}` (as one says it). What stands in brackets is told for each person, what stands outside of them once for all whose values of it
 * are the same: by `"[{given}] {family}"`, Anna and Ben Silva are "Anna and Ben Silva", Anna Silva and Ben Costa "Anna Silva and Ben Costa".
 */
export interface GreetingRules {
  /** The household's name. */
  readonly name: string;
  /** "Dr. Anna and Mr. Ben Silva" */
  readonly formal: string;
  /** "Anna and Ben" */
  readonly informal: string;
  /** Between the last two. */
  readonly and: string;
  /** Between others. */
  readonly separator: string;
  /** So many are told at most, … */
  readonly most: number;
  /** … and if there are more, this in their place: "Anna, Ben and friends". */
  readonly others: string;
}

export const englishGreetings: GreetingRules = {
  ...{ name: "[{family}] household", formal: "[{honorific} {given}] {family}", informal: "[{given}]" },
  ...{ and: " and ", separator: ", ", most: 9, others: "friends" },
};

const FIELD = /\{([^{}]*)\}/g;
const FIELDS = ["given", "family", "honorific", "full", "informal"];

/** One pair of brackets at most, and no field that is not known. */
const patternSchema = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (pattern) => {
      const bare = pattern.replace(FIELD, "");
      const fields = [...pattern.matchAll(FIELD)].map(([, field]) => field!);
      return (
        fields.length > 0 &&
        fields.every((field) => FIELDS.includes(field)) &&
        /^[^[\]{}]*(?:\[[^[\]{}]*\])?[^[\]{}]*$/.test(bare)
      );
    },
    { message: `is no pattern: text with ${FIELDS.map((field) => `{${field}}`).join(", ")}, and one part in brackets` },
  );

export const greetingRulesSchema = z.strictObject({
  name: patternSchema,
  formal: patternSchema,
  informal: patternSchema,
  and: z.string().min(1).max(50),
  separator: z.string().min(1).max(50),
  most: z.number().int().min(1).max(100),
  others: z.string().max(100),
});

/** The English ones, but for what is given. @throws `invalid_input` */
export function readGreetingRules(given: Partial<GreetingRules>): GreetingRules {
  return parsed("account", greetingRulesSchema, { ...englishGreetings, ...given });
}
