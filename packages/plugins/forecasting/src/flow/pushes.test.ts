import { describe, expect, it } from "vitest";
import { quotient } from "./decimal.ts";
import { fateOf } from "./expected.ts";
import { pushesIn, summed } from "./pushes.ts";

const version = (id: string, ...changes: readonly [string, unknown, unknown][]) => ({
  id,
  changes: changes.map(([field, before, after]) => ({ field, before, after })),
});
const date = (before: unknown, after: unknown) => ["expectedCloseDate", before, after] as const;
const open = { status: "open", ownerId: "ann", stageId: "proposal" };

describe("pushes", () => {
  it("are told by the owner and the stage of their time, from the latest version back", () => {
    const versions = [
      version("a", [...date("2026-12-01", "2026-12-15")]),
      version(
        "a",
        ["ownerId", "bob", "ann"],
        ["stageId", "discovery", "proposal"],
        [...date("2026-11-01", "2026-12-01")],
      ),
      version("a", [...date("2026-10-25", "2026-11-01")]),
    ];
    expect(pushesIn(new Map([["a", open]]), versions)).toEqual([
      { id: "a", ownerId: "ann", stageId: "proposal", days: 14 },
      { id: "a", ownerId: "bob", stageId: "discovery", days: 30 },
      { id: "a", ownerId: "bob", stageId: "discovery", days: 7 },
    ]);
  });

  it("are of dates that go from a day to a later one, while the opportunity is open", () => {
    const none = (status: string, ...changes: readonly [string, unknown, unknown][]) =>
      pushesIn(new Map([["a", { ...open, status }]]), [version("a", ...changes)]);
    expect(none("open", [...date("2026-12-15", "2026-12-01")])).toEqual([]);
    expect(none("open", [...date(null, "2026-12-01")])).toEqual([]);
    expect(none("open", [...date("2026-12-01", null)])).toEqual([]);
    expect(none("open", ["name", "A", "B"])).toEqual([]);
    expect(none("won", [...date("2026-11-01", "2026-12-01")])).toEqual([]);
    expect(none("won", ["status", "open", "won"], [...date("2026-11-01", "2026-12-01")])).toHaveLength(1);
  });

  it("have a mean, a median and a longest, or none of them", () => {
    const pushed = (...days: readonly number[]) =>
      summed(days.map((each, i) => ({ ...open, id: `o${i % 3}`, days: each })));
    expect(pushed(1, 30, 2, 4)).toEqual({
      pushes: 4,
      opportunities: 3,
      meanDays: "9.25",
      medianDays: "3",
      maxDays: 30,
    });
    expect(pushed(2, 1).medianDays).toBe("1.5");
    expect(pushed(7, 1, 2)).toMatchObject({ meanDays: "3.333333", medianDays: "2" });
    expect(pushed()).toEqual({ pushes: 0, opportunities: 0, meanDays: null, medianDays: null, maxDays: null });
    expect([quotient(2, 3), quotient(0, 5), quotient(1, 0)]).toEqual(["0.666667", "0", null]);
  });

  it("and what else became of what was expected", () => {
    const period = { from: "2026-10-01", until: "2026-12-31" };
    const fate = (status: "open" | "won" | "lost", expectedCloseDate: string | null, actualCloseDate: string | null) =>
      fateOf({ status, expectedCloseDate, actualCloseDate }, period);
    expect([
      fate("won", "2026-11-01", "2026-12-31"),
      fate("won", "2026-11-01", "2026-09-30"),
      fate("lost", "2026-11-01", "2026-11-01"),
      fate("open", "2026-12-31", null),
      fate("open", "2027-01-01", null),
      fate("open", null, null),
      fateOf(undefined, period),
    ]).toEqual(["won", "won_outside", "lost", "still_expected", "pushed_out", "pushed_out", "gone"]);
  });
});
