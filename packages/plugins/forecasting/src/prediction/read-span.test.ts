import { expect, it } from "vitest";
import type { ForecastingContext } from "../parts.ts";
import { readSpan } from "./read-span.ts";

/** A context that tells of so many owners with so many closings each, in each of the last 24 months alike. */
function withClosings(owners: number, each: number): ForecastingContext {
  const months = Array.from(
    { length: 24 },
    (_, i) => `${2024 + Math.floor((i + 6) / 12)}-${String(((i + 6) % 12) + 1).padStart(2, "0")}`,
  );
  const byOwner = Array.from({ length: owners }, (_, i) => ({
    ownerId: `u-${i}`,
    closings: each,
    first: "2024-07-01",
  }));
  const byMonth = months.map((month) => ({ month, closings: (owners * each) / 24, first: `${month}-01` }));
  const aggregate = async ({ groupBy }: { readonly groupBy: object }) => ("ownerId" in groupBy ? byOwner : byMonth);
  return { opportunities: { aggregate } } as object as ForecastingContext;
}

const asked = { where: {}, today: "2026-06-30", sampled: true };

it("learns from all that closed, where that is not too much", async () => {
  expect(await readSpan(withClosings(20, 1_000), asked)).toMatchObject({
    closings: 20_000,
    leftOut: 0,
    learned: undefined,
  });
});

it("learns from twenty owners at least where a few of many stand for all", async () => {
  const { learned, closings, leftOut } = await readSpan(withClosings(500, 1_800), asked);
  expect(learned).toHaveLength(33);
  expect([closings, leftOut]).toEqual([59_400, 840_600]);
  expect((await readSpan(withClosings(200, 4_500), asked)).learned).toHaveLength(20);
});

it("learns from the latest months where few owners have very much, or none may stand for others", async () => {
  const few = await readSpan(withClosings(25, 48_000), asked);
  expect(few).toMatchObject({ closings: 300_000, leftOut: 900_000, learned: undefined });
  expect((await readSpan(withClosings(500, 1_800), { ...asked, sampled: false })).learned).toBe(undefined);
});
