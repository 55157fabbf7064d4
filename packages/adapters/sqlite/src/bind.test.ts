import { CrmError } from "@relata/core/adapter";
import { describe, expect, it } from "vitest";
import { bind, jsonList } from "./bind.ts";

describe("bind", () => {
  it("passes storable values on, a boolean as 1 or 0", () => {
    expect(["a", 1.5, 2n ** 62n, null, true, false].map(bind)).toEqual(["a", 1.5, 2n ** 62n, null, 1, 0]);
  });

  it("refuses what the driver would take for something else", () => {
    for (const value of [new Date(0), {}, ["a"], undefined, Number.NaN, Symbol("s"), () => 1]) {
      expect(() => bind(value)).toThrow(CrmError);
    }
  });
});

describe("jsonList", () => {
  it("keeps every digit and every character", () => {
    expect(jsonList([9223372036854775807n, -9223372036854775808n, -1, true, false])).toBe(
      "[9223372036854775807,-9223372036854775808,-1,1,0]",
    );
    expect(jsonList(['say "hi"\n', "\\"])).toBe('["say \\"hi\\"\\n","\\\\"]');
    expect(jsonList([])).toBe("[]");
  });
});
