import { describe, expect, it } from "vitest";
import { distributionOf, sumOfDraws } from "./distribution.ts";
import { chanceOf } from "./log-odds.ts";
import { outlook } from "./outlook.ts";
import type { OutlookInput } from "./outlook-result.ts";
import { knownAt, type SyntheticOptions, syntheticRows, thirties } from "./synthetic-deals-fixture.ts";

const steady = { won: (): number => 0.01, lost: (): number => 0.005 };
/** Won by the end of so many days, when nothing depends on age. */
const wonWithin = (days: number) => (0.01 / 0.015) * (1 - (1 - 0.015) ** days);

function asked(options: SyntheticOptions, origin: number, more: Partial<OutlookInput> = {}): OutlookInput {
  const deals = knownAt(syntheticRows(options), origin);
  const owners = [...new Set(deals.map(({ owner }) => owner))].sort();
  const window = { origin, from: origin + 1, to: origin + 30 };
  return { deals, owners, stages: ["open"], calendar: thirties, riskFrom: 0, window, seed: 1, ...more };
}

const chancesOf = (input: OutlookInput) => outlook(input).deals.map(({ chance }) => chance);
const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

describe("chances", () => {
  it("are those that the deals were made with", () => {
    const chances = chancesOf(asked({ deals: 20_000, startingDays: 360, ...steady }, 359));
    expect(mean(chances)).toBeGreaterThan(0.95 * wonWithin(30));
    expect(mean(chances)).toBeLessThan(1.05 * wonWithin(30));
  });

  it("count open deals for the days that they were at risk: they are not lower where most are still open", () => {
    const input = asked({ deals: 6_000, startingDays: 40, ...steady }, 39);
    const closed = input.deals.filter(({ stays }) => stays[0]!.exit === "won").length;
    expect(closed / input.deals.length).toBeLessThan(0.19);
    expect(mean(chancesOf(input))).toBeGreaterThan(0.9 * wonWithin(30));
    expect(mean(chancesOf(input))).toBeLessThan(1.1 * wonWithin(30));
  });

  it("of deals that outlived all closings are near zero, and the share that never closes is found", () => {
    const young =
      (chance: number) =>
      ({ age }: { readonly age: number }) =>
        age < 40 ? chance : 0;
    const { deals, neverClosing } = outlook(
      asked({ deals: 20_000, startingDays: 400, won: young(0.05), lost: young(0.05), never: 0.3 }, 399),
    );
    // A hundredth of the others outlives forty days of one in ten.
    expect(neverClosing).toBeGreaterThan(0.28);
    expect(neverClosing).toBeLessThan(0.34);
    const old = deals.filter(({ deal }) => deal.stays[0]!.from < 300);
    expect(Math.max(...old.map(({ chance }) => chance))).toBeLessThan(0.01);
  });

  it("follow the position in the fiscal quarter", () => {
    const won = ({ position }: { readonly position: number }) => (position === 2 ? 0.03 : 0.01);
    const options = { deals: 20_000, startingDays: 360, won, lost: () => 0.005 };
    // Day 330 begins a third month of the quarter, day 360 a first one.
    expect(mean(chancesOf(asked(options, 329))) / mean(chancesOf(asked(options, 359)))).toBeGreaterThan(1.9);
  });

  it("go through stages: a deal that has moved on is nearer to being won", () => {
    const two = Array.from({ length: 600 }, (_, index) => {
      const from = index % 300;
      const moved = { stage: "first", from, until: from + 10, exit: "moved" as const };
      const second = { stage: "second", from: from + 10 };
      const exit = index % 3 === 0 ? ("lost" as const) : ("won" as const);
      const stays =
        from + 10 > 299
          ? [{ stage: "first", from }]
          : [moved, from + 20 > 299 ? second : { ...second, until: from + 20, exit }];
      return { id: String(index), owner: "ann", amount: 100, stays };
    });
    const base = asked({ deals: 1, startingDays: 1, ...steady }, 299);
    const { deals } = outlook({ ...base, deals: two, owners: ["ann"], stages: ["first", "second"] });
    const chance = (stage: string) =>
      mean(deals.filter(({ deal }) => deal.stays.at(-1)!.stage === stage).map((one) => one.chance));
    expect(chance("second")).toBeGreaterThan(chance("first"));
    expect(chance("first")).toBeGreaterThan(0.4);
  });

  it("say what moved them: the steps add up to the log-odds of the chance", () => {
    const { deals } = outlook(asked({ deals: 3_000, startingDays: 300, ...steady, owners: ["ann", "ben"] }, 299));
    for (const { chance, contributions } of deals.slice(0, 50)) {
      const odds = contributions.reduce((sum, { logOdds }) => sum + logOdds, 0);
      expect(chanceOf(odds)).toBeCloseTo(chance, 10);
      expect(contributions.map(({ factor }) => factor)).toEqual(["whole", "stage", "age", "quarter", "earlier_errors"]);
    }
  });
});

describe("signals", () => {
  const values = ["north", "south", "east"];
  const signals = [
    {
      name: "region",
      valueOf: ({ signals: own }: { readonly signals?: readonly (string | undefined)[] | undefined }) => own?.[0],
    },
    { name: "owner", valueOf: ({ owner }: { readonly owner: string }) => owner },
  ];
  const owners = ["ann", "ben", "cem", "dan"];

  it("are found where they carry something, and move chances", () => {
    const won = ({ value }: { readonly value: string | undefined }) => (value === "north" ? 0.02 : 0.007);
    const found = outlook(
      asked({ deals: 6_000, startingDays: 300, won, lost: () => 0.005, values, owners }, 299, { signals }),
    );
    expect(found.signals.map(({ name, carries }) => [name, carries])).toEqual([
      ["region", true],
      ["owner", false],
    ]);
    const of = (value: string) =>
      mean(found.deals.filter(({ deal }) => deal.signals![0] === value).map(({ chance }) => chance));
    expect(of("north")).toBeGreaterThan(1.7 * of("south"));
  });

  it("are shrunk away where they carry nothing", () => {
    const found = outlook(asked({ deals: 6_000, startingDays: 300, ...steady, values, owners }, 299, { signals }));
    expect(found.signals.map(({ carries, spread }) => [carries, spread])).toEqual([
      [false, 0],
      [false, 0],
    ]);
  });
});

describe("an outlook", () => {
  const options = { deals: 4_000, startingDays: 360, ...steady, owners: ["ann", "ben", "cem"] };

  it("is the same for the same seed, and another for another", () => {
    const few = { ...options, deals: 800 };
    const draws = (seed: number) => [...outlook(asked(few, 359, { seed })).owners[0]!.draws.slice(0, 5)];
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
  });

  it("holds what came, in its interval of 80 %, for most owners and months", () => {
    const rows = syntheticRows({
      ...options,
      startingDays: 900,
      deals: 9_000,
      owners: Array.from({ length: 10 }, (_, at) => `owner ${at}`),
    });
    let held = 0;
    let company = 0;
    for (const origin of [449, 539, 629, 719]) {
      const deals = knownAt(rows, origin);
      const owners = [...new Set(deals.map(({ owner }) => owner))].sort();
      const window = { origin, from: origin + 1, to: origin + 30 };
      const found = outlook({ ...asked(options, 1), deals, owners, window });
      const outcome = (owner?: string) =>
        rows
          .filter((row) => owner === undefined || row.owner === owner)
          .reduce(
            (sum, { amount, closed }) =>
              sum + (closed?.won && closed.on > origin && closed.on <= origin + 30 ? amount : 0),
            0,
          );
      for (const { owner, draws } of found.owners) {
        const { p10, p90 } = distributionOf(draws);
        if (p10 <= outcome(owner) && outcome(owner) <= p90) held += 1;
      }
      const { p50 } = distributionOf(sumOfDraws(found.owners.map(({ draws }) => draws)));
      if (Math.abs(p50 / outcome() - 1) < 0.1) company += 1;
    }
    expect(held).toBeGreaterThanOrEqual(28);
    expect(held).toBeLessThanOrEqual(38);
    expect(company).toBe(4);
  });

  it("falls back to the probabilities of stages with too little history, and says so", () => {
    const input = asked({ deals: 40, startingDays: 20, won: () => 0.001, lost: () => 0.001 }, 19);
    const found = outlook({
      ...input,
      deals: input.deals.map((deal, index) => ({ ...deal, ...(index === 0 ? { expectedCloseOn: 60 } : {}) })),
    });
    expect(found.method).toBe("stage_probability");
    expect(found.history.enough).toBe(false);
    expect(found.deals[0]!.chance).toBe(0);
    expect(found.deals[1]!.chance).toBe(0.5);
  });

  it("of nothing is nothing, and never NaN", () => {
    const input = { ...asked(options, 359), deals: [], owners: ["ann"] };
    const { owners } = outlook(input);
    expect(owners[0]).toMatchObject({ owner: "ann", won: 0, open: 0, arriving: 0, runRate: 0, mean: 0 });
    expect(distributionOf(owners[0]!.draws)).toEqual({ p10: 0, p50: 0, p90: 0 });
  });

  interface Odd {
    readonly won: () => number;
    readonly lost: () => number;
    readonly priced?: (amount: number) => number;
    readonly later?: number;
  }

  it.each<[string, Odd]>([
    ["only wins", { won: () => 0.02, lost: () => 0 }],
    ["amounts of nothing", { ...steady, priced: () => 0 }],
    ["amounts below zero", { ...steady, priced: (amount) => -amount }],
    ["a window that begins later", { ...steady, later: 60 }],
    ["a window that has begun", { ...steady, later: -20 }],
  ])("has no NaN with %s", (_, { priced = (amount) => amount, later = 0, ...chances }) => {
    const input = asked({ deals: 2_000, startingDays: 360, ...chances }, 359);
    const window = { origin: 359, from: 360 + later, to: 389 + Math.max(later, 0) };
    const deals = input.deals.map((deal) => ({ ...deal, amount: priced(deal.amount) }));
    const found = outlook({ ...input, deals, window });
    const numbers = found.owners.flatMap(({ owner: _owner, draws, ...own }) => [...Object.values(own), ...draws]);
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(found.owners.every(({ mean, won }) => mean >= won)).toBe(true);
    expect(found.deals.every(({ chance }) => chance > 0 && chance < 1)).toBe(true);
  });
});
