/** opportunities.moveTo and moveMany: the only way in which a stage changes. Over 400 lines: one fact for each rule of a move. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, lostReasonId, open, openDomain, pipelineOf, stageId, staysOf } from "./open-domain.ts";

const nowhere = "019b7ca9-8f2e-7000-8000-000000000000";

async function begun(bench: CrmBench) {
  const crm = await openDomain(bench);
  const deal = await crm.opportunities.create({ name: "Rollout", amount: { amount: "100.00", currency: "EUR" } });
  bench.clock.set("2026-06-25T09:00:00Z");
  return { crm, deal };
}

/** From "first" one may go to "second" only, and from there nowhere but to "won". */
async function guided(bench: CrmBench) {
  const crm = await openDomain(bench);
  await crm.pipelines.define(
    pipelineOf({
      key: "guided",
      stages: [
        open("first", "10", { nextStages: ["second"] }),
        open("second", "20", { nextStages: ["won"] }),
        { key: "won", name: "Won", outcome: "won", nextStages: [] },
        { key: "lost", name: "Lost", outcome: "lost" },
      ],
    }),
  );
  return { crm, deal: await crm.opportunities.create({ name: "Rollout" }) };
}

async function unchanged(crm: DomainCrm, id: string): Promise<void> {
  expect(await crm.opportunities.get(id)).toMatchObject({ version: 1, status: "open" });
  expect(await crm.opportunityStageEntries.count()).toBe(1);
}

export const moving: CrmSuite = {
  name: "opportunities.moveTo",
  facts: [
    crmFact("changes the stage, the status and the probability, with one version and one more stay", async (bench) => {
      const { crm, deal } = await begun(bench);
      const moved = await crm.opportunities.moveTo(deal.id, "negotiation");
      expect(moved).toMatchObject({
        stageId: await stageId(crm, "negotiation"),
        status: "open",
        probability: "75",
        stageEnteredAt: new Date("2026-06-25T09:00:00Z"),
        actualCloseDate: null,
        salesCycleDays: null,
        amount: { amount: "100.00", currency: "EUR" },
        version: 2,
      });
      expect(await crm.opportunities.get(deal.id)).toEqual(moved);
      expect(await crm.opportunityStageEntries.count()).toBe(2);
    }),
    crmFact("corrects the close date and the lost reason where the opportunity is already closed", async (bench) => {
      const { crm, deal } = await begun(bench);
      await crm.opportunities.moveTo(deal.id, "lost", { lostReason: "price" });
      const corrected = await crm.opportunities.moveTo(deal.id, "lost", { closeDate: "2026-06-20" });
      expect(corrected).toMatchObject({
        actualCloseDate: "2026-06-20",
        salesCycleDays: 5,
        lostReasonId: await lostReasonId(crm, "price"),
        stageEnteredAt: new Date("2026-06-25T09:00:00Z"),
        version: 3,
      });
      expect(await crm.opportunities.moveTo(deal.id, "lost", { lostReason: "timing" })).toMatchObject({
        actualCloseDate: "2026-06-20",
        lostReasonId: await lostReasonId(crm, "timing"),
        version: 4,
      });
      expect(await crm.opportunityStageEntries.count()).toBe(2);
    }),
    crmFact("keeps the probability of what is won or lost at 100 or 0", async (bench) => {
      const { crm, deal } = await begun(bench);
      await crm.opportunities.moveTo(deal.id, "won");
      const byHand = await refusedDetails(crm.opportunities.update(deal.id, { probability: "10" }));
      expect(byHand).toMatchObject({ entity: "opportunity", field: "probability" });
      const started = { name: "Closed", stageId: await stageId(crm, "lost"), probability: "70" };
      expect((await crm.opportunities.create(started)).probability).toBe("0");
    }),
    crmFact("goes back as well as on, and over stages, where the pipeline says nothing else", async (bench) => {
      const { crm, deal } = await begun(bench);
      for (const key of ["negotiation", "qualification", "proposal", "discovery"])
        await crm.opportunities.moveTo(deal.id, key);
      expect(await crm.opportunities.get(deal.id)).toMatchObject({ probability: "25", version: 5 });
    }),
    crmFact("closes on the day of the move, and counts the days since creation", async (bench) => {
      const { crm, deal } = await begun(bench);
      const won = await crm.opportunities.moveTo(deal.id, "won");
      expect(won).toMatchObject({
        status: "won",
        probability: "100",
        actualCloseDate: "2026-06-25",
        salesCycleDays: 10,
        lostReasonId: null,
        lostNote: null,
      });
    }),
    crmFact("closes on the day that is given, from the day of creation to the day of the move", async (bench) => {
      for (const [closeDate, salesCycleDays] of [
        ["2026-06-15", 0],
        ["2026-06-20", 5],
        ["2026-06-25", 10],
      ] as const) {
        bench.clock.set("2026-06-15T10:00:00Z");
        const { crm, deal } = await begun(bench);
        expect(await crm.opportunities.moveTo(deal.id, "won", { closeDate })).toMatchObject({
          actualCloseDate: closeDate,
          salesCycleDays,
        });
      }
    }),
    crmFact("closes on the organisation's day, and counts its days", async (bench) => {
      const crm = await openDomain(bench);
      await crm.settings.change({ timeZone: "Asia/Taipei" });
      bench.clock.set("2026-06-20T17:00:00Z");
      const deal = await crm.opportunities.create({ name: "Rollout", expectedCloseDate: "2026-09-30" });
      bench.clock.set("2026-06-25T16:30:00Z");
      const won = await crm.opportunities.moveTo(deal.id, "won");
      expect(won).toMatchObject({
        actualCloseDate: "2026-06-26",
        salesCycleDays: 5,
        expectedCloseDate: "2026-09-30",
      });
      expect((await refused(crm.opportunities.moveTo(deal.id, "won", { closeDate: "2026-06-27" }))).code).toBe(
        "invalid_input",
      );
      const walkIn = { name: "Walk-in", stageId: await stageId(crm, "won") };
      expect((await crm.opportunities.create(walkIn)).actualCloseDate).toBe("2026-06-26");
    }),
    crmFact("stays closed on its day in another stage of the same outcome", async (bench) => {
      const crm = await openDomain(bench);
      const stages = [
        open("new", "10"),
        { key: "signed", name: "Signed", outcome: "won" },
        { key: "delivered", name: "Delivered", outcome: "won" },
      ] as const;
      await crm.pipelines.define(pipelineOf({ stages }));
      const deal = await crm.opportunities.create({ name: "Rollout" });
      await crm.opportunities.moveTo(deal.id, "signed");
      bench.clock.set("2026-07-25T09:00:00Z");
      const delivered = await crm.opportunities.moveTo(deal.id, "delivered");
      expect(delivered).toMatchObject({
        actualCloseDate: "2026-06-15",
        salesCycleDays: 0,
        stageEnteredAt: new Date("2026-07-25T09:00:00Z"),
      });
      expect(await crm.opportunities.moveTo(deal.id, "delivered", { closeDate: "2026-07-01" })).toMatchObject({
        actualCloseDate: "2026-07-01",
        salesCycleDays: 16,
      });
    }),
    crmFact("refuses to close on a day to come", async (bench) => {
      const { crm, deal } = await begun(bench);
      const details = await refusedDetails(crm.opportunities.moveTo(deal.id, "won", { closeDate: "2026-06-26" }));
      expect(details.issues).toEqual([
        { field: "closeDate", code: "out_of_range", message: "is 2026-06-26, which is later than the move itself" },
      ]);
      await unchanged(crm, deal.id);
    }),
    crmFact("refuses to close on a day before creation", async (bench) => {
      const { crm, deal } = await begun(bench);
      const details = await refusedDetails(crm.opportunities.moveTo(deal.id, "won", { closeDate: "2026-06-14" }));
      expect(details.issues).toEqual([
        {
          field: "closeDate",
          code: "out_of_range",
          message: "is 2026-06-14, which is before the opportunity was created",
        },
      ]);
      await unchanged(crm, deal.id);
    }),
    crmFact("refuses to close on a day that does not exist, in whatever form", async (bench) => {
      const { crm, deal } = await begun(bench);
      for (const closeDate of ["2026-02-30", "25.06.2026", "", new Date(), 20260625]) {
        const details = await refusedDetails(crm.opportunities.moveTo(deal.id, "won", { closeDate } as never));
        expect(details.field).toBe("closeDate");
      }
      await unchanged(crm, deal.id);
    }),
    crmFact("refuses a close date for a stage that does not close", async (bench) => {
      const { crm, deal } = await begun(bench);
      const details = await refusedDetails(crm.opportunities.moveTo(deal.id, "proposal", { closeDate: "2026-06-20" }));
      expect(details.issues).toMatchObject([
        { field: "closeDate", message: "is only for a stage that closes, and proposal does not" },
      ]);
      await unchanged(crm, deal.id);
    }),
    crmFact("keeps why it was lost", async (bench) => {
      const { crm, deal } = await begun(bench);
      const lost = await crm.opportunities.moveTo(deal.id, "lost", { lostReason: "price" });
      expect(lost).toMatchObject({
        status: "lost",
        probability: "0",
        lostReasonId: await lostReasonId(crm, "price"),
        actualCloseDate: "2026-06-25",
        salesCycleDays: 10,
      });
    }),
    crmFact("refuses a reason for having lost what is not lost", async (bench) => {
      const { crm, deal } = await begun(bench);
      for (const key of ["won", "proposal"]) {
        const details = await refusedDetails(crm.opportunities.moveTo(deal.id, key, { lostReason: "price" }));
        expect(details.issues).toMatchObject([
          { field: "lostReason", message: `is only for a stage that is lost, and ${key} is not` },
        ]);
      }
      await unchanged(crm, deal.id);
    }),
    crmFact("reopens: the close date, the cycle and the reason are cleared", async (bench) => {
      const { crm, deal } = await begun(bench);
      await crm.opportunities.moveTo(deal.id, "lost", { lostReason: "price" });
      expect(await crm.opportunities.moveTo(deal.id, "proposal")).toMatchObject({
        status: "open",
        probability: "50",
        actualCloseDate: null,
        salesCycleDays: null,
        lostReasonId: null,
        lostNote: null,
      });
    }),
    crmFact("from lost to won takes the new day and drops the reason", async (bench) => {
      const { crm, deal } = await begun(bench);
      await crm.opportunities.moveTo(deal.id, "lost", { lostReason: "price" });
      bench.clock.set("2026-07-01T00:00:00Z");
      expect(await crm.opportunities.moveTo(deal.id, "won")).toMatchObject({
        status: "won",
        actualCloseDate: "2026-07-01",
        salesCycleDays: 16,
        lostReasonId: null,
        lostNote: null,
      });
    }),
    crmFact("refuses a stage that does not come next, and tells those that do", async (bench) => {
      const { crm, deal } = await guided(bench);
      const details = await refusedDetails(crm.opportunities.moveTo(deal.id, "won"));
      expect(details).toMatchObject({
        entity: "opportunity",
        field: "stageId",
        id: deal.id,
        from: "first",
        to: "won",
        allowed: ["second"],
      });
      await expect(crm.opportunities.moveTo(deal.id, "won")).rejects.toMatchObject({
        code: "move_not_allowed",
        message: `Opportunity "${deal.id}" cannot move from first to won: its pipeline does not allow it. From there it can move to second.`,
      });
      await unchanged(crm, deal.id);
    }),
    crmFact("refuses every move out of a stage that nothing comes after", async (bench) => {
      const { crm, deal } = await guided(bench);
      await crm.opportunities.moveTo(deal.id, "second");
      await crm.opportunities.moveTo(deal.id, "won");
      await expect(crm.opportunities.moveTo(deal.id, "first")).rejects.toMatchObject({
        code: "move_not_allowed",
        details: { allowed: [] },
        message: `Opportunity "${deal.id}" cannot move from won to first: its pipeline does not allow it. It cannot move anywhere from there.`,
      });
    }),
    crmFact("refuses a stage that the pipeline does not have, and tells those that it has", async (bench) => {
      const { crm, deal } = await begun(bench);
      await crm.pipelines.define(pipelineOf());
      await expect(crm.opportunities.moveTo(deal.id, "offered")).rejects.toMatchObject({
        code: "move_not_allowed",
        details: { to: "offered", allowed: ["discovery", "proposal", "negotiation", "won", "lost"] },
      });
      await unchanged(crm, deal.id);
    }),
    crmFact("refuses an archived stage, and leaves one", async (bench) => {
      const { crm, deal } = await begun(bench);
      await crm.stages.archive(await stageId(crm, "proposal"));
      expect(await refusedDetails(crm.opportunities.moveTo(deal.id, "proposal"))).toMatchObject({
        allowed: ["discovery", "negotiation", "won", "lost"],
      });
      await crm.stages.archive(deal.stageId);
      expect(await crm.opportunities.moveTo(deal.id, "discovery")).toMatchObject({ probability: "25" });
    }),
    crmFact("changes nothing to the stage where it is: no version, no stay", async (bench) => {
      const { crm, deal } = await begun(bench);
      expect(await crm.opportunities.moveTo(deal.id, "qualification")).toEqual(deal);
      await unchanged(crm, deal.id);
    }),
    crmFact("to the stage where it is keeps a probability given by hand", async (bench) => {
      const { crm, deal } = await begun(bench);
      await crm.opportunities.update(deal.id, { probability: "33" });
      expect(await crm.opportunities.moveTo(deal.id, "qualification")).toMatchObject({ probability: "33", version: 2 });
    }),
    crmFact(
      "takes a probability by hand, which lasts until the next move; what is closed is certain",
      async (bench) => {
        const { crm, deal } = await begun(bench);
        const byHand = await crm.opportunities.moveTo(deal.id, "proposal", { set: { probability: "0" } });
        expect(byHand.probability).toBe("0");
        expect((await crm.opportunities.moveTo(deal.id, "negotiation")).probability).toBe("75");
        const won = await crm.opportunities.moveTo(deal.id, "won", { set: { probability: "60" } });
        expect(won.probability).toBe("100");
      },
    ),
    crmFact("refuses to move in the past", async (bench) => {
      const { crm, deal } = await begun(bench);
      const past = crm.asOf(new Date("2026-06-20T09:00:00Z")).opportunities;
      expect((await refused(past.moveTo(deal.id, "proposal"))).code).toBe("past_is_read_only");
      const another = await crm.pipelines.define(pipelineOf({ key: "another" }));
      bench.clock.set("2026-06-26T09:00:00Z");
      const then = crm.asOf(new Date("2026-06-25T10:00:00Z")).opportunities;
      const move = then.moveToPipeline(deal.id, { pipeline: another.key, stage: "due" });
      expect((await refused(move)).code).toBe("past_is_read_only");
      const merger = { pipeline: "sales", from: "proposal", into: "negotiation" };
      expect((await refused(then.mergeStages(merger))).code).toBe("past_is_read_only");
      await unchanged(crm, deal.id);
    }),
    crmFact(
      "takes the version that was read, and refuses a stale one, also to the stage where it is",
      async (bench) => {
        const { crm, deal } = await begun(bench);
        await crm.opportunities.update(deal.id, { name: "Renamed" });
        for (const key of ["proposal", "qualification"]) {
          expect(await refusedDetails(crm.opportunities.moveTo(deal.id, key, { version: 1 }))).toMatchObject({
            id: deal.id,
            expected: 1,
            actual: 2,
          });
        }
        expect(await crm.opportunities.moveTo(deal.id, "qualification", { version: 2 })).toMatchObject({ version: 2 });
        expect(await crm.opportunities.moveTo(deal.id, "proposal", { version: 2 })).toMatchObject({ version: 3 });
      },
    ),
    crmFact(
      "refuses an opportunity that is not there: by id, in another tenant, or by a text that is no id",
      async (bench) => {
        const { crm, deal } = await begun(bench);
        const other = crm.as({ tenantId: "other" });
        await other.opportunities.board();
        for (const [handle, id] of [
          [crm, nowhere],
          [crm, "nowhere"],
          [crm, ""],
          [other, deal.id],
        ] as const) {
          await expect(handle.opportunities.moveTo(id, "proposal")).rejects.toMatchObject({
            code: "not_found",
            details: { entity: "opportunity", id },
          });
        }
        await unchanged(crm, deal.id);
      },
    ),
    crmFact("refuses what is no move, naming what is wrong", async (bench) => {
      const { crm, deal } = await begun(bench);
      const { moveTo, moveMany } = crm.opportunities as unknown as Record<
        string,
        (...given: unknown[]) => Promise<unknown>
      >;
      const fieldOf = async (call: Promise<unknown> | undefined) => {
        const { issues } = await refusedDetails(call!);
        return `${issues?.[0]?.field} ${issues?.[0]?.code}`;
      };
      expect(await fieldOf(moveTo?.(deal.id))).toBe("stage missing_field");
      expect(await fieldOf(moveTo?.(undefined, "proposal"))).toBe("id missing_field");
      expect(await fieldOf(moveTo?.(deal.id, 3))).toBe("stage invalid_type");
      expect(await fieldOf(moveTo?.(deal.id, "proposal", { version: 1.5 }))).toBe("version invalid_type");
      expect(await fieldOf(moveTo?.(deal.id, "proposal", { reason: "price" }))).toBe("reason unknown_field");
      expect(await fieldOf(moveMany?.("all"))).toBe(" invalid_type");
      expect(await fieldOf(moveMany?.([null]))).toBe(" invalid_type");
      expect((await refusedDetails(moveMany!([{ id: deal.id, stage: "won" }, { id: nowhere }]))).index).toBe(1);
      await unchanged(crm, deal.id);
    }),
    crmFact("moves an archived opportunity too", async (bench) => {
      const { crm, deal } = await begun(bench);
      await crm.opportunities.archive(deal.id);
      expect(await crm.opportunities.moveTo(deal.id, "lost")).toMatchObject({
        status: "lost",
        archivedAt: new Date("2026-06-25T09:00:00Z"),
      });
    }),
    crmFact("goes on when the clock has stepped back: no stay is shorter than nothing", async (bench) => {
      const { crm, deal } = await begun(bench);
      await crm.opportunities.moveTo(deal.id, "proposal");
      bench.clock.set("2026-06-20T09:00:00Z");
      const moved = await crm.opportunities.moveTo(deal.id, "won");
      expect(moved).toMatchObject({ stageEnteredAt: new Date("2026-06-25T09:00:00Z"), actualCloseDate: "2026-06-25" });
      expect(await staysOf(crm, deal.id)).toEqual(["qualification 860400000 -", "proposal 0 -", "won … -"]);
    }),
    crmFact("refuses to be dated before the opportunity's last change", async (bench) => {
      const { crm, deal } = await begun(bench);
      for (const key of ["proposal", "won"]) {
        const past = crm.at(new Date("2026-06-15T09:59:59.999Z")).opportunities.moveTo(deal.id, key);
        expect((await refused(past)).code).toBe("backdated_before_change");
      }
      await unchanged(crm, deal.id);
    }),
    crmFact("of one opportunity twice at the same time leaves one stay open and no gap", async (bench) => {
      const { crm, deal } = await begun(bench);
      const results = await Promise.allSettled([
        crm.opportunities.moveTo(deal.id, "proposal"),
        crm.opportunities.moveTo(deal.id, "negotiation"),
        crm.opportunities.moveTo(deal.id, "won"),
      ]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
      const now = await crm.opportunities.get(deal.id);
      const stays = (await crm.opportunityStageEntries.list({ where: { leftAt: null } })).items;
      expect(stays.map((stay) => stay.stageId)).toEqual([now.stageId]);
      expect([now.version, await crm.opportunityStageEntries.count()]).toEqual([4, 4]);
    }),
    crmFact("with the version that was read succeeds for one of ten callers", async (bench) => {
      const { crm, deal } = await begun(bench);
      const calls = Array.from({ length: 10 }, () => crm.opportunities.moveTo(deal.id, "proposal", { version: 1 }));
      const results = await Promise.allSettled(calls);
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await crm.opportunityStageEntries.count()).toBe(2);
    }),
  ],
};
