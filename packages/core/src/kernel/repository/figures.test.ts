import { describe, expect, it } from "vitest";
import { avg, count, countDistinct, max, min, sum } from "./aggregate.ts";
import { compareStored, compileFigures } from "./figures.ts";
import { visits } from "./visits-fixture.ts";

const figureOf = (measure: unknown) => compileFigures(visits, { figure: measure })[0]!;
const loose = (fn: string, field: string, more: object = {}) => ({ fn, field, ...more });

describe("what the database is asked for", () => {
  it.each<[unknown, readonly object[]]>([
    [count(), [{ kind: "rows" }]],
    [countDistinct("note"), [{ kind: "countDistinct", column: "note" }]],
    [sum("score"), [{ kind: "sum", column: "score" }]],
    [sum("cost"), [{ kind: "sum", column: "cost" }]],
    [sum("cost", { percent: "ratio" } as never), [{ kind: "sum", column: "cost", weight: "ratio" }]],
    [
      avg("score"),
      [
        { kind: "sum", column: "score" },
        { kind: "count", column: "score" },
      ],
    ],
    [min("day"), [{ kind: "min", column: "day" }]],
    [max("cost"), [{ kind: "max", column: "cost" }]],
  ])("%j", (measure, queries) => {
    expect(figureOf(measure).queries).toEqual(queries);
  });
});

describe("the figure", () => {
  const finish = (measure: unknown, results: readonly (string | number | bigint | null)[], currency?: string) =>
    figureOf(measure).finish(results, currency);

  it.each([
    ["a count", count(), [7], 7],
    ["a sum of integers", sum("score"), [7n], 7],
    ["a sum of nothing", sum("score"), [null], null],
    ["a sum of decimals", sum("ratio"), [1_250n], "12.5"],
    ["a sum of decimals by per cent", sum("ratio", { percent: "score" } as never), [1_250n], "0.12"],
    ["a mean of integers", avg("score"), [10n, 3], "3.333333"],
    ["a mean of decimals", avg("ratio"), [100n, 3], "0.33333333"],
    ["a mean that comes out even", avg("score"), [10n, 4], "2.5"],
    ["a mean of nothing", avg("score"), [null, 0], null],
    ["a least day", min("day"), ["2026-01-01"], "2026-01-01"],
    ["a greatest decimal", max("ratio"), [50n], "0.5"],
    ["a greatest of nothing", max("ratio"), [null], null],
  ] as const)("is %s", (...[, measure, results, expected]) => {
    expect(finish(measure, results)).toBe(expected);
  });

  it("of money is money, rounded half to even to the minor unit", () => {
    expect(finish(sum("cost"), [1_250_000n], "EUR")).toEqual({ amount: "12500.00", currency: "EUR" });
    expect(finish(sum("cost", { percent: "ratio" } as never), [25n * 1_000n], "EUR")).toEqual({
      amount: "0.02",
      currency: "EUR",
    });
    expect(finish(sum("cost", { percent: "ratio" } as never), [35n * 1_000n], "JPY")).toEqual({
      amount: "4",
      currency: "JPY",
    });
    expect(finish(avg("cost"), [5n, 2], "EUR")).toEqual({ amount: "0.02", currency: "EUR" });
    expect(finish(min("cost"), [5n], "KWD")).toEqual({ amount: "0.005", currency: "KWD" });
    expect(finish(sum("cost"), [10n ** 30n], "EUR")).toEqual({ amount: `1${"0".repeat(28)}.00`, currency: "EUR" });
  });

  it("of integers that no number holds exactly is refused", () => {
    expect(finish(sum("score"), [9_007_199_254_740_991n])).toBe(9_007_199_254_740_991);
    expect(() => finish(sum("score"), [9_007_199_254_740_992n])).toThrow(
      expect.objectContaining({ code: "sum_overflow" }),
    );
  });
});

describe("the results of two groups", () => {
  it.each([
    ["counts", count(), [2], [3], [5]],
    ["sums", sum("score"), [2n], [3n], [5n, 0]],
    ["a sum and nothing", sum("score"), [2n], [null], [2n, 0]],
    ["means, by their parts", avg("score"), [2n, 1], [3n, 4], [5n, 5]],
    ["the least", min("score"), [2], [3], [2]],
    ["the greatest", max("score"), [2], [3], [3]],
    ["the least and nothing", min("score"), [null], [3], [3]],
    ["texts by code point", max("note"), ["\uffff"], ["😀"], ["😀"]],
  ] as const)("are merged: %s", (...[, measure, a, b, merged]) => {
    expect(figureOf(measure).merge(a, b)).toEqual(merged);
  });
});

describe("what is refused as invalid_query", () => {
  it.each<[string, unknown, string]>([
    ["no measures", {}, "visit.measures must name at least one measure."],
    ["a list", [count()], "visit.measures must be an object of named measures."],
    ["an unknown field", { a: loose("sum", "cots") }, "visit.cots is not a field to measure."],
    ["an unknown function", { a: loose("median", "score") }, 'visit.a has no measure "median".'],
    ["a sum of text", { a: loose("sum", "note") }, "visit.note is neither a number nor money, and cannot be summed."],
    ["a mean of days", { a: loose("avg", "day") }, "visit.day is neither a number nor money, and cannot be summed."],
    ["a per cent of text", { a: loose("sum", "cost", { percent: "note" }) }, "visit.note is no number of per cent."],
    ["the least of truth", { a: loose("min", "done") }, "visit.done has no order, and so no min."],
    ["the greatest JSON", { a: loose("max", "extra") }, "visit.extra has no order, and so no max."],
    [
      "different amounts",
      { a: loose("countDistinct", "cost") },
      "visit.cost is money, whose values cannot be counted.",
    ],
    [
      "a conversion to no currency",
      { a: loose("sum", "cost", { in: "EURO", on: "day" }) },
      'visit.cost cannot be converted to "EURO", which is not an ISO 4217 currency.',
    ],
    [
      "a conversion on no day",
      { a: loose("sum", "cost", { in: "EUR" }) },
      'visit.cost cannot be converted on "undefined": name a date field, or a day such as "2026-12-31".',
    ],
    [
      "a conversion on a day that is none",
      { a: loose("sum", "cost", { in: "EUR", on: "2026-02-30" }) },
      'visit.cost cannot be converted on "2026-02-30"',
    ],
    [
      "a conversion on an instant",
      { a: loose("sum", "cost", { in: "EUR", on: "at" }) },
      'visit.cost cannot be converted on "at"',
    ],
    [
      "a conversion without a currency",
      { a: loose("sum", "cost", { on: "day" }) },
      'visit.cost cannot be converted to "undefined"',
    ],
    [
      "a conversion of a number",
      { a: loose("sum", "score", { in: "EUR", on: "day" }) },
      "visit.score is converted only where it is a sum of money.",
    ],
    [
      "a converted mean",
      { a: loose("avg", "cost", { in: "EUR", on: "day" }) },
      "visit.cost is converted only where it is a sum of money.",
    ],
    [
      "a converted greatest",
      { a: loose("max", "cost", { in: "EUR", on: "day" }) },
      "visit.cost is converted only where it is a sum of money.",
    ],
    ["nothing", { a: null }, "visit.undefined is not a field to measure."],
  ])("%s", (_, measures, message) => {
    expect(() => compileFigures(visits, measures)).toThrow(message);
  });
});

it("stored values compare by number, by code point and by size", () => {
  expect([compareStored(2, 10), compareStored(10n, 9n), compareStored(5, 5)]).toEqual([-1, 1, 0]);
  expect(compareStored("\uffff", "😀")).toBeLessThan(0);
});
