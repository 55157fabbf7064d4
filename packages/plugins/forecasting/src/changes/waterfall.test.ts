import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ForecastCategory, forecastCategories } from "../category/category.ts";
import { unitsOf } from "../roll-up/tally.ts";
import type { Lens } from "./attribute-change.ts";
import { changeKinds } from "./change-kind.ts";
import { proportion, type Standing, WHOLE } from "./standing.ts";
import { type Unit, waterfall } from "./waterfall.ts";

const from = new Date("2026-10-01T00:00:00Z");
const plain: Unit = { measure: "money", in: undefined, divisor: 1n };
const inQuarter = (day: string | null) => day !== null && day >= "2026-10-01" && day <= "2026-12-31";

const quarter = (categories: readonly ForecastCategory[] = forecastCategories): Lens => ({
  from,
  isInPeriod: ({ status, expectedCloseDate, actualCloseDate }) =>
    status !== "lost" && inQuarter(status === "open" ? expectedCloseDate : actualCloseDate),
  categories: new Set(categories),
  worth: undefined,
});

function standing(change: Partial<Standing> = {}): Standing {
  const units = change.units ?? 100_00n;
  const share = change.share ?? WHOLE;
  return {
    id: "a",
    name: "A",
    createdAt: new Date("2026-01-01T00:00:00Z"),
    status: "open",
    category: "commit",
    expectedCloseDate: "2026-11-15",
    actualCloseDate: null,
    currency: "EUR",
    units,
    share,
    credited: proportion(units, share, WHOLE),
    ...change,
  };
}

/** "pushed_out -100.00 EUR", and what it was and is. */
function told(before: Standing | undefined, after: Standing | undefined, lens = quarter()): string {
  const list = (standing: Standing | undefined) => new Map(standing ? [[standing.id, standing]] : []);
  const { bars } = waterfall(list(before), list(after), { lens, unit: plain });
  return bars
    .flatMap(({ kind, opportunities }) => opportunities.map(({ change }) => ({ kind, change })))
    .map(({ kind, change }) => (typeof change === "number" ? "" : `${kind} ${change.amount} ${change.currency}`))
    .join(", ");
}

const won = { status: "won", category: "closed", actualCloseDate: "2026-11-02" } as const;
const lost = { status: "lost", category: null, actualCloseDate: "2026-11-02" } as const;

describe("the waterfall of one opportunity", () => {
  it("takes all of what is new as new, whatever has become of it since", () => {
    const created = { createdAt: new Date("2026-10-05T00:00:00Z") };
    expect(told(undefined, standing(created))).toBe("new 100.00 EUR");
    expect(told(undefined, standing({ ...created, ...won }))).toBe("new 100.00 EUR");
    expect(told(undefined, standing({ ...created, ...lost }))).toBe("");
  });

  it("adds nothing to the whole where an opportunity of the period is won in it, and moves it to what is closed", () => {
    expect(told(standing(), standing(won))).toBe("won 0.00 EUR");
    expect(told(standing(), standing(won), quarter(["commit"]))).toBe("won -100.00 EUR");
    expect(told(standing(), standing(won), quarter(["closed"]))).toBe("won 100.00 EUR");
  });

  it("counts what is won in the period and was expected later as won, not as pulled in", () => {
    expect(told(standing({ expectedCloseDate: "2027-02-01" }), standing(won))).toBe("won 100.00 EUR");
    expect(told(standing(), standing({ ...won, actualCloseDate: "2027-01-02" }))).toBe("won -100.00 EUR");
  });

  it("raises what is won for more after it is won", () => {
    expect(told(standing(), standing({ ...won, units: 120_00n }))).toBe("won 0.00 EUR, increased 20.00 EUR");
  });

  it("loses and reopens with the former amount", () => {
    expect(told(standing(), standing({ ...lost, units: 500_00n }))).toBe("lost -100.00 EUR");
    expect(told(standing(lost), standing({ units: 130_00n }))).toBe("reopened 100.00 EUR, increased 30.00 EUR");
    expect(told(standing(won), standing({ expectedCloseDate: "2027-02-01" }))).toBe(
      "reopened 0.00 EUR, pushed_out -100.00 EUR",
    );
  });

  it("pushes out and pulls in with the former amount", () => {
    const later = { expectedCloseDate: "2027-02-01" };
    expect(told(standing(), standing({ ...later, units: 130_00n }))).toBe("pushed_out -100.00 EUR");
    expect(told(standing(later), standing({ units: 130_00n }))).toBe("pulled_in 100.00 EUR, increased 30.00 EUR");
    expect(told(standing({ expectedCloseDate: null }), standing())).toBe("pulled_in 100.00 EUR");
    expect(told(standing(), standing({ expectedCloseDate: "2026-12-31" }))).toBe("");
  });

  it("takes an amount in another currency out of the one and into the other", () => {
    expect(told(standing(), standing({ currency: "USD", units: 90_00n }))).toBe(
      "increased 90.00 USD, decreased -100.00 EUR",
    );
  });

  it("recategorises after all else", () => {
    const best = { category: "best_case", units: 80_00n } as const;
    expect(told(standing(), standing(best))).toBe("decreased -20.00 EUR, recategorised 0.00 EUR");
    expect(told(standing(), standing(best), quarter(["best_case"]))).toBe("recategorised 80.00 EUR");
    expect(told(standing(), standing({ category: null }))).toBe("recategorised -100.00 EUR");
  });

  it("transfers with what it is by then", () => {
    const elsewhere = { share: 0n, credited: 0n };
    expect(told(standing(elsewhere), standing({ units: 130_00n }))).toBe("transferred_in 130.00 EUR");
    expect(told(standing(), standing({ ...elsewhere, units: 130_00n }))).toBe(
      "increased 30.00 EUR, transferred_out -130.00 EUR",
    );
    const third = { share: 333_333n, units: 200_00n, credited: 66_67n };
    expect(told(standing(), standing(third))).toBe("increased 100.00 EUR, transferred_out -133.33 EUR");
  });

  it("deletes what was there, and restores what was there before", () => {
    expect(told(standing(), undefined)).toBe("deleted -100.00 EUR");
    expect(told(undefined, standing())).toBe("restored 100.00 EUR");
  });

  it("tells nothing of what counts at neither instant", () => {
    const earlier = { expectedCloseDate: "2026-09-01" };
    expect(told(standing(earlier), standing({ category: null }))).toBe("");
    expect(told(undefined, undefined)).toBe("");
  });
});

const category = fc.constantFrom<Standing["category"][]>("pipeline", "best_case", "most_likely", "commit", null);
const day = fc.constantFrom(null, "2026-09-30", "2026-10-01", "2026-12-31", "2027-01-01");

const anyStanding = fc
  .record({
    status: fc.constantFrom<Standing["status"][]>("open", "won", "lost"),
    category,
    expectedCloseDate: day,
    closedOn: day,
    currency: fc.constantFrom("EUR", "USD", "JPY"),
    units: fc.bigInt({ min: -5n, max: 1_000n }),
    share: fc.constantFrom(0n, WHOLE, WHOLE / 3n, WHOLE * 2n),
    old: fc.boolean(),
  })
  .map(({ status, category: own, closedOn, old, ...rest }) =>
    standing({
      ...rest,
      status,
      category: status === "open" ? own : status === "won" ? "closed" : null,
      actualCloseDate: status === "open" ? null : closedOn,
      createdAt: new Date(old ? "2026-09-01" : "2026-10-02"),
    }),
  );
const pairs = fc.array(fc.tuple(fc.option(anyStanding), fc.option(anyStanding)), { maxLength: 12 });

type Pairs = readonly (readonly [Standing | null, Standing | null])[];

const sides = (all: Pairs) =>
  [0, 1].map((side) => {
    const named = all.flatMap((pair, i) => {
      const found = pair[side];
      return found ? [[`o${i}`, { ...found, id: `o${i}` }] as const] : [];
    });
    return new Map<string, Standing>(named);
  });

/** By currency, in minor units. */
function sum(figures: readonly unknown[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const figure of figures.flat()) {
    const { currency, amount } = figure as { currency: string; amount: string };
    sums[currency] = (sums[currency] ?? 0n) + unitsOf(amount, currency);
  }
  return Object.fromEntries(Object.entries(sums).filter(([, units]) => units !== 0n));
}

describe("any two ends", () => {
  it("reconcile in each currency, and the bars of the categories are those of the whole", () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const [before, after] = sides(all);
        const of = (categories?: readonly ForecastCategory[]) =>
          waterfall(before!, after!, { lens: quarter(categories), unit: plain });
        const whole = of();
        const parts = forecastCategories.map((one) => of([one]));
        for (const { opening, closing, bars } of [whole, ...parts]) {
          expect(sum([opening, ...bars.map(({ figure }) => figure)])).toEqual(sum([closing]));
          for (const { figure, opportunities } of bars)
            expect(sum(opportunities.map(({ change }) => change))).toEqual(sum([figure]));
        }
        for (const [i, { figure }] of whole.bars.entries())
          expect(sum(parts.map(({ bars }) => bars[i]!.figure))).toEqual(sum([figure]));
      }),
    );
  });

  it("reconcile to the minor unit where they are converted at rates that differ", () => {
    const rates = fc.record({ EUR: fc.bigInt(1n, 30n), USD: fc.bigInt(1n, 30n), JPY: fc.bigInt(1n, 30n) });
    fc.assert(
      fc.property(pairs, fc.tuple(rates, rates), fc.bigInt(1n, 20n), (all, [first, last], divisor) => {
        const [before, after] = sides(all);
        const at = (side: typeof first) => (currency: string) => side[currency as "EUR"];
        const lens = { ...quarter(), worth: { from: at(first), to: at(last) } };
        const unit: Unit = { measure: "money", in: "EUR", divisor };
        const { opening, closing, bars } = waterfall(before!, after!, { lens, unit });
        expect(bars.map(({ kind }) => kind)).toEqual(changeKinds);
        expect(sum([opening, ...bars.map(({ figure }) => figure)])).toEqual(sum([closing]));
        for (const { figure, opportunities } of bars)
          expect(sum(opportunities.map(({ change }) => change))).toEqual(sum([figure]));
      }),
    );
  });
});
