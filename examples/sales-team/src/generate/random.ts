/** Random choices that are the same for the same seed. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Random {
  /** A whole number; both ends included. */
  integer(min: number, max: number): number;
  pick<T>(choices: readonly T[]): T;
  chance(percent: number): boolean;
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const integer = (min: number, max: number) => uniformInt(generator, min, max);
  return {
    integer,
    pick: (choices) => choices[integer(0, choices.length - 1)] as (typeof choices)[number],
    chance: (percent) => integer(1, 100) <= percent,
  };
}
