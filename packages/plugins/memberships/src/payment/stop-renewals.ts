/** Nobody is charged who is not there: what a contact or an account that is deleted renews, or pays for, renews itself no longer. */
import { lockMemberships } from "../chain/lock-memberships.ts";
import type { MembershipsContext } from "../parts.ts";

interface Leaving {
  readonly before: { readonly id: string };
}

/** The `beforeDelete` hooks of contacts and accounts, erasures included. What the payment provider knows the means of payment by goes too. */
export const stopRenewals = {
  contacts: (context: MembershipsContext, batch: readonly Leaving[]) =>
    stopped(context, batch, (ids) => [{ contactId: ids }, { payerContactId: ids }]),
  accounts: (context: MembershipsContext, batch: readonly Leaving[]) =>
    stopped(context, batch, (ids) => [{ accountId: ids }, { payerAccountId: ids }]),
};

type PartyFilter = { readonly [field in PartyField]?: { readonly in: readonly string[] } };
type PartyField = "contactId" | "payerContactId" | "accountId" | "payerAccountId";

async function stopped(
  context: MembershipsContext,
  batch: readonly Leaving[],
  partiesIn: (ids: { readonly in: readonly string[] }) => readonly PartyFilter[],
): Promise<void> {
  if (batch.length === 0) return;
  const parties = partiesIn({ in: batch.map(({ before }) => before.id) });
  const renewing = [{ autoRenew: true }, { paymentMethod: { ne: null } }] as const;
  const where = { and: [{ or: parties }, { or: renewing }] };
  const memberships = await Array.fromAsync(
    context.memberships.iterate({ where, select: ["id"], archived: "include" }),
  );
  const ids = memberships.map(({ id }) => id);
  if (ids.length === 0) return;
  await lockMemberships(context, ids);
  await context.memberships.updateMany(ids.map((id) => ({ id, autoRenew: false, paymentMethod: null })));
}
