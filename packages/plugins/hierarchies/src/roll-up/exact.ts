/** Exact decimals: whole numbers of units of 10^-scale. Nothing is rounded before it is asked for. */

export interface Exact {
  readonly units: bigint;
  readonly scale: number;
}

/** A decimal in plain notation ("-12.50"), in its shortest form. */
export function exactOf(decimal: string): Exact {
  const point = decimal.indexOf(".");
  if (point < 0) return { units: BigInt(decimal), scale: 0 };
  const decimals = decimal.slice(point + 1).replace(/0+$/, "");
  return { units: BigInt(decimal.slice(0, point) + decimals), scale: decimals.length };
}

/** Per cent as a factor: "37.5" is 0.375, and "100" is 1. */
export function factorOf(percent: string): Exact {
  let { units, scale } = exactOf(percent);
  scale += 2;
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return { units, scale };
}

export function plus(a: Exact, b: Exact): Exact {
  if (a.scale === b.scale) return { units: a.units + b.units, scale: a.scale };
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

export function times(a: Exact, b: Exact): Exact {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

export function compareExact(a: Exact, b: Exact): number {
  const scale = Math.max(a.scale, b.scale);
  const [left, right] = [unitsAt(a, scale), unitsAt(b, scale)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Whole units of 10^-scale, rounded half to even where the value is finer. */
export function unitsAt({ units, scale: own }: Exact, scale: number): bigint {
  if (own === scale) return units;
  if (own < scale) return units * 10n ** BigInt(scale - own);
  const by = 10n ** BigInt(own - scale);
  const size = units < 0n ? -units : units;
  const [whole, twice] = [size / by, (size % by) * 2n];
  const rounded = twice > by || (twice === by && whole % 2n === 1n) ? whole + 1n : whole;
  return units < 0n ? -rounded : rounded;
}

/** With exactly `scale` digits after the point, rounded half to even. */
export function textAt(value: Exact, scale: number): string {
  const units = unitsAt(value, scale);
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${units < 0n ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : `.${digits.slice(point)}`}`;
}
