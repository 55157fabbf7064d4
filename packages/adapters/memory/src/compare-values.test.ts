import { compareText } from "@relata/core/adapter";
import { expect, it } from "vitest";
import { compareBy } from "./compare-rows.ts";
import { comparisonOf } from "./compare-values.ts";

it("orders text by code point, where UTF-16 order would put surrogates first", () => {
  const texts = ["\u{1f600}", "\uff5e", "b", "", "ab", "\ue000", "\u{10000}", "a", "é", "Z", "\ud7ff", "\uffff"];

  expect(texts.sort(compareText)).toEqual([
    "",
    "Z",
    "a",
    "ab",
    "b",
    "é",
    "\ud7ff",
    "\ue000",
    "\uff5e",
    "\uffff",
    "\u{10000}",
    "\u{1f600}",
  ]);
});

it("tells characters beyond the first plane apart by their second half", () => {
  expect(["\u{1f601}x", "\u{1f600}y", "\u{1f600}"].sort(compareText)).toEqual([
    "\u{1f600}",
    "\u{1f600}y",
    "\u{1f601}x",
  ]);
});

it("orders each kind by value", () => {
  expect([10, 9, -1].sort(comparisonOf("integer"))).toEqual([-1, 9, 10]);
  expect([10n, 9n, -(2n ** 63n)].sort(comparisonOf("bigint"))).toEqual([-(2n ** 63n), 9n, 10n]);
  expect(["2026-10-01", "2026-09-30"].sort(comparisonOf("date"))).toEqual(["2026-09-30", "2026-10-01"]);
  expect([true, false].sort(comparisonOf("boolean"))).toEqual([false, true]);
});

it("puts nulls last ascending and first descending", () => {
  const rows = (direction: "asc" | "desc") =>
    [[2], [null], [1]].sort(compareBy([{ position: 0, compare: comparisonOf("integer"), direction }]));

  expect(rows("asc")).toEqual([[1], [2], [null]]);
  expect(rows("desc")).toEqual([[null], [2], [1]]);
});
