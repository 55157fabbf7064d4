import { expect, it } from "vitest";
import { rateOf } from "./rate.ts";

it("divides exactly, to six digits, half to even", () => {
  for (const [part, whole, rate] of [
    [1, 3, "0.333333"],
    [2, 3, "0.666667"],
    [1, 4, "0.25"],
    [5, 5, "1"],
    [0, 5, "0"],
    [7, 2, "3.5"],
    [1, 2_000_000, "0"],
    [3, 2_000_000, "0.000002"],
    [-1, 3, "-0.333333"],
    [1, -3, "-0.333333"],
    [-1, -2, "0.5"],
    [-1, 4_000_000, "0"],
    [27000000000000000003n, 27000000000000000003n, "1"],
    [9007199254740993n, 9007199254740992n, "1"],
  ] as const)
    expect([part, whole, rateOf(part, whole)]).toEqual([part, whole, rate]);
});

it("is null where there is nothing to divide by", () => {
  expect(rateOf(5, 0)).toBeNull();
  expect(rateOf(0, 0)).toBeNull();
});
