/** The statuses of memberships on a day. */
import type { MembershipsContext, SpanRecord } from "../parts.ts";
import { readRules } from "./read-rules.ts";
import { type Status, statusInSpan } from "./status-on.ts";

/** Those that have begun by the day, by id. Three queries at most for each thousand. */
export async function statusesOn(
  context: MembershipsContext,
  membershipIds: readonly string[],
  day: string,
): Promise<ReadonlyMap<string, Status & { readonly span: SpanRecord }>> {
  const found = new Map<string, Status & { readonly span: SpanRecord }>();
  const ids = [...new Set(membershipIds)];
  const rules = await readRules(context);
  for (let at = 0; at < ids.length; at += 1_000) {
    const membershipId = { in: ids.slice(at, at + 1_000) };
    const where = { membershipId, firstDay: { lte: day }, lastDay: { gte: day } };
    for await (const span of context.membershipSpans.iterate({ where })) {
      const status = statusInSpan(span, rules.of(span.programId), day);
      if (status) found.set(span.membershipId, { ...status, span });
    }
  }
  return found;
}
