/** Spans follow terms, events and orders, in the unit that writes these. */
import type { MembershipRecord, MembershipsContext, SpanRecord } from "../parts.ts";
import { byMembership } from "./read-chain.ts";
import { type Span, spansOf, standingTerms } from "./spans.ts";

const chunk = 500;

/** After terms, events or orders were written, under the lock of the memberships. What is as it was is not written. */
export async function rewriteSpans(tx: MembershipsContext, membershipIds: readonly string[]): Promise<void> {
  const ids = [...new Set(membershipIds)];
  for (let at = 0; at < ids.length; at += chunk) await rewrite(tx, ids.slice(at, at + chunk));
}

async function rewrite(tx: MembershipsContext, ids: readonly string[]): Promise<void> {
  const where = { membershipId: { in: ids } };
  const memberships = await Array.fromAsync(
    tx.memberships.iterate({ where: { id: { in: ids } }, archived: "include" }),
  );
  const terms = byMembership(await Array.fromAsync(tx.membershipTerms.iterate({ where })));
  const events = byMembership(await Array.fromAsync(tx.membershipEvents.iterate({ where })));
  const orders = byMembership(await Array.fromAsync(tx.membershipOrders.iterate({ where })));
  const stored = byMembership(await Array.fromAsync(tx.membershipSpans.iterate({ where })));
  const gone: string[] = [];
  const changed = [];
  const added = [];
  const touched = [];
  for (const membership of memberships) {
    const { id } = membership;
    const chain = { terms: terms.get(id) ?? [], events: events.get(id) ?? [], orders: orders.get(id) ?? [] };
    const known = new Map((stored.get(id) ?? []).map((span) => [span.firstDay, span]));
    for (const span of spansOf(chain)) {
      const there = known.get(span.firstDay);
      known.delete(span.firstDay);
      if (!there) added.push({ ...fieldsOf(span), membershipId: id, programId: membership.programId });
      else if (differs(there, span)) changed.push({ id: there.id, ...fieldsOf(span) });
    }
    gone.push(...[...known.values()].map((span) => span.id));
    touched.push(follow(membership, standingTerms(chain.terms)[0]?.countsFrom ?? null));
  }
  if (gone.length > 0) await tx.membershipSpans.deleteMany(gone);
  if (changed.length > 0) await tx.membershipSpans.updateMany(changed);
  if (added.length > 0) await tx.membershipSpans.createMany(added);
  await tx.memberships.updateMany(touched);
}

function follow({ id }: MembershipRecord, joinedOn: string | null) {
  return { id, joinedOn, changedSinceAnnounced: true };
}

const spanFields = [
  "levelId",
  "firstDay",
  "lastDay",
  "state",
  "stateOn",
  "overrideStatus",
  "joinedOn",
  "chainStartsOn",
  "termStartsOn",
  "termEndsOn",
  "termId",
] as const satisfies readonly (keyof Span)[];

function fieldsOf(span: Span): Pick<Span, (typeof spanFields)[number]> {
  const { levelId, firstDay, lastDay, state, stateOn, overrideStatus } = span;
  const { joinedOn, chainStartsOn, termStartsOn, termEndsOn, termId } = span;
  return {
    ...{ levelId, firstDay, lastDay, state, stateOn, overrideStatus },
    ...{ joinedOn, chainStartsOn, termStartsOn, termEndsOn, termId },
  };
}

function differs(stored: SpanRecord, span: Span): boolean {
  return spanFields.some((field) => stored[field] !== span[field]);
}
