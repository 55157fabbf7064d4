/** Cases of days, seats and payments, for the table in docs/memberships.md: what is told is worked out by hand. */
import { openSociety, type TestedCrm } from "../memberships-fixture.ts";

export interface Case {
  readonly given: string;
  readonly told: string;
  run(opened: Opened): Promise<string>;
}

type Opened = { readonly crm: TestedCrm } & Awaited<ReturnType<typeof openSociety>>;

export async function openCases(crm: TestedCrm): Promise<Opened> {
  return { crm, ...(await openSociety(crm)) };
}

/** The terms of somebody who joins by a plan on a day and pays. */
const joined = (plan: string, on: string) => async (opened: Opened) =>
  (await opened.termsOf(await opened.enrol(await opened.person("Anna"), plan, on))).join(", ");

const fixed = "Periods from 1 January, roll-over on 1 October:";

export const cases: readonly Case[] = [
  {
    given: `${fixed} joins on 15 October 2026`,
    told: "2026-01-01..2027-12-31 friend",
    run: joined("friend/calendar", "2026-10-15"),
  },
  {
    given: `${fixed} joins on 1 October 2026`,
    told: "2026-01-01..2027-12-31 friend",
    run: joined("friend/calendar", "2026-10-01"),
  },
  {
    given: `${fixed} joins on 30 September 2026`,
    told: "2026-01-01..2026-12-31 friend",
    run: joined("friend/calendar", "2026-09-30"),
  },
  {
    given: "A month that ends on 28 February 2018, and one more",
    told: "2018-02-01..2018-02-28 friend, 2018-03-01..2018-03-31 friend",
    async run({ crm, enrol, person, pay, termsOf }) {
      const id = await enrol(await person("Anna"), "friend/monthly", "2018-02-01");
      const { order } = await crm.memberships.renew(id, { on: "2018-02-28" });
      await pay(order.id, "10.00", { on: "2018-02-28" });
      return (await termsOf(id)).join(", ");
    },
  },
  {
    given: "Monthly, from 31 January 2018, three terms",
    told: "2018-01-31..2018-02-27 friend, 2018-02-28..2018-03-30 friend, 2018-03-31..2018-04-29 friend",
    async run({ crm, person, planId, pay, termsOf }) {
      const asked = { contactId: await person("Anna"), planId: planId("friend/monthly"), on: "2018-01-31", terms: 3 };
      const { membership, order } = await crm.memberships.join(asked);
      await pay(order.id, "30.00", { on: "2018-01-31" });
      return (await termsOf(membership.id)).join(", ");
    },
  },
  {
    given: "A year from 29 February 2024",
    told: "2024-02-29..2025-02-27 friend",
    run: joined("friend/annual", "2024-02-29"),
  },
  {
    given: "For life, and a renewal of it",
    told: "2026-01-15.. life; refused: membership_for_life",
    async run({ crm, enrol, person, termsOf }) {
      const id = await enrol(await person("Anna"), "life/life", "2026-01-15");
      return `${await termsOf(id)}; ${await refused(crm.memberships.renew(id))}`;
    },
  },
  {
    given:
      "Joined on 15 January 2026 for a year: status on 15 and 16 April, on 14 and 15 January, on 14 and 15 February 2027",
    told: "new, current, current, grace, grace, expired",
    async run({ enrol, person, statuses }) {
      const id = await enrol(await person("Anna"), "friend/annual", "2026-01-15");
      const days = ["2026-04-15", "2026-04-16", "2027-01-14", "2027-01-15", "2027-02-14", "2027-02-15"];
      return (await statuses(id, days)).join(", ");
    },
  },
  {
    given: "Two seats and three employees; then Anna, the first one, leaves; then seats have no limit",
    told: "Anna, Ben; Ben, Carla; Ben, Carla",
    async run({ crm, person, levels, planId, pay }) {
      await crm.memberships.defineProgram({
        ...{ key: "society", currency: "EUR" },
        levels: [
          {
            key: "company",
            rank: 5,
            plans: [],
            inheritance: { affiliations: [{ kind: "employer" }] },
            maxInherited: 2,
          },
        ],
      });
      const { id: accountId } = await crm.accounts.create({ name: "Acme" });
      const names = new Map<string, string>();
      const ties = [];
      for (const [at, name] of ["Anna", "Ben", "Carla"].entries()) {
        const contactId = await person(name);
        names.set(contactId, name);
        const days = { validFrom: `202${at}-01-01` };
        ties.push(await crm.affiliations.create({ contactId, accountId, kind: "employer", ...days }));
      }
      const { membership, order } = await crm.memberships.join({ accountId, planId: planId("company/annual") });
      await pay(order.id, "900.00");
      const seats = async (on: string) => {
        const { members } = await crm.memberships.membersThrough(membership.id, { on });
        return members.map(({ contactId }) => names.get(contactId)).join(", ");
      };
      const told = [await seats("2026-01-15")];
      await crm.affiliations.update(ties[0]!.id, { validUntil: "2026-05-31" });
      told.push(await seats("2026-06-01"));
      await crm.membershipLevels.update(levels.company!.id, { maxInherited: null });
      return [...told, await seats("2026-06-01")].join("; ");
    },
  },
  {
    given: "A payment that is reported twice",
    told: "2026-01-20..2027-01-19 friend; repeated: false, true",
    async run({ crm, person, planId, pay, termsOf }) {
      const { membership, order } = await crm.memberships.join({
        contactId: await person("Anna"),
        planId: planId("friend/annual"),
      });
      const first = await pay(order.id, "100.00", { on: "2026-01-20", paymentId: "once" });
      const second = await pay(order.id, "100.00", { on: "2026-01-20", paymentId: "once" });
      return `${await termsOf(membership.id)}; repeated: ${first.repeated}, ${second.repeated}`;
    },
  },
  {
    given: "A payment of three terms",
    told: "2026-01-20..2027-01-19 friend, 2027-01-20..2028-01-19 friend, 2028-01-20..2029-01-19 friend",
    async run({ crm, person, planId, pay, termsOf }) {
      const asked = { contactId: await person("Anna"), planId: planId("friend/annual"), terms: 3 };
      const { membership, order } = await crm.memberships.join(asked);
      await pay(order.id, "300.00", { on: "2026-01-20" });
      return (await termsOf(membership.id)).join(", ");
    },
  },
];

function refused(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "was not refused",
    (error: { readonly code: string }) => `refused: ${error.code}`,
  );
}
