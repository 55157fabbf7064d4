/** Random choices that are the same in every run of the tests. */
export interface Random {
  /** From 0 up to, and not including, `limit`. */
  below(limit: number): number;
  of<T>(list: readonly T[]): T;
}

export function createRandom(seed: number): Random {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return { below, of: <T>(list: readonly T[]) => list[below(list.length)] as T };
}
