import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, dimensions, type StatementRecord } from "./decide.ts";

let made = 0;
const said = (effect: "allow" | "deny" | null, minute: number, scope: Partial<StatementRecord> = {}): StatementRecord =>
  ({
    ...{
      id: `s${made++}`,
      effect,
      statedAt: new Date(minute * 60_000),
      archivedAt: null,
      validFrom: null,
      validUntil: null,
    },
    ...{ purpose: null, channel: null, field: null, relationshipId: null, type: null, ...scope },
  }) as StatementRecord;
const effectOf = (statements: readonly StatementRecord[], use: Parameters<typeof decide>[1], on = "2026-06-15") =>
  decide(statements, use, on).effect;

describe("what was stated", () => {
  it("counts by the last word", () => {
    const news = { purpose: "news" };
    expect(effectOf([said("allow", 1, news), said("deny", 2, news)], news)).toBe("deny");
    expect(effectOf([said("allow", 3, news), said("deny", 2, news)], news)).toBe("allow");
    expect(effectOf([said("allow", 1, news), said("deny", 2)], news)).toBe("deny");
  });

  it("lifts explicitly what was refused explicitly", () => {
    const use = { purpose: "news", channel: "phone" };
    const refusal = said("deny", 1, { channel: "phone" });
    expect(effectOf([refusal, said("allow", 2)], use)).toBe("deny");
    expect(effectOf([refusal, said("allow", 2, { purpose: "news" })], use)).toBe("deny");
    expect(effectOf([refusal, said("allow", 2, use)], use)).toBe("allow");
  });

  it("at one instant is weighed by how explicit it is, and then the refusal stands", () => {
    const news = { purpose: "news" };
    expect(effectOf([said("deny", 1), said("allow", 1, news)], news)).toBe("allow");
    expect(effectOf([said("deny", 1), said("allow", 1, news)], { purpose: "research" })).toBe("deny");
    expect(effectOf([said("deny", 1, news), said("allow", 1, news)], news)).toBe("deny");
  });

  it("says nothing of other uses, of other days, and where it neither allows nor denies", () => {
    const news = { purpose: "news" };
    expect(effectOf([said("deny", 1, { channel: "phone" })], news)).toBeUndefined();
    expect(effectOf([said("deny", 1, { validUntil: "2026-06-14" })], news)).toBeUndefined();
    expect(effectOf([said(null, 2), said("allow", 1)], news)).toBe("allow");
  });

  it("is decided alike in whichever order it is read, and never allows by what is no more explicit than a later refusal", () => {
    const scope = fc.record({
      purpose: fc.option(fc.constantFrom("news", "research")),
      channel: fc.option(fc.constantFrom("phone", "email")),
    });
    const statement = fc
      .tuple(fc.constantFrom("allow" as const, "deny" as const), fc.nat(4), scope)
      .map(([effect, minute, own]) => said(effect, minute, own));
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 6 }), (all) => {
        const use = { purpose: "news", channel: "phone" };
        const decision = decide(all, use, "2026-06-15");
        expect(decide(all.toReversed(), use, "2026-06-15").effect).toBe(decision.effect);
        const matching = all.filter((each) =>
          dimensions.every((name) => each[name] === null || each[name] === use[name as "purpose" | "channel"]),
        );
        const refusals = matching.filter(({ effect }) => effect === "deny");
        if (decision.effect === undefined) expect(matching).toEqual([]);
        if (decision.effect === "allow")
          for (const refusal of refusals)
            expect(
              matching.some(
                (each) =>
                  each.effect === "allow" &&
                  each.statedAt >= refusal.statedAt &&
                  dimensions.every((name) => refusal[name] === null || each[name] === refusal[name]),
              ),
            ).toBe(true);
        const latest = Math.max(...matching.map(({ statedAt }) => statedAt.getTime()));
        const last = matching.filter(({ statedAt }) => statedAt.getTime() === latest);
        if (last.length > 0 && last.every(({ effect }) => effect === "deny")) expect(decision.effect).toBe("deny");
      }),
    );
  });
});
