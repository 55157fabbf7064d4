/** From 31 December to March: who is there, who joins, and renewals early, in grace and after a lapse. */
import type { Step, Story } from "./story-fixture.ts";

const imported = [
  ["Olga", "life/life", "2010-05-01", undefined],
  ["Otto", "gold/annual", "2025-07-01", "2026-06-30"],
  ["Pia", "friend/annual", "2025-03-01", "2026-02-28"],
  ["Sam", "friend/annual", "2025-01-20", "2026-01-19"],
  ["Rita", "friend/annual", "2024-02-10", "2025-02-09"],
  ["Uwe", "friend/annual", "2025-05-01", "2026-04-30"],
  ["Vera", "friend/annual", "2025-06-01", "2026-05-31"],
  ["Walt", "friend/annual", "2025-09-01", "2026-08-31"],
] as const;

export const firstQuarter: readonly Step[] = [
  {
    ...{ on: "2025-12-31", event: "Eight memberships of the years before are imported; Rita's had lapsed" },
    told: "7 members of 8 memberships",
    async run({ memberships, person, planId, members, crm, parties }) {
      const rows = [];
      for (const [name, plan, startsOn, endsOn] of imported) {
        const term = { planId: planId(plan), startsOn, ...(endsOn ? { endsOn } : {}) };
        rows.push({ contactId: await person(name), terms: [term] });
      }
      const made = await memberships.importMemberships(rows);
      for (const [at, [name]] of imported.entries()) members.set(name, made[at]!.id);
      for (const name of ["Anna", "Ben", "Cleo", "Dora", "Emil", "Fred", "Gina", "Gita", "Hans", "Ines", "Jan", "Kim"])
        await person(name, { email: `${name.toLowerCase()}@example.com` });
      for (const name of ["Lena", "Max", "Xenia", "Paul", "Paulo", "Zoe"]) await person(name);
      const { id } = await crm.accounts.create({ name: "Acme", kind: "organization" });
      parties.set("Acme", { accountId: id });
      const counted = await memberships.countMembers({ programs: ["society"] });
      return `${counted.members} members of ${counted.memberships} memberships`;
    },
  },
  {
    ...{ on: "2026-01-10", event: "Anna joins as a friend and pays 146.00" },
    told: "friend 2026-01-10 to 2027-01-09: new; 2026-04-10 new, 2026-04-11 current",
    run: async ({ joinAndPay, statusesOn }) =>
      `${await joinAndPay("Anna", "friend/annual")}; ${await statusesOn("Anna", ["2026-04-10", "2026-04-11"])}`,
  },
  {
    ...{
      on: "2026-01-15",
      event: "Acme joins, with seats for two of Hans, Ines and Jan, who came in 2020, 2021 and 2022",
    },
    told: "company 2026-01-15 to 2027-01-14: new; Hans, Ines, Jan not: no_seat",
    async run({ crm, contactId, accountId, joinAndPay, seats }) {
      for (const [name, year] of [
        ["Hans", "2020"],
        ["Ines", "2021"],
        ["Jan", "2022"],
      ] as const)
        await crm.affiliations.create({
          ...{ contactId: contactId(name), accountId: accountId("Acme"), kind: "employer", validFrom: `${year}-01-01` },
        });
      return `${await joinAndPay("Acme", "company/annual")}; ${await seats("Acme")}`;
    },
  },
  {
    ...{ on: "2026-01-31", event: "Gina gives Ben three months as a friend; the payment is reported three times" },
    told: "friend 2026-01-31 to 2026-02-27, friend 2026-02-28 to 2026-03-30, friend 2026-03-31 to 2026-04-29: new; 1 payment, by Gina",
    async run({ crm, join, pay, tell, contactId, orders }) {
      await join("Ben", "friend/monthly", { terms: 3, payerContactId: contactId("Gina") });
      await Promise.all([1, 2, 3].map(() => pay("Ben", "36.00", "gift")));
      const { items } = await crm.membershipPayments.list({ where: { orderId: orders.get("Ben")! } });
      const byGina = items.filter(({ payerContactId }) => payerContactId === contactId("Gina"));
      return `${await tell("Ben")}; ${byGina.length} payment, by Gina`;
    },
  },
  {
    ...{ on: "2026-02-01", event: "Pia renews early, two terms at once; the second one ends on a leap day" },
    told: "292.00 to pay; friend 2025-03-01 to 2026-02-28, friend 2026-03-01 to 2027-02-28, friend 2027-03-01 to 2028-02-29: current",
    run: ({ renewAndPay }) => renewAndPay("Pia", { terms: 2 }),
  },
  {
    ...{ on: "2026-02-01", event: "Gita joins on level gold; her employer Acme pays" },
    told: "gold 2026-02-01 to 2027-01-31: new",
    run: ({ joinAndPay, accountId }) => joinAndPay("Gita", "gold/annual", { payerAccountId: accountId("Acme") }),
  },
  {
    ...{ on: "2026-02-02", event: "Cleo and Dora apply" },
    told: "0 orders before they are approved",
    async run({ crm, contactId, planId }) {
      for (const name of ["Cleo", "Dora"]) {
        const applied = { contactId: contactId(name), planId: planId("friend/annual") };
        const { id } = await crm.membershipApplications.create(applied);
        await crm.membershipApplications.moveTo(id, "in_review");
      }
      return `${await crm.membershipOrders.count({ where: { membership: { contactId: contactId("Cleo") } } })} orders before they are approved`;
    },
  },
  {
    ...{ on: "2026-02-05", event: "Sam, whose term ended on 19 January, renews in grace" },
    told: "2026-02-04 grace; 146.00 to pay; friend 2025-01-20 to 2026-01-19, friend 2026-01-20 to 2027-01-19: current",
    run: async ({ statusesOn, renewAndPay }) =>
      `${await statusesOn("Sam", ["2026-02-04"])}; ${await renewAndPay("Sam")}`,
  },
  {
    ...{ on: "2026-02-09", event: "Cleo is approved and Dora refused" },
    told: "Cleo no term: pending; Dora no membership",
    async run({ crm, contactId, members, orders, tell }) {
      const of = async (name: string) =>
        (await crm.membershipApplications.find({ where: { contactId: contactId(name) } }))!;
      const cleo = await of("Cleo");
      await crm.membershipApplications.moveTo(cleo.id, "approved");
      const { membershipId, orderId } = await of("Cleo");
      members.set("Cleo", membershipId!);
      orders.set("Cleo", orderId!);
      const dora = await of("Dora");
      await crm.membershipApplications.moveTo(dora.id, "refused");
      const found = await crm.memberships.find({ where: { contactId: contactId("Dora") } });
      return `Cleo ${await tell("Cleo")}; Dora ${found ? "a" : "no"} membership`;
    },
  },
  {
    ...{ on: "2026-02-12", event: "Cleo pays, and is a member from that day on" },
    told: "friend 2026-02-12 to 2027-02-11: new; 2026-02-11 pending",
    async run({ pay, tell, statusesOn }) {
      await pay("Cleo", "146.00");
      return `${await tell("Cleo")}; ${await statusesOn("Cleo", ["2026-02-11"])}`;
    },
  },
  {
    ...{ on: "2026-02-20", event: "`advance` is called for the first time, and once more" },
    told: "joined 5; nothing",
    run: async (story) => `${await advanced(story)}; ${await advanced(story)}`,
  },
  {
    ...{ on: "2026-02-20", event: "Pia uses one of her four guest passes of a year that ends on 28 February" },
    told: "3 left",
    async run({ memberships, program, member }) {
      await memberships.defineBenefits(program.id, [
        { ...{ key: "guest_pass", period: "year", carryOver: "next_period", maxCarried: 2 }, levels: { friend: 4 } },
      ]);
      await memberships.useBenefit({ membershipId: member("Pia") }, "guest_pass");
      const { balance } = await memberships.may({ membershipId: member("Pia") }, "guest_pass");
      return `${balance!.left} left`;
    },
  },
  {
    ...{ on: "2026-03-01", event: "Emil becomes a patron, and pays the first of four instalments" },
    told: "400.00 to pay; patron 2026-03-01 to 2027-02-28: new; due 2026-03-01, 2026-06-01, 2026-09-01, 2026-12-01",
    async run({ join, pay, tell, memberships, orders }) {
      const said = await join("Emil", "patron/quarterly");
      await pay("Emil", "100.00");
      const { instalments } = await memberships.dues(orders.get("Emil")!);
      return `${said}; ${await tell("Emil")}; due ${instalments.map(({ dueOn }) => dueOn).join(", ")}`;
    },
  },
  {
    ...{ on: "2026-03-02", event: "Pia joins the chapter; Zoe, who is no member of the society, may not" },
    told: "1 member of the chapter; Zoe refused: may_not_join",
    async run({ memberships, contactId, planId, eur, refused }) {
      const { order } = await memberships.join({ contactId: contactId("Pia"), planId: planId("local/annual") });
      await memberships.recordPayment({ paymentId: "Pia north", orderId: order.id, amount: eur("20.00") });
      const zoe = await refused(memberships.join({ contactId: contactId("Zoe"), planId: planId("local/annual") }));
      return `${(await memberships.countMembers({ programs: ["north"] })).members} member of the chapter; Zoe ${zoe}`;
    },
  },
  {
    ...{ on: "2026-03-04", event: "How many members will there be on 9 March, as far as is known" },
    told: "13",
    async run({ crm, memberships, instants }) {
      instants.set("4 March", await crm.settled());
      return String((await memberships.countMembers({ on: "2026-03-09", programs: ["society"] })).members);
    },
  },
  {
    ...{ on: "2026-03-05", event: "Cleo's payment is refunded, which ends her term" },
    told: "friend 2026-02-12 to 2026-03-04: cancelled; 2026-03-04 new",
    async run({ crm, memberships, orders, tell, statusesOn }) {
      const { paymentId } = (await crm.membershipPayments.find({ where: { orderId: orders.get("Cleo")! } }))!;
      await memberships.recordRefund({ paymentId: "refund", refunds: paymentId });
      return `${await tell("Cleo")}; ${await statusesOn("Cleo", ["2026-03-04"])}`;
    },
  },
  {
    ...{ on: "2026-03-06", event: "Pia has four passes and two carried over, uses five, and asks for two more" },
    told: "6 before; 1 left; refused: benefit_refused",
    async run({ memberships, member, refused }) {
      const pia = { membershipId: member("Pia") };
      const before = await memberships.may(pia, "guest_pass");
      await memberships.useBenefit(pia, "guest_pass", { quantity: 5 });
      const after = await memberships.may(pia, "guest_pass");
      const more = await refused(memberships.useBenefit(pia, "guest_pass", { quantity: 2 }));
      return `${before.balance!.left} before; ${after.balance!.left} left; ${more}`;
    },
  },
  {
    ...{ on: "2026-03-10", event: "Rita comes back, more than a year after her term ended" },
    told: "2026-03-09 expired; 146.00 to pay; friend 2026-03-10 to 2027-03-09: current",
    run: async ({ statusesOn, renewAndPay }) =>
      `${await statusesOn("Rita", ["2026-03-09"])}; ${await renewAndPay("Rita")}`,
  },
  {
    ...{ on: "2026-03-15", event: "Fred joins as a friend" },
    told: "friend 2026-03-15 to 2027-03-14: new",
    run: ({ joinAndPay }) => joinAndPay("Fred", "friend/annual"),
  },
  {
    ...{ on: "2026-03-20", event: "The household of Lena and Max Silva joins" },
    told: "household 2026-03-20 to 2027-03-19: new; Lena, Max; Lena and Max Silva",
    async run({ crm, account, contactId, accountId, joinAndPay, seats, memberships }) {
      await account("Silva", "household");
      for (const name of ["Lena", "Max"])
        await crm.affiliations.create({
          ...{ contactId: contactId(name), accountId: accountId("Silva"), kind: "household" },
          validFrom: name === "Lena" ? "2015-01-01" : "2016-01-01",
        });
      const [greeting] = await memberships.greetings([accountId("Silva")]);
      return `${await joinAndPay("Silva", "household/annual")}; ${await seats("Silva")}; ${greeting!.formal}`;
    },
  },
];

/** "joined 5, lapsed 1": what `advance` tells, but for the changes of status of which they are some. */
export async function advanced({ memberships }: Pick<Story, "memberships">) {
  const { announced } = await memberships.advance();
  const names = ["joined", "rejoined", "grace_entered", "lapsed", "reminder_due"];
  const told = names.flatMap((name) =>
    announced[`membership.${name}`] ? [`${name} ${announced[`membership.${name}`]}`] : [],
  );
  return told.join(", ") || "nothing";
}
