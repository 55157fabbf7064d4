/** How far a prediction that learns from some owners differs from that of all. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, it } from "vitest";
import type { Deal } from "./deal-history.ts";
import { distributionOf, sumOfDraws } from "./distribution.ts";
import { arrivalDays, runRateDays } from "./expectation.ts";
import { numbered } from "./open-deals.ts";
import { outlook } from "./outlook.ts";
import type { Outlook } from "./outlook-result.ts";
import { thirties } from "./synthetic-deals-fixture.ts";
import { startedGroups, wonAmounts } from "./won-amounts.ts";

const origin = 729;
const owners = Array.from({ length: 60 }, (_, at) => String(at).padStart(2, "0"));

/** Two years of deals of owners who differ in how many they have, how many they win, how large these are and how long they take. */
function company(seed: number): readonly Deal[] {
  const generator = xoroshiro128plus(seed);
  const random = () => uniformFloat64(generator);
  let number = 0;
  return owners.flatMap((owner) => {
    const [deals, winning, days, size] = [300 + 600 * random(), 0.25 + 0.4 * random(), 40 + 60 * random(), random()];
    return Array.from({ length: Math.round(deals) }, (): Deal => {
      const from = Math.floor(random() * (origin + 1));
      const until = from + Math.floor(-Math.log(1 - random()) * days);
      const exit = random() < winning ? "won" : "lost";
      const amount = Math.round(200 + 2_000 * size * random());
      const stay = until <= origin ? ({ stage: "open", from, until, exit } as const) : { stage: "open", from };
      return { id: String(number++), owner, amount, stays: [stay], probability: 0.4 };
    });
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

it("is by less than a third of the interval's width for all together, and by less than a tenth for each owner", {
  timeout: 60_000,
}, () => {
  for (const seed of [1, 2]) {
    const deals = company(seed);
    const places = numbered(owners);
    const started = startedGroups(deals, places, { from: origin - arrivalDays + 1, to: origin });
    const totals = {
      won: new Float64Array(owners.length),
      run: wonAmounts(deals, places, { from: origin - runRateDays + 1, to: origin }),
      started: Float64Array.from(started.arrivals, (each) => each.sum),
      amounts: Float64Array.from(started.amounts, (each) => each.sum),
    };
    const window = { origin, from: origin + 1, to: origin + 91 };
    const asked = { owners, stages: ["open"], calendar: thirties, riskFrom: 0, window, seed: 1 };
    const whole = outlook({ ...asked, deals });
    const learned = owners.filter((_, at) => at % 3 === 1);
    const known = deals.filter(({ owner, stays }) => stays[0]!.until === undefined || learned.includes(owner));
    const some = outlook({ ...asked, deals: known, sample: { learned, totals } });
    const all = (found: Outlook) => distributionOf(sumOfDraws(found.owners.map(({ draws }) => draws)));
    const [ofAll, ofSome] = [all(whole), all(some)];
    expect(Math.abs(ofSome.p50 - ofAll.p50)).toBeLessThan((ofAll.p90 - ofAll.p10) / 3);
    expect(ofSome.p90 - ofSome.p10).toBeGreaterThan((ofAll.p90 - ofAll.p10) * 0.6);
    expect(ofSome.p90 - ofSome.p10).toBeLessThan((ofAll.p90 - ofAll.p10) * 1.6);
    const apart = whole.owners.map(({ mean }, at) => Math.abs(mean - some.owners[at]!.mean));
    expect(sum(apart) / sum(whole.owners.map(({ mean }) => mean))).toBeLessThan(0.1);
  }
});
