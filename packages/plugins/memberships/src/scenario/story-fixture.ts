/** For the scenario: a society and its chapter, people by name, and how what became of them is told. */
import type { CrmOptions } from "@relata/core";
import type { Ordered } from "../chain/join.ts";
import { openCrm } from "../memberships-fixture.ts";
import type { PaymentProvider } from "../payment/payment-provider.ts";
import type { ProgramDefinition } from "../program/define-program.ts";

/** One row of the table in docs/memberships.md: `told` is worked out by hand, and `run` tells what happened. */
export interface Step {
  /** The day, at noon of which it happens. */
  readonly on: string;
  readonly event: string;
  readonly told: string;
  run(story: Story): Promise<string | undefined>;
}

const employees = { affiliations: [{ kind: "employer" as const }] };

/** A year of 365 days costs 40 cents a day on level friend, and a euro on level gold. */
const society: ProgramDefinition = {
  ...{
    key: "society",
    name: "The Society",
    currency: "EUR",
    numberFormat: "{year}-{number:3}",
    numberRestart: "yearly",
  },
  levels: [
    {
      ...{ key: "friend", rank: 1, autoRenewal: "optional", renewalLeadDays: 10, retryDays: [3, 4] },
      plans: [
        { key: "annual", unit: "year", price: "146.00" },
        { key: "monthly", unit: "month", price: "12.00" },
      ],
    },
    { key: "gold", rank: 2, plans: [{ key: "annual", unit: "year", price: "365.00" }] },
    {
      ...{ key: "patron", rank: 3, extendsOn: "first_instalment" },
      plans: [{ key: "quarterly", unit: "year", price: "400.00", instalments: 4, instalmentMonths: 3 }],
    },
    { key: "life", rank: 4, plans: [{ key: "life", unit: "lifetime", price: "2000.00" }] },
    { key: "household", rank: 5, memberKind: "household", plans: [{ key: "annual", price: "200.00" }] },
    {
      ...{ key: "company", rank: 6, memberKind: "organization", inheritance: employees, maxInherited: 2 },
      plans: [{ key: "annual", price: "900.00" }],
    },
  ],
};

export type Story = Awaited<ReturnType<typeof openStory>>;

export async function openStory(storage: CrmOptions["storage"]) {
  const clock = createClock("2025-12-31");
  const crm = await openCrm({ storage, clock: clock.now });
  const main = await crm.memberships.defineProgram(society);
  const north = await crm.memberships.defineProgram({
    ...{ key: "north", name: "The Society, North", currency: "EUR", parentId: main.program.id },
    levels: [{ key: "local", rank: 1, requiresProgramId: main.program.id, plans: [{ key: "annual", price: "20.00" }] }],
  });
  const parties = new Map<string, { readonly contactId: string } | { readonly accountId: string }>();
  const members = new Map<string, string>();
  const orders = new Map<string, string>();
  const instants = new Map<string, Date>();
  const provider = scriptedProvider();
  const planId = (name: string) => (main.plans[name] ?? north.plans[name])!.id;
  const member = (name: string) => members.get(name)!;
  const contactId = (name: string) => (parties.get(name) as { readonly contactId: string }).contactId;
  const accountId = (name: string) => (parties.get(name) as { readonly accountId: string }).accountId;
  const eur = (amount: string) => ({ amount, currency: "EUR" });
  const { memberships } = crm;

  const person = async (name: string, more: { readonly email?: string } = {}) => {
    const { id } = await crm.contacts.create({ givenName: name, familyName: "Silva", ...more });
    parties.set(name, { contactId: id });
    return id;
  };
  const account = async (name: string, kind: "household" | "organization") => {
    const { id } = await crm.accounts.create({ name, kind });
    parties.set(name, { accountId: id });
    return id;
  };
  /** What is ordered, and what is to be paid for it. */
  const ordered = (name: string, { membership, order }: Pick<Ordered, "membership" | "order">) => {
    if (!members.has(name)) members.set(name, membership.id);
    orders.set(name, order.id);
    return `${order.amount.amount} to pay`;
  };
  /** The last order of somebody. */
  const pay = (name: string, amount: string, paymentId = `${name} ${amount} ${clock.now()}`) =>
    memberships.recordPayment({ paymentId, orderId: orders.get(name)!, amount: eur(amount) });
  const join = async (
    name: string,
    plan: string,
    more: { terms?: number; payerContactId?: string; payerAccountId?: string } = {},
  ) => ordered(name, await memberships.join({ ...parties.get(name)!, planId: planId(plan), ...more }));
  const joinAndPay = async (name: string, plan: string, more: Parameters<typeof join>[2] = {}) => {
    const { order } = await memberships.join({ ...parties.get(name)!, planId: planId(plan), ...more });
    orders.set(name, order.id);
    members.set(name, members.get(name) ?? order.membershipId);
    await pay(name, order.amount.amount);
    return tell(name);
  };
  const renewAndPay = async (name: string, more: { terms?: number } = {}) => {
    const said = ordered(name, await memberships.renew(member(name), more));
    await pay(name, said.split(" ")[0]!);
    return `${said}; ${await tell(name)}`;
  };
  /** "friend 2026-01-10 to 2027-01-09: new": the terms that reach into the year, and what it is on a day, today unless given. */
  const tell = async (name: string, day?: string) => {
    const { items } = await crm.membershipTerms.list({
      where: { membershipId: member(name), voidedOn: null, or: [{ endsOn: null }, { endsOn: { gte: "2026-01-01" } }] },
      orderBy: [{ startsOn: "asc" }],
      include: { level: true },
    });
    const terms = items.map(({ startsOn, endsOn, level }) => `${level!.key} ${startsOn} to ${endsOn ?? "ever"}`);
    const { status } = await memberships.statusOf(member(name), { on: day });
    return `${terms.join(", ") || "no term"}: ${status}`;
  };
  const statusesOn = async (name: string, days: readonly string[]) => {
    const all = [];
    for (const day of days) all.push(`${day} ${(await memberships.statusOf(member(name), { on: day })).status}`);
    return all.join(", ");
  };
  /** The names of those who have a seat through a member, and of those who have none. */
  const seats = async (name: string) => {
    const { members: seated, without } = await memberships.membersThrough(member(name));
    const nameOf = (id: string) => [...parties].find(([, party]) => "contactId" in party && party.contactId === id)![0];
    const no = without.map((each) => `${nameOf(each.contactId)} not: ${each.reason}`);
    return [...seated.map((each) => nameOf(each.contactId)), ...no].join(", ");
  };
  const refused = (call: Promise<unknown>) =>
    call.then(
      () => "was not refused",
      (error: { readonly code: string }) => `refused: ${error.code}`,
    );
  return {
    ...{ crm, clock, memberships, provider, program: main.program, north: north.program, levels: main.levels, planId },
    ...{ person, account, contactId, accountId, member, members, orders, instants, parties, eur },
    ...{ join, joinAndPay, renewAndPay, pay, ordered, tell, statusesOn, seats, refused },
  };
}

/** It is noon of a day in UTC. */
function createClock(day: string) {
  let now = Date.parse(`${day}T12:00:00Z`);
  return {
    now: () => now,
    set(to: string) {
      now = Date.parse(`${to}T12:00:00Z`);
    },
  };
}

/** It answers as it was told to, one after the other, and remembers what it was asked. */
function scriptedProvider() {
  const answers: ("paid" | "failed")[] = [];
  const asked: string[] = [];
  const provider: PaymentProvider = {
    async charge({ chargeId, amount, paymentMethod }) {
      asked.push(`${amount.amount} by ${paymentMethod}`);
      return answers.shift() === "paid"
        ? { status: "paid", paymentId: `charge ${chargeId}` }
        : { status: "failed", reason: "declined" };
    },
  };
  return { ...provider, answers, asked };
}
