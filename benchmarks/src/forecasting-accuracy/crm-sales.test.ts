import { expect, it } from "vitest";
import { figuresOf, replayCrmSales } from "./crm-sales.ts";
import { dataFolder, whyAbsent } from "./section.ts";

const absent = whyAbsent("crm-sales-opportunities");

it.skipIf(absent !== undefined)(
  `predicts the real data set crm-sales-opportunities better than every baseline${absent ? ` (skipped: ${absent})` : ""}`,
  { timeout: 120_000 },
  async () => {
    const horizon = await replayCrmSales(dataFolder("crm-sales-opportunities"));
    const { outcomes, coverage, wMapeOfBest, pinballOfBest, company, brierOfConstant } = figuresOf(horizon);
    expect(outcomes).toBe(180);
    expect(coverage).toBeGreaterThanOrEqual(0.7);
    expect(coverage).toBeLessThanOrEqual(0.9);
    expect(wMapeOfBest).toBeLessThanOrEqual(0.95);
    expect(pinballOfBest).toBeLessThanOrEqual(0.9);
    expect(Math.min(...company)).toBeGreaterThanOrEqual(0.85);
    expect(Math.max(...company)).toBeLessThanOrEqual(1.15);
    expect(brierOfConstant).toBeLessThanOrEqual(0.9);
    for (const { signals } of horizon.origins)
      for (const { wonAgainstLost } of signals) expect(wonAgainstLost).toBeGreaterThan(0.05);
  },
);
