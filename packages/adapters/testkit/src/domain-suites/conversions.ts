/** opportunities.conversion: how many go on from stage to stage, and from phase to phase. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, open, openDomain, pipelineOf, stageId } from "./open-domain.ts";

type Query = Parameters<DomainCrm["opportunities"]["conversion"]>[0];

const june: Query = { from: "2026-06-01", to: "2026-06-30" };

/** "qualification 4: discovery 2/3, proposal 1/2 | won 1, lost 0": entered; of later steps, entered and reached. */
async function conversionOf(crm: Pick<DomainCrm, "opportunities">, query: Query = june): Promise<readonly string[]> {
  return (await crm.opportunities.conversion(query)).map(({ step, entered, later, won, lost }) => {
    const steps = later.map((each) => `${each.step.key} ${each.entered.count}/${each.reached.count}`);
    return `${step.key} ${entered}: ${[...steps, ""].join(", ").slice(0, -2)} | won ${won.count}, lost ${lost.count}`;
  });
}

/**
 * a goes from stage to stage and is won. b skips discovery and is lost. c goes back to where it began, and on again. d stays. e entered
 * qualification in May, is lost from discovery, reopened and won from negotiation.
 */
async function withPaths(bench: CrmBench): Promise<DomainCrm> {
  const crm = await openDomain(bench);
  const ids = new Map<string, string>();
  for (const [at, name, stage] of [
    ["05-31T10", "e", "qualification"],
    ["06-01T10", "a", "qualification"],
    ["06-01T11", "b", "qualification"],
    ["06-01T12", "c", "qualification"],
    ["06-01T13", "d", "qualification"],
    ["06-02T10", "a", "discovery"],
    ["06-02T11", "b", "proposal"],
    ["06-02T12", "c", "discovery"],
    ["06-03T10", "e", "discovery"],
    ["06-04T10", "a", "proposal"],
    ["06-04T11", "b", "lost"],
    ["06-04T12", "c", "qualification"],
    ["06-05T10", "e", "lost"],
    ["06-06T10", "c", "discovery"],
    ["06-07T10", "a", "won"],
    ["06-08T10", "e", "negotiation"],
    ["06-09T10", "e", "won"],
  ] as const) {
    bench.clock.set(`2026-${at}:00:00Z`);
    const id = ids.get(name);
    if (id) await crm.opportunities.moveTo(id, stage);
    else ids.set(name, (await crm.opportunities.create({ name })).id);
  }
  bench.clock.set("2026-07-15T10:00:00Z");
  return crm;
}

export const conversions: CrmSuite = {
  name: "opportunities.conversion",
  facts: [
    crmFact("counts who entered each stage in the period, and where they went on to", async (bench) => {
      const crm = await withPaths(bench);
      expect(await conversionOf(crm)).toEqual([
        "qualification 4: discovery 2/3, proposal 2/2, negotiation 0/1 | won 1, lost 1",
        "discovery 3: proposal 1/2, negotiation 1/2 | won 2, lost 1",
        "proposal 2: negotiation 0/1 | won 1, lost 1",
        "negotiation 1:  | won 1, lost 0",
      ]);
      const [qualification, discovery] = await crm.opportunities.conversion(june);
      expect(qualification!.later[0]).toMatchObject({
        step: { key: "discovery", name: "Discovery" },
        entered: { count: 2, rate: "0.5" },
        reached: { count: 3, rate: "0.75" },
      });
      expect([discovery!.won.rate, discovery!.lost.rate]).toEqual(["0.666667", "0.333333"]);
    }),
    crmFact("counts what came afterwards, at any time until now", async (bench) => {
      const crm = await withPaths(bench);
      expect(await conversionOf(crm, { from: "2026-05-31", to: "2026-05-31" })).toEqual([
        "qualification 1: discovery 1/1, proposal 0/1, negotiation 1/1 | won 1, lost 1",
        "discovery 0: proposal 0/0, negotiation 0/0 | won 0, lost 0",
        "proposal 0: negotiation 0/0 | won 0, lost 0",
        "negotiation 0:  | won 0, lost 0",
      ]);
      const [, discovery] = await crm.opportunities.conversion({ from: "2026-05-31", to: "2026-05-31" });
      expect(discovery!.won).toEqual({ count: 0, rate: null });
      // c was in discovery before it came back to qualification on the 4th: only what followed counts.
      expect((await conversionOf(crm, { from: "2026-06-04", to: "2026-06-05" }))[0]).toBe(
        "qualification 1: discovery 1/1, proposal 0/0, negotiation 0/0 | won 0, lost 0",
      );
      expect((await conversionOf(crm, { from: "2026-06-02", to: "2026-06-04" }))[0]).toBe(
        "qualification 1: discovery 1/1, proposal 0/0, negotiation 0/0 | won 0, lost 0",
      );
    }),
    crmFact("tells what was known at an instant", async (bench) => {
      const crm = await withPaths(bench);
      expect(await conversionOf(crm.asOf(new Date("2026-06-04T11:30:00Z")))).toEqual([
        "qualification 4: discovery 2/3, proposal 2/2, negotiation 0/0 | won 0, lost 1",
        "discovery 3: proposal 1/1, negotiation 0/0 | won 0, lost 0",
        "proposal 2: negotiation 0/0 | won 0, lost 1",
        "negotiation 0:  | won 0, lost 0",
      ]);
      expect((await conversionOf(crm.asOf(new Date("2026-06-07T12:00:00Z"))))[0]).toBe(
        "qualification 4: discovery 2/3, proposal 2/2, negotiation 0/1 | won 1, lost 1",
      );
      expect(await conversionOf(crm.asOf(new Date("2026-05-01T12:00:00Z")))).toEqual([]);
    }),
    crmFact("begins and ends its days where the organisation's begin and end", async (bench) => {
      const crm = await openDomain(bench);
      await crm.settings.change({ timeZone: "Asia/Tokyo" });
      bench.clock.set("2026-05-31T15:00:00Z");
      await crm.opportunities.create({ name: "first of June" });
      bench.clock.set("2026-06-30T14:59:59.999Z");
      await crm.opportunities.create({ name: "last of June" });
      bench.clock.set("2026-06-30T15:00:00Z");
      await crm.opportunities.create({ name: "July" });
      expect((await crm.opportunities.conversion(june))[0]!.entered).toBe(2);
      await crm.settings.change({ timeZone: "UTC" });
      expect((await crm.opportunities.conversion(june))[0]!.entered).toBe(2);
      expect((await crm.opportunities.conversion({ from: "2026-06-30", to: "2026-06-30" }))[0]!.entered).toBe(2);
    }),
    crmFact(
      "counts those that satisfy conditions, none that are archived, and none of another tenant",
      async (bench) => {
        const crm = await withPaths(bench);
        await crm.as({ tenantId: "other" }).opportunities.create({ name: "x" });
        const named = { ...june, where: { name: { in: ["a", "c"] } } };
        expect((await conversionOf(crm, named))[0]).toBe(
          "qualification 2: discovery 2/2, proposal 1/1, negotiation 0/1 | won 1, lost 0",
        );
        const a = await crm.opportunities.find({ where: { name: "a" } });
        await crm.opportunities.archive(a!.id);
        expect((await conversionOf(crm, named))[0]).toBe(
          "qualification 1: discovery 1/1, proposal 0/0, negotiation 0/0 | won 0, lost 0",
        );
      },
    ),
    crmFact("takes several pipelines together by their phases", async (bench) => {
      const crm = await openDomain(bench);
      await crm.phases.createMany(
        ["early", "late", "unused"].map((key, position) => ({ entityType: "opportunity", key, name: key, position })),
      );
      const closing = [
        { key: "won", name: "Won", outcome: "won" },
        { key: "lost", name: "Lost", outcome: "lost" },
      ] as const;
      const define = (key: string, stages: readonly (readonly [string, string?])[]) =>
        crm.pipelines.define(
          pipelineOf({
            key,
            stages: [...stages.map(([name, phase]) => open(name, "10", phase ? { phase } : {})), ...closing],
          }),
        );
      await define("big", [["meet", "early"], ["study", "early"], ["aside"], ["bid", "late"]]);
      await define("small", [
        ["ask", "early"],
        ["offer", "late"],
      ]);
      bench.clock.set("2026-06-10T10:00:00Z");
      const start = async (name: string, stage: string, pipeline: string) =>
        crm.opportunities.create({ name, stageId: await stageId(crm, stage, pipeline) });
      const [a, b, c] = [
        await start("a", "meet", "big"),
        await start("b", "ask", "small"),
        await start("c", "aside", "big"),
      ];
      const d = await start("d", "ask", "small");
      const move = (at: string, id: string, stage: string) => {
        bench.clock.set(`2026-06-${at}T10:00:00Z`);
        return crm.opportunities.moveTo(id, stage);
      };
      await move("11", a.id, "study");
      await move("12", a.id, "bid");
      await move("12", b.id, "offer");
      await move("13", c.id, "won");
      await move("14", b.id, "won");
      await move("15", d.id, "lost");
      const byPhase = { ...june, by: "phase" } as const;
      expect(await conversionOf(crm, byPhase)).toEqual([
        "early 3: late 2/2 | won 1, lost 1",
        "late 2:  | won 1, lost 0",
      ]);
      expect(await conversionOf(crm, { ...byPhase, pipeline: "small" })).toEqual([
        "early 2: late 1/1 | won 1, lost 1",
        "late 1:  | won 1, lost 0",
      ]);
      expect(await conversionOf(crm, { ...june, pipeline: "small" })).toEqual([
        "ask 2: offer 1/1 | won 1, lost 1",
        "offer 1:  | won 1, lost 0",
      ]);
    }),
    crmFact("puts stages of one instant into their order", async (bench) => {
      const crm = await openDomain(bench);
      const { id } = await crm.opportunities.create({ name: "a" });
      await crm.opportunities.moveTo(id, "proposal");
      await crm.opportunities.moveTo(id, "won");
      expect((await conversionOf(crm)).slice(0, 3)).toEqual([
        "qualification 1: discovery 0/1, proposal 1/1, negotiation 0/1 | won 1, lost 0",
        "discovery 0: proposal 0/0, negotiation 0/0 | won 0, lost 0",
        "proposal 1: negotiation 0/1 | won 1, lost 0",
      ]);
    }),
    crmFact("takes as many queries for 200 records as for two", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const costs: number[][] = [];
      for (const size of [2, 200]) {
        const deals = await crm.opportunities.createMany(Array.from({ length: size }, (_, i) => ({ name: `d${i}` })));
        await crm.opportunities.moveMany(deals.map(({ id }) => ({ id, stage: "proposal" })));
        const before = { ...calls };
        await crm.opportunities.conversion({ from: "2026-06-15", to: "2026-06-15" });
        costs.push([calls.find - before.find, calls.aggregate - before.aggregate]);
      }
      expect(costs).toEqual([
        [3, 1],
        [3, 1],
      ]);
    }),
    crmFact("refuses what is no question, naming each field", async (bench) => {
      const crm = await openDomain(bench);
      for (const [bad, issues] of [
        [{}, ["from missing_field", "to missing_field"]],
        [{ from: "2026-06-31", to: "2026-6-1" }, ["from invalid_value", "to invalid_value"]],
        [{ from: "2026-06-02", to: "2026-06-01" }, ["to out_of_range"]],
        [{ ...june, by: "week", pipeline: 5 }, ["by not_allowed", "pipeline invalid_type"]],
        [{ ...june, until: "2026-06-30" }, ["until unknown_field"]],
      ] as const) {
        const details = await refusedDetails(crm.opportunities.conversion(bad as never));
        expect([details.entity, details.issues?.map(({ field, code }) => `${field} ${code}`)]).toEqual([
          "conversion",
          issues,
        ]);
      }
      expect(await refused(crm.opportunities.conversion({ ...june, pipeline: "nowhere" }))).toEqual({
        code: "not_found",
        entity: "pipeline",
      });
      expect(await refused(crm.opportunities.conversion({ ...june, where: { nam: "a" } } as never))).toMatchObject({
        code: "invalid_query",
        field: "nam",
      });
    }),
  ],
};
