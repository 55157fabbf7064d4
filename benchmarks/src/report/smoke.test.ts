import { expect, it } from "vitest";
import type { Figure } from "./figure.ts";
import { collapses } from "./smoke.ts";

const speed = (median: number, size = 10_000, max = median): Figure => ({
  workload: "get",
  what: "one record",
  size,
  of: ["Relata", "raw"],
  kind: "times as fast",
  goal: { workload: "get", of: ["Relata", "raw"], atLeast: 1, smoke: true },
  median,
  min: median,
  max,
});

const cost = (median: number): Figure => ({
  ...speed(median),
  workload: "past",
  kind: "times the cost",
  goal: { workload: "past", of: ["Relata", "raw"], atMost: 10, smoke: true },
});

it("tells of a speed that is less than half of the recorded one", () => {
  expect(collapses([speed(0.39)], [speed(0.8)])).toEqual([
    "get (10,000), Relata beside raw: 0.39 [0.39–0.39], recorded 0.80 [0.80–0.80] (goal: at least 1)",
  ]);
});

it("tells of a cost that is more than twice the recorded one", () => {
  expect(collapses([cost(6.1)], [cost(3)])).toHaveLength(1);
});

it("lets pass what is worse, but no collapse, whether the goal is reached or not", () => {
  expect(collapses([speed(0.41), cost(5.9)], [speed(0.8), cost(3)])).toEqual([]);
});

it("lets pass what only some rounds are bad at", () => {
  expect(collapses([speed(0.2, 10_000, 0.5)], [speed(0.8)])).toEqual([]);
  expect(collapses([speed(0.2, 10_000, 0.39)], [speed(0.8)])).toHaveLength(1);
  expect(collapses([{ ...cost(9), min: 5 }], [cost(3)])).toEqual([]);
});

it("tells of a figure that nothing is recorded for at this size", () => {
  expect(collapses([speed(0.8)], [speed(0.8, 100_000)])).toEqual([
    "get (10,000), Relata beside raw: nothing recorded; run the benchmark with --write",
  ]);
});

it("passes over figures that are not watched", () => {
  const { goal, ...rest } = speed(0.1);
  expect(collapses([rest, { ...rest, goal: { ...goal!, smoke: false } }], [speed(0.8)])).toEqual([]);
});
