import { describe, expect, it } from "vitest";
import { createInterner } from "./intern.ts";

describe("interned values", () => {
  it("are the first one that was equal, frozen through and through", () => {
    const { intern } = createInterner();
    const first = intern({ table: "a", where: { of: [{ kind: "null" }] } });
    expect(intern({ table: "a", where: { of: [{ kind: "null" }] } })).toBe(first);
    expect(intern({ table: "b", where: { of: [{ kind: "null" }] } })).not.toBe(first);
    expect([first, first.where, first.where.of, first.where.of[0]].every(Object.isFrozen)).toBe(true);
  });

  it("are made once for a key, and are then the value of themselves", () => {
    const { intern, keep } = createInterner();
    const first = keep("deals 1", () => ({ table: "a", columns: ["id"] }));
    expect(keep("deals 1", () => ({ table: "b", columns: [] }))).toBe(first);
    expect(intern(first)).toBe(first);
    expect([first, first.columns].every(Object.isFrozen)).toBe(true);
  });

  it("are kept for the thousand shapes used last, and lost after twice as many others", () => {
    const { intern } = createInterner();
    const kept = intern({ shape: "kept" });
    const lost = intern({ shape: "lost" });
    for (let i = 0; i < 2_000; i++) {
      if (i % 999 === 0) expect(intern({ shape: "kept" })).toBe(kept);
      intern({ shape: i });
    }
    expect(intern({ shape: "kept" })).toBe(kept);
    expect(intern({ shape: "lost" })).not.toBe(lost);
  });

  it("of one interner are not those of another", () => {
    const value = createInterner().intern({ a: 1 });
    expect(createInterner().intern({ a: 1 })).not.toBe(value);
  });
});
