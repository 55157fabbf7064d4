/** What the measurements of a suite say: ratios and costs, each beside its goal. */
import type { Measurement } from "../measure/measure.ts";
import { ratiosOf, type Spread, spreadOf } from "../measure/spread.ts";
import type { Goal, Suite } from "../suite.ts";

export interface Figure extends Spread {
  readonly workload: string;
  readonly what: string;
  readonly size?: number | undefined;
  readonly of: Goal["of"];
  /** How many times as fast the first is as the second, how many times the second's cost the first has, or the unit of a cost. */
  readonly kind: "times as fast" | "times the cost" | Measurement["unit"];
  readonly goal?: Goal | undefined;
}

/** First those with a goal, in the order of the goals, then the further comparisons, in the order of measuring. */
export function figuresOf(
  { goals, comparisons }: Pick<Suite, "goals" | "comparisons">,
  measurements: readonly Measurement[],
): readonly Figure[] {
  const wanted = goals.flatMap((goal) =>
    measurements
      .filter((measurement) => isOf(measurement, goal))
      .map((measurement) => figureOf(measurement, goal.of, goal)),
  );
  const others = measurements.flatMap((measurement) =>
    comparisons
      .filter((of) => of.every((name) => name in measurement.costs))
      .filter((of) => !goals.some((goal) => isOf(measurement, goal) && String(goal.of) === String(of)))
      .map((of) => figureOf(measurement, of)),
  );
  return [...wanted, ...others];
}

function isOf({ workload, costs }: Measurement, goal: Goal): boolean {
  return goal.workload === workload && goal.of.every((name) => name in costs);
}

function figureOf(measurement: Measurement, of: Goal["of"], goal?: Goal): Figure {
  const { workload, what, size, costs, unit } = measurement;
  const [one, other] = of.map((name) => costs[name]!) as [readonly number[], (readonly number[])?];
  const about = { workload, what, size, of, goal };
  if (other === undefined) return { ...about, kind: unit, ...spreadOf(one) };
  if (goal?.atMost !== undefined) return { ...about, kind: "times the cost", ...ratiosOf(one, other) };
  return { ...about, kind: "times as fast", ...ratiosOf(other, one) };
}

/** Whether the median is what the goal wants; undefined without a goal for this size. */
export function isReached({ goal, median, size = 0 }: Pick<Figure, "goal" | "median" | "size">): boolean | undefined {
  if (goal?.from !== undefined && size < goal.from) return undefined;
  if (goal?.atLeast !== undefined) return median >= goal.atLeast;
  if (goal?.atMost !== undefined) return median <= goal.atMost;
  return undefined;
}

/** `0.83 [0.71–0.90]`, with the unit of a cost. */
export function spreadText({ median, min, max, kind }: Figure): string {
  const unit = kind === "times as fast" || kind === "times the cost" ? "" : ` ${kind}`;
  return `${rounded(median)}${unit} [${rounded(min)}–${rounded(max)}]`;
}

/** Empty where there is no goal for this size. */
export function goalText(figure: Figure): string {
  const { goal, kind } = figure;
  if (goal === undefined || isReached(figure) === undefined) return "";
  const unit = kind === "times as fast" || kind === "times the cost" ? "" : ` ${kind}`;
  return goal.atLeast !== undefined ? `at least ${goal.atLeast}` : `at most ${goal.atMost}${unit}`;
}

export function sizeText(size: number | undefined): string {
  return size === undefined ? "" : size.toLocaleString("en");
}

/** To two places, to three significant digits where it is small, to none where it is large. */
function rounded(figure: number): string {
  if (figure >= 100) return figure.toFixed(0);
  if (figure >= 10) return figure.toFixed(1);
  return figure.toFixed(figure < 0.1 ? 3 : 2);
}
