/** Unknown days, and how many days one lies after another at most: what is possible together. */

export interface AtMost {
  readonly from: string;
  readonly to: string;
  /** `to` is at most so many days after `from`; before it, where it is negative. */
  readonly days: number;
}

export interface Constraints {
  has(name: string): boolean;
  /** With one more unknown day. */
  with(name: string): Constraints;
  /** With one more bound; undefined where that is impossible. */
  atMost(bound: AtMost): Constraints | undefined;
  /** Days that fulfil all of it, as distances from one of them: as late as can be, and as early. */
  solutions(from: string): readonly ReadonlyMap<string, number>[];
}

/** Two unknown days are never further apart than this: more than a hundred years, so that there is always a solution. */
const FARTHEST = 80_000;

export function noConstraints(names: readonly string[]): Constraints {
  const distance = names.map((_, a) => names.map((__, b) => (a === b ? 0 : FARTHEST)));
  return constraints(names, distance);
}

/** `distance[a][b]`: `b` is at most so many days after `a`; closed, so that no sum of two is less. */
function constraints(names: readonly string[], distance: readonly (readonly number[])[]): Constraints {
  const at = (name: string) => names.indexOf(name);
  return {
    has: (name) => names.includes(name),
    with(name) {
      const rows = distance.map((row) => [...row, FARTHEST]);
      return constraints([...names, name], [...rows, [...names.map(() => FARTHEST), 0]]);
    },
    atMost({ from, to, days }) {
      const [a, b] = [at(from), at(to)];
      if (distance[b]![a]! + days < 0) return undefined;
      if (distance[a]![b]! <= days) return constraints(names, distance);
      const closed = distance.map((row, i) =>
        row.map((known, j) => Math.min(known, distance[i]![a]! + days + distance[b]![j]!)),
      );
      return constraints(names, closed);
    },
    solutions(from) {
      const origin = at(from);
      return [
        new Map(names.map((name, index) => [name, distance[origin]![index]!])),
        new Map(names.map((name, index) => [name, -distance[index]![origin]!])),
      ];
    },
  };
}
