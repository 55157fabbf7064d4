/** What simulated outcomes say. */
import { draws as drawn } from "./simulation.ts";

export interface Distribution {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** The draws of a sum: the same draw of its parts added up. */
export function sumOfDraws(parts: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(drawn);
  for (const part of parts) for (let draw = 0; draw < drawn; draw += 1) sum[draw] = sum[draw]! + part[draw]!;
  return sum;
}

export function distributionOf(draws: Float64Array): Distribution {
  const sorted = Float64Array.from(draws).sort();
  return { p10: quantile(sorted, 0.1), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}

/** The share of draws that reach an amount. */
export function chanceOfReaching(draws: Float64Array, amount: number): number {
  let reached = 0;
  for (const draw of draws) if (draw >= amount) reached += 1;
  return reached / draws.length;
}

/** The value below which this share of sorted values lies: type 7 of Hyndman & Fan (1996), The American Statistician 50, 361-365. */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return 0;
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const from = sorted[low]!;
  return from + (place - low) * (sorted[Math.min(low + 1, sorted.length - 1)]! - from);
}
