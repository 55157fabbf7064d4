/** What defines programs, as `crm.memberships` has it. */
import type { MembershipsContext } from "../parts.ts";
import { defineProgram, type ProgramDefinition } from "./define-program.ts";

export function programServices(context: MembershipsContext) {
  return {
    /**
     * Makes a program with its levels and plans, known by their keys, or makes them as they are defined; what is not named stays. One unit.
     * Prices are decimals in the program's currency. Levels are given by their keys, plans by "level/plan".
     *
     * @throws `invalid_input`; `other_currency` for a program that has plans in another one; `status_rules_incomplete`, with the day that no
     * rule covers
     * @example
     * ```ts run with memberships
     * const { plans } = await crm.memberships.defineProgram({
     *   key: "society",
     *   currency: "EUR",
     *   levels: [{ key: "life", rank: 3, plans: [{ key: "life", unit: "lifetime", price: "2000.00" }] }],
     * });
     * console.log(Object.keys(plans)); // ["life/life"]: friend and gold stay
     * ```
     */
    defineProgram: (definition: ProgramDefinition) => defineProgram(context, definition),
  };
}
