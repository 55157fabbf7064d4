/** The prediction of opportunities, replayed on the data set crm-sales-opportunities. */

import type { Backtest, HorizonBacktest, MethodName, OriginBacktest } from "@relata/forecasting";
import { memory } from "@relata/memory";
import { importCrmSales } from "./crm-sales-import.ts";
import { type Evaluation, markdownTable, type Section } from "./section.ts";

/** Month ends whose next three months lie within the data, the first two months of closings left to learn from. */
const ORIGINS = ["2017-04-30", "2017-05-31", "2017-06-30", "2017-07-31", "2017-08-31", "2017-09-30"];
const MONTHS = 3;
const BASELINES = ["run_rate", "previous_period", "stage_weighted"] as const;

const NAMES: Readonly<Record<MethodName, string>> = {
  predicted: "**prediction**",
  run_rate: "run rate",
  previous_period: "three months before",
  stage_weighted: "stage-weighted",
  same_period_last_year: "same months last year",
  judgement: "adjusted roll-up",
};

export const crmSales: Section = {
  name: "crm-sales-opportunities",
  async evaluate(folder): Promise<Evaluation> {
    const horizon = await replayCrmSales(folder);
    return { markdown: pageOf(horizon), missed: missedBy(horizon) };
  },
};

/** The back-test of the goals: six origins, three months, 30 owners. */
export async function replayCrmSales(folder: string): Promise<HorizonBacktest> {
  const crm = await importCrmSales(folder, memory());
  const { horizons }: Backtest = await crm.forecasting.backtest({
    ...{ origins: ORIGINS, horizons: [MONTHS] },
    signals: ["ownerId", "product", "accountId"],
  });
  await crm.close();
  return horizons[0]!;
}

/** What is measured against the goals. */
export function figuresOf(horizon: HorizonBacktest) {
  const owners = (name: MethodName) => horizon.methods.find(({ method }) => method === name)!.owners!;
  const predicted = owners("predicted");
  const best = (of: "wMape" | "pinball") => Math.min(...BASELINES.map((name) => owners(name)[of]!));
  const { brier, constantBrier } = horizon.calibration!;
  return {
    outcomes: predicted.forecasts,
    coverage: predicted.coverage,
    wMapeOfBest: predicted.wMape! / best("wMape"),
    pinballOfBest: predicted.pinball / best("pinball"),
    company: horizon.origins.map(({ outcome, company }) => company.predicted!.p50 / outcome),
    brierOfConstant: brier / constantBrier,
  };
}

function missedBy(horizon: HorizonBacktest): readonly string[] {
  const { coverage, wMapeOfBest, pinballOfBest, company, brierOfConstant } = figuresOf(horizon);
  const goals: readonly (readonly [boolean, string])[] = [
    [coverage >= 0.7 && coverage <= 0.9, `the 80 % interval holds ${percent(coverage)}, not 70 to 90 %`],
    [wMapeOfBest <= 0.95, `wMAPE is ${wMapeOfBest.toFixed(2)} of the best baseline's, not 0.95`],
    [pinballOfBest <= 0.9, `pinball loss is ${pinballOfBest.toFixed(2)} of the best baseline's, not 0.90`],
    [company.every((share) => Math.abs(share - 1) <= 0.15), "the company's p50 is more than 15 % off"],
    [brierOfConstant <= 0.9, `the Brier score is ${brierOfConstant.toFixed(2)} of the constant rate's, not 0.90`],
  ];
  return goals.flatMap(([reached, words]) => (reached ? [] : [words]));
}

function pageOf(horizon: HorizonBacktest): string {
  return [
    goalsTable(horizon),
    methodsTable(horizon),
    companyTable(horizon),
    chancesTable(horizon),
    signalsText(horizon),
  ].join("\n\n");
}

function goalsTable(horizon: HorizonBacktest): string {
  const { outcomes, coverage, wMapeOfBest, pinballOfBest, company, brierOfConstant } = figuresOf(horizon);
  const range = `${Math.min(...company).toFixed(2)} to ${Math.max(...company).toFixed(2)}`;
  return markdownTable(
    [`${outcomes} outcomes (30 owners × 6 origins)`, "reached", "wanted"],
    [
      ["the 80 % interval holds", percent(coverage), "70 to 90 %"],
      ["wMAPE, of the best baseline's", wMapeOfBest.toFixed(2), "at most 0.95"],
      ["pinball loss, of the best baseline's", pinballOfBest.toFixed(2), "at most 0.90"],
      ["the company's p50, of the outcome", range, "0.85 to 1.15"],
      ["Brier score, of the constant rate's", brierOfConstant.toFixed(2), "at most 0.90"],
    ],
  );
}

function methodsTable({ methods }: HorizonBacktest): string {
  const rows = methods.map(({ method, owners, missing }) =>
    owners === null
      ? [NAMES[method], missing ?? "", "", "", "", ""]
      : [
          NAMES[method],
          signed(owners.bias!),
          percent(owners.wMape!),
          owners.mape === undefined ? "" : percent(owners.mape),
          thousands(owners.pinball),
          percent(owners.coverage),
        ],
  );
  return markdownTable(["by owner", "bias", "wMAPE", "MAPE", "pinball loss (thousand)", "80 % interval holds"], rows);
}

function companyTable({ origins }: HorizonBacktest): string {
  const shown = ["predicted", ...BASELINES] as const;
  const rows = origins.map(({ origin, outcome, company }) => [
    origin,
    thousands(outcome),
    ...shown.map((name) => {
      const { p10, p50, p90 } = company[name]!;
      return `${thousands(p50)} (${thousands(p10)} to ${thousands(p90)})`;
    }),
  ]);
  return markdownTable(["origin", "outcome (thousand)", ...shown.map((name) => NAMES[name])], rows);
}

function chancesTable({ origins, calibration }: HorizonBacktest): string {
  const { brier, constantBrier, reliability } = calibration!;
  const byOrigin = origins.map((origin) => [
    origin.origin,
    String(origin.calibration!.deals),
    origin.calibration!.brier.toFixed(3),
    origin.calibration!.constantBrier.toFixed(3),
    percent(origin.constantRate),
    percent(origin.neverClosing!),
  ]);
  const all = ["all", String(calibration!.deals), brier.toFixed(3), constantBrier.toFixed(3), "", ""];
  const bins = reliability.map(({ from, deals, meanChance, won }) => [
    `${(100 * from).toFixed(0)} to ${(100 * from + 10).toFixed(0)} %`,
    String(deals),
    percent(meanChance),
    percent(won),
  ]);
  return [
    markdownTable(
      ["origin", "open", "Brier score", "of the constant rate", "constant rate", "never close"],
      [...byOrigin, all],
    ),
    markdownTable(["chance of being won", "opportunities", "mean chance", "won"], bins),
  ].join("\n\n");
}

function signalsText({ origins }: HorizonBacktest): string {
  const rows = origins.map(({ origin, signals }) => [origin, ...signals.map(signalCell)]);
  return markdownTable(["origin", "owner", "product", "account"], rows);
}

/** Whether it carries anything for being won within a month, and the p-value for telling won from lost. */
function signalCell({ carries, values, spread, wonAgainstLost }: OriginBacktest["signals"][number]): string {
  const within = values === 0 ? "not known" : carries ? `carries (${spread.toFixed(2)})` : "none";
  return `${within}; ${wonAgainstLost.toFixed(2)}`;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const signed = (share: number): string => `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)} %`;
const thousands = (amount: number): string => (amount / 1_000).toFixed(amount < 100_000 ? 1 : 0);
