/** The least value of a function of a few numbers, without derivatives. */

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
}

export interface NelderMead {
  readonly start: ArrayLike<number>;
  /** How far the first corners lie from the start, one for each number. */
  readonly steps: ArrayLike<number>;
  /** It ends when the values at the corners differ by no more than this share of their size. */
  readonly tolerance: number;
  readonly mostEvaluations: number;
}

/**
 * Nelder and Mead, "A simplex method for function minimization", The Computer Journal 7 (1965), with their coefficients (1, 2, ½, ½), the
 * order of the comparisons of Lagarias et al., SIAM Journal on Optimization 9 (1998). `evaluate` may answer Infinity, which is how bounds are
 * told; it gets an array that it must not keep. Deterministic.
 */
export function nelderMead(
  evaluate: (at: Float64Array) => number,
  { start, steps, tolerance, mostEvaluations }: NelderMead,
): Minimum {
  const size = start.length;
  const corners = Array.from({ length: size + 1 }, (_, corner) => {
    const at = Float64Array.from(start);
    if (corner > 0) at[corner - 1]! += steps[corner - 1]!;
    return at;
  });
  const values = Float64Array.from(corners, evaluate);
  let evaluations = size + 1;
  const centre = new Float64Array(size);
  let trial = new Float64Array(size);
  let second = new Float64Array(size);
  while (evaluations < mostEvaluations) {
    let [best, worst] = [0, 0];
    for (let corner = 1; corner <= size; corner++) {
      if (values[corner]! < values[best]!) best = corner;
      if (values[corner]! >= values[worst]!) worst = corner;
    }
    if (Math.abs(values[worst]! - values[best]!) <= tolerance * (Math.abs(values[best]!) + tolerance)) break;
    let next = best;
    for (let corner = 0; corner <= size; corner++) {
      if (corner !== worst && values[corner]! > values[next]!) next = corner;
    }
    centreWithout(corners, worst, centre);
    const away = corners[worst]!;
    along(centre, { corner: away, by: -1 }, trial);
    let value = evaluate(trial);
    evaluations++;
    if (value < values[best]!) {
      along(centre, { corner: away, by: -2 }, second);
      const further = evaluate(second);
      evaluations++;
      if (further < value) {
        [trial, second] = [second, trial];
        value = further;
      }
    } else if (value >= values[next]!) {
      const outside = value < values[worst]!;
      along(centre, { corner: away, by: outside ? -0.5 : 0.5 }, second);
      const nearer = evaluate(second);
      evaluations++;
      if (nearer >= (outside ? value : values[worst]!)) {
        evaluations += size;
        shrink(corners, best, (corner) => {
          values[corner] = evaluate(corners[corner]!);
        });
        continue;
      }
      [trial, second] = [second, trial];
      value = nearer;
    }
    corners[worst] = trial;
    trial = away;
    values[worst] = value;
  }
  let best = 0;
  for (let corner = 1; corner <= size; corner++) if (values[corner]! < values[best]!) best = corner;
  return { at: corners[best]!, value: values[best]! };
}

function centreWithout(corners: readonly Float64Array[], without: number, centre: Float64Array): void {
  const size = centre.length;
  centre.fill(0);
  for (let corner = 0; corner <= size; corner++) {
    if (corner === without) continue;
    for (let i = 0; i < size; i++) centre[i]! += corners[corner]![i]! / size;
  }
}

/** Writes to `trial` the point that lies so many times as far from the centre as the corner does. */
function along(centre: Float64Array, { corner, by }: { corner: Float64Array; by: number }, trial: Float64Array): void {
  for (let i = 0; i < trial.length; i++) trial[i] = centre[i]! + by * (corner[i]! - centre[i]!);
}

function shrink(corners: readonly Float64Array[], best: number, moved: (corner: number) => void): void {
  const kept = corners[best]!;
  for (const [index, corner] of corners.entries()) {
    if (index === best) continue;
    for (let i = 0; i < corner.length; i++) corner[i] = (corner[i]! + kept[i]!) / 2;
    moved(index);
  }
}
