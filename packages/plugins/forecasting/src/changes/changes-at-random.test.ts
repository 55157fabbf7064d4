/** Random histories: what each waterfall says of both ends is what the records were then, and its parts add up to what has changed. */
import { type Money, sum } from "@relata/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forecastCategories, openCategories } from "../category/category.ts";
import { storages } from "../forecasting-fixture.ts";
import { unitsOf } from "../roll-up/tally.ts";
import { type Crm, openAt } from "./changes-fixture.ts";

const days = [null, "2026-09-30", "2026-10-01", "2026-12-31", "2027-01-01"] as const;
const owners = ["ann", "bob"] as const;

const deal = {
  amount: fc.option(fc.record({ amount: fc.nat(20_000).map(String), currency: fc.constantFrom("EUR", "USD", "JPY") }), {
    freq: 9,
  }),
  expectedCloseDate: fc.constantFrom(...days),
  ownerId: fc.constantFrom(...owners),
  forecastCategory: fc.constantFrom(null, null, ...openCategories),
};

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("create" as const), deal: fc.record(deal) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("update" as const),
      at: fc.nat(),
      deal: fc.record(deal, { requiredKeys: [] }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("move" as const),
      at: fc.nat(),
      stage: fc.constantFrom("qualification", "proposal", "negotiation", "won", "lost"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom<"delete" | "archive">("delete", "archive"), at: fc.nat() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("restore" as const), at: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("split" as const),
      at: fc.nat(),
      credit: fc.constantFrom("revenue" as const, "overlay" as const),
      percent: fc.constantFrom(null, 0, 33.33, 50, 100),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("manager" as const), managed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rate" as const), rate: fc.integer({ min: 1, max: 3_000 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const program = fc.record({
  steps: fc.array(step, { minLength: 10, maxLength: 30 }),
  /** Of the steps: after which the ends are. */
  ends: fc.tuple(fc.nat(99), fc.nat(99)),
  under: fc.boolean(),
});

const START = Date.parse("2026-10-20T12:00:00Z");
const DAY = 86_400_000;

async function prepare(crm: Crm) {
  await crm.settings.change({ reportingCurrency: "EUR" });
  await crm.users.createMany([
    { id: "boss", name: "Boss" },
    { id: "ann", name: "Ann", managerId: "boss" },
    { id: "bob", name: "Bob" },
  ]);
  await crm.exchangeRates.createMany([
    { baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-01-01", rate: "0.9137" },
    { baseCurrency: "EUR", quoteCurrency: "JPY", day: "2026-01-01", rate: "163.7" },
  ]);
}

/** A part of an amount is paid once; both are in one currency. */
function valuesOf<D extends { readonly amount?: Money | null }>(given: D) {
  if (given.amount === undefined) return given;
  const once = given.amount && Number(given.amount.amount) > 700 ? { ...given.amount, amount: "70" } : null;
  return { ...given, oneTimeAmount: once };
}

/** `ids` are those that were created so far. */
async function act(crm: Crm, ids: string[], { each, day }: { each: Step; day: string }): Promise<void> {
  if (each.kind === "create") {
    ids.push((await crm.opportunities.create({ name: `deal ${ids.length}`, ...valuesOf(each.deal) })).id);
    return;
  }
  if (each.kind === "manager") return void (await crm.users.update("bob", { managerId: each.managed ? "boss" : null }));
  if (each.kind === "rate") {
    const pair = { baseCurrency: "USD", quoteCurrency: "EUR", day };
    return void (await crm.exchangeRates.create({ ...pair, rate: String(each.rate / 1_000) }));
  }
  const id = ids[each.at % Math.max(ids.length, 1)];
  const record = id && (await crm.opportunities.find({ where: { id }, archived: "include" }));
  if (each.kind === "restore") {
    if (id && (!record || record.archivedAt)) await crm.opportunities.restore(id);
    return;
  }
  if (!record || record.archivedAt) return;
  if (each.kind === "update") await crm.opportunities.update(id, valuesOf(each.deal));
  else if (each.kind === "delete") await crm.opportunities.delete(id);
  else if (each.kind === "archive") await crm.opportunities.archive(id);
  else if (each.kind === "split") await crm.opportunities.setSplits(id, each.credit, splitsOf(each.percent));
  else if (each.kind !== "move") throw new Error(`What is ${each.kind}?`);
  else if (each.stage === "lost") await crm.opportunities.moveTo(id, "lost", { lostReason: "price" });
  else await crm.opportunities.moveTo(id, each.stage);
}

/** Ann has so much, and Bob the rest. */
function splitsOf(percent: number | null) {
  if (percent === null) return [];
  return [
    { userId: "ann", percent: String(percent) },
    { userId: "bob", percent: (100 - percent).toFixed(2) },
  ];
}

const inQuarter = { between: ["2026-10-01", "2026-12-31"] } as const;

/** What counts in the quarter, as a condition that core itself answers. */
async function countsAt(past: Crm, under: boolean) {
  const users = await past.users.list({ where: { managerId: "boss" } });
  return {
    and: [
      {
        or: [
          { status: "open", expectedCloseDate: inQuarter, forecastCategory: { ne: "omitted" } },
          { status: "won", actualCloseDate: inQuarter },
        ],
      },
      under ? { ownerId: { in: users.items.map(({ id }) => id) } } : {},
    ],
  } as const;
}

type Sums = Record<string, bigint>;

function add(sums: Sums, { amount, currency }: Money, sign = 1n): Sums {
  sums[currency] = (sums[currency] ?? 0n) + sign * unitsOf(amount, currency);
  return sums;
}

const present = (sums: Sums) => Object.fromEntries(Object.entries(sums).filter(([, units]) => units !== 0n));
const sumOf = (list: readonly unknown[]) =>
  present((list.flat() as readonly Money[]).reduce<Sums>((sums, money) => add(sums, money), {}));

/** By opportunity and currency: what it counts. */
async function valuesAt(past: Crm, under: boolean): Promise<Map<string, Sums>> {
  const values = new Map<string, Sums>();
  for await (const { id, amount } of past.opportunities.iterate({ where: await countsAt(past, under) }))
    values.set(id, amount ? add({}, amount) : {});
  return values;
}

async function checkByCurrency(crm: Crm, { from, to, under }: { from: Date; to: Date; under: boolean }) {
  const scope = under ? { under: "boss" } : {};
  const query = { period: "2026-Q4", from, to, ...scope };
  const { opening, closing, bars } = await crm.forecasting.changes(query);
  const [before, after] = [await valuesAt(crm.asOf(from), under), await valuesAt(crm.asOf(to), under)];
  expect(sumOf([opening])).toEqual(sumOf([...before.values()].flatMap(moneysOf)));
  expect(sumOf([closing])).toEqual(sumOf([...after.values()].flatMap(moneysOf)));
  expect(sumOf([opening, ...bars.map(({ figure }) => figure)])).toEqual(sumOf([closing]));
  const changed = new Map<string, Sums>();
  for (const { figure, opportunities } of bars) {
    expect(sumOf(opportunities.map(({ change }) => change))).toEqual(sumOf([figure]));
    for (const { id, change } of opportunities) changed.set(id, add(changed.get(id) ?? {}, change as Money));
  }
  for (const id of new Set([...before.keys(), ...after.keys(), ...changed.keys()])) {
    const difference: Sums = { ...after.get(id) };
    for (const [currency, units] of Object.entries(before.get(id) ?? {}))
      difference[currency] = (difference[currency] ?? 0n) - units;
    expect(present(changed.get(id) ?? {})).toEqual(present(difference));
  }
  // A condition on another record has both ends read as a whole, and this one chooses all.
  const whole = await crm.forecasting.changes({ ...query, where: { pipeline: { name: { ne: "none" } } } });
  expect([whole.opening, whole.closing]).toEqual([opening, closing]);
  expect(whole.bars.filter(({ kind }) => bars.some((bar) => bar.kind === kind))).toEqual(bars);
  const forecastAt = async (asOf: Date) =>
    (await crm.forecasting.forecast({ period: "2026-Q4", asOf, method: "single", ...scope })).total[0]!;
  const [opened, closed] = [await forecastAt(from), await forecastAt(to)];
  const parts: (typeof bars)[] = [];
  for (const category of forecastCategories) {
    const one = await crm.forecasting.changes({ ...query, category });
    expect([sumOf([one.opening]), sumOf([one.closing])]).toEqual([
      sumOf([opened[category]]),
      sumOf([closed[category]]),
    ]);
    parts.push(one.bars);
  }
  for (const [i, { figure }] of bars.entries())
    expect(sumOf(parts.map((each) => each[i]!.figure))).toEqual(sumOf([figure]));
}

function moneysOf(sums: Sums): readonly Money[] {
  return Object.entries(sums).map(([currency, units]) => {
    const amount = currency === "JPY" ? String(units) : `${units / 100n}.${String(units % 100n).padStart(2, "0")}`;
    return { amount, currency };
  });
}

async function checkConverted(crm: Crm, { from, to, under }: { from: Date; to: Date; under: boolean }) {
  const scope = under ? { under: "boss" } : {};
  const { opening, closing, bars } = await crm.forecasting.changes({
    period: "2026-Q4",
    from,
    to,
    convert: {},
    ...scope,
  });
  const figureAt = async (instant: Date) => {
    const past = crm.asOf(instant);
    const on = instant.toISOString().slice(0, 10);
    const measures = { amount: sum("amount", { in: "EUR", on }) };
    const [row] = await past.opportunities.aggregate({ where: await countsAt(past, under), measures });
    return row!.amount ?? { amount: "0.00", currency: "EUR" };
  };
  expect([opening, closing]).toEqual([await figureAt(from), await figureAt(to)]);
  expect(sumOf([opening, ...bars.map(({ figure }) => figure)])).toEqual(sumOf([closing]));
  for (const { figure, opportunities } of bars)
    expect(sumOf(opportunities.map(({ change }) => change))).toEqual(sumOf([figure]));
}

/** By splits, and other measures than the amount: against the forecast of either end. */
async function checkCredited(crm: Crm, { from, to, under }: { from: Date; to: Date; under: boolean }) {
  const scope = under ? { under: "boss" } : {};
  for (const measure of ["amount", "one_time", "count"] as const) {
    for (const credit of ["owner", "revenue", "overlay"] as const) {
      const query = { period: "2026-Q4", measure, credit, ...scope };
      const { opening, closing, bars } = await crm.forecasting.changes({ ...query, from, to });
      const forecastAt = async (asOf: Date) => {
        const [cells] = (await crm.forecasting.forecast({ ...query, method: "single", asOf })).total;
        return unitsOfAll(forecastCategories.map((each) => cells![each]));
      };
      expect([unitsOfAll([opening]), unitsOfAll([closing])]).toEqual([await forecastAt(from), await forecastAt(to)]);
      expect(unitsOfAll([opening, ...bars.map(({ figure }) => figure)])).toEqual(unitsOfAll([closing]));
      for (const { figure, opportunities } of bars)
        expect(unitsOfAll(opportunities.map(({ change }) => change))).toEqual(unitsOfAll([figure]));
    }
  }
}

/** Splits of then, at the rates of then: of each category, which is rounded once in both. */
async function checkCreditedAndConverted(crm: Crm, { from, to, under }: { from: Date; to: Date; under: boolean }) {
  for (const measure of ["amount", "one_time"] as const) {
    for (const credit of ["revenue", "overlay"] as const) {
      const scope = { period: "2026-Q4", measure, credit, ...(under ? { under: "boss" } : {}) };
      const figuresAt = async (asOf: Date) => {
        const query = { ...scope, asOf, method: "single", convert: {} } as const;
        return (await crm.forecasting.forecast(query)).total[0]!;
      };
      const [opened, closed] = [await figuresAt(from), await figuresAt(to)];
      for (const category of ["pipeline", "closed"] as const) {
        const told = await crm.forecasting.changes({ ...scope, from, to, category, convert: {} });
        expect([told.opening, told.closing]).toEqual([opened[category], closed[category]]);
        expect(sumOf([told.opening, ...told.bars.map(({ figure }) => figure)])).toEqual(sumOf([told.closing]));
        for (const { figure, opportunities } of told.bars)
          expect(sumOf(opportunities.map(({ change }) => change))).toEqual(sumOf([figure]));
      }
    }
  }
}

/** Of numbers, millionths. */
function unitsOfAll(figures: readonly unknown[]): Sums {
  const sums: Sums = {};
  for (const figure of figures.flat()) {
    if (typeof figure === "number") sums.number = (sums.number ?? 0n) + BigInt(Math.round(figure * 1e6));
    else add(sums, figure as Money);
  }
  return present(sums);
}

describe.each(storages)("changes on %s", (name, make) => {
  it("reconcile between any two instants of any history, and are what the records were", async () => {
    const { crm, set } = await openAt(make, "2026-10-01T00:00:00Z");
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(program, async ({ steps, ends, under }) => {
        const tenant = crm.as({ tenantId: `tenant ${++runs}` });
        set(START);
        await prepare(tenant);
        const ids: string[] = [];
        for (const [i, each] of steps.entries()) {
          const now = START + (i + 1) * DAY;
          set(now);
          await act(tenant, ids, { each, day: new Date(now).toISOString().slice(0, 10) });
        }
        const [from, to] = ends
          .map((end) => START + (end % (steps.length + 1)) * DAY)
          .toSorted((a, b) => a - b)
          .map((instant) => new Date(instant));
        const asked = { from: from!, to: to!, under };
        await checkByCurrency(tenant, asked);
        await checkConverted(tenant, asked);
        await checkCredited(tenant, asked);
        await checkCreditedAndConverted(tenant, asked);
      }),
      { numRuns: { memory: 40, SQLite: 15, PostgreSQL: 5 }[name] },
    );
  }, 120_000);
});
