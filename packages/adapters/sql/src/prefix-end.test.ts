import { describe, expect, it } from "vitest";
import { prefixEnd } from "./prefix-end.ts";

describe("prefixEnd", () => {
  it("is the prefix with its last code point replaced by the next one", () => {
    expect(prefixEnd("abc")).toBe("abd");
    expect(prefixEnd("caf\u00e9")).toBe("caf\u00ea");
    expect(prefixEnd("\u{1f680}")).toBe("\u{1f681}");
    expect(prefixEnd("a\uffff")).toBe("a\u{10000}");
  });

  it("passes over the surrogates, which are no characters", () => {
    expect(prefixEnd("a\ud7ff")).toBe("a\ue000");
  });

  it("goes back to what comes before the last of all code points", () => {
    expect(prefixEnd("ab\u{10ffff}\u{10ffff}")).toBe("ac");
  });

  it("is undefined where no text comes after", () => {
    expect(prefixEnd("")).toBeUndefined();
    expect(prefixEnd("\u{10ffff}")).toBeUndefined();
  });
});
