/** crm.exchangeRates: dated rates, and money converted by them. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

const money = (amount: string, currency: string) => ({ amount, currency });
const rate = (pair: string, day: string, value: string) => ({
  baseCurrency: pair.slice(0, 3),
  quoteCurrency: pair.slice(4),
  day,
  rate: value,
});

/** "100.00 USD to EUR" gives "92.50 EUR". */
async function converted(crm: Pick<DomainCrm, "exchangeRates">, what: string, on: string): Promise<string> {
  const [amount, currency, , to] = what.split(" ");
  const result = await crm.exchangeRates.convert(money(amount!, currency!), { to: to!, on });
  return `${result.amount} ${result.currency}`;
}

export const exchangeRates: CrmSuite = {
  name: "exchangeRates",
  facts: [
    crmFact("convert by the newest rate on or before the day", async (bench) => {
      const crm = await openDomain(bench);
      await crm.exchangeRates.createMany([
        rate("USD/EUR", "2026-01-31", "0.9"),
        rate("USD/EUR", "2026-02-28", "0.8"),
        rate("USD/EUR", "2026-03-31", "0.7"),
      ]);
      expect(await converted(crm, "100.00 USD to EUR", "2026-01-31")).toBe("90.00 EUR");
      expect(await converted(crm, "100.00 USD to EUR", "2026-02-27")).toBe("90.00 EUR");
      expect(await converted(crm, "100.00 USD to EUR", "2026-02-28")).toBe("80.00 EUR");
      expect(await converted(crm, "100.00 USD to EUR", "2099-01-01")).toBe("70.00 EUR");
      expect(await converted(crm, "0.05 USD to EUR", "2026-01-31")).toBe("0.04 EUR");
      expect(await converted(crm, "100 USD to USD", "1999-01-01")).toBe("100.00 USD");
    }),
    crmFact("convert the other way exactly, by the newer of both directions", async (bench) => {
      const crm = await openDomain(bench);
      await crm.exchangeRates.createMany([
        rate("EUR/USD", "2026-01-01", "3"),
        rate("USD/EUR", "2026-02-01", "0.5"),
        rate("EUR/USD", "2026-03-01", "4"),
        rate("USD/EUR", "2026-04-01", "0.1"),
        rate("EUR/USD", "2026-04-01", "5"),
      ]);
      const on = (day: string) => converted(crm, "300000000000.00 USD to EUR", day);
      expect(await on("2026-01-15")).toBe("100000000000.00 EUR");
      expect(await on("2026-02-15")).toBe("150000000000.00 EUR");
      expect(await on("2026-03-15")).toBe("75000000000.00 EUR");
      expect(await on("2026-04-15")).toBe("30000000000.00 EUR");
      expect(await converted(crm, "1.00 EUR to USD", "2026-04-15")).toBe("5.00 USD");
    }),
    crmFact("convert by way of the reporting currency, rounded once, where the pair has no rate", async (bench) => {
      const crm = await openDomain(bench);
      await crm.exchangeRates.createMany([rate("EUR/USD", "2026-01-01", "1.25"), rate("EUR/JPY", "2026-01-01", "160")]);
      expect((await refused(converted(crm, "1.00 USD to JPY", "2026-01-01"))).code).toBe("missing_rate");
      await crm.settings.change({ reportingCurrency: "EUR" });
      expect(await converted(crm, "1.00 USD to JPY", "2026-01-01")).toBe("128 JPY");
      expect(await converted(crm, "1 JPY to USD", "2026-01-01")).toBe("0.01 USD");
      await crm.exchangeRates.create(rate("USD/JPY", "2026-01-02", "100"));
      expect(await converted(crm, "1.00 USD to JPY", "2026-01-01")).toBe("128 JPY");
      expect(await converted(crm, "1.00 USD to JPY", "2026-01-02")).toBe("100 JPY");
    }),
    crmFact("name every rate that is missing, each once", async (bench) => {
      const crm = await openDomain(bench);
      await crm.exchangeRates.create(rate("USD/EUR", "2026-02-01", "0.9"));
      const all = [
        { money: money("1", "USD"), to: "EUR", on: "2026-02-01" },
        { money: money("1", "USD"), to: "EUR", on: "2026-01-31" },
        { money: money("2", "USD"), to: "EUR", on: "2026-01-31" },
        { money: money("1", "JPY"), to: "EUR", on: "2026-02-01" },
        { money: money("1", "EUR"), to: "EUR", on: "2026-02-01" },
      ];
      await expect(crm.exchangeRates.convertMany(all)).rejects.toMatchObject({
        code: "missing_rate",
        message:
          "There is no exchange rate for JPY to EUR on 2026-02-01 or before; USD to EUR on 2026-01-31 or before.",
        details: {
          missing: [
            { from: "JPY", to: "EUR", on: "2026-02-01" },
            { from: "USD", to: "EUR", on: "2026-01-31" },
          ],
        },
      });
    }),
    crmFact("convert many in their order, by as many queries as one", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const days = Array.from({ length: 28 }, (_, i) => `2026-02-${String(i + 1).padStart(2, "0")}`);
      await crm.exchangeRates.createMany(
        days.flatMap((day, i) => [rate("USD/EUR", day, `0.${10 + i}`), rate("CHF/EUR", day, `1.${10 + i}`)]),
      );
      const before = { ...calls };
      const wanted = days.flatMap((on) => [
        { money: money("100.00", "USD"), to: "EUR", on },
        { money: money("100.00", "CHF"), to: "EUR", on },
        { money: money("100.00", "CHF"), to: "CHF", on },
      ]);
      const results = await crm.exchangeRates.convertMany(wanted);
      expect(results.map(({ amount }) => amount)).toEqual(
        days.flatMap((_, i) => [`${10 + i}.00`, `${110 + i}.00`, "100.00"]),
      );
      expect([calls.find - before.find, calls.aggregate - before.aggregate]).toEqual([1, 2]);
      expect(await crm.exchangeRates.convertMany([])).toEqual([]);
    }),
    crmFact("are exact fractions for figures that are rounded later", async (bench) => {
      const crm = await openDomain(bench);
      await crm.exchangeRates.create(rate("USD/EUR", "2026-01-01", "0.25"));
      const [there, back, none, same] = await crm.exchangeRates.ratios([
        { from: "USD", to: "EUR", on: "2026-01-02" },
        { from: "EUR", to: "USD", on: "2026-01-02" },
        { from: "USD", to: "EUR", on: "2025-12-31" },
        { from: "CHF", to: "CHF", on: "2025-12-31" },
      ]);
      expect(there!.numerator * 4n).toBe(there!.denominator);
      expect(back!.numerator).toBe(back!.denominator * 4n);
      expect(none).toBeUndefined();
      expect(same).toEqual({ numerator: 1n, denominator: 1n });
      const { issues } = await refusedDetails(
        crm.exchangeRates.ratios([
          { from: "USD", to: "EUR", on: "2026-01-01" },
          { from: "usd", to: "EUR", on: "2026-02-30" },
        ]),
      );
      expect(issues!.map(({ field, index }) => [field, index])).toEqual([
        ["from", 1],
        ["on", 1],
      ]);
    }),
    crmFact("refuse to convert what is no money, to no currency, on no day", async (bench) => {
      const crm = await openDomain(bench);
      const good = { money: money("1.00", "USD"), to: "EUR", on: "2026-01-01" };
      const cases: readonly (readonly [unknown, string])[] = [
        [{ ...good, money: money("1.005", "USD") }, "money"],
        [{ ...good, money: money("1", "USDT") }, "money"],
        [{ ...good, money: { amount: 1, currency: "USD" } }, "money.amount"],
        [{ ...good, money: null }, "money"],
        [{ ...good, to: "eur" }, "to"],
        [{ ...good, on: "2026-02-30" }, "on"],
        [{ ...good, on: new Date() }, "on"],
        [{ ...good, day: "2026-01-01" }, "day"],
        [null, ""],
      ];
      for (const [given, field] of cases) {
        const { entity, issues } = await refusedDetails(crm.exchangeRates.convertMany([good, given] as never));
        expect([given, entity, issues!.map((issue) => [issue.field, issue.index])]).toEqual([
          given,
          "exchangeRate",
          [[field, 1]],
        ]);
      }
      const { issues } = await refusedDetails(crm.exchangeRates.convert(money("x", "y"), { to: "z", on: "w" }));
      expect(issues!.map(({ field }) => field)).toEqual(["money", "to", "on"]);
      expect((await refused(crm.exchangeRates.convert(good.money, undefined as never))).code).toBe("invalid_input");
    }),
    crmFact("are of two currencies that there are, and more than nothing", async (bench) => {
      const crm = await openDomain(bench);
      const wrong = async (input: object) => {
        const { issues } = await refusedDetails(crm.exchangeRates.create(input as never));
        return issues!.map(({ field, code }) => `${field} ${code}`);
      };
      expect(await wrong(rate("USX/EUX", "2026-01-01", "1"))).toEqual([
        "baseCurrency unknown_currency",
        "quoteCurrency unknown_currency",
      ]);
      expect(await wrong(rate("EUR/EUR", "2026-01-01", "1"))).toEqual(["quoteCurrency not_allowed"]);
      expect(await wrong(rate("EUR/USD", "2026-02-29", "0"))).toEqual(["day invalid_date", "rate out_of_range"]);
      expect(await wrong(rate("EUR/USD", "2026-01-01", "-1.5"))).toEqual(["rate out_of_range"]);
      expect(await wrong(rate("EUR/USD", "2026-01-01", "1.00000000001"))).toEqual(["rate too_many_decimals"]);
      const smallest = await crm.exchangeRates.create(rate("EUR/USD", "2026-01-01", "0.0000000001"));
      expect(smallest.rate).toBe("0.0000000001");
      const { issues } = await refusedDetails(crm.exchangeRates.update(smallest.id, { quoteCurrency: "EUR" }));
      expect(issues!.map(({ field }) => field)).toEqual(["quoteCurrency"]);
      expect(await crm.exchangeRates.count()).toBe(1);
    }),
    crmFact("are one for each pair and day, and come in bulk", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const by = ["baseCurrency", "quoteCurrency", "day"] as const;
      await crm.exchangeRates.create({ ...rate("EUR/USD", "2026-01-01", "1.1"), source: "ECB" });
      expect((await refused(crm.exchangeRates.create(rate("EUR/USD", "2026-01-01", "1.2")))).code).toBe("not_unique");
      const load = async (rates: readonly ReturnType<typeof rate>[]) =>
        (await crm.exchangeRates.upsertMany(rates, { by })).map(({ status }) => status);
      expect(
        await load([
          rate("EUR/USD", "2026-01-01", "1.2"),
          rate("EUR/USD", "2026-01-02", "1.3"),
          rate("USD/EUR", "2026-01-01", "0.8"),
        ]),
      ).toEqual(["updated", "created", "created"]);
      expect(await load([rate("EUR/USD", "2026-01-02", "1.30")])).toEqual(["unchanged"]);
      const year = Array.from({ length: 300 }, (_, i) => {
        const day = new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10);
        return rate("EUR/CHF", day, `0.9${i}`);
      });
      const cost = async (rates: readonly ReturnType<typeof rate>[]) => {
        const before = { ...calls };
        await load(rates);
        return [calls.find - before.find, calls.write - before.write];
      };
      expect(await cost(year.slice(2))).toEqual(await cost(year.slice(0, 2)));
      const bad = [rate("EUR/SEK", "2026-01-01", "11"), rate("EUR/XXX", "2026-01-01", "1")];
      expect(await refused(load(bad))).toEqual({
        code: "invalid_input",
        entity: "exchangeRate",
        field: "quoteCurrency",
      });
      expect(await crm.exchangeRates.count({ where: { quoteCurrency: "SEK" } })).toBe(0);
    }),
    crmFact("are each tenant's own, those of then for a handle of the past, and those of the unit", async (bench) => {
      const crm = await openDomain(bench);
      bench.clock.set("2026-01-01T00:00:00Z");
      const { id } = await crm.exchangeRates.create(rate("USD/EUR", "2025-12-31", "0.9"));
      bench.clock.set("2026-02-01T00:00:00Z");
      await crm.exchangeRates.update(id, { rate: "0.5" });
      expect(await converted(crm, "10.00 USD to EUR", "2026-01-01")).toBe("5.00 EUR");
      const then = crm.asOf(new Date("2026-01-15T00:00:00Z"));
      expect(await converted(then, "10.00 USD to EUR", "2026-01-01")).toBe("9.00 EUR");
      const other = crm.as({ tenantId: "other" });
      expect((await refused(converted(other, "10.00 USD to EUR", "2026-01-01"))).code).toBe("missing_rate");
      await crm.transaction(async (tx) => {
        await tx.exchangeRates.create(rate("USD/EUR", "2026-01-01", "0.1"));
        expect(await converted(tx, "10.00 USD to EUR", "2026-01-01")).toBe("1.00 EUR");
      });
      await crm.exchangeRates.archive(id);
      expect(await refused(converted(crm, "10.00 USD to EUR", "2025-12-31"))).toEqual({ code: "missing_rate" });
    }),
  ],
};
