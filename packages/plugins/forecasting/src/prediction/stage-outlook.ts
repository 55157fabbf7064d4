/**
 * What stands in where history is too short: each open deal that is due by the end of the window counts with the probability of its
 * stage, or its own. One expected later does not count; one without a date does.
 */
import type { DealChance } from "./deal-chances.ts";
import { openStay } from "./deal-history.ts";
import type { History } from "./history.ts";
import { logOdds } from "./log-odds.ts";
import { numbered, openByOwner, sumsOf } from "./open-deals.ts";
import type { Outlook, OutlookInput } from "./outlook-result.ts";
import { poolingDefaults } from "./pooling.ts";
import { simulate } from "./simulation.ts";
import { wonAmounts } from "./won-amounts.ts";

/** The probabilities of stages are guesses: the error that all owners share is taken as three tenths. */
const sharedByGuess = 0.3;

export function stageOutlook(input: OutlookInput, history: History): Outlook {
  const { deals, window, seed } = input;
  const owners = numbered(input.owners);
  const chances = stageChances(input);
  const open = openByOwner(chances, owners);
  const sums = sumsOf(open).open;
  const won = wonAmounts(deals, owners, { from: window.from, to: Math.min(window.origin, window.to) });
  const width = poolingDefaults.width;
  const draws = simulate({
    owners: open.map((own, owner) => ({ open: own, openMean: sums[owner]!, mean: sums[owner]! })),
    amounts: new Float64Array(0),
    width,
    shared: sharedByGuess,
    seed,
  });
  return {
    method: "stage_probability",
    history,
    deals: chances,
    owners: input.owners.map((owner, index) => ({
      owner,
      won: won[index]!,
      open: sums[index]!,
      arriving: 0,
      runRate: 0,
      mean: sums[index]! + won[index]!,
      draws: draws[index]!.map((draw) => draw + won[index]!),
    })),
    pooling: { shift: 0, weight: 1, bias: 1, width, shared: sharedByGuess, windows: 0, cutWindows: 0 },
    signals: (input.signals ?? []).map(({ name }) => ({
      name,
      carries: false,
      pValue: 1,
      spread: 0,
      wonAgainstLost: 1,
      values: 0,
    })),
  };
}

/**
 * The chance of each deal that is open at the end of the origin's day: its own probability, or where it has left the stage since, as at
 * earlier windows, that of the stage.
 */
export function stageChances({ deals, window, probabilities }: StageChancesInput): readonly DealChance[] {
  return deals.flatMap((deal) => {
    const stay = openStay(deal, window.origin);
    if (stay === undefined) return [];
    const due = deal.expectedCloseOn === undefined || deal.expectedCloseOn <= window.to;
    const own = stay.until === undefined ? deal.probability : undefined;
    const chance = due ? (own ?? probabilities?.get(stay.stage) ?? 0) : 0;
    return [{ deal, chance, contributions: [{ factor: "stage", value: stay.stage, logOdds: logOdds(chance) }] }];
  });
}

type StageChancesInput = Pick<OutlookInput, "deals" | "window" | "probabilities">;
