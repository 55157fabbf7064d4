import { dayNumberOf } from "@relata/core/plugin";
import { expect, it } from "vitest";
import { staysOf } from "./read-stays.ts";
import { tenantDays } from "./tenant-days.ts";

const days = tenantDays("UTC");
const outcomes = new Map([
  ["a", "open"],
  ["b", "open"],
  ["won", "won"],
] as const);
const on = (day: number) => new Date(Date.UTC(2026, 0, day, 12));
const first = dayNumberOf("2026-01-01") - 1;
const entries = [
  { stageId: "a", enteredAt: on(1), leftAt: on(10) },
  { stageId: "b", enteredAt: on(10), leftAt: on(12) },
  { stageId: "won", enteredAt: on(12), leftAt: null },
];

it("ends the last stay on the day of closing, and leaves nothing at risk after it", () => {
  const told = (closedOn: number) =>
    staysOf(entries, { status: "won", closedOn: first + closedOn }, { outcomes, days }).map(
      ({ stage, from, until, exit }) => [stage, from - first, until! - first, exit],
    );
  expect(told(12)).toEqual([
    ["a", 1, 10, "moved"],
    ["b", 10, 12, "won"],
  ]);
  expect(told(5)).toEqual([
    ["a", 1, 5, "moved"],
    ["b", 5, 5, "won"],
  ]);
});

it("is one stay without a stage for what was closed at once", () => {
  const closed = { status: "lost", closedOn: first + 3 } as const;
  expect(staysOf([], closed, { outcomes, days })).toEqual([
    { stage: "", from: first + 3, until: first + 3, exit: "lost" },
  ]);
});
