/** Whatever the history is, a prediction is one: finite, ordered, and of chances that are chances. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, it } from "vitest";
import type { Deal, Stay } from "./deal-history.ts";
import { distributionOf, sumOfDraws } from "./distribution.ts";
import { outlook } from "./outlook.ts";
import type { Outlook } from "./outlook-result.ts";
import { thirties } from "./synthetic-deals-fixture.ts";

const stages = ["a", "b", "c"] as const;
const owners = ["ann", "ben", "cleo", ""] as const;
const signals = [
  { name: "colour", valueOf: (deal: Deal) => deal.signals?.[0] },
  { name: "owner", valueOf: (deal: Deal) => deal.owner },
];

/** Of one company: how much there is, how deals end, and what they are worth. */
interface World {
  readonly deals: number;
  readonly origin: number;
  /** Days on which deals may start, and how long a stay may last. */
  readonly starts: readonly number[];
  readonly longest: number;
  readonly ends: readonly (Stay["exit"] | undefined)[];
  readonly amounts: readonly number[];
}

type Random = (below: number) => number;

function randomWorld(random: Random): World {
  const pick = <T>(...all: readonly T[]): T => all[random(all.length)]!;
  const origin = pick(0, 40, 200, 900, 1_500);
  const any = Array.from({ length: 60 }, () => random(origin + 1));
  return {
    deals: pick(0, 1, 2, 40, 120, 400),
    origin,
    starts: pick(any, any, [origin], [0], [0, origin]),
    longest: pick(0, 5, 60, 800),
    ends: pick<World["ends"]>(["won"], ["lost"], [undefined], ["won", "lost", undefined], ["moved", "won", "lost"]),
    amounts: pick<World["amounts"]>([0], [1e12], [0, 1e12, 0.01], [100, 250], [-50, 100], [1e-2]),
  };
}

function randomDeals({ deals, origin, starts, longest, ends, amounts }: World, random: Random): readonly Deal[] {
  return Array.from({ length: deals }, (_, index): Deal => {
    const stays: Stay[] = [];
    let from = starts[random(starts.length)]!;
    for (;;) {
      const stage = stages[random(stages.length)]!;
      const until = from + random(longest + 1);
      const exit = ends[random(ends.length)];
      const stay = exit === undefined || until > origin ? { stage, from } : { stage, from, until, exit };
      stays.push(stay);
      if (exit !== "moved" || until > origin || stays.length === 6) break;
      from = until;
    }
    return {
      id: String(index),
      owner: owners[random(owners.length)]!,
      amount: amounts[random(amounts.length)]!,
      stays,
      probability: random(11) / 10,
      ...(random(2) === 0 ? { expectedCloseOn: origin - 300 + random(900) } : {}),
      signals: [[undefined, "red", "blue"][random(3)]],
    };
  });
}

function refuseNonsense(found: Outlook): void {
  const isChance = (value: number) => value >= 0 && value <= 1;
  for (const { chance, contributions } of found.deals) {
    expect(isChance(chance)).toBe(true);
    const sum = contributions.reduce((all, { logOdds }) => all + logOdds, 0);
    expect(Number.isFinite(sum)).toBe(true);
  }
  for (const { owner: _, draws, ...parts } of found.owners) {
    expect(Object.values(parts).every(Number.isFinite)).toBe(true);
    expect(draws.every(Number.isFinite)).toBe(true);
    const { p10, p50, p90 } = distributionOf(draws);
    expect(p10 <= p50 && p50 <= p90).toBe(true);
    expect(p10).toBeGreaterThanOrEqual(Math.min(0, parts.won));
  }
  expect(sumOfDraws(found.owners.map(({ draws }) => draws)).every(Number.isFinite)).toBe(true);
  const { weight, bias, width, shared, shift } = found.pooling;
  expect(isChance(weight)).toBe(true);
  expect([bias, width, shared, shift].every(Number.isFinite)).toBe(true);
  expect(Math.min(bias, width, shared)).toBeGreaterThanOrEqual(0);
  for (const { pValue, spread, wonAgainstLost } of found.signals) {
    expect(isChance(pValue) && isChance(wonAgainstLost)).toBe(true);
    expect(Number.isFinite(spread) && spread >= 0).toBe(true);
  }
  const never = found.neverClosing ?? 0;
  expect(never >= 0 && never <= 1 + 1e-9).toBe(true);
}

it("holds for any history of any company", { timeout: 60_000 }, () => {
  const methods = new Set<string>();
  for (let seed = 1; seed <= Number(process.env.FUZZ ?? 120); seed += 1) {
    const generator = xoroshiro128plus(seed);
    const random: Random = (below) => Math.floor(uniformFloat64(generator) * below);
    const world = randomWorld(random);
    const deals = randomDeals(world, random);
    const { origin } = world;
    const length = [1, 30, 91, 365][random(4)]!;
    const from = origin + 1 - random(length);
    const window = { origin, from: Math.max(from, 0), to: Math.max(origin, from + length - 1) };
    const closings = deals.flatMap(({ stays }) => stays.at(-1)!.until ?? []);
    const riskFrom = Math.min(origin + 1, ...closings);
    const probabilities = new Map(stages.map((stage, at) => [stage, at / 2]));
    const input = { deals, owners, stages, probabilities, calendar: thirties, riskFrom, window, signals, seed };
    try {
      const found = outlook(input);
      methods.add(found.method);
      refuseNonsense(found);
    } catch (error) {
      throw new Error(`seed ${seed}: ${JSON.stringify({ ...world, starts: world.starts.length, window, riskFrom })}`, {
        cause: error,
      });
    }
  }
  expect([...methods].sort()).toEqual(["competing_risks", "stage_probability"]);
});
