/** From April to July: changes of level, pauses, cancellations, money that goes back, a transfer, automatic renewals. */
import { advanced } from "./first-quarter-fixture.ts";
import type { Step, Story } from "./story-fixture.ts";

export const secondQuarter: readonly Step[] = [
  {
    ...{ on: "2026-04-01", event: "Paul joins as a friend" },
    told: "friend 2026-04-01 to 2027-03-31: new",
    run: ({ joinAndPay }) => joinAndPay("Paul", "friend/annual"),
  },
  {
    ...{ on: "2026-04-10", event: "Anna upgrades to gold: 275 days are left, at 1.00 instead of 0.40" },
    told: "charge 275.00, credit 110.00; 165.00 to pay; friend 2026-01-10 to 2026-04-09, gold 2026-04-10 to 2027-01-09: new",
    async run({ memberships, member, planId, orders, pay, tell, eur }) {
      const planned = { planId: planId("gold/annual") };
      const { charge, credit } = await memberships.quoteChange(member("Anna"), planned);
      const { order } = await memberships.upgrade(member("Anna"), planned);
      orders.set("Anna", order!.id);
      await pay("Anna", "165.00");
      const said = `charge ${charge.amount}, credit ${credit.amount}; ${order!.amount.amount} to pay`;
      return `${said}; ${await tell("Anna")}${order!.amount.currency === eur("1").currency ? "" : "?"}`;
    },
  },
  {
    ...{ on: "2026-04-15", event: "Walt cancels" },
    told: "friend 2025-09-01 to 2026-08-31: cancelled",
    async run({ memberships, member, tell }) {
      await memberships.cancel(member("Walt"), { reason: "moved away" });
      return tell("Walt");
    },
  },
  {
    ...{ on: "2026-04-20", event: "Fred's bank takes his payment back, which ends his term" },
    told: "friend 2026-03-15 to 2026-04-19: cancelled",
    async run({ crm, memberships, orders, tell }) {
      const { paymentId } = (await crm.membershipPayments.find({ where: { orderId: orders.get("Fred")! } }))!;
      await memberships.recordChargeback({ paymentId: "chargeback", refunds: paymentId });
      return tell("Fred");
    },
  },
  {
    ...{ on: "2026-04-21", event: "Uwe renews automatically, ten days before the end: his card is declined" },
    told: "failed, next on 2026-04-24",
    async run(story) {
      await story.memberships.setAutoRenewal(story.member("Uwe"), { autoRenew: true, paymentMethod: "card 7" });
      return collected(story, "failed");
    },
  },
  {
    ...{ on: "2026-04-23", event: "Renewals are collected before the next attempt is due" },
    told: "nothing; asked 1 times",
    run: async (story) => `${await collected(story)}; asked ${story.provider.asked.length} times`,
  },
  {
    ...{ on: "2026-04-24", event: "The second attempt is declined too" },
    told: "failed, next on 2026-04-28",
    run: (story) => collected(story, "failed"),
  },
  {
    ...{ on: "2026-04-28", event: "The third attempt is paid; renewals are collected twice" },
    told: "renewed; nothing; asked 3 times, 146.00 by card 7; friend 2025-05-01 to 2026-04-30, friend 2026-05-01 to 2027-04-30: current",
    async run(story) {
      const said = `${await collected(story, "paid")}; ${await collected(story)}`;
      const { asked } = story.provider;
      return `${said}; asked ${asked.length} times, ${[...new Set(asked)]}; ${await story.tell("Uwe")}`;
    },
  },
  {
    ...{ on: "2026-05-01", event: "Gita pauses" },
    told: "gold 2026-02-01 to 2027-01-31: paused",
    async run({ memberships, member, tell }) {
      await memberships.pause(member("Gita"));
      return tell("Gita");
    },
  },
  {
    ...{ on: "2026-05-02", event: "Walt is reinstated" },
    told: "friend 2025-09-01 to 2026-08-31: current; 2026-05-01 cancelled",
    async run({ memberships, member, tell, statusesOn }) {
      await memberships.reinstate(member("Walt"));
      return `${await tell("Walt")}; ${await statusesOn("Walt", ["2026-05-01"])}`;
    },
  },
  {
    ...{ on: "2026-05-30", event: "Ben, to whom nobody gave more months, has lapsed after a month of grace" },
    told: "2026-04-29 new, 2026-04-30 grace, 2026-05-29 grace, 2026-05-30 expired",
    run: ({ statusesOn }) => statusesOn("Ben", ["2026-04-29", "2026-04-30", "2026-05-29", "2026-05-30"]),
  },
  {
    ...{
      on: "2026-06-01",
      event: "Gita resumes after 31 days, which are added to her term; Emil pays his second instalment",
    },
    told: "gold 2026-02-01 to 2027-03-03: current; Emil 200.00 open",
    async run({ memberships, member, tell, pay, orders }) {
      await memberships.resume(member("Gita"));
      await pay("Emil", "100.00");
      const { open } = await memberships.dues(orders.get("Emil")!);
      return `${await tell("Gita")}; Emil ${open.amount} open`;
    },
  },
  {
    ...{ on: "2026-06-10", event: "Walt's membership is transferred to Xenia" },
    told: "Walt friend 2025-09-01 to 2026-06-09: cancelled; Xenia friend 2026-06-10 to 2026-08-31: new",
    async run({ memberships, member, members, contactId, tell }) {
      const { to } = await memberships.transfer(member("Walt"), { contactId: contactId("Xenia") });
      members.set("Xenia", to.id);
      return `Walt ${await tell("Walt")}; Xenia ${await tell("Xenia")}`;
    },
  },
  {
    ...{ on: "2026-06-15", event: "Otto, on level gold, is to be a friend from his next renewal on" },
    told: "gold 2025-07-01 to 2026-06-30: current",
    async run({ memberships, member, planId, tell }) {
      await memberships.downgrade(member("Otto"), { planId: planId("friend/annual"), when: "renewal" });
      return tell("Otto");
    },
  },
  {
    ...{ on: "2026-07-01", event: "Ines has left Acme the day before: Jan takes her seat" },
    told: "Hans, Jan; Ines lost: tie_ended",
    async run({ crm, memberships, contactId, member, seats }) {
      const { id } = (await crm.affiliations.find({ where: { contactId: contactId("Ines") } }))!;
      await crm.affiliations.update(id, { validUntil: "2026-06-30" });
      const { lost } = await memberships.seatChanges(member("Acme"), { from: "2026-06-30" });
      return `${await seats("Acme")}; ${lost.map(({ reason }) => `Ines lost: ${reason}`)}`;
    },
  },
  {
    ...{ on: "2026-07-02", event: "`advance` is called again, after four and a half months" },
    told: "joined 6, rejoined 3, grace_entered 3, lapsed 2, reminder_due 5",
    run: advanced,
  },
];

/** What `collectRenewals` did, where the provider answers so. */
async function collected({ memberships, provider }: Story, ...answers: ("paid" | "failed")[]): Promise<string> {
  provider.answers.push(...answers);
  const { renewed, failed, problems } = await memberships.collectRenewals({ provider });
  const told = [
    ...renewed.map(() => "renewed"),
    ...failed.map(({ nextAttemptOn }) => `failed, next on ${nextAttemptOn}`),
    ...problems.map(({ error }) => String(error)),
  ];
  return told.join(", ") || "nothing";
}
