/** opportunities.winRate: what has been won of what was closed, or created. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const usd = (amount: string) => ({ amount, currency: "USD" });

const june = { from: "2026-06-01", to: "2026-06-30" };
const closed = { ...june, base: "closed" } as const;
const created = { ...june, base: "created" } as const;

/** All are created on the first of June; it is the 15th of July. */
async function withDeals(bench: CrmBench): Promise<DomainCrm> {
  const crm = await openDomain(bench);
  bench.clock.set("2026-06-01T10:00:00Z");
  await crm.users.createMany(["ann", "ben"].map((id) => ({ id, name: id.toUpperCase() })));
  const deals = await crm.opportunities.createMany([
    { name: "a", ownerId: "ann", amount: eur("100.00") },
    { name: "b", ownerId: "ben", amount: eur("50.50") },
    { name: "c", ownerId: "ann", amount: usd("10.00") },
    { name: "d", ownerId: "ann", amount: eur("200.00") },
    { name: "e", ownerId: "ben" },
    { name: "f", ownerId: "ann", amount: eur("300.00") },
    { name: "g", amount: eur("1000.00") },
    { name: "h", ownerId: "ben", amount: eur("7.00") },
  ]);
  const moves = [
    ["06-10", "a", "won"],
    ["06-12", "d", "lost"],
    ["06-13", "e", "lost"],
    ["06-14", "h", "lost"],
    ["06-20", "b", "won"],
    ["06-25", "c", "won"],
    ["06-28", "h", "proposal"],
    ["07-02", "g", "won"],
  ] as const;
  for (const [day, name, stage] of moves) {
    bench.clock.set(`2026-${day}T10:00:00Z`);
    await crm.opportunities.moveTo(deals.find((deal) => deal.name === name)!.id, stage);
  }
  bench.clock.set("2026-07-15T10:00:00Z");
  return crm;
}

export const winRates: CrmSuite = {
  name: "opportunities.winRate",
  facts: [
    crmFact("says what was won of what was closed in the period, by number", async (bench) => {
      const crm = await withDeals(bench);
      expect(await crm.opportunities.winRate({ ...closed, unit: "number" })).toEqual([
        { group: {}, base: "closed", unit: "number", numerator: 3, denominator: 5, open: 0, rate: "0.6" },
      ]);
      const july = { from: "2026-07-01", to: "2026-07-31" };
      expect(await crm.opportunities.winRate({ ...closed, ...july, unit: "number" })).toMatchObject([
        { numerator: 1, denominator: 1, rate: "1" },
      ]);
    }),
    crmFact("says it by amount, for each currency", async (bench) => {
      const crm = await withDeals(bench);
      const { base } = closed;
      const unit = "amount";
      expect(await crm.opportunities.winRate({ ...closed, unit })).toEqual([
        // 150.5 / 350.5
        {
          group: {},
          base,
          unit,
          numerator: eur("150.50"),
          denominator: eur("350.50"),
          open: eur("0.00"),
          rate: "0.429387",
        },
        { group: {}, base, unit, numerator: usd("10.00"), denominator: usd("10.00"), open: usd("0.00"), rate: "1" },
      ]);
    }),
    crmFact("says it in one currency", async (bench) => {
      const crm = await withDeals(bench);
      await crm.exchangeRates.createMany([
        { baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-06-01", rate: "0.9" },
        { baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-07-01", rate: "0.8" },
      ]);
      const asked = { ...closed, unit: "amount" } as const;
      // 158.5 / 358.5, and by the rate of the day on which each was closed 159.5 / 359.5
      expect(await crm.opportunities.winRate({ ...asked, convert: { in: "EUR" } })).toMatchObject([
        { numerator: eur("158.50"), denominator: eur("358.50"), open: eur("0.00"), rate: "0.44212" },
      ]);
      const convert = { in: "EUR", on: "actualCloseDate" };
      expect(await crm.opportunities.winRate({ ...asked, convert })).toMatchObject([
        { numerator: eur("159.50"), denominator: eur("359.50"), rate: "0.443672" },
      ]);
      expect(await crm.as({ tenantId: "other" }).opportunities.winRate({ ...asked, convert })).toMatchObject([
        { numerator: eur("0.00"), denominator: eur("0.00"), rate: null },
      ]);
      expect(await refused(crm.opportunities.winRate({ ...closed, unit: "number", convert }))).toEqual({
        code: "invalid_input",
        entity: "winRate",
        field: "convert",
      });
    }),
    crmFact("says what is won by now of what was created in the period, and what of it is open", async (bench) => {
      const crm = await withDeals(bench);
      expect(await crm.opportunities.winRate({ ...created, unit: "number" })).toEqual([
        { group: {}, base: "created", unit: "number", numerator: 4, denominator: 8, open: 2, rate: "0.5" },
      ]);
      expect(await crm.opportunities.winRate({ ...created, unit: "amount" })).toMatchObject([
        // 1150.5 / 1657.5
        { numerator: eur("1150.50"), denominator: eur("1657.50"), open: eur("307.00"), rate: "0.694118" },
        { numerator: usd("10.00"), denominator: usd("10.00"), open: usd("0.00"), rate: "1" },
      ]);
    }),
    crmFact("groups by anything that an aggregate groups by", async (bench) => {
      const crm = await withDeals(bench);
      const byOwner = await crm.opportunities.winRate({ ...closed, unit: "number", groupBy: { owner: "ownerId" } });
      const owners: (string | null)[] = byOwner.map(({ group }) => group.owner);
      expect(owners).toEqual(["ann", "ben"]);
      expect(byOwner.map(({ numerator, denominator, rate }) => [numerator, denominator, rate])).toEqual([
        [2, 3, "0.666667"],
        [1, 2, "0.5"],
      ]);
      const groupBy = { name: { owner: "name" }, status: "status", stage: { stage: "key" } } as const;
      expect(
        (await crm.opportunities.winRate({ ...created, unit: "amount", groupBy })).map(
          ({ group, numerator, denominator, rate }) => [
            Object.values(group).join(" "),
            numerator,
            denominator.amount,
            rate,
          ],
        ),
      ).toEqual([
        ["ANN lost lost", eur("0.00"), "200.00", "0"],
        ["ANN open qualification", eur("0.00"), "300.00", "0"],
        ["ANN won won", eur("100.00"), "100.00", "1"],
        ["ANN won won", usd("10.00"), "10.00", "1"],
        ["BEN open proposal", eur("0.00"), "7.00", "0"],
        ["BEN won won", eur("50.50"), "50.50", "1"],
        [" won won", eur("1000.00"), "1000.00", "1"],
      ]);
    }),
    crmFact("is null where there is nothing to divide by", async (bench) => {
      const crm = await openDomain(bench);
      expect(await crm.opportunities.winRate({ ...closed, unit: "number" })).toEqual([
        { group: {}, base: "closed", unit: "number", numerator: 0, denominator: 0, open: 0, rate: null },
      ]);
      expect(await crm.opportunities.winRate({ ...closed, unit: "amount" })).toEqual([]);
      const { id } = await crm.opportunities.create({ name: "free", amount: eur("0.00") });
      await crm.opportunities.moveTo(id, "won");
      expect(await crm.opportunities.winRate({ ...closed, unit: "amount" })).toMatchObject([
        { numerator: eur("0.00"), denominator: eur("0.00"), rate: null },
      ]);
    }),
    crmFact("tells what was known at an instant", async (bench) => {
      const crm = await withDeals(bench);
      const at = async (instant: string, base: "closed" | "created") => {
        const past = crm.asOf(new Date(instant)).opportunities;
        const [row] = await past.winRate({ ...june, base, unit: "number" });
        return [row!.numerator, row!.denominator, row!.open];
      };
      expect(await at("2026-06-15T10:00:00Z", "closed")).toEqual([1, 4, 0]);
      expect(await at("2026-06-15T10:00:00Z", "created")).toEqual([1, 8, 4]);
      expect(await at("2026-06-30T10:00:00Z", "closed")).toEqual([3, 5, 0]);
      expect(await at("2026-06-30T10:00:00Z", "created")).toEqual([3, 8, 3]);
    }),
    crmFact(
      "counts those that satisfy conditions, none that are archived, and none of another tenant",
      async (bench) => {
        const crm = await withDeals(bench);
        const of = async (by: DomainCrm, more: object = {}) => {
          const [row] = await by.opportunities.winRate({ ...closed, unit: "number", ...more });
          return `${row!.numerator}/${row!.denominator}`;
        };
        expect(await of(crm, { where: { owner: { name: "ANN" } } })).toBe("2/3");
        const a = await crm.opportunities.find({ where: { name: "a" } });
        await crm.opportunities.archive(a!.id);
        expect(await of(crm)).toBe("2/4");
        expect(await of(crm.as({ tenantId: "other" }))).toBe("0/0");
      },
    ),
    crmFact("takes the days of creation where the organisation's days begin", async (bench) => {
      const crm = await openDomain(bench);
      await crm.settings.change({ timeZone: "Pacific/Auckland" });
      bench.clock.set("2026-05-31T12:00:00Z");
      await crm.opportunities.create({ name: "1 June" });
      bench.clock.set("2026-06-30T12:00:00Z");
      await crm.opportunities.create({ name: "1 July" });
      expect(await crm.opportunities.winRate({ ...created, unit: "number" })).toMatchObject([{ denominator: 1 }]);
    }),
    crmFact("serves lifecycles by number, of records that are in one", async (bench) => {
      const crm = await openDomain(bench);
      const made = await crm.accounts.createMany(["a", "b", "outside"].map((name) => ({ name })));
      await crm.accounts.moveMany(made.slice(0, 2).map(({ id }) => ({ id, stage: "prospect" })));
      await crm.accounts.moveTo(made[0]!.id, "customer");
      expect(await crm.accounts.winRate({ ...created, unit: "number" })).toMatchObject([
        { numerator: 1, denominator: 2, open: 1, rate: "0.5" },
      ]);
      expect(await refused(crm.accounts.winRate({ ...created, unit: "amount" }))).toEqual({
        code: "invalid_input",
        entity: "winRate",
        field: "unit",
      });
    }),
    crmFact("takes two queries, and one for the settings where it counts what was created", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.opportunities.createMany(Array.from({ length: 100 }, (_, i) => ({ name: `d${i}` })));
      const cost = async (base: "closed" | "created") => {
        const before = { ...calls };
        await crm.opportunities.winRate({ ...june, base, unit: "amount", groupBy: { owner: "ownerId" } });
        return [calls.find - before.find, calls.aggregate - before.aggregate];
      };
      expect(await cost("closed")).toEqual([0, 2]);
      expect(await cost("created")).toEqual([1, 2]);
    }),
    crmFact("refuses what is no question, naming each field", async (bench) => {
      const crm = await openDomain(bench);
      for (const [bad, issues] of [
        [{}, ["from missing_field", "to missing_field", "base missing_field", "unit missing_field"]],
        [{ ...closed, unit: "euro" }, ["unit not_allowed"]],
        [{ ...june, base: "won", unit: "number" }, ["base not_allowed"]],
        [{ ...closed, to: "2026-05-01", unit: "number" }, ["to out_of_range"]],
        [{ ...closed, unit: "number", by: "owner" }, ["by unknown_field"]],
        [{ ...closed, unit: "number", groupBy: "ownerId" }, ["groupBy invalid_type"]],
      ] as const) {
        const details = await refusedDetails(crm.opportunities.winRate(bad as never));
        expect([details.entity, details.issues?.map(({ field, code }) => `${field} ${code}`)]).toEqual([
          "winRate",
          issues,
        ]);
      }
      for (const [groupBy, field] of [
        [{ owner: "owner" }, "owner"],
        [{ amount: "amount" }, "amount"],
      ] as const) {
        const asked = crm.opportunities.winRate({ ...closed, unit: "number", groupBy } as never);
        expect(await refused(asked)).toMatchObject({ code: "invalid_query", field });
      }
    }),
  ],
};
