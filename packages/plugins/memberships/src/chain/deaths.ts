/** A membership of somebody who died is ended by that: the day is the contact's `deathDate`, whoever writes it. */
import { addDays, addMonths, isDate } from "@relata/core/plugin";
import type { MembershipRecord, MembershipsContext } from "../parts.ts";
import { voidOrder } from "../payment/make-order.ts";
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
  if (memberships.length === 0) return;
  const ids = memberships.map(({ id }) => id);
  await lockMemberships(context, ids);
  const today = await context.settings.today();
  const dead = memberships.filter(({ contactId }) => days.get(contactId!) !== null).map(({ id }) => id);
  await writeDeaths(context, memberships, { days, today });
  for await (const order of context.membershipOrders.iterate({ where: { membershipId: { in: dead }, state: "open" } }))
    await voidOrder(context, order, today);
  await context.memberships.updateMany(dead.map((id) => ({ id, autoRenew: false })));
  await rewriteSpans(context, ids);
}

interface Deaths {
  /** By contact; null: alive. */
  readonly days: ReadonlyMap<string, string | null>;
  readonly today: string;
}

async function writeDeaths(
  context: MembershipsContext,
  memberships: readonly MembershipRecord[],
  { days, today }: Deaths,
): Promise<void> {
  const where = { membershipId: { in: memberships.map(({ id }) => id) }, kind: "deceased", voidedOn: null } as const;
  const standing = await Array.fromAsync(context.membershipEvents.iterate({ where }));
  const eventOf = new Map(standing.map((event) => [event.membershipId, event.id]));
  const changed = [];
  const made = [];
  for (const { id: membershipId, contactId } of memberships) {
    const day = days.get(contactId!) ?? null;
    const id = eventOf.get(membershipId);
    if (id !== undefined) changed.push(day === null ? { id, voidedOn: today } : { id, validFrom: day });
    else if (day !== null) made.push({ membershipId, kind: "deceased" as const, validFrom: day });
  }
  if (changed.length > 0) await context.membershipEvents.updateMany(changed);
  if (made.length > 0) await context.membershipEvents.createMany(made);
}

/** The last day that it may be, of "1980", "1980-05" or "1980-05-17". */
export function lastDayOf(partial: string): string {
  if (isDate(partial)) return partial;
  const first = partial.length === 4 ? `${partial}-12-01` : `${partial}-01`;
  return addDays(addMonths(first, 1), -1);
}
