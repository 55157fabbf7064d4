/** A method that knows its parameters, and what it would have said before. */
export interface FittedSeries {
  /** What was fitted: "ETS(M,Ad,M)", "Theta, multiplicative season". */
  readonly model: string;
  /** How many numbers were fitted, without the indices of a season. */
  readonly parameters: number;
  /**
   * Writes to `out` what the method says of the next `out.length` values after the first `seen` ones (at least one), by the parameters that the
   * whole series gave; what comes later than `seen` enters only through them.
   */
  from(seen: number, out: Float64Array): void;
}

/** The mean of what several say, and nothing below `least`. */
export function combined(fits: readonly FittedSeries[], least: number): FittedSeries {
  let part = new Float64Array(0);
  return {
    model: fits.map(({ model }) => model).join(" + "),
    parameters: fits.reduce((sum, { parameters }) => sum + parameters, 0) / fits.length,
    from(seen, out) {
      if (part.length !== out.length) part = new Float64Array(out.length);
      out.fill(0);
      for (const fit of fits) {
        fit.from(seen, part);
        for (let step = 0; step < out.length; step++) out[step]! += part[step]! / fits.length;
      }
      for (let step = 0; step < out.length; step++) if (out[step]! < least) out[step] = least;
    },
  };
}
