import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openSales } from "./fixtures/open-sales.ts";
import { insert } from "./fixtures/rows.ts";

const highest = 2n ** 63n - 1n;
const lowest = -(2n ** 63n);

type Line = readonly [amount: bigint | null, weight: bigint | null];

async function sums(lines: readonly Line[]) {
  const storage = await openSales(":memory:");
  const rows = lines.map(([amount, weight], index) => ({ id: `d${index}`, title: "x", amount, weight }));
  await storage.write("t", [insert("deals", rows)]);
  const query = {
    table: "deals",
    where: { kind: "and", of: [] },
    groupBy: [],
    measures: [
      { kind: "sum", column: "amount" },
      { kind: "sum", column: "amount", weight: "weight" },
    ],
  } as const;
  return (await storage.aggregate(query, { tenantId: "t", params: [] }))[0];
}

describe("sums", () => {
  it("are exact beyond 64 bits", async () => {
    expect(
      await sums([
        [highest, 1n],
        [highest, 1n],
        [highest, 1n],
      ]),
    ).toEqual([3n * highest, 3n * highest]);
    expect(
      await sums([
        [lowest, 1n],
        [lowest, 1n],
        [lowest, 1n],
      ]),
    ).toEqual([3n * lowest, 3n * lowest]);
  });

  it("are exact where a single product leaves 64 bits", async () => {
    expect(
      await sums([
        [highest, highest],
        [lowest, highest],
        [lowest, lowest],
      ]),
    ).toEqual([highest + 2n * lowest, highest * highest + lowest * highest + lowest * lowest]);
  });

  it("are exact where the products fit and only their sum does not", async () => {
    const line: Line = [2n ** 40n, 2n ** 40n + 1n];
    const lines = Array.from({ length: 300 }, () => line);
    expect(await sums(lines)).toEqual([300n * 2n ** 40n, 300n * 2n ** 40n * (2n ** 40n + 1n)]);
  });

  it("count a row where both the column and the weight are present", async () => {
    expect(
      await sums([
        [10n, 2n],
        [7n, null],
        [null, 5n],
        [-3n, 1n],
      ]),
    ).toEqual([14n, 17n]);
  });

  it("are null over no values", async () => {
    expect(await sums([[null, 1n]])).toEqual([null, null]);
    expect(await sums([])).toEqual([null, null]);
  });

  it("agree with BigInt on random values of every length", async () => {
    const random = () => randomBytes(8).readBigInt64BE() >> BigInt(randomBytes(1).readUInt8() % 64);
    const lines = Array.from({ length: 2_000 }, () => [random(), random()] as const);
    expect(await sums(lines)).toEqual([
      lines.reduce((total, [amount]) => total + amount, 0n),
      lines.reduce((total, [amount, weight]) => total + amount * weight, 0n),
    ]);
  });
});
