/** The rules of programs, as they stand, in the order in which they are asked. */
import type { MembershipsContext } from "../parts.ts";
import { defaultStatusRules, inOrder, type StatusRule } from "./status-rule.ts";

/** Of these programs, or of all; a program that is not in the map has none of its own. */
export interface RulesByProgram {
  of(programId: string): readonly StatusRule[];
}

const defaults = inOrder(defaultStatusRules);

/** One query. Of a handle of the past: the rules of then. */
export async function readRules(context: MembershipsContext, programIds?: readonly string[]): Promise<RulesByProgram> {
  const own = new Map<string, readonly StatusRule[]>();
  const where = programIds ? { id: { in: [...new Set(programIds)] } } : {};
  const programs = context.membershipPrograms.iterate({ where, select: ["statusRules"], archived: "include" });
  for await (const { id, statusRules } of programs) if (statusRules) own.set(id, inOrder(statusRules));
  return { of: (programId) => own.get(programId) ?? defaults };
}

/** The statuses that the rules lead to, each once, and whether it counts. */
export function statusesOf(rules: readonly StatusRule[]): ReadonlyMap<string, boolean> {
  return new Map(rules.map(({ status, counts }) => [status, counts]));
}
