/** opportunities.stale and opportunities.withoutNextStep: what waits, and for how long. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, open, openDomain, pipelineOf, stageId } from "./open-domain.ts";

type Reading = Pick<DomainCrm, "opportunities">;
type Query = Parameters<DomainCrm["opportunities"]["stale"]>[0];

/** "a 12 2": the names of stale opportunities, the days in their stage and the days over. */
async function staleOf(crm: Reading, query?: Query): Promise<readonly string[]> {
  const { items } = await crm.opportunities.stale(query);
  return items.map(({ record, daysInStage, daysOver }) => `${record.name} ${daysInStage} ${daysOver}`);
}

const without = async (crm: Reading, query?: Query) =>
  (await crm.opportunities.withoutNextStep(query)).items.map(({ name }) => name).join(" ");

/**
 * The stage "due" is stale after ten days, "offered" after three, "idle" never. On the 15th, a has been offered for five days, b due for ten,
 * c idle for fourteen, d won for thirteen, and e due for eleven.
 */
async function withWaiting(bench: CrmBench) {
  const crm = await openDomain(bench);
  await crm.pipelines.define(
    pipelineOf({
      isDefault: true,
      stages: [
        open("due", "40", { staleAfterDays: 10 }),
        open("offered", "60", { staleAfterDays: 3 }),
        open("idle", "70"),
        { key: "renewed", name: "Renewed", outcome: "won", staleAfterDays: 1 },
        { key: "ended", name: "Ended", outcome: "lost" },
      ],
    }),
  );
  const create = async (name: string, at: string, stage = "due") => {
    bench.clock.set(`2026-06-${at}:00:00Z`);
    return crm.opportunities.create({ name, stageId: await stageId(crm, stage, "renewals") });
  };
  const a = await create("a", "01T10");
  await create("c", "01T11", "idle");
  const d = await create("d", "02T10");
  await crm.opportunities.moveTo(d.id, "renewed");
  await create("e", "04T09");
  await create("b", "05T10");
  bench.clock.set("2026-06-10T10:00:00Z");
  await crm.opportunities.moveTo(a.id, "offered");
  bench.clock.set("2026-06-15T10:00:00Z");
  return crm;
}

export const waiting: CrmSuite = {
  name: "opportunities that wait",
  facts: [
    crmFact("are stale when they have been in their stage for longer than it says", async (bench) => {
      const crm = await withWaiting(bench);
      expect(await staleOf(crm)).toEqual(["e 11 1", "a 5 2"]);
      bench.clock.set("2026-06-15T10:00:00.001Z");
      expect(await staleOf(crm)).toEqual(["e 11 1", "b 10 0", "a 5 2"]);
      bench.clock.set("2026-06-30T09:00:00Z");
      expect(await staleOf(crm)).toEqual(["e 26 16", "b 24 14", "a 19 16"]);
    }),
    crmFact("are not stale in a stage that is closed, or says nothing, nor when they are archived", async (bench) => {
      const crm = await withWaiting(bench);
      const e = await crm.opportunities.find({ where: { name: "e" } });
      await crm.opportunities.archive(e!.id);
      expect(await staleOf(crm)).toEqual(["a 5 2"]);
      const other = crm.as({ tenantId: "other" });
      expect(await staleOf(other)).toEqual([]);
      await other.opportunities.create({ name: "x" });
      bench.clock.set("2027-06-15T10:00:00Z");
      expect(await staleOf(other)).toEqual([]);
    }),
    crmFact("are those that satisfy conditions", async (bench) => {
      const crm = await withWaiting(bench);
      expect(await staleOf(crm, { where: { stage: { key: "due" } } })).toEqual(["e 11 1"]);
      expect(await staleOf(crm, { where: { or: [{ name: "a" }, { name: "c" }] } })).toEqual(["a 5 2"]);
    }),
    crmFact("come in pages that all answer as of the first one's instant", async (bench) => {
      const crm = await withWaiting(bench);
      const first = await crm.opportunities.stale({ limit: 1 });
      expect(first.items.map(({ record }) => record.name)).toEqual(["e"]);
      bench.clock.set("2026-06-25T10:00:00Z");
      const second = await crm.opportunities.stale({ limit: 1, after: first.next });
      expect(second.items.map(({ record, daysInStage }) => [record.name, daysInStage])).toEqual([["a", 5]]);
      expect(second.next).toBeUndefined();
      for (const after of ["", "x", "12.", ".x", `1${first.next}`, `${first.next}x`, `9${"9".repeat(20)}.x`])
        expect([after, await refused(crm.opportunities.stale({ limit: 1, after }))]).toEqual([
          after,
          { code: "invalid_cursor" },
        ]);
      expect(await refused(crm.opportunities.stale({ where: { name: "a" }, after: first.next }))).toEqual({
        code: "invalid_cursor",
      });
    }),
    crmFact("were stale then, by what the stage said then", async (bench) => {
      const crm = await withWaiting(bench);
      bench.clock.set("2026-06-20T10:00:00Z");
      await crm.opportunities.moveMany(
        (await crm.opportunities.list({ where: { status: "open" } })).items.map(({ id }) => ({ id, stage: "idle" })),
      );
      bench.clock.set("2026-07-01T10:00:00Z");
      expect(await staleOf(crm)).toEqual([]);
      expect(await staleOf(crm.asOf(new Date("2026-06-15T10:00:00Z")))).toEqual(["e 11 1", "a 5 2"]);
      expect(await staleOf(crm.asOf(new Date("2026-06-09T10:00:00Z")))).toEqual([]);
      expect(await staleOf(crm.asOf(new Date("2026-06-19T10:00:00Z")))).toEqual(["e 15 5", "b 14 4", "a 9 6"]);
      const past = crm.asOf(new Date("2026-06-19T10:00:00Z"));
      const first = await past.opportunities.stale({ limit: 2 });
      expect(await staleOf(past, { limit: 2, after: first.next })).toEqual(["a 9 6"]);
    }),
    crmFact("are found with two queries, however many and in however many stages", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      for (const size of [1, 40]) {
        const stages = Array.from({ length: size }, (_, i) => open(`s${i}`, "10", { staleAfterDays: i % 5 }));
        const made = await crm.pipelines.define(pipelineOf({ key: `of${size}`, stages }));
        await crm.opportunities.createMany(made.stages.slice(0, size).map(({ id }) => ({ name: "a", stageId: id })));
        bench.clock.set(size === 1 ? "2026-06-20T10:00:00Z" : "2026-07-20T10:00:00Z");
        const before = { ...calls };
        expect((await crm.opportunities.stale({ limit: 100 })).items).toHaveLength(size === 1 ? 1 : 41);
        expect([calls.find - before.find, calls.aggregate - before.aggregate]).toEqual([2, 0]);
      }
    }),
    crmFact("have no next step without a text, and without an activity ahead", async (bench) => {
      const crm = await openDomain(bench);
      const names = [..."abcdefghijklm"];
      const deals = await crm.opportunities.createMany(
        names.map((name) => ({
          name,
          ...(name === "b" ? { nextStep: "call" } : name === "c" ? { nextStep: "" } : {}),
        })),
      );
      const id = (name: string) => deals[names.indexOf(name)]!.id;
      const [later, now, earlier] = ["2026-06-15T10:00:00.001Z", "2026-06-15T10:00:00Z", "2026-06-15T09:59:59.999Z"];
      const made = await crm.activities.createMany([
        { kind: "task", subject: "due later", dueAt: new Date(later), opportunityId: id("d") },
        { kind: "task", subject: "due now", dueAt: new Date(now), opportunityId: id("e") },
        { kind: "task", subject: "overdue", dueAt: new Date(earlier), opportunityId: id("f") },
        { kind: "task", subject: "without a date", opportunityId: id("g") },
        { kind: "meeting", subject: "starts later", startAt: new Date(later), opportunityId: id("h") },
        { kind: "task", subject: "done", done: true, dueAt: new Date(later), opportunityId: id("i") },
        { kind: "task", subject: "archived", dueAt: new Date(later), opportunityId: id("j") },
        { kind: "task", subject: "tied", dueAt: new Date(later) },
        { kind: "task", subject: "tied, overdue", dueAt: new Date(earlier) },
      ]);
      await crm.activities.archive(made[6]!.id);
      await crm.activities.link(made[7]!.id, { entityType: "opportunity", id: id("k") });
      await crm.activities.link(made[8]!.id, { entityType: "opportunity", id: id("l") });
      await crm.opportunities.moveTo(id("m"), "won");
      expect(await without(crm)).toBe("a c f g i j l");
      expect(await without(crm, { where: { name: { in: ["a", "b", "l"] } } })).toBe("a l");
      bench.clock.set("2026-06-15T10:00:00.001Z");
      expect(await without(crm)).toBe("a c e f g i j l");
      bench.clock.set("2026-06-15T10:00:00.002Z");
      expect(await without(crm)).toBe("a c d e f g h i j k l");
      await crm.opportunities.archive(id("a"));
      expect(await without(crm)).toBe("c d e f g h i j k l");
      expect(await without(crm.as({ tenantId: "other" }))).toBe("");
    }),
    crmFact("without a next step come in pages, of which one may be short", async (bench) => {
      const crm = await openDomain(bench);
      const deals = await crm.opportunities.createMany([..."abcde"].map((name) => ({ name })));
      const dueAt = new Date("2026-06-16T10:00:00Z");
      for (const { id } of deals.slice(0, 2)) {
        const task = await crm.activities.create({ kind: "task", subject: "tied", dueAt });
        await crm.activities.link(task.id, { entityType: "opportunity", id });
      }
      const pages: string[] = [];
      let after: string | undefined;
      do {
        const page = await crm.opportunities.withoutNextStep({ limit: 2, after });
        pages.push(page.items.map(({ name }) => name).join(" "));
        after = page.next;
        bench.clock.set("2026-06-17T10:00:00Z");
      } while (after !== undefined);
      expect(pages).toEqual(["", "c d", "e"]);
    }),
    crmFact("had no next step then", async (bench) => {
      const crm = await openDomain(bench);
      const [a] = await crm.opportunities.createMany([{ name: "a" }, { name: "b" }]);
      bench.clock.set("2026-06-16T10:00:00Z");
      const dueAt = new Date("2026-06-18T10:00:00Z");
      const task = await crm.activities.create({ kind: "task", subject: "call", dueAt, opportunityId: a!.id });
      bench.clock.set("2026-06-17T10:00:00Z");
      await crm.activities.update(task.id, { done: true });
      bench.clock.set("2026-06-20T10:00:00Z");
      expect(await without(crm.asOf(new Date("2026-06-15T12:00:00Z")))).toBe("a b");
      expect(await without(crm.asOf(new Date("2026-06-16T12:00:00Z")))).toBe("b");
      expect(await without(crm.asOf(new Date("2026-06-17T12:00:00Z")))).toBe("a b");
    }),
    crmFact("are asked for by conditions, a limit and a cursor, and by nothing else", async (bench) => {
      const crm = await openDomain(bench);
      for (const report of ["stale", "withoutNextStep"] as const) {
        for (const [bad, field] of [
          [null, ""],
          [[], ""],
          [{ limit: 0 }, "limit"],
          [{ limit: 1_001 }, "limit"],
          [{ after: 5 }, "after"],
          [{ pipeline: "sales" }, "pipeline"],
        ] as const) {
          const refusal = { code: "invalid_input", entity: report, field };
          expect([bad, await refused(crm.opportunities[report](bad as never))]).toEqual([bad, refusal]);
        }
        expect(await refused(crm.opportunities[report]({ where: { nam: "a" } } as never))).toMatchObject({
          code: "invalid_query",
          field: "nam",
        });
      }
    }),
    crmFact("may be accounts and contacts in their lifecycle", async (bench) => {
      const crm = await openDomain(bench);
      const [a, b] = await crm.accounts.createMany([{ name: "a" }, { name: "b" }, { name: "outside" }]);
      await crm.accounts.moveMany([a!, b!].map(({ id }) => ({ id, stage: "prospect" })));
      const dueAt = new Date("2026-06-16T10:00:00Z");
      await crm.activities.create({ kind: "call", subject: "hello", dueAt, accountId: b!.id });
      expect((await crm.accounts.withoutNextStep()).items.map(({ name }) => name)).toEqual(["a"]);
      expect((await crm.accounts.stale()).items).toEqual([]);
    }),
  ],
};
