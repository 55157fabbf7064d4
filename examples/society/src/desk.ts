/** What the society's office does: it takes new members in, and looks each morning at what there is to do. */
import type { PaymentProvider } from "@relata/memberships";
import type { Society, SocietyCrm } from "./society.ts";

export interface Newcomer {
  readonly givenName: string;
  readonly familyName: string;
  /** "friend/annual": the keys of a level and of a plan. */
  readonly plan: string;
  /** The bank's own id of the payment: reported again, it changes nothing. */
  readonly paymentId: string;
}

/** A contact, an order and its payment: all of it, or nothing. */
export function takeIn({ crm, plans }: Society, { plan, paymentId, ...name }: Newcomer) {
  return crm.transaction(async (tx) => {
    const { id: contactId } = await tx.contacts.create(name);
    const { membership, order } = await tx.memberships.join({ contactId, planId: plans[plan]!.id });
    await tx.memberships.recordPayment({ paymentId, orderId: order.id, amount: order.amount });
    return membership.id;
  });
}

/**
 * Renewals that are due are collected, and what has changed since the last time is told, each change once: as lines for letters. It may be called
 * every day or once a month, and again after a failure.
 */
export async function morning(crm: SocietyCrm, provider: PaymentProvider): Promise<readonly string[]> {
  const told: { readonly membershipId: string; readonly line: string }[] = [];
  const offs = [
    crm.on("membership.joined", ({ recordId, data }) =>
      told.push({ membershipId: recordId, line: `welcome, since ${data.on}` }),
    ),
    crm.on("membership.reminder_due", ({ recordId, data }) =>
      told.push({ membershipId: recordId, line: `ends on ${data.endsOn}, in ${data.days} days` }),
    ),
    crm.on("membership.lapsed", ({ recordId, data }) =>
      told.push({ membershipId: recordId, line: `has ended, on ${data.on}` }),
    ),
  ];
  try {
    const { renewed } = await crm.memberships.collectRenewals({ provider });
    await crm.memberships.advance();
    const names = await namesOf(
      crm,
      told.map(({ membershipId }) => membershipId),
    );
    return [
      ...told.map(({ membershipId, line }) => `${names.get(membershipId)}: ${line}`),
      ...(renewed.length > 0 ? [`Renewed by themselves: ${renewed.length}`] : []),
    ];
  } finally {
    for (const off of offs) off();
  }
}

async function namesOf(crm: SocietyCrm, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for await (const { id, contact } of crm.memberships.iterate({
    where: { id: { in: ids } },
    include: { contact: true },
  }))
    names.set(id, contact ? `${contact.givenName} ${contact.familyName}` : "nobody");
  return names;
}
