/** Rules are checked where they are saved: their statuses, and that they leave no day uncovered. */
import { invalidInput } from "@relata/core/plugin";
import type { MembershipsContext } from "../parts.ts";
import { findUncovered, TooManyRules } from "./cover-days.ts";
import { statusesOf } from "./read-rules.ts";
import { defaultStatusRules, type StatusRule } from "./status-rule.ts";

/**
 * @throws `status_rules_incomplete`, naming a day; `status_in_use` for a status that an override stands on; `invalid_input` for a status that
 *   counts by one rule and does not by another
 */
export async function checkStatusRules(
  context: MembershipsContext,
  { programId, rules }: { readonly programId: string | undefined; readonly rules: readonly StatusRule[] | null },
): Promise<void> {
  const checked = rules ?? defaultStatusRules;
  checkCoverage(context, checked);
  if (programId === undefined) return;
  const statuses = statusesOf(checked);
  const today = await context.settings.today();
  const overrides = context.membershipEvents.iterate({
    where: {
      ...{ kind: "overridden", voidedOn: null, membership: { programId } },
      or: [{ validUntil: null }, { validUntil: { gte: today } }],
    },
  });
  for await (const { status, membershipId: id } of overrides) {
    if (status === null || statuses.has(status)) continue;
    throw context.error("status_in_use", { entity: "membershipProgram", field: "statusRules", status, id });
  }
}

/** The same without a program: for simulations. */
export function checkCoverage(context: Pick<MembershipsContext, "error">, rules: readonly StatusRule[]): void {
  const counts = statusesOf(rules);
  const index = rules.findIndex((rule) => counts.get(rule.status) !== rule.counts);
  if (index >= 0)
    throw refused(index, `says of status "${rules[index]!.status}" that it counts, and another rule that it does not`);
  const uncovered = searched(rules);
  if (!uncovered) return;
  const { state, joinedOn, startsOn, endsOn, day } = uncovered;
  const days = {
    state,
    day,
    joinedOn: joinedOn ?? "no day",
    startsOn: startsOn ?? "no day",
    endsOn: endsOn ?? "no day",
  };
  throw context.error("status_rules_incomplete", { entity: "membershipProgram", field: "statusRules", ...days });
}

function searched(rules: readonly StatusRule[]) {
  try {
    return findUncovered(rules);
  } catch (error) {
    if (error instanceof TooManyRules) throw refused(0, "and the others are too many to be checked: use fewer");
    throw error;
  }
}

function refused(index: number, message: string): Error {
  return invalidInput("membershipProgram", [{ field: `statusRules.${index}`, code: "not_allowed", message }]);
}
