/** For tests: a society with its levels and plans, and people by name. */
import { type CrmOptions, createCrm } from "@relata/core";
import { memberships } from "./memberships.ts";
import type { ProgramDefinition } from "./program/define-program.ts";

/** It is noon of 15 January 2026 in UTC, unless it is said. */
export async function openCrm(options: CrmOptions) {
  return createCrm({ clock: () => Date.UTC(2026, 0, 15, 12), ...options, plugins: [memberships()] });
}

export type TestedCrm = Awaited<ReturnType<typeof openCrm>>;

/** Friends, Gold and Life, paid in euros: monthly, yearly, by calendar years with a roll-over day, and for life. */
export const society: ProgramDefinition = {
  key: "society",
  name: "The Society",
  currency: "EUR",
  levels: [
    {
      key: "friend",
      rank: 1,
      plans: [
        { key: "monthly", unit: "month", price: "10.00" },
        { key: "annual", unit: "year", price: "100.00" },
        { key: "calendar", unit: "year", period: "fixed", startDay: "01-01", rolloverDay: "10-01", price: "100.00" },
        { key: "free", unit: "year", price: "0.00" },
      ],
    },
    {
      key: "gold",
      rank: 2,
      plans: [
        { key: "annual", unit: "year", price: "250.00" },
        { key: "monthly", unit: "month", price: "25.00" },
      ],
    },
    { key: "life", rank: 3, plans: [{ key: "life", unit: "lifetime", price: "2000.00" }] },
    { key: "household", rank: 4, memberKind: "household", plans: [{ key: "annual", unit: "year", price: "150.00" }] },
    { key: "company", rank: 5, memberKind: "organization", plans: [{ key: "annual", unit: "year", price: "900.00" }] },
  ],
};

/** The society, with `planId("gold/annual")`, `person("Anna")` and `pay(orderId, "100.00", { on: "2026-01-20" })`. */
export async function openSociety(crm: TestedCrm, definition: ProgramDefinition = society) {
  const { program, levels, plans } = await crm.memberships.defineProgram(definition);
  const planId = (name: string) => plans[name]!.id;
  const person = async (givenName: string, more: { readonly birthDate?: string } = {}) =>
    (await crm.contacts.create({ givenName, familyName: "Silva", ...more })).id;
  let payments = 0;
  const pay = (orderId: string, amount: string, given: { on?: string; paymentId?: string } = {}) => {
    const { on: receivedOn, paymentId = `payment ${++payments}` } = given;
    return crm.memberships.recordPayment({
      ...{ orderId, paymentId, amount: { amount, currency: definition.currency } },
      ...(receivedOn === undefined ? {} : { receivedOn }),
    });
  };
  /** Joins and pays all of it on one day. */
  const enrol = async (contactId: string, plan: string, on: string) => {
    const { membership, order } = await crm.memberships.join({ contactId, planId: planId(plan), on });
    if (order.state === "open") await pay(order.id, order.amount.amount, { on });
    return membership.id;
  };
  /** "2026-01-15..2027-01-14 friend", in order. */
  const termsOf = async (membershipId: string) => {
    const { items } = await crm.membershipTerms.list({
      where: { membershipId, voidedOn: null },
      orderBy: [{ startsOn: "asc" }],
      include: { level: true },
      limit: 1_000,
    });
    return items.map(({ startsOn, endsOn, level }) => `${startsOn}..${endsOn ?? ""} ${level!.key}`);
  };
  /** What it is on each day. */
  const statuses = async (id: string, days: readonly string[]) => {
    const found = [];
    for (const day of days) found.push((await crm.memberships.statusOf(id, { on: day })).status);
    return found;
  };
  return { program, levels, plans, planId, person, pay, enrol, termsOf, statuses };
}

/** What a call fails with. */
export const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "was not refused",
    (error: { readonly code: string; readonly message: string; readonly details: object }) => error,
  );
