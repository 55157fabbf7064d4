/** Which programs are counted, and by which rules. */
import { invalidInput, isUuid } from "@relata/core/plugin";
import * as z from "zod";
import { idSchema } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { defaultStatusRules, inOrder, type StatusRule, statusRulesSchema } from "../status/status-rule.ts";

export interface ProgramsQuery {
  /** By id or by key; all programs, unless given. */
  readonly programs?: readonly string[] | undefined;
  /** The programs below those as well: the chapters of a society. */
  readonly withChapters?: boolean | undefined;
  /** Instead of those that the programs have: what if grace were 45 days. */
  readonly rules?: readonly StatusRule[] | undefined;
}

export const programsFields = {
  programs: z.array(idSchema).min(1).max(1_000).optional(),
  withChapters: z.boolean().optional(),
  rules: statusRulesSchema().optional(),
};

/** Programs that have the same rules, so that they are counted by one query. */
export interface RuledPrograms {
  /** In the order in which they are asked. */
  readonly rules: readonly StatusRule[];
  /** Undefined: all that there are. */
  readonly programIds: readonly string[] | undefined;
}

/** Two queries at most. Of a handle of the past: the programs and the rules of then. @throws `invalid_input` for a program that there is not */
export async function askedPrograms(
  context: MembershipsContext,
  { programs, withChapters = false, rules: given }: ProgramsQuery,
): Promise<readonly RuledPrograms[]> {
  const wanted = programs && (await idsOf(context, programs));
  const where =
    wanted === undefined
      ? {}
      : withChapters
        ? { or: wanted.map((id) => ({ id: { atOrUnder: id } })) }
        : { id: { in: wanted } };
  if (given && wanted === undefined) return [{ rules: inOrder(given), programIds: undefined }];
  const byRules = new Map<string, { readonly rules: readonly StatusRule[]; readonly programIds: string[] }>();
  const found = context.membershipPrograms.iterate({ where, select: ["statusRules"], archived: "include" });
  for await (const { id, statusRules } of found) {
    const rules = inOrder(given ?? statusRules ?? defaultStatusRules);
    const name = JSON.stringify(rules);
    const group = byRules.get(name) ?? { rules, programIds: [] };
    byRules.set(name, group);
    group.programIds.push(id);
  }
  const groups = [...byRules.values()];
  return groups.length === 1 && wanted === undefined ? [{ ...groups[0]!, programIds: undefined }] : groups;
}

/** What narrows memberships, spans or terms down to them. */
export function ofPrograms(programIds: readonly string[] | undefined) {
  return programIds === undefined ? {} : { programId: { in: programIds } };
}

async function idsOf(context: MembershipsContext, names: readonly string[]): Promise<readonly string[]> {
  const ids = new Map<string, string>();
  const found = context.membershipPrograms.iterate({
    where: { or: [{ id: { in: names.filter(isUuid) } }, { key: { in: names } }] },
    select: ["key"],
    archived: "include",
  });
  for await (const { id, key } of found) {
    ids.set(key, id);
    ids.set(id, id);
  }
  const issues = names.flatMap((name, at) =>
    ids.has(name) ? [] : [{ field: `programs.${at}`, code: "not_found", message: `names no program: "${name}"` }],
  );
  if (issues.length > 0) throw invalidInput("membershipProgram", issues);
  return [...new Set(names.map((name) => ids.get(name)!))];
}
