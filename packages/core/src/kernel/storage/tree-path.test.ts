import { describe, expect, it } from "vitest";
import { isCut, PATH_LIMIT, pathBelow, rebasedValue, topPath } from "./tree-path.ts";

describe("the path of a top", () => {
  it("is a UUID in 22 characters, or the id with what is no letter, digit, - or _ escaped", () => {
    expect(topPath("019b7600-0000-7000-8000-000000000001", "uuid")).toBe("0Pjs0000S020000000000G/");
    expect(topPath("a-b_C9", "text")).toBe("a-b_C9/");
    expect(topPath("a/b*~.(!')ä", "text")).toBe("a%2Fb%2A%7E%2E%28%21%27%29%C3%A4/");
  });

  it("differs for ids that differ in one digit", () => {
    const digits = "0123456789abcdef";
    const ids = Array.from({ length: 32 }, (_, place) =>
      [...digits].map((digit) => {
        const hex = `${"0".repeat(place)}${digit}${"0".repeat(31 - place)}`;
        return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
      }),
    ).flat();
    expect(new Set(ids.map((id) => topPath(id, "uuid"))).size).toBe(new Set(ids).size);
  });

  it("is cut where it is too long by itself", () => {
    const path = topPath("王".repeat(200), "text");
    expect([path.length, isCut(path), isCut(topPath("a*", "text"))]).toEqual([PATH_LIMIT, true, false]);
  });
});

describe("a path below another", () => {
  it("begins with it", () => {
    expect(pathBelow("a/b/", "c/")).toBe("a/b/c/");
  });

  it("is cut at the limit, and from then on the same for all below", () => {
    const near = `${"x".repeat(PATH_LIMIT - 3)}/`;
    expect(isCut(pathBelow(near, "/"))).toBe(false);
    const cut = pathBelow(near, "y/");
    expect([cut.length, isCut(cut), pathBelow(cut, "z/") === cut]).toEqual([PATH_LIMIT, true, true]);
  });
});

describe("a rebase", () => {
  const step = { from: "a/b/", to: "z/", limit: 6 };

  it("replaces the beginning of what begins so, and leaves all else", () => {
    expect([rebasedValue("a/b/c/", step), rebasedValue("a/b/", step)]).toEqual(["z/c/", "z/"]);
    expect([rebasedValue("a/bc/", step), rebasedValue("a/", step), rebasedValue(null, step)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it("cuts what is too long then, and keeps cut what was", () => {
    expect([rebasedValue("a/b/cccc/", step), rebasedValue("a/b/*", { ...step, limit: 3 })]).toEqual(["z/ccc*", "z/*"]);
  });
});
