/** What is forecast without a model, by owner, as known at the origin. */
import type { Deal } from "../prediction/deal-history.ts";
import { numbered } from "../prediction/open-deals.ts";
import { stageChances } from "../prediction/stage-outlook.ts";
import { monthsEarlier, type Window } from "../prediction/window.ts";
import { wonAmounts } from "../prediction/won-amounts.ts";

export const baselineNames = [
  "stage_weighted",
  "run_rate",
  "previous_period",
  "same_period_last_year",
  "judgement",
] as const;
export type BaselineName = (typeof baselineNames)[number];

export interface BaselineInput {
  readonly deals: readonly Deal[];
  readonly owners: readonly string[];
  readonly probabilities?: ReadonlyMap<string, number> | undefined;
  readonly riskFrom: number;
  readonly window: Window;
  /** What people said, by owner, or why there is nothing. */
  readonly judgement: ReadonlyMap<string, number> | string;
}

/** Figures by owner, or why there are none. */
export type Baseline = { readonly figures: Float64Array } | { readonly missing: string };

/** The run rate is that of a year at most, as the model's. */
const runRateDays = 365;

export function baseline(name: BaselineName, input: BaselineInput): Baseline {
  const { deals, riskFrom, window } = input;
  const owners = numbered(input.owners);
  const won = (from: number, to: number): Float64Array => wonAmounts(deals, owners, { from, to });
  switch (name) {
    case "stage_weighted": {
      const figures = new Float64Array(owners.size);
      for (const { deal, chance } of stageChances(input)) {
        const owner = owners.get(deal.owner);
        if (owner !== undefined) figures[owner] = figures[owner]! + chance * deal.amount;
      }
      return { figures };
    }
    case "run_rate": {
      const from = Math.max(riskFrom, window.origin - runRateDays + 1);
      const days = window.origin - from + 1;
      if (days <= 0) return { missing: "Nothing had been won or lost yet." };
      return { figures: won(from, window.origin).map((sum) => (sum / days) * (window.to - window.from + 1)) };
    }
    case "previous_period": {
      const before = earlierBy(window, (earlier) => earlier.to <= window.origin);
      if (before.to < riskFrom) return { missing: "The history does not reach back to the period before." };
      return { figures: won(before.from, before.to) };
    }
    case "same_period_last_year": {
      const before = monthsEarlier(window, 12);
      if (before.from < riskFrom) return { missing: "The history does not reach back a year." };
      return { figures: won(before.from, before.to) };
    }
    case "judgement": {
      const { judgement } = input;
      if (typeof judgement === "string") return { missing: judgement };
      return { figures: Float64Array.from(input.owners, (owner) => judgement.get(owner) ?? 0) };
    }
  }
}

function earlierBy(window: Window, found: (earlier: Window) => boolean): Window {
  let months = 1;
  while (!found(monthsEarlier(window, months))) months += 1;
  return monthsEarlier(window, months);
}
