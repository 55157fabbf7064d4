/**
 * Outcomes that could be: each open deal is won or not, new business comes as a compound Poisson sum, and one error is shared by all.
 * Seeded, so that the same question has the same answer.
 */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Draws of each owner. The error of a quantile of this many is below 3 % of the spread. */
export const draws = 2000;
/** The deals of an owner that are drawn one by one: those that the outcome hangs on most. The many small ones that remain are a normal sum. */
const drawnDeals = 40;
/** From so many expected arrivals on, their sum is drawn as normal. */
const manyArrivals = 30;

export interface SimulatedOwner {
  readonly open: readonly { readonly chance: number; readonly amount: number }[];
  /** What the open deals are expected to bring: the sum of chance × amount. */
  readonly openMean: number;
  /** What the owner is expected to win in all, after pooling. */
  readonly mean: number;
}

export interface SimulationInput {
  readonly owners: readonly SimulatedOwner[];
  /** Amounts that new business may have, from which it is drawn. */
  readonly amounts: Float64Array;
  readonly width: number;
  readonly shared: number;
  readonly seed: number;
}

/** For each owner, its draws in the order of the draws; sums over owners of the same draw belong together. */
export function simulate({ owners, amounts, width, shared, seed }: SimulationInput): readonly Float64Array[] {
  const generator = xoroshiro128plus(seed);
  const random: Random = {
    uniform: () => uniformFloat64(generator),
    below: (threshold) => generator.next() >>> 0 < threshold,
    normal: () => normal(generator),
  };
  const common = Float64Array.from({ length: draws }, () => Math.exp(shared * random.normal() - shared ** 2 / 2));
  return owners.map((owner) => {
    const outcomes = ownerDraws(owner, amounts, random);
    for (let draw = 0; draw < draws; draw += 1) {
      const wide = owner.mean + width * (outcomes[draw]! - owner.mean);
      outcomes[draw] = Math.max(0, wide) * common[draw]!;
    }
    return outcomes;
  });
}

interface Random {
  uniform(): number;
  /** True for one draw in 2³² ÷ `threshold`: what a deal asks, as cheap as it can be. */
  below(threshold: number): boolean;
  normal(): number;
}

/** Box & Muller (1958), Annals of Mathematical Statistics 29, 610-611. */
function normal(generator: Parameters<typeof uniformFloat64>[0]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
  return radius * Math.cos(2 * Math.PI * uniformFloat64(generator));
}

function ownerDraws({ open, openMean, mean }: SimulatedOwner, amounts: Float64Array, random: Random): Float64Array {
  const outcomes = new Float64Array(draws);
  const scale = openMean > mean && openMean > 0 ? mean / openMean : 1;
  addOpen(outcomes, { open, scale }, random);
  const rest = mean - openMean * scale;
  if (rest > 0 && amounts.length > 0) addArrivals(outcomes, { mean: rest, amounts }, random);
  else if (rest > 0) for (let draw = 0; draw < draws; draw += 1) outcomes[draw] = outcomes[draw]! + rest;
  return outcomes;
}

function addOpen(
  outcomes: Float64Array,
  { open, scale }: { readonly open: SimulatedOwner["open"]; readonly scale: number },
  random: Random,
): void {
  const weighty = [...open].sort((a, b) => variance(b) - variance(a));
  for (const deal of weighty.slice(0, drawnDeals)) {
    const amount = deal.amount * scale;
    const threshold = deal.chance * 2 ** 32;
    for (let draw = 0; draw < draws; draw += 1) if (random.below(threshold)) outcomes[draw] = outcomes[draw]! + amount;
  }
  const small = weighty.slice(drawnDeals);
  if (small.length === 0) return;
  const mean = scale * small.reduce((sum, deal) => sum + deal.chance * deal.amount, 0);
  const deviation = scale * Math.sqrt(small.reduce((sum, deal) => sum + variance(deal), 0));
  for (let draw = 0; draw < draws; draw += 1) outcomes[draw] = outcomes[draw]! + mean + deviation * random.normal();
}

const variance = ({ chance, amount }: SimulatedOwner["open"][number]): number => chance * (1 - chance) * amount ** 2;

function addArrivals(
  outcomes: Float64Array,
  { mean, amounts }: { readonly mean: number; readonly amounts: Float64Array },
  random: Random,
): void {
  let sum = 0;
  let squares = 0;
  for (const amount of amounts) {
    sum += amount;
    squares += amount ** 2;
  }
  const typical = sum / amounts.length;
  if (typical <= 0) return;
  const expected = mean / typical;
  const deviation = Math.sqrt((expected * squares) / amounts.length);
  const none = Math.exp(-expected);
  for (let draw = 0; draw < draws; draw += 1) {
    let added = 0;
    if (expected > manyArrivals) added = mean + deviation * random.normal();
    // Knuth, The Art of Computer Programming 2, 3.4.1: a Poisson number, by products of uniforms.
    else
      for (let left = random.uniform(); left > none; left *= random.uniform())
        added += amounts[Math.floor(random.uniform() * amounts.length)]!;
    outcomes[draw] = outcomes[draw]! + added;
  }
}
