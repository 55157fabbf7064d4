/** What defines programs, as `crm.memberships` has it. */
import type { MembershipsContext } from "../parts.ts";
import { defineProgram, type ProgramDefinition } from "./define-program.ts";

export function programServices(context: MembershipsContext) {
  return {
    /**
     * Makes a program with its levels and plans, known by their keys, or makes them as they are defined; what is not named stays. One unit.
     * @throws `invalid_input`, `other_currency`, `status_rules_incomplete`
     */
    defineProgram: (definition: ProgramDefinition) => defineProgram(context, definition),
  };
}
