/**
 * The hardest operations of plugins to come, each as its author would write it: with the public plugin interface alone. Where one of
 * them reads badly, the interface is wrong.
 */
import { type CrmOptions, count, createCrm } from "@relata/core";
import { date, defineEntity, definePlugin, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

const membership = defineEntity("membership", {
  plural: "memberships",
  fields: { contactId: reference("contact", { inverse: "memberships" }), paidUntil: date() },
});

/** One for each payment that a provider reports, under the provider's own id. */
const payment = defineEntity("payment", {
  plural: "payments",
  written: "operations",
  fields: {
    reportId: text().unique(),
    membershipId: reference("membership", { inverse: "payments", onDelete: "cascade" }),
  },
});

const dues = definePlugin({
  id: "dues",
  entities: [membership, payment],
  operations: (context) => ({
    membership: {
      /** Extends by a year, once for each report, however often and concurrently it arrives. */
      renew: (id: string, reportId: string) =>
        context.transaction(async (tx) => {
          const { status } = await tx.payments.upsert({ reportId, membershipId: id }, { by: "reportId" });
          const { paidUntil, version } = await tx.memberships.get(id);
          return status === "created"
            ? tx.memberships.update(id, { paidUntil: nextYear(paidUntil) }, { version })
            : tx.memberships.get(id);
        }),
    },
  }),
});

function nextYear(day: string): string {
  return `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
}

const openDues = (options: CrmOptions) => createCrm({ ...options, plugins: [dues] });

export const spikes: CrmSuite = {
  name: "what plugins will ask for",
  facts: [
    crmFact(
      "a payment renews exactly once under 50 concurrent reports, and the next one renews again",
      async (bench) => {
        const crm = await openDues(await bench.options());
        const member = await crm.contacts.create({ familyName: "Doe" });
        const { id } = await crm.memberships.create({ contactId: member.id, paidUntil: "2026-12-31" });
        const reports = Array.from({ length: 50 }, () => crm.memberships.renew(id, "pay_1"));
        const answers = await Promise.all(reports);
        expect(new Set(answers.map(({ paidUntil }) => paidUntil))).toEqual(new Set(["2027-12-31"]));
        expect(await crm.memberships.get(id)).toMatchObject({ paidUntil: "2027-12-31", version: 2 });
        expect(await crm.payments.count()).toBe(1);
        expect(await crm.memberships.renew(id, "pay_2")).toMatchObject({ paidUntil: "2028-12-31", version: 3 });
      },
    ),
    crmFact("a table of win rates as they were known at the end of each month", async (bench) => {
      const crm = await bench.open();
      await crm.at(new Date("2026-01-01T00:00:00Z")).users.createMany([
        { id: "ann", name: "Ann" },
        { id: "ben", name: "Ben" },
      ]);
      const story = [
        ["ann", "2026-01-05", "2026-01-20", "won"],
        ["ann", "2026-01-06", "2026-02-10", "lost"],
        ["ben", "2026-01-07", "2026-02-15", "won"],
        ["ben", "2026-02-01", "2026-03-02", "lost"],
        ["ben", "2026-02-02", "2026-03-03", "lost"],
      ] as const;
      const moves: [string, string, string][] = [];
      await crm.at(new Date("2026-01-01T00:00:00Z")).opportunities.board();
      for (const [ownerId, began, closed, outcome] of story) {
        const deal = await crm.at(new Date(`${began}T12:00:00Z`)).opportunities.create({ name: "Deal", ownerId });
        moves.push([closed, deal.id, outcome]);
      }
      for (const [closed, id, outcome] of moves.sort()) {
        await crm.at(new Date(`${closed}T12:00:00Z`)).opportunities.moveTo(id, outcome);
      }

      const winRates = async (monthEnd: string) => {
        const closed = await crm.asOf(new Date(`${monthEnd}T23:59:59Z`)).opportunities.aggregate({
          where: { status: { in: ["won", "lost"] } },
          groupBy: { owner: "ownerId", status: "status" },
          measures: { deals: count() },
        });
        const of = (owner: string, status: string) =>
          closed.find((row) => row.owner === owner && row.status === status)?.deals ?? 0;
        return ["ann", "ben"].map((owner) => `${of(owner, "won")}/${of(owner, "won") + of(owner, "lost")}`).join(" ");
      };
      expect(await winRates("2026-01-31")).toBe("1/1 0/0");
      expect(await winRates("2026-02-28")).toBe("1/2 1/1");
      expect(await winRates("2026-03-31")).toBe("1/2 1/3");

      await crm.opportunities.delete(moves[0]![1]);
      expect(await winRates("2026-01-31")).toBe("1/1 0/0");
      expect(await crm.opportunities.count({ where: { status: "won" } })).toBe(1);
    }),
  ],
};
