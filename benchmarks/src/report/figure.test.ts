import { expect, it } from "vitest";
import type { Measurement } from "../measure/measure.ts";
import { figuresOf, goalText, isReached, spreadText } from "./figure.ts";

const measurement: Measurement = {
  workload: "get",
  what: "one record",
  size: 10_000,
  unit: "µs",
  costs: { Relata: [4, 5, 20], raw: [4, 4, 10] },
};

const figureOf = (goal: Parameters<typeof figuresOf>[0]["goals"][number]) =>
  figuresOf({ goals: [goal], comparisons: [] }, [measurement])[0]!;

it("takes ratios within a round, and the middle one", () => {
  const speed = figureOf({ workload: "get", of: ["Relata", "raw"], atLeast: 0.75 });
  expect(speed).toMatchObject({ kind: "times as fast", median: 0.8, min: 0.5, max: 1 });
  expect([isReached(speed), goalText(speed), spreadText(speed)]).toEqual([true, "at least 0.75", "0.80 [0.50–1.00]"]);
});

it("turns the ratio round where the goal is a cost", () => {
  const cost = figureOf({ workload: "get", of: ["Relata", "raw"], atMost: 1.2 });
  expect(cost).toMatchObject({ kind: "times the cost", median: 1.25, min: 1, max: 2 });
  expect([isReached(cost), goalText(cost)]).toEqual([false, "at most 1.2"]);
});

it("keeps the unit of a cost beside nothing", () => {
  const cost = figureOf({ workload: "get", of: ["Relata"], atMost: 5 });
  expect([isReached(cost), goalText(cost), spreadText(cost)]).toEqual([true, "at most 5 µs", "5.00 µs [4.00–20.0]"]);
});

it("shows further pairs, those of a goal once", () => {
  const goals = [{ workload: "get", of: ["Relata", "raw"], atLeast: 1 }] as const;
  const comparisons = [
    ["Relata", "raw"],
    ["raw", "Relata"],
    ["Relata", "kysely"],
  ] as const;
  expect(figuresOf({ goals, comparisons }, [measurement]).map(({ of }) => of)).toEqual([
    ["Relata", "raw"],
    ["raw", "Relata"],
  ]);
});
