import { describe, expect, it } from "vitest";
import { createLru } from "./lru.ts";

describe("createLru", () => {
  it("makes a value once while it is kept", () => {
    const lru = createLru<number>(2);
    expect(lru.getOrMake("a", () => 1)).toBe(1);
    expect(lru.getOrMake("a", () => 2)).toBe(1);
  });

  it("forgets the value that was not used for longest", () => {
    const lru = createLru<number>(2);
    lru.getOrMake("a", () => 1);
    lru.getOrMake("b", () => 1);
    lru.getOrMake("a", () => 2);
    lru.getOrMake("c", () => 1);
    expect(lru.getOrMake("a", () => 3)).toBe(1);
    expect(lru.getOrMake("b", () => 3)).toBe(3);
  });
});
