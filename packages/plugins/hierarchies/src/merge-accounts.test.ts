import { describe, expect, it } from "vitest";
import { legalGroup, refusal } from "./hierarchies-fixture.ts";

describe("the children that both merged accounts have in a graph", () => {
  it("stand below the survivor with the shares of both, until the merge is undone", async () => {
    const { crm, id, place, stored } = await legalGroup("ABEFG", "graph");
    const before = ["E<A 40", "E<B 60", "F<A", "F<B 20", "G<A 12.5", "G<B"];
    await place(before);
    const { mergeId } = await crm.accounts.merge(id.A!, id.B!);
    expect(await stored()).toEqual(["E<A 100", "F<A 20", "G<A 12.5"]);
    expect(await crm.hierarchies.ownership(id.A!, id.E!, { hierarchy: "legal" })).toMatchObject({
      ...{ effective: "100", controls: true },
    });
    await crm.accounts.unmerge(mergeId);
    expect(await stored()).toEqual(before);
  });

  it("do so on the days on which they stand below both", async () => {
    const { crm, id, place, stored } = await legalGroup("ABE", "graph");
    const before = ["E<A 40 2026-01-01..", "E<B 20 2026-06-01..2026-06-30", "E<B 30 ..2026-01-31"];
    await place(before);
    const { mergeId } = await crm.accounts.merge(id.A!, id.B!);
    expect(await stored()).toEqual([
      "E<A 30 ..2025-12-31",
      "E<A 40 2026-02-01..2026-05-31",
      "E<A 40 2026-07-01..",
      "E<A 60 2026-06-01..2026-06-30",
      "E<A 70 2026-01-01..2026-01-31",
    ]);
    await crm.accounts.unmerge(mergeId);
    expect(await stored()).toEqual(before);
  });

  it("are branches where they are a branch of either", async () => {
    const { crm, id, place, stored } = await legalGroup("ABE", "graph");
    await place(["E<A"]);
    const branch = { childId: id.E!, parentId: id.B!, kind: "branch" } as const;
    await crm.hierarchies.setParents([branch], { hierarchy: "legal" });
    await crm.accounts.merge(id.A!, id.B!);
    expect(await stored()).toEqual(["E<A 100 branch"]);
  });
});

describe("the parents of both merged accounts in a graph", () => {
  it("refuse the merge where more than the whole would be owned", async () => {
    const { crm, id, place, stored } = await legalGroup("ABCD", "graph");
    await place(["C<A 60", "D<B 60"]);
    expect(await refusal(crm.accounts.merge(id.C!, id.D!))).toMatchObject({
      code: "shares_above_whole",
      details: { id: id.C!, total: "120" },
    });
    expect(await stored()).toEqual(["C<A 60", "D<B 60"]);
    await place(["D<B 40"]);
    await crm.accounts.merge(id.C!, id.D!);
    expect(await stored()).toEqual(["C<A 60", "C<B 40"]);
  });

  it("are one edge where they are one account, that of the survivor", async () => {
    const { crm, id, place, stored } = await legalGroup("ACD", "graph");
    await place(["C<A 40", "D<A 30 2026-01-01.."]);
    await crm.accounts.merge(id.C!, id.D!);
    expect(await stored()).toEqual(["C<A 40"]);
  });
});

it("refuses a merge that would cut an edge to an archived account in two", async () => {
  const { crm, id, place, stored } = await legalGroup("ABCD");
  const before = ["C<B", "D<A 2026-07-01..2026-07-31"];
  await place(before);
  await crm.accounts.archive(id.B!);
  expect(await refusal(crm.accounts.merge(id.D!, id.C!))).toMatchObject({
    code: "reference_archived",
    details: { reference: id.B },
  });
  expect(await stored()).toEqual(before);
});
