/** opportunities.moveMany, and what is recorded of each stay. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain, pipelineOf, stageId, staysOf } from "./open-domain.ts";

const hourMs = 3_600_000;
const named = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `Deal ${i}` }));

export const movingMany: CrmSuite = {
  name: "opportunities.moveMany",
  facts: [
    crmFact("moves 2,500 at once, each to its own stage, in the order of the moves", async (bench) => {
      const crm = await openDomain(bench);
      const deals = await crm.opportunities.createMany(named(2_500));
      const keys = ["won", "lost", "proposal"];
      const moves = deals.map(({ id }, i) => ({ id, stage: keys[i % 3]! })).reverse();
      const moved = await crm.opportunities.moveMany(moves);
      expect(moved.map(({ id }) => id)).toEqual(moves.map(({ id }) => id));
      const of = (status: "open" | "won" | "lost") => crm.opportunities.count({ where: { status } });
      expect([await of("won"), await of("lost"), await of("open")]).toEqual([834, 833, 833]);
      expect(await crm.opportunityStageEntries.count({ where: { leftAt: null } })).toBe(2_500);
      expect(await crm.opportunityStageEntries.count()).toBe(5_000);
    }),
    crmFact("moves all of 2,500 or none", async (bench) => {
      const crm = await openDomain(bench);
      const deals = await crm.opportunities.createMany(named(2_500));
      const moves = deals.map(({ id }) => ({ id, stage: "won" }));
      const last = { ...moves[2_400]!, stage: "nowhere" };
      expect((await refused(crm.opportunities.moveMany(moves.with(2_400, last)))).code).toBe("move_not_allowed");
      const future = { ...moves[2_499]!, closeDate: "2099-01-01" };
      expect(await refusedDetails(crm.opportunities.moveMany(moves.with(2_499, future)))).toMatchObject({
        field: "closeDate",
        index: 2_499,
      });
      expect(await crm.opportunities.count({ where: { status: "open", version: 1 } })).toBe(2_500);
      expect(await crm.opportunityStageEntries.count()).toBe(2_500);
    }),
    crmFact("moves through several pipelines, each by its own stages", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.board();
      const renewals = await crm.pipelines.define(pipelineOf());
      const [one, other] = await crm.opportunities.createMany([
        { name: "One" },
        { name: "Other", pipelineId: renewals.id },
      ]);
      const moved = await crm.opportunities.moveMany([
        { id: one!.id, stage: "won" },
        { id: other!.id, stage: "ended", lostReason: "other", lostNote: "moved abroad" },
      ]);
      expect(moved).toMatchObject([{ status: "won" }, { status: "lost", lostNote: "moved abroad" }]);
    }),
    crmFact("leaves those alone that are there already, among others", async (bench) => {
      const crm = await openDomain(bench);
      const [one, other] = await crm.opportunities.createMany(named(2));
      const moved = await crm.opportunities.moveMany([
        { id: one!.id, stage: "qualification" },
        { id: other!.id, stage: "proposal" },
      ]);
      expect(moved.map(({ version }) => version)).toEqual([1, 2]);
      expect(await crm.opportunityStageEntries.count()).toBe(3);
    }),
    crmFact("refuses to move one twice, however far apart the moves stand", async (bench) => {
      const crm = await openDomain(bench);
      const deals = await crm.opportunities.createMany(named(1_500));
      const moves = deals.map(({ id }) => ({ id, stage: "proposal" }));
      const again = [...moves, { id: moves[0]!.id, stage: "won" }];
      const { issues } = await refusedDetails(crm.opportunities.moveMany(again));
      expect(issues).toEqual([
        { field: "id", code: "repeated", message: `"${moves[0]!.id}" is moved twice in one list`, index: 1_500 },
      ]);
      expect(await crm.opportunityStageEntries.count()).toBe(1_500);
    }),
    crmFact("of nothing does nothing", async (bench) => {
      const crm = await openDomain(bench);
      expect(await crm.opportunities.moveMany([])).toEqual([]);
    }),
    crmFact("is part of the unit around it", async (bench) => {
      const crm = await openDomain(bench);
      const [deal] = await crm.opportunities.createMany(named(1));
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.opportunities.moveTo(deal!.id, "proposal");
        expect(await tx.opportunityStageEntries.count()).toBe(2);
        throw undone;
      });
      await expect(unit).rejects.toBe(undone);
      expect(await crm.opportunities.get(deal!.id)).toEqual(deal);
      expect(await crm.opportunityStageEntries.count()).toBe(1);
    }),
  ],
};

export const stays: CrmSuite = {
  name: "stage entries",
  facts: [
    crmFact("tell every stay in order, without a gap; their durations add up to the life", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.as({ actorId: "ann" }).opportunities.create({ name: "Rollout" });
      bench.clock.set("2026-06-15T11:00:00Z");
      await crm.as({ actorId: "bob" }).opportunities.moveTo(deal.id, "discovery");
      bench.clock.set("2026-06-15T14:00:00Z");
      await crm.opportunities.moveTo(deal.id, "proposal");
      bench.clock.set("2026-06-16T14:00:00Z");
      await crm.as({ actorId: "ann" }).opportunities.moveTo(deal.id, "won");
      expect(await staysOf(crm, deal.id)).toEqual([
        "qualification 3600000 ann",
        "discovery 10800000 bob",
        "proposal 86400000 -",
        "won … ann",
      ]);
      const { items } = await crm.opportunityStageEntries.list({ orderBy: [{ enteredAt: "asc" }] });
      for (const [i, stay] of items.slice(1).entries()) expect(stay.enteredAt).toEqual(items[i]!.leftAt);
      const total = items.reduce((sum, stay) => sum + (stay.durationMs ?? 0), 0);
      expect(total).toBe(28 * hourMs);
      expect(items.at(-1)!.enteredAt.getTime() - deal.createdAt.getTime()).toBe(total);
    }),
    crmFact("are dated by at, like the moves that an import tells", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.at(new Date("2026-01-05T08:00:00Z")).opportunities.create({ name: "Imported" });
      await crm.at(new Date("2026-01-06T08:00:00Z")).opportunities.moveTo(deal.id, "proposal");
      const won = await crm.at(new Date("2026-02-01T08:00:00Z")).opportunities.moveTo(deal.id, "won");
      expect(won).toMatchObject({
        actualCloseDate: "2026-02-01",
        salesCycleDays: 27,
        updatedAt: new Date("2026-02-01T08:00:00Z"),
      });
      expect(await staysOf(crm, deal.id)).toEqual(["qualification 86400000 -", "proposal 2246400000 -", "won … -"]);
      const [, , last] = (await crm.opportunityStageEntries.list({ orderBy: [{ enteredAt: "asc" }] })).items;
      expect(last).toMatchObject({ enteredAt: new Date("2026-02-01T08:00:00Z"), leftAt: null });
    }),
    crmFact("of a stage that is entered again are separate", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      for (const [hour, key] of [
        ["11", "proposal"],
        ["12", "qualification"],
        ["13", "proposal"],
      ] as const) {
        bench.clock.set(`2026-06-15T${hour}:00:00Z`);
        await crm.opportunities.moveTo(deal.id, key);
      }
      expect(await staysOf(crm, deal.id)).toEqual([
        "qualification 3600000 -",
        "proposal 3600000 -",
        "qualification 3600000 -",
        "proposal … -",
      ]);
    }),
    crmFact("of moves within one millisecond last nothing", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      await crm.opportunities.moveTo(deal.id, "proposal");
      await crm.opportunities.moveTo(deal.id, "won");
      expect(await staysOf(crm, deal.id)).toEqual(["qualification 0 -", "proposal 0 -", "won … -"]);
    }),
    crmFact("show who is in a stage now, and for how long one has been there", async (bench) => {
      const crm = await openDomain(bench);
      const [one] = await crm.opportunities.createMany(named(3));
      await crm.opportunities.moveTo(one!.id, "proposal");
      const proposal = await stageId(crm, "proposal");
      expect(await crm.opportunityStageEntries.count({ where: { stageId: proposal, leftAt: null } })).toBe(1);
      expect(await crm.opportunities.count({ where: { stageEntries: { some: { stageId: proposal } } } })).toBe(1);
    }),
    crmFact("are written by nobody else", async (bench) => {
      const crm = await openDomain(bench);
      const deal = await crm.opportunities.create({ name: "Rollout" });
      const [stay] = (await crm.opportunityStageEntries.list()).items;
      const writes = [
        () => crm.opportunityStageEntries.create({ recordId: deal.id, stageId: deal.stageId, enteredAt: new Date(0) }),
        () => crm.opportunityStageEntries.update(stay!.id, { leftAt: new Date(0) }),
        () => crm.opportunityStageEntries.archive(stay!.id),
        () => crm.opportunityStageEntries.delete(stay!.id),
        () => crm.opportunityStageEntries.validate({ delete: stay!.id }),
      ];
      for (const write of writes) expect((await refused(write())).code).toBe("read_only_entity");
      expect((await crm.opportunityStageEntries.list()).items).toEqual([stay]);
    }),
  ],
};
