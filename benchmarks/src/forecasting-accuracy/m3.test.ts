import { expect, it } from "vitest";
import { evaluateMethods } from "./m3.ts";
import { dataFolder, whyAbsent } from "./section.ts";

const absent = whyAbsent("m3-monthly");

it.skipIf(absent !== undefined)(
  `forecasts the real data set m3-monthly better than all that took part in the competition${absent ? ` (skipped: ${absent})` : ""}`,
  { timeout: 60_000 },
  () => {
    const reached = evaluateMethods(dataFolder("m3-monthly"), {
      ...{ methods: ["combination", "theta", "naive2"], levels: [0.8] },
    });
    const { smape, mase, coverage } = reached.get("combination")!;
    // The best published are 13.60 and 0.842.
    expect(smape).toBeLessThanOrEqual(13.45);
    expect(mase).toBeLessThanOrEqual(0.835);
    expect(coverage[0]).toBeGreaterThanOrEqual(0.75);
    expect(coverage[0]).toBeLessThanOrEqual(0.85);
    expect(reached.get("theta")!.smape).toBeLessThanOrEqual(13.65);
    expect(Math.abs(reached.get("naive2")!.smape - 16.34)).toBeLessThanOrEqual(0.2);
  },
);
