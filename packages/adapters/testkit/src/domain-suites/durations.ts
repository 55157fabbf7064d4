/** opportunities.timeInStage: how long stays in stages last. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain, stageId } from "./open-domain.ts";

type Query = Parameters<DomainCrm["opportunities"]["timeInStage"]>[0];

const june: Query = { from: "2026-06-01", to: "2026-06-30" };
const HOUR_MS = 3_600_000;
const start = Date.parse("2026-06-10T10:00:00Z");

/** Opportunities that are in qualification from the 10th at ten, and leave it after so many milliseconds each. */
async function withStays(bench: CrmBench, ...lengthsMs: readonly number[]): Promise<DomainCrm> {
  const crm = await openDomain(bench);
  bench.clock.set(new Date(start).toISOString());
  const deals = await crm.opportunities.createMany(lengthsMs.map((_, i) => ({ name: `d${i}` })));
  for (const [i, ms] of lengthsMs.entries()) {
    bench.clock.set(new Date(start + ms).toISOString());
    await crm.opportunities.moveTo(deals[i]!.id, "proposal");
  }
  return crm;
}

const none = { count: 0, meanMs: null, medianMs: null };

export const durations: CrmSuite = {
  name: "opportunities.timeInStage",
  facts: [
    crmFact("tells mean, median and percentiles of the stays that ended, and of those that have not", async (bench) => {
      const crm = await withStays(bench, HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS, 10 * HOUR_MS);
      bench.clock.set("2026-06-10T21:00:00Z");
      const stages = await crm.opportunities.timeInStage(june);
      expect(stages.map(({ stage }) => stage.key)).toEqual(["qualification", "discovery", "proposal", "negotiation"]);
      expect(stages[0]!.closed).toEqual({
        count: 4,
        meanMs: 4 * HOUR_MS,
        medianMs: 2.5 * HOUR_MS,
        percentilesMs: [
          { percentile: 25, ms: 1.75 * HOUR_MS },
          { percentile: 75, ms: 4.75 * HOUR_MS },
          { percentile: 90, ms: 7.9 * HOUR_MS },
        ],
      });
      expect(stages[0]!.open).toMatchObject(none);
      expect(stages[1]!.closed).toMatchObject({
        ...none,
        percentilesMs: [25, 75, 90].map((percentile) => ({ percentile, ms: null })),
      });
      // In proposal for 10, 9, 8 and 1 hours by now.
      expect(stages[2]!.closed).toMatchObject(none);
      expect(stages[2]!.open).toMatchObject({ count: 4, meanMs: 7 * HOUR_MS, medianMs: 8.5 * HOUR_MS });
    }),
    crmFact("gives the percentiles that are asked for, rounded half to even to the millisecond", async (bench) => {
      const crm = await withStays(bench, 1, 2, 2, 5);
      const [qualification] = await crm.opportunities.timeInStage({ ...june, percentiles: [0, 50, 100, 50, 10] });
      expect(qualification!.closed).toEqual({
        count: 4,
        // 10 / 4 is 2.5.
        meanMs: 2,
        medianMs: 2,
        percentilesMs: [
          { percentile: 0, ms: 1 },
          { percentile: 50, ms: 2 },
          { percentile: 100, ms: 5 },
          { percentile: 50, ms: 2 },
          { percentile: 10, ms: 1 },
        ],
      });
      const two = await withStays(bench, 1, 2);
      const [first] = await two.opportunities.timeInStage({ ...june, percentiles: [] });
      // 1.5 goes to 2, as 2.5 does.
      expect(first!.closed).toEqual({ count: 2, meanMs: 2, medianMs: 2, percentilesMs: [] });
    }),
    crmFact("counts a stay by the organisation's day on which it ended, each time", async (bench) => {
      const crm = await openDomain(bench);
      await crm.settings.change({ timeZone: "America/New_York" });
      bench.clock.set("2026-06-29T12:00:00Z");
      const { id } = await crm.opportunities.create({ name: "a" });
      for (const [at, stage] of [
        ["2026-06-30T12:00:00Z", "proposal"],
        ["2026-07-01T02:00:00Z", "qualification"],
        ["2026-07-01T03:59:59.999Z", "proposal"],
        ["2026-07-01T04:00:00Z", "qualification"],
        ["2026-07-01T05:00:00Z", "proposal"],
      ] as const) {
        bench.clock.set(at);
        await crm.opportunities.moveTo(id, stage);
      }
      const counts = async (query: Query) =>
        (await crm.opportunities.timeInStage(query)).map(({ closed, open }) => `${closed.count} ${open.count}`);
      expect(await counts(june)).toEqual(["2 0", "0 0", "1 1", "0 0"]);
      expect(await counts({ from: "2026-07-01", to: "2026-07-01" })).toEqual(["1 0", "0 0", "1 1", "0 0"]);
      expect(await counts({ from: "2026-05-01", to: "2026-05-31" })).toEqual(["0 0", "0 0", "0 1", "0 0"]);
    }),
    crmFact("tells what was known at an instant, with the stays that were open then", async (bench) => {
      const crm = await withStays(bench, HOUR_MS, 3 * HOUR_MS);
      bench.clock.set("2026-07-10T10:00:00Z");
      const at = async (instant: string) => {
        const [first, , third] = await crm.asOf(new Date(instant)).opportunities.timeInStage(june);
        return [first!.closed.meanMs, first!.open.meanMs, third!.open.meanMs].map((ms) => ms && ms / HOUR_MS);
      };
      expect(await at("2026-06-10T10:30:00Z")).toEqual([null, 0.5, null]);
      expect(await at("2026-06-10T12:00:00Z")).toEqual([1, 2, 1]);
      expect(await at("2026-06-10T13:00:00Z")).toEqual([2, null, 1]);
      expect(await crm.asOf(new Date("2026-06-01T10:00:00Z")).opportunities.timeInStage(june)).toEqual([]);
    }),
    crmFact(
      "counts those that satisfy conditions, none that are archived, and none of another tenant",
      async (bench) => {
        const crm = await withStays(bench, HOUR_MS, 3 * HOUR_MS, 5 * HOUR_MS);
        const mean = async (by: DomainCrm, query: Query = june) =>
          (await by.opportunities.timeInStage(query))[0]!.closed.meanMs;
        expect(await mean(crm)).toBe(3 * HOUR_MS);
        expect(await mean(crm, { ...june, where: { name: { ne: "d0" } } })).toBe(4 * HOUR_MS);
        const last = await crm.opportunities.find({ where: { name: "d2" } });
        await crm.opportunities.archive(last!.id);
        expect(await mean(crm)).toBe(2 * HOUR_MS);
        const other = crm.as({ tenantId: "other" });
        await other.opportunities.create({ name: "x" });
        expect(await mean(other)).toBeNull();
      },
    ),
    crmFact("shows an archived stage where there are stays", async (bench) => {
      const crm = await withStays(bench, HOUR_MS);
      await crm.stages.archive(await stageId(crm, "qualification"));
      await crm.stages.archive(await stageId(crm, "discovery"));
      const keys = async (query: Query) =>
        (await crm.opportunities.timeInStage(query)).map(({ stage }) => stage.key).join(" ");
      expect(await keys(june)).toBe("qualification proposal negotiation");
      expect(await keys({ from: "2026-05-01", to: "2026-05-31" })).toBe("proposal negotiation");
    }),
    crmFact("takes as many queries for 200 stays as for two", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const costs: number[][] = [];
      for (const size of [2, 200]) {
        const deals = await crm.opportunities.createMany(Array.from({ length: size }, (_, i) => ({ name: `d${i}` })));
        await crm.opportunities.moveMany(deals.map(({ id }) => ({ id, stage: "proposal" })));
        const before = { ...calls };
        await crm.opportunities.timeInStage(june);
        costs.push([calls.find - before.find, calls.aggregate - before.aggregate]);
      }
      expect(costs).toEqual([
        [3, 2],
        [3, 2],
      ]);
    }),
    crmFact("refuses what is no question, naming each field", async (bench) => {
      const crm = await openDomain(bench);
      for (const [bad, issues] of [
        [{}, ["from missing_field", "to missing_field"]],
        [{ from: "2026-06-02", to: "2026-06-01" }, ["to out_of_range"]],
        [{ ...june, percentiles: 50 }, ["percentiles invalid_type"]],
        [{ ...june, percentiles: [50, 101, 2.5] }, ["percentiles.1 invalid_value", "percentiles.2 invalid_type"]],
        [{ ...june, by: "phase" }, ["by unknown_field"]],
      ] as const) {
        const details = await refusedDetails(crm.opportunities.timeInStage(bad as never));
        expect([details.entity, details.issues?.map(({ field, code }) => `${field} ${code}`)]).toEqual([
          "timeInStage",
          issues,
        ]);
      }
      expect(await refused(crm.opportunities.timeInStage({ ...june, pipeline: "nowhere" }))).toEqual({
        code: "not_found",
        entity: "pipeline",
      });
    }),
  ],
};
