import { describe, expect, it } from "vitest";
import { arrange } from "./arrange.ts";
import { readManagers } from "./managers.ts";

const users = (...all: readonly string[]) =>
  all.map((each) => {
    const [id, managerId] = each.split("<") as [string, string | undefined];
    return { id, name: id, managerId: managerId ?? null, active: true, users: 1 };
  });

/** What a database holds that something else than the SDK has written to. */
const holding = (...all: readonly string[]) =>
  ({ users: { aggregate: async () => users(...all) } }) as unknown as Parameters<typeof readManagers>[0];

describe("the sales hierarchy", () => {
  it("is read from the top down, each with all below before the next", async () => {
    const { nodes, atOrUnder } = await readManagers(holding("d<b", "b<a", "c<a", "a", "e"));
    expect(nodes.map(({ id, depth }) => `${id}${depth}`)).toEqual(["a0", "b1", "d2", "c1", "e0"]);
    expect(atOrUnder("b").map(({ id }) => id)).toEqual(["b", "d"]);
    expect(atOrUnder("e").map(({ id }) => id)).toEqual(["e"]);
  });

  it("with a circle that was written past the SDK is refused, naming who is in it", async () => {
    const reading = readManagers(holding("a<c", "b<a", "c<b", "d<c", "e"));
    await expect(reading).rejects.toMatchObject({
      code: "hierarchy_cycle",
      message: "Users manage one another in a circle, a < c < b < a: clear the managerId of one of them.",
      details: { entity: "user", circle: ["a", "c", "b", "a"] },
    });
  });

  it("of ten thousand who report to one another in one line is no matter of depth", () => {
    const line = Array.from({ length: 10_000 }, (_, i) => ({ id: `${i}`, parentId: i === 0 ? null : `${i - 1}` }));
    expect(arrange(line).at(-1)).toEqual({ id: "9999", parentId: "9998", depth: 9_999 });
  });
});
