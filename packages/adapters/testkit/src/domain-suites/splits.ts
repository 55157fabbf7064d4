/** Whose an opportunity is: revenue splits and overlay splits. */
import { expect } from "vitest";
import { failure, refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

const nowhere = "019b7ca9-8f2e-7000-8000-000000000000";

async function withUsers(bench: CrmBench, amount: string | null = "100.00", currency = "EUR") {
  const crm = await openDomain(bench);
  await crm.users.createMany(["ann", "bob", "cyd"].map((id) => ({ id, name: id })));
  const deal = await crm.opportunities.create({
    name: "Rollout",
    ownerId: "ann",
    ...(amount === null ? {} : { amount: { amount, currency } }),
  });
  return { crm, deal };
}

/** "ann 50 50.00 EUR": the splits of a kind, by user. */
async function splitsOf(crm: DomainCrm, opportunityId: string, kind: "revenue" | "overlay"): Promise<string[]> {
  const { items } = await crm.opportunitySplits.list({ where: { opportunityId, kind }, orderBy: [{ userId: "asc" }] });
  return items.map(
    ({ userId, percent, amount }) => `${userId} ${percent} ${amount ? Object.values(amount).join(" ") : "-"}`,
  );
}

const thirds = [
  { userId: "ann", percent: "33.33" },
  { userId: "bob", percent: "33.33" },
  { userId: "cyd", percent: "33.34" },
];

const halves = [
  { userId: "bob", percent: "50" },
  { userId: "ann", percent: "50" },
];

export const splits: CrmSuite = {
  name: "splits of opportunities",
  facts: [
    crmFact("of revenue add up to the amount, to the cent", async (bench) => {
      const { crm, deal } = await withUsers(bench);
      const set = await crm.opportunities.setSplits(deal.id, "revenue", thirds);
      expect(set.map(({ userId, amount }) => `${userId} ${amount?.amount}`)).toEqual([
        "ann 33.33",
        "bob 33.33",
        "cyd 33.34",
      ]);
      await crm.opportunities.update(deal.id, { amount: { amount: "1000.01", currency: "EUR" } });
      expect(await splitsOf(crm, deal.id, "revenue")).toEqual([
        "ann 33.33 333.30 EUR",
        "bob 33.33 333.30 EUR",
        "cyd 33.34 333.41 EUR",
      ]);
    }),
    crmFact("give an odd unit by user id, whatever the order of the list, and results in its order", async (bench) => {
      const { crm, deal } = await withUsers(bench, "0.01");
      const set = await crm.opportunities.setSplits(deal.id, "revenue", halves);
      expect(set.map(({ userId, amount }) => `${userId} ${amount?.amount}`)).toEqual(["bob 0.00", "ann 0.01"]);
    }),
    crmFact("are exact in every currency, and below nothing", async (bench) => {
      for (const [amount, currency, shares] of [
        ["101", "JPY", ["ann 50 51 JPY", "bob 50 50 JPY"]],
        ["10.001", "KWD", ["ann 50 5.001 KWD", "bob 50 5.000 KWD"]],
        ["-100.01", "EUR", ["ann 50 -50.01 EUR", "bob 50 -50.00 EUR"]],
        ["0.00", "EUR", ["ann 50 0.00 EUR", "bob 50 0.00 EUR"]],
      ] as const) {
        const { crm, deal } = await withUsers(bench, amount, currency);
        await crm.opportunities.setSplits(deal.id, "revenue", halves);
        expect(await splitsOf(crm, deal.id, "revenue")).toEqual(shares);
      }
    }),
    crmFact("as an overlay add up to anything, each rounded half to even", async (bench) => {
      const { crm, deal } = await withUsers(bench, "0.25");
      await crm.opportunities.setSplits(deal.id, "overlay", [
        { userId: "ann", percent: "150" },
        { userId: "bob", percent: "10" },
        { userId: "cyd", percent: "1000" },
      ]);
      expect(await splitsOf(crm, deal.id, "overlay")).toEqual([
        "ann 150 0.38 EUR",
        "bob 10 0.02 EUR",
        "cyd 1000 2.50 EUR",
      ]);
      expect(await splitsOf(crm, deal.id, "revenue")).toEqual([]);
    }),
    crmFact("follow the amount: another one, another currency, none, and one again", async (bench) => {
      const { crm, deal } = await withUsers(bench, null);
      await crm.opportunities.setSplits(deal.id, "revenue", halves);
      await crm.opportunities.setSplits(deal.id, "overlay", [{ userId: "cyd", percent: "12.5" }]);
      const both = async () => [
        ...(await splitsOf(crm, deal.id, "revenue")),
        ...(await splitsOf(crm, deal.id, "overlay")),
      ];
      expect(await both()).toEqual(["ann 50 -", "bob 50 -", "cyd 12.5 -"]);
      await crm.opportunities.update(deal.id, { amount: { amount: "10", currency: "EUR" } });
      expect(await both()).toEqual(["ann 50 5.00 EUR", "bob 50 5.00 EUR", "cyd 12.5 1.25 EUR"]);
      await crm.opportunities.update(deal.id, { amount: { amount: "10", currency: "USD" } });
      expect(await both()).toEqual(["ann 50 5.00 USD", "bob 50 5.00 USD", "cyd 12.5 1.25 USD"]);
      await crm.opportunities.update(deal.id, { amount: null });
      expect(await both()).toEqual(["ann 50 -", "bob 50 -", "cyd 12.5 -"]);
      await crm.opportunities.update(deal.id, { oneTimeAmount: { amount: "8", currency: "EUR" } });
      expect(await both()).toEqual(["ann 50 4.00 EUR", "bob 50 4.00 EUR", "cyd 12.5 1.00 EUR"]);
    }),
    crmFact("follow the amounts of many opportunities at once, each its own", async (bench) => {
      const { crm, deal } = await withUsers(bench);
      const other = await crm.opportunities.create({ name: "Other", amount: { amount: "7", currency: "EUR" } });
      for (const { id } of [deal, other]) await crm.opportunities.setSplits(id, "revenue", halves);
      await crm.opportunities.updateMany([
        { id: deal.id, amount: { amount: "0.03", currency: "EUR" } },
        { id: other.id, amount: { amount: "0.05", currency: "EUR" } },
      ]);
      expect(await splitsOf(crm, deal.id, "revenue")).toEqual(["ann 50 0.02 EUR", "bob 50 0.01 EUR"]);
      expect(await splitsOf(crm, other.id, "revenue")).toEqual(["ann 50 0.03 EUR", "bob 50 0.02 EUR"]);
    }),
    crmFact("are replaced as a whole: changed, added and removed, and an empty list removes them", async (bench) => {
      const { crm, deal } = await withUsers(bench);
      const [ann] = await crm.opportunities.setSplits(deal.id, "revenue", thirds);
      await crm.opportunities.setSplits(deal.id, "overlay", [{ userId: "bob", percent: "5" }]);
      const [now] = await crm.opportunities.setSplits(deal.id, "revenue", [{ userId: "ann", percent: "100.000" }]);
      expect(now).toMatchObject({ id: ann!.id, percent: "100", amount: { amount: "100.00" }, version: 2 });
      expect(await crm.opportunities.setSplits(deal.id, "revenue", [{ userId: "ann", percent: "100" }])).toEqual([now]);
      expect(await crm.opportunities.setSplits(deal.id, "revenue", [])).toEqual([]);
      expect(await splitsOf(crm, deal.id, "revenue")).toEqual([]);
      expect(await splitsOf(crm, deal.id, "overlay")).toEqual(["bob 5 5.00 EUR"]);
    }),
    crmFact("stay when the owner changes", async (bench) => {
      const { crm, deal } = await withUsers(bench);
      await crm.opportunities.setSplits(deal.id, "revenue", [{ userId: "ann", percent: "100" }]);
      await crm.opportunities.update(deal.id, { ownerId: "bob" });
      expect(await splitsOf(crm, deal.id, "revenue")).toEqual(["ann 100 100.00 EUR"]);
    }),
    crmFact("refuse a total that is not 100 %, and tell it", async (bench) => {
      const { crm, deal } = await withUsers(bench);
      await crm.opportunities.setSplits(deal.id, "revenue", halves);
      for (const [last, total] of [
        ["51", "101"],
        ["49.9999", "99.9999"],
        ["0", "50"],
      ] as const) {
        const list = [halves[0]!, { userId: "cyd", percent: last }];
        const details = await refusedDetails(crm.opportunities.setSplits(deal.id, "revenue", list));
        expect(details.issues).toEqual([
          { field: "splits", code: "out_of_range", message: `add up to ${total} %, and must to exactly 100 %` },
        ]);
      }
      expect(await splitsOf(crm, deal.id, "revenue")).toEqual(["ann 50 50.00 EUR", "bob 50 50.00 EUR"]);
    }),
    crmFact("refuse what is wrong, by its name, and change nothing", async (bench) => {
      const { crm, deal } = await withUsers(bench);
      const set = (kind: string, list: unknown) => crm.opportunities.setSplits(deal.id, kind as never, list as never);
      const one = (percent: unknown) => [{ userId: "ann", percent }];
      const cases: readonly (readonly [() => Promise<unknown>, string, string])[] = [
        [() => set("bonus", halves), "kind", "not_allowed"],
        [() => set("revenue", undefined), "splits", "missing_field"],
        [() => set("revenue", { ann: 100 }), "splits", "invalid_type"],
        [() => set("revenue", [7]), "splits.0", "invalid_type"],
        [() => set("revenue", [{ percent: "100" }]), "splits.0.userId", "missing_field"],
        [() => set("revenue", [{ userId: "ann", percent: "100", more: 1 }]), "splits.0.more", "unknown_field"],
        [() => set("revenue", one(100)), "splits.0.percent", "invalid_type"],
        [() => set("revenue", one("1e2")), "splits.0.percent", "invalid_number"],
        [() => set("revenue", one("100 ")), "splits.0.percent", "invalid_number"],
        [() => set("revenue", one("33.33333")), "splits.0.percent", "too_many_decimals"],
        [() => set("revenue", one("-1")), "splits.0.percent", "out_of_range"],
        [() => set("revenue", one("100.0001")), "splits.0.percent", "out_of_range"],
        [() => set("overlay", one("1000.0001")), "splits.0.percent", "out_of_range"],
        [() => set("overlay", [...one("5"), ...one("6")]), "splits.1.userId", "repeated"],
        [
          () => set("overlay", [...one("5"), { userId: "eve", percent: "6" }]),
          "splits.1.userId",
          "reference_not_found",
        ],
        [() => set("overlay", [{ userId: "a\0", percent: "6" }]), "splits.0.userId", "invalid_text"],
      ];
      for (const [call, field, code] of cases)
        expect((await refusedDetails(call())).issues).toMatchObject([{ field, code }]);
      expect(await crm.opportunitySplits.count()).toBe(0);
    }),
    crmFact("are set by this operation only, of opportunities that are there", async (bench) => {
      const { crm, deal } = await withUsers(bench);
      const forged = crm.opportunitySplits.create({
        opportunityId: deal.id,
        userId: "ann",
        kind: "revenue",
        percent: "70",
      });
      expect((await refused(forged)).code).toBe("read_only_entity");
      expect((await refused(crm.opportunities.setSplits(nowhere, "revenue", halves))).code).toBe("not_found");
    }),
    crmFact("of one tenant are not those of another, nor its users", async (bench) => {
      const { crm, deal } = await withUsers(bench);
      const other = crm.as({ tenantId: "other" });
      await other.users.create({ id: "zoe", name: "Zoe" });
      expect((await refused(other.opportunities.setSplits(deal.id, "revenue", halves))).code).toBe("not_found");
      const theirs = crm.opportunities.setSplits(deal.id, "overlay", [{ userId: "zoe", percent: "5" }]);
      expect((await refusedDetails(theirs)).issues).toMatchObject([{ field: "splits.0.userId" }]);
    }),
    crmFact("are set in the unit around them, or not at all, and are as they were, as of then", async (bench) => {
      const { crm, deal } = await withUsers(bench);
      await crm.opportunities.setSplits(deal.id, "revenue", halves);
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.opportunities.setSplits(deal.id, "revenue", thirds);
        throw undone;
      });
      expect(await failure(unit)).toBe(undone);
      expect(await splitsOf(crm, deal.id, "revenue")).toEqual(["ann 50 50.00 EUR", "bob 50 50.00 EUR"]);
      bench.clock.set("2026-07-15T10:00:00Z");
      await crm.opportunities.setSplits(deal.id, "revenue", []);
      const past = crm.asOf(new Date("2026-06-30T00:00:00Z")) as DomainCrm;
      expect(await splitsOf(past, deal.id, "revenue")).toEqual(["ann 50 50.00 EUR", "bob 50 50.00 EUR"]);
      expect((await refused(past.opportunities.setSplits(deal.id, "revenue", halves))).code).toBe("past_is_read_only");
    }),
    crmFact("that are set at the same time are those of one of the writers", async (bench) => {
      const { crm, deal } = await withUsers(bench);
      const lists = [halves, thirds, [{ userId: "cyd", percent: "100" }]];
      await Promise.all(
        Array.from({ length: 12 }, (_, i) => crm.opportunities.setSplits(deal.id, "revenue", lists[i % 3]!)),
      );
      const { items } = await crm.opportunitySplits.list();
      const users = items.map(({ userId }) => userId).sort();
      expect([["ann", "bob"], ["ann", "bob", "cyd"], ["cyd"]]).toContainEqual(users);
      expect(items.reduce((cents, { amount }) => cents + Number(amount!.amount.replace(".", "")), 0)).toBe(10_000);
    }),
  ],
};
