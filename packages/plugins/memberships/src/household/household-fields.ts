/** What the plugin adds to accounts and affiliations for households. */
import { boolean, integer, oneOf, text } from "@relata/core/plugin";

export const householdFields = {
  account: {
    /** Of a household: whether its name follows its members by the rule, or is what was written. */
    householdNaming: oneOf("manual", "automatic").default("manual"),
    /** In place of what the rule forms. */
    formalGreeting: text({ maxLength: 1_000 }).optional(),
    informalGreeting: text({ maxLength: 1_000 }).optional(),
  },
  affiliation: {
    /** The place in names and greetings of the household; those without one come last, in the order of their first days. */
    householdOrder: integer({ min: 0 }).optional(),
    /** Where the person is not told: in the household's name, and in its greetings. */
    notInName: boolean().default(false),
    notInFormalGreeting: boolean().default(false),
    notInInformalGreeting: boolean().default(false),
  },
} as const;
