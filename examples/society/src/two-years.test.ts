import { memory } from "@relata/memory";
import { sqlite } from "@relata/sqlite";
import { expect, it } from "vitest";
import { liveThroughTwoYears } from "./two-years.ts";

it.each([
  ["memory", () => memory()],
  ["SQLite", () => sqlite({ filename: ":memory:" })],
] as const)("tells each change once, renews who wants it, and counts on %s", async (_, storage) => {
  expect((await liveThroughTwoYears(storage())).join("\n")).toMatchInlineSnapshot(`
    "2026-02-02:
      Anna Silva: welcome, since 2026-01-15
      Ben Okoro: welcome, since 2026-01-15
      Cleo Marsh: welcome, since 2026-01-15
      Dora Lind: welcome, since 2026-02-01
      Emil Roth: welcome, since 2026-02-01
    2026-12-20:
      Anna Silva: ends on 2027-01-14, in 30 days
      Ben Okoro: ends on 2027-01-14, in 30 days
      Cleo Marsh: ends on 2027-01-14, in 30 days
    2027-01-10:
      Dora Lind: ends on 2027-01-31, in 30 days
      Cleo Marsh: ends on 2027-01-14, in 7 days
      Renewed by themselves: 1
    2027-02-16:
      Cleo Marsh: has ended, on 2027-02-15
      Dora Lind: ends on 2027-01-31, in 7 days
    4 members on 2027-02-16 (current 3, expired 1, grace 1)
    5 at the opening, 0 came, 1 left, 4 at the closing
    Terms renewed: 0.5"
  `);
});
