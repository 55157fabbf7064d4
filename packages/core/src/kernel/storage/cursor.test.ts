import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CrmError } from "../../errors.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { Storable } from "./storage-schema.ts";

const query = '["account","default"]';

function refusal(cursor: unknown, of = query): string {
  try {
    decodeCursor(of, cursor);
  } catch (error) {
    if (CrmError.is(error)) return error.code;
    throw error;
  }
  return "read";
}

describe("cursors", () => {
  it("bring back the values of every storable kind", () => {
    const values: readonly Storable[] = [
      'Ünï😀\u0001"\\',
      "",
      0,
      -1.5,
      9_007_199_254_740_991,
      9_223_372_036_854_775_807n,
      -1n,
      0n,
      true,
      false,
      null,
    ];
    expect(decodeCursor(query, encodeCursor(query, values))).toEqual(values);
  });

  it("bring back any values", () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.maxSafeInteger(),
      fc.bigInt(),
      fc.boolean(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(value), fc.string({ unit: "binary" }), (values, of) => {
        expect(decodeCursor(of, encodeCursor(of, values))).toEqual(values);
      }),
    );
  });

  it("are letters that a URL holds as they are", () => {
    expect(encodeCursor(query, ["Ünï😀?&=/+", 1n])).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it("of one query and its values are always the same", () => {
    expect(encodeCursor(query, ["a", 1])).toBe(encodeCursor(query, ["a", 1]));
  });

  it("are refused by another query", () => {
    expect(refusal(encodeCursor(query, ["a"]), '["account","other"]')).toBe("invalid_cursor");
  });

  it("are refused when any one of their characters is another", () => {
    const cursor = encodeCursor(query, ["Acme", 12n, null]);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ é";
    const read: string[] = [];
    for (let i = 0; i < cursor.length; i++) {
      for (const char of alphabet) {
        if (char === cursor[i]) continue;
        const altered = cursor.slice(0, i) + char + cursor.slice(i + 1);
        if (refusal(altered) !== "invalid_cursor") read.push(altered);
      }
    }
    expect(read).toEqual([]);
  });

  it("are refused when a character is missing, added or moved", () => {
    const cursor = encodeCursor(query, ["Acme", 12n, null]);
    const read: string[] = [];
    const tryOne = (altered: string) => {
      if (altered !== cursor && refusal(altered) !== "invalid_cursor") read.push(altered);
    };
    for (let i = 0; i < cursor.length; i++) {
      tryOne(cursor.slice(0, i) + cursor.slice(i + 1));
      tryOne(`${cursor.slice(0, i)}A${cursor.slice(i)}`);
      tryOne(cursor.slice(0, i) + (cursor[i + 1] ?? "") + cursor[i] + cursor.slice(i + 2));
      tryOne(cursor.slice(0, i));
    }
    tryOne(`${cursor}A`);
    tryOne(`${cursor}=`);
    expect(read).toEqual([]);
  });

  it.each([undefined, null, 5, {}, [], "", "x", "!!!", "\0", "😀"])("are not %j", (cursor) => {
    expect(refusal(cursor)).toBe("invalid_cursor");
  });

  it("are refused in a message that says what to do", () => {
    expect(() => decodeCursor(query, "x")).toThrow("Start again from the first page.");
  });

  it("hold long texts", () => {
    const values = ["é\u0001".repeat(50_000)];
    expect(decodeCursor(query, encodeCursor(query, values))).toEqual(values);
  });
});
