/** For tests of figures: a society with a chapter, and the lives of its members, by chance but the same ones each time. */
import { addDays, CrmError } from "@relata/core/plugin";
import { openSociety, society, type TestedCrm } from "../memberships-fixture.ts";
import type { OrderRecord, SpanRecord, TermRecord } from "../parts.ts";

/** Whole numbers from 0 on, below the bound. A linear congruential generator (Numerical Recipes). */
export function randomFrom(seed: number) {
  let state = seed;
  return (bound: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

export interface Lives {
  /** Of each membership, in the order of days. */
  readonly spans: readonly (readonly SpanRecord[])[];
  /** Terms that count. */
  readonly chains: readonly { readonly terms: readonly TermRecord[]; readonly diedOn: string | null }[];
}

export async function writeLives(crm: TestedCrm, members = 36): Promise<Lives> {
  const main = await openSociety(crm);
  const chapter = await openSociety(crm, {
    ...society,
    key: "chapter",
    name: "The Chapter",
    parentId: main.program.id,
  });
  const random = randomFrom(11);
  for (let number = 0; number < members; number++) {
    const { planId } = number % 3 === 0 ? chapter : main;
    const birthDate = number % 4 === 0 ? undefined : `${1940 + random(75)}-0${1 + random(9)}-1${random(10)}`;
    const { id: contactId } = await crm.contacts.create({
      givenName: `M${number}`,
      familyName: "Silva",
      ...(birthDate ? { birthDate } : {}),
    });
    let day = addDays("2023-01-01", random(500));
    const annual = ["friend/annual", "gold/annual", "friend/calendar", "life/life"][random(4)]!;
    if (number % 9 === 8) {
      await crm.memberships.join({ contactId, planId: planId(annual), on: day });
      continue;
    }
    const { membership } = await crm.memberships.join({
      contactId,
      planId: planId(annual),
      on: day,
      complimentary: true,
    });
    for (let step = random(5); step > 0; step--) {
      day = addDays(day, random(420));
      await takeStep(crm, { id: membership.id, contactId, day, choice: random(12), planId });
    }
  }
  return readLives(crm);
}

interface Step {
  readonly id: string;
  readonly contactId: string;
  readonly day: string;
  readonly choice: number;
  planId(name: string): string;
}

/** What is refused on that day does not happen. */
async function takeStep(crm: TestedCrm, { id, contactId, day, choice, planId }: Step): Promise<void> {
  const paid = async ({ order }: { readonly order: OrderRecord | undefined }) => {
    if (order?.state !== "open") return "";
    const payment = { paymentId: `of ${order.id}`, orderId: order.id, amount: order.amount, receivedOn: day };
    return (await crm.memberships.recordPayment(payment)).payment.paymentId;
  };
  const steps = [
    () => crm.memberships.renew(id, { on: day, complimentary: true }),
    () => crm.memberships.renew(id, { on: day, complimentary: true, terms: 2 }),
    () => crm.memberships.join({ contactId, planId: planId("friend/annual"), on: day, complimentary: true }),
    async () => paid(await crm.memberships.upgrade(id, { planId: planId("gold/annual"), on: day })),
    () => crm.memberships.cancel(id, { on: day }),
    () => crm.memberships.pause(id, { from: day, until: addDays(day, 60) }),
    () => crm.contacts.update(contactId, { deathDate: day }),
    () => crm.memberships.override(id, { status: "current", from: day, until: addDays(day, 40) }),
    () => crm.memberships.renew(id, { on: day, complimentary: true }),
    async () => paid(await crm.memberships.downgrade(id, { planId: planId("friend/annual"), on: day })),
    async () => {
      const { id: to } = await crm.contacts.create({ givenName: "Heir", familyName: "Silva" });
      return crm.memberships.transfer(id, { contactId: to, on: day });
    },
    async () => {
      const refunds = await paid(await crm.memberships.renew(id, { on: day }));
      return crm.memberships.recordRefund({ paymentId: `back ${refunds}`, refunds, receivedOn: addDays(day, 40) });
    },
  ] as const;
  await (steps[choice]!() as Promise<unknown>).catch((error: unknown) => {
    if (!(error instanceof CrmError) || error.code === "invalid_input") throw error;
  });
}

async function readLives(crm: TestedCrm): Promise<Lives> {
  const spans: SpanRecord[][] = [];
  const chains: { terms: TermRecord[]; diedOn: string | null }[] = [];
  for await (const { id } of crm.memberships.iterate()) {
    const where = { membershipId: id };
    spans.push([...(await crm.membershipSpans.list({ where, orderBy: [{ firstDay: "asc" }], limit: 100 })).items]);
    const terms = await crm.membershipTerms.list({
      where: { ...where, voidedOn: null },
      orderBy: [{ countsFrom: "asc" }],
      limit: 100,
    });
    const death = await crm.membershipEvents.find({ where: { ...where, kind: "deceased", voidedOn: null } });
    chains.push({ terms: [...terms.items], diedOn: death?.validFrom ?? null });
  }
  return { spans, chains };
}
