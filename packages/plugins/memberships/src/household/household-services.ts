/** Households and how they are greeted, as `crm.memberships` has them. */
import * as z from "zod";
import { daySchema, idSchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { type GreetingRules, greetingRulesSchema } from "./greeting-rules.ts";
import { greetingsOf, type HouseholdGreeting } from "./greetings.ts";
import { renameAll } from "./name-households.ts";

const idsSchema = z.array(idSchema).max(10_000);
const optionsSchema = z.strictObject({
  on: daySchema.optional(),
  rules: greetingRulesSchema.partial().optional(),
});

export interface GreetingOptions {
  /** The day, "YYYY-MM-DD"; today for the organisation, unless given. */
  readonly on?: string;
  /** In place of those that the plugin was given: of another language, for one letter. */
  readonly rules?: Partial<GreetingRules>;
}

export function householdServices(context: MembershipsContext, rules: GreetingRules) {
  return {
    /**
     * How households are named and greeted on the day, by the rules and the members of then; what was written by hand comes first. In the order
     * of the ids, at most 10,000.
     *
     * @throws `not_found`, `invalid_input`
     */
    async greetings(
      accountIds: readonly string[],
      options: GreetingOptions = {},
    ): Promise<readonly HouseholdGreeting[]> {
      parsed("account", idsSchema, accountIds);
      const { on, rules: given } = parsed("account", optionsSchema, options);
      const day = on ?? (await context.settings.today());
      return greetingsOf(context, accountIds, {
        day,
        rules: parsed("account", greetingRulesSchema, { ...rules, ...given }),
      });
    },

    /**
     * Renames the households whose names follow their members, where a day that has come has changed these: the writes of affiliations and
     * contacts rename them at once. How many were renamed; any number of calls does it once. Five hundred in a unit.
     */
    nameHouseholds: (): Promise<number> => renameAll(context, rules),
  };
}
