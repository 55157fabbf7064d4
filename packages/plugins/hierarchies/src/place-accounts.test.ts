import { describe, expect, it } from "vitest";
import { legalGroup, refusal } from "./hierarchies-fixture.ts";

describe("several places of one account in one list", () => {
  it("are refused in a tree where their days overlap, by their index", async () => {
    const { place, stored } = await legalGroup("XYZ");
    await place(["X<Y"]);
    const lists: [readonly string[], number, string][] = [
      [["X<Y", "X<Z"], 1, "has a place on these days by input 0 already"],
      [["Y<", "X<Z 2026-02-01..", "X< ..2026-02-01"], 2, "has a place on 2026-02-01 by input 1 already"],
      [
        ["X<Y 2026-01-01..2026-12-31", "X<Z 2027-01-01..", "X<Y 2026-03-01..2026-03-31"],
        2,
        "has a place on 2026-03-01",
      ],
    ];
    for (const [list, index, message] of lists)
      expect(await refusal(place(list))).toMatchObject({
        ...{ code: "invalid_input", message: expect.stringContaining(message), details: { field: "childId", index } },
      });
    expect(await stored()).toEqual(["X<Y"]);
    await place(["X<Z 2026-07-01..", "X<Y ..2026-06-30", "Y<"]);
    expect(await stored()).toEqual(["X<Y ..2026-06-30", "X<Z 2026-07-01.."]);
  });

  it("are refused in a graph for one parent twice, and for one beside being at the top", async () => {
    const { place, stored } = await legalGroup("XYZ", "graph");
    for (const list of [
      ["X<Y 30", "X<Z 20", "X<Y 40 2030-01-01.."],
      ["X<Y 30 2026-01-01..", "X<Z ..2025-12-31", "X< ..2026-01-01"],
      ["X< ..2026-01-01", "X<", "X<Y 30 2026-01-01.."],
    ])
      expect(await refusal(place(list))).toMatchObject({ code: "invalid_input", details: { field: "childId" } });
    expect(await stored()).toEqual([]);
    await place(["X<Y 30", "X<Z 20 2026-01-01.."]);
    await place(["X< 2030-01-01..", "X<Y 40 2026-01-01..2029-12-31"]);
    expect(await stored()).toEqual([
      "X<Y 30 ..2025-12-31",
      "X<Y 40 2026-01-01..2029-12-31",
      "X<Z 20 2026-01-01..2029-12-31",
    ]);
  });

  it("tell of an end before its start first", async () => {
    const { place } = await legalGroup("XYZ");
    expect(await refusal(place(["X<Y", "X<Z 2026-02-01..2026-01-01"]))).toMatchObject({
      details: { field: "validUntil", index: 1 },
    });
  });
});

it("names no day for a circle of edges without days", async () => {
  const { place } = await legalGroup("AB");
  await place(["B<A"]);
  expect(await refusal(place(["A<B"]))).toMatchObject({
    code: "hierarchy_cycle",
    message: expect.stringContaining('Hierarchy "legal" would have a circle: '),
    details: { on: "0001-01-01" },
  });
});
