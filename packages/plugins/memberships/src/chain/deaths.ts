/** A membership of somebody who died is ended by that: the day is the contact's `deathDate`, whoever writes it. */
import { addDays, addMonths, isDate } from "@relata/core/plugin";
import type { MembershipsContext } from "../parts.ts";
import { voidOpenOrders } from "../payment/make-order.ts";
import { lockMemberships } from "./lock-memberships.ts";
import { rewriteSpans } from "./rewrite-spans.ts";

interface ContactChange {
  readonly before?: { readonly id: string; readonly deathDate: string | null };
  readonly after?: { readonly id: string; readonly deathDate: string | null };
}

/**
 * The `after` hook of contacts. From the day of death on the memberships are `deceased`, their open orders are given up, and they renew
 * themselves no longer. Of a month or a year it is the last day; another day takes the place of the one before, and none takes it back.
 */
export async function followDeaths(context: MembershipsContext, batch: readonly ContactChange[]): Promise<void> {
  const changed = batch.flatMap(({ before, after }) =>
    after && (before?.deathDate ?? null) !== after.deathDate ? [after] : [],
  );
  if (changed.length === 0) return;
  const days = new Map(changed.map(({ id, deathDate }) => [id, deathDate === null ? null : lastDayOf(deathDate)]));
  const where = { contactId: { in: [...days.keys()] } };
  const memberships = await Array.fromAsync(context.memberships.iterate({ where, archived: "include" }));
  await lockMemberships(
    context,
    memberships.map(({ id }) => id),
  );
  for (const { id, contactId } of memberships) await recordDay(context, id, days.get(contactId!) ?? null);
  await rewriteSpans(
    context,
    memberships.map(({ id }) => id),
  );
}

async function recordDay(context: MembershipsContext, membershipId: string, day: string | null): Promise<void> {
  const standing = await context.membershipEvents.find({ where: { membershipId, kind: "deceased", voidedOn: null } });
  if (day === null) {
    if (standing) await context.membershipEvents.update(standing.id, { voidedOn: await context.settings.today() });
    return;
  }
  if (standing) await context.membershipEvents.update(standing.id, { validFrom: day });
  else await context.membershipEvents.create({ membershipId, kind: "deceased", validFrom: day });
  await voidOpenOrders(context, membershipId, { on: await context.settings.today() });
  await context.memberships.update(membershipId, { autoRenew: false });
}

/** The last day that it may be, of "1980", "1980-05" or "1980-05-17". */
export function lastDayOf(partial: string): string {
  if (isDate(partial)) return partial;
  const first = partial.length === 4 ? `${partial}-12-01` : `${partial}-01`;
  return addDays(addMonths(first, 1), -1);
}
