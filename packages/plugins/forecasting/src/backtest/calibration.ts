/** Whether of the deals that are said to be won in 30 of 100 cases, 30 of 100 are. */
export interface ChanceAndOutcome {
  readonly chance: number;
  readonly won: boolean;
  /** The rate that a forecaster who knows no deal would name, as known at the origin. */
  readonly constant: number;
}

export interface ReliabilityBin {
  /** Chances from this one on, below the next bin's. */
  readonly from: number;
  readonly deals: number;
  readonly meanChance: number;
  readonly won: number;
}

export interface Calibration {
  readonly deals: number;
  /** The mean of (chance - outcome)², 0 to 1 (Brier 1950, Monthly Weather Review 78, 1-3). */
  readonly brier: number;
  /** The same of the constant rate. */
  readonly constantBrier: number;
  /** Ten bins of equal width; those without a deal are left out. */
  readonly reliability: readonly ReliabilityBin[];
}

export function calibrationOf(cases: readonly ChanceAndOutcome[]): Calibration | undefined {
  if (cases.length === 0) return undefined;
  const bins = Array.from({ length: 10 }, () => ({ deals: 0, chances: 0, won: 0 }));
  let brier = 0;
  let constantBrier = 0;
  for (const { chance, won, constant } of cases) {
    const outcome = won ? 1 : 0;
    brier += (chance - outcome) ** 2;
    constantBrier += (constant - outcome) ** 2;
    const bin = bins[Math.min(9, Math.floor(chance * 10))]!;
    bin.deals += 1;
    bin.chances += chance;
    bin.won += outcome;
  }
  return {
    deals: cases.length,
    brier: brier / cases.length,
    constantBrier: constantBrier / cases.length,
    reliability: bins.flatMap(({ deals, chances, won }, index) =>
      deals > 0 ? [{ from: index / 10, deals, meanChance: chances / deals, won: won / deals }] : [],
    ),
  };
}
