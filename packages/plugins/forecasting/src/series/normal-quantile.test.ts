import { expect, it } from "vitest";
import { normalQuantile } from "./normal-quantile.ts";

it.each([
  [0.5, 0],
  [0.75, 0.6744898],
  [0.9, 1.2815516],
  [0.025, -1.959964],
  [0.9995, 3.2905267],
  [1e-12, -7.0344838],
])("of %d is %d, as in the tables", (chance, quantile) => {
  expect(normalQuantile(chance)).toBeCloseTo(quantile, 5);
});
