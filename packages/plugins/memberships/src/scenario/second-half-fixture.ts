/** From July to December: what if, an override, a death, directory and cards, a merge and its undoing, and the figures of the year. */
import { withGrace } from "../status/simulate.ts";
import { advanced } from "./first-quarter-fixture.ts";
import type { Step } from "./story-fixture.ts";

const year = { from: "2026-01-01", until: "2026-12-31", programs: ["society"] };

export const secondHalf: readonly Step[] = [
  {
    ...{ on: "2026-07-05", event: "What if grace were 45 days? Vera's term ended on 31 May" },
    told: "cancelled 3, current 11, expired 2, grace 1, new 1; 1 from expired to grace; Vera expired",
    async run({ memberships, program, member }) {
      const rules = withGrace({ unit: "day", count: 45 });
      const { before, changes } = await memberships.simulate({ programId: program.id, rules });
      const counted = before.map((each) => `${each.status} ${each.memberships}`).join(", ");
      const moved = changes.map((each) => `${each.memberships} from ${each.from} to ${each.to}`).join(", ");
      return `${counted}; ${moved}; Vera ${(await memberships.statusOf(member("Vera"))).status}`;
    },
  },
  {
    ...{ on: "2026-07-10", event: "The board lets Vera be a member until 9 August" },
    told: "2026-07-09 expired, 2026-07-10 current, 2026-08-09 current, 2026-08-10 expired",
    async run({ memberships, member, statusesOn }) {
      await memberships.override(member("Vera"), { status: "current", until: "2026-08-09", reason: "hardship" });
      return statusesOn("Vera", ["2026-07-09", "2026-07-10", "2026-08-09", "2026-08-10"]);
    },
  },
  {
    ...{ on: "2026-07-15", event: "Otto renews in grace, and is a friend since 1 July" },
    told: "146.00 to pay; gold 2025-07-01 to 2026-06-30, friend 2026-07-01 to 2027-06-30: current",
    run: ({ renewAndPay }) => renewAndPay("Otto"),
  },
  {
    ...{ on: "2026-08-20", event: "Olga, a member for life, has died; Xenia renews early" },
    told: "Olga life 2010-05-01 to ever: deceased; Xenia 146.00 to pay; friend 2026-06-10 to 2026-08-31, friend 2026-09-01 to 2027-08-31: new",
    async run({ memberships, contactId, tell, renewAndPay }) {
      await memberships.recordDeath(contactId("Olga"), "2026-08-20");
      return `Olga ${await tell("Olga")}; Xenia ${await renewAndPay("Xenia")}`;
    },
  },
  {
    ...{
      on: "2026-09-01",
      event: "Acme's level has no limit on seats any more, and Kim has come; Emil pays his third instalment",
    },
    told: "Hans, Jan, Kim; Emil 100.00 open",
    async run({ crm, levels, contactId, accountId, pay, memberships, orders, seats }) {
      await crm.membershipLevels.update(levels.company!.id, { maxInherited: null });
      await crm.affiliations.create({
        ...{ contactId: contactId("Kim"), accountId: accountId("Acme"), kind: "employer", validFrom: "2026-09-01" },
      });
      await pay("Emil", "100.00");
      return `${await seats("Acme")}; Emil ${(await memberships.dues(orders.get("Emil")!)).open.amount} open`;
    },
  },
  {
    ...{
      on: "2026-10-01",
      event: "Anna goes down to friend: of 101 days at 1.00, 40.40 are needed, and 60.60 are credit",
    },
    told: "0.00 to pay, 60.60 left; friend 2026-01-10 to 2026-04-09, gold 2026-04-10 to 2026-09-30, friend 2026-10-01 to 2027-01-09: current",
    async run({ memberships, member, planId, tell }) {
      const planned = { planId: planId("friend/annual") };
      const { left } = await memberships.quoteChange(member("Anna"), planned);
      const { order } = await memberships.downgrade(member("Anna"), planned);
      return `${order!.amount.amount} to pay, ${left.amount} left; ${await tell("Anna")}`;
    },
  },
  {
    ...{ on: "2026-10-01", event: "Paulo, who is Paul, joins on level gold" },
    told: "gold 2026-10-01 to 2027-09-30: new",
    run: ({ joinAndPay }) => joinAndPay("Paulo", "gold/annual"),
  },
  {
    ...{ on: "2026-10-15", event: "Anna shows her name to everybody, and her address to members" },
    told: "public Anna Silva; members Anna Silva anna@example.com; 16 persons to staff",
    async run({ memberships, contactId, program }) {
      const of = { contactId: contactId("Anna"), programId: program.id };
      await memberships.setListing(of, { name: "public", email: "members" });
      const shown = async (audience: "public" | "members" | "staff") =>
        (await memberships.directory({ programId: program.id, audience, limit: 100 })).items;
      const open = (await shown("public")).map(({ name }) => name).join(", ");
      const among = (await shown("members")).map(({ name, email }) => `${name} ${email}`).join(", ");
      return `public ${open}; members ${among}; ${(await shown("staff")).length} persons to staff`;
    },
  },
  {
    ...{ on: "2026-10-15", event: "Cards for Anna, and for Hans through Acme; none for Fred" },
    told: "2026-001 Anna Silva, friend, since 2026-01-10, until 2027-01-09; Hans Silva of Acme, company, until 2027-01-14; refused: no_card; a page",
    async run({ memberships, member, contactId, refused }) {
      const anna = await memberships.card(member("Anna"));
      const hans = await memberships.card(member("Acme"), { contactId: contactId("Hans") });
      const fred = await refused(memberships.card(member("Fred")));
      const page = await memberships.cardPage([{ membershipId: member("Anna") }]);
      const own = `${anna.number} ${anna.name}, ${anna.level}, since ${anna.memberSince}, until ${anna.validUntil}`;
      const other = `${hans.name} of ${hans.through}, ${hans.level}, until ${hans.validUntil}`;
      return `${own}; ${other}; ${fred}; ${page.includes("Anna Silva") ? "a page" : "no page"}`;
    },
  },
  {
    ...{
      on: "2026-11-02",
      event: "Paul and Paulo are merged; both had paid for October to March, and Paul's term stands",
    },
    told: "overlap 2026-10-01 to 2027-03-31; friend 2026-04-01 to 2027-03-31, gold 2027-04-01 to 2027-09-30: current; 12 members",
    async run({ crm, memberships, contactId, orders, tell }) {
      const pair = [contactId("Paul"), contactId("Paulo")] as const;
      const [preview] = await memberships.previewMerge({
        entityType: "contact",
        survivorId: pair[0],
        otherId: pair[1],
      });
      const { mergeId } = await crm.contacts.merge(...pair);
      orders.set("the merge", mergeId);
      const overlap = preview!.overlaps.map(({ from, until }) => `overlap ${from} to ${until}`).join(", ");
      const { members } = await memberships.countMembers({ programs: ["society"] });
      return `${overlap}; ${await tell("Paul")}; ${members} members`;
    },
  },
  {
    ...{ on: "2026-11-03", event: "They were two after all: the merge is undone" },
    told: "Paul friend 2026-04-01 to 2027-03-31: current; Paulo gold 2026-10-01 to 2027-09-30: new; 13 members",
    async run({ crm, memberships, orders, tell }) {
      await crm.contacts.unmerge(orders.get("the merge")!);
      const { members } = await memberships.countMembers({ programs: ["society"] });
      return `Paul ${await tell("Paul")}; Paulo ${await tell("Paulo")}; ${members} members`;
    },
  },
  {
    ...{ on: "2026-12-15", event: "Emil's last instalment is two weeks late" },
    told: "100.00 overdue; 100.00 due in December",
    async run({ memberships, orders }) {
      const { instalments } = await memberships.dues(orders.get("Emil")!);
      const late = instalments.filter(({ overdue }) => overdue).map(({ open }) => open.amount);
      const { amount } = await memberships.expectedDues({ ...year, from: "2026-12-01" });
      return `${late} overdue; ${amount.map((each) => each.amount)} due in December`;
    },
  },
  {
    ...{ on: "2026-12-20", event: "Anna renews early, less her credit of 60.60" },
    told: "85.40 to pay; friend 2026-01-10 to 2026-04-09, gold 2026-04-10 to 2026-09-30, friend 2026-10-01 to 2027-01-09, friend 2027-01-10 to 2028-01-09: current",
    run: ({ renewAndPay }) => renewAndPay("Anna"),
  },
  {
    ...{ on: "2026-12-31", event: "`advance` is called for the last time in the year" },
    told: "joined 1, rejoined 1, lapsed 1, reminder_due 2",
    run: advanced,
  },
  {
    ...{ on: "2026-12-31", event: "The year, from the opening to the closing count" },
    told: "7 + 11 joined + 1 rejoined + 0 resumed - 2 lapsed - 3 cancelled - 0 paused - 1 died - 0 others = 13",
    async run({ memberships }) {
      const flow = await memberships.memberFlow(year);
      const came = `${flow.opening} + ${flow.joined} joined + ${flow.rejoined} rejoined + ${flow.resumed} resumed`;
      const went = `- ${flow.lapsed} lapsed - ${flow.cancelled} cancelled - ${flow.paused} paused - ${flow.died} died`;
      return `${came} ${went} - ${flow.otherLosses} others = ${flow.closing}`;
    },
  },
  {
    ...{
      on: "2026-12-31",
      event: "Retention: of seven, Otto, Pia, Sam and Uwe are left; Olga had been a member for life",
    },
    told: "4 of 7: 0.571429; without life 0.666667; 1 died; 7 terms renewed, 1 upgraded, 1 downgraded",
    async run({ memberships }) {
      const { retention, ...flow } = await memberships.memberFlow(year);
      const rates = `${retention.rate}; without life ${retention.rateOfTerms}; ${retention.died} died`;
      const terms = `${flow.renewed} terms renewed, ${flow.upgraded} upgraded, ${flow.downgraded} downgraded`;
      return `${retention.kept} of ${retention.opening}: ${rates}; ${terms}`;
    },
  },
  {
    ...{
      on: "2026-12-31",
      event: "Renewals: eleven terms fell due, those of Vera, Cleo and Fred and Ben's last one without another one",
    },
    told: "7 of 11: 0.636364",
    async run({ memberships }) {
      const { renewed, due, rate } = await memberships.renewalRate(year);
      return `${renewed} of ${due}: ${rate}`;
    },
  },
  {
    ...{
      on: "2026-12-31",
      event: "Members on 9 March, as it was known on 4 March and as it is known now: Cleo's refund came between",
    },
    told: "13 then, 12 now",
    async run({ crm, memberships, instants }) {
      const asked = { on: "2026-03-09", programs: ["society"] };
      const then = await crm.asOf(instants.get("4 March")!).memberships.countMembers(asked);
      return `${then.members} then, ${(await memberships.countMembers(asked)).members} now`;
    },
  },
  {
    ...{ on: "2026-12-31", event: "Members by level, and with those of the chapter" },
    told: "company 1, friend 8, gold 2, household 1, patron 1; 14 in all",
    async run({ crm, memberships }) {
      const { rows } = await memberships.countMembers({ programs: ["society"], by: ["level"] });
      const named = [];
      for (const { levelId, members } of rows)
        if (members > 0) named.push(`${(await crm.membershipLevels.get(levelId!)).key} ${members}`);
      const all = await memberships.countMembers({ programs: ["society"], withChapters: true });
      return `${named.toSorted().join(", ")}; ${all.members} in all`;
    },
  },
];
