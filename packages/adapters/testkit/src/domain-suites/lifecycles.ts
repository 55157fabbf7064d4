/** The lifecycle of accounts and contacts: an ordinary pipeline that a record is in once it has been put into one. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, open, openDomain, pipelineOf, stageId, stagesOf } from "./open-domain.ts";

async function staysOf(crm: DomainCrm, accountId: string): Promise<readonly string[]> {
  const { items } = await crm.accountStageEntries.list({
    where: { recordId: accountId },
    orderBy: [{ enteredAt: "asc" }, { id: "asc" }],
    include: { stage: true },
  });
  return items.map(({ stage, durationMs, enteredBy }) => `${stage?.key} ${durationMs ?? "…"} ${enteredBy ?? "-"}`);
}

export const lifecycles: CrmSuite = {
  name: "lifecycles",
  facts: [
    crmFact("are entered by nobody unasked", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await crm.accounts.create({ name: "Acme" });
      await crm.accounts.update(acme.id, { industry: "steel" });
      expect(await crm.accounts.get(acme.id)).toMatchObject({
        pipelineId: null,
        stageId: null,
        status: null,
        stageEnteredAt: null,
      });
      expect([await crm.pipelines.count(), await crm.accountStageEntries.count()]).toEqual([0, 0]);
    }),
    crmFact("begin with the first move, in any stage, in the standard lifecycle", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await crm.accounts.create({ name: "Acme" });
      bench.clock.set("2026-06-25T09:00:00Z");
      const customer = await crm.as({ actorId: "ann" }).accounts.moveTo(acme.id, "customer");
      expect(customer).toMatchObject({
        stageId: await stageId(crm, "customer", "lifecycle"),
        status: "won",
        stageEnteredAt: new Date("2026-06-25T09:00:00Z"),
        actualCloseDate: "2026-06-25",
        version: 2,
      });
      expect(await stagesOf(crm, "lifecycle")).toBe("prospect 10 · qualified 30 · customer 100 · former 0");
      expect(await staysOf(crm, acme.id)).toEqual(["customer … ann"]);
    }),
    crmFact("go on and come back, and history tells when", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await crm.accounts.create({ name: "Acme" });
      for (const [day, stage] of [
        ["16", "prospect"],
        ["17", "customer"],
        ["18", "former"],
        ["19", "customer"],
      ] as const) {
        bench.clock.set(`2026-06-${day}T10:00:00Z`);
        await crm.accounts.moveTo(acme.id, stage);
      }
      expect(await staysOf(crm, acme.id)).toEqual([
        "prospect 86400000 -",
        "customer 86400000 -",
        "former 86400000 -",
        "customer … -",
      ]);
      const statusOn = async (day: string) =>
        (await crm.asOf(new Date(`2026-06-${day}T12:00:00Z`)).accounts.get(acme.id)).status;
      expect([await statusOn("15"), await statusOn("16"), await statusOn("17"), await statusOn("18")]).toEqual([
        null,
        "open",
        "won",
        "lost",
      ]);
      expect(await crm.accounts.get(acme.id)).toMatchObject({
        status: "won",
        actualCloseDate: "2026-06-19",
        version: 5,
      });
      expect(await crm.accounts.count({ archived: "include" })).toBe(1);
    }),
    crmFact("begin at creation in the stage or in the first open one of the pipeline that is named", async (bench) => {
      const crm = await openDomain(bench);
      const first = await crm.accounts.create({ name: "First" });
      const { pipelineId } = await crm.accounts.moveTo(first.id, "prospect");
      const customer = await stageId(crm, "customer", "lifecycle");
      const [byStage, byPipeline, outside] = await crm.accounts.createMany([
        { name: "By stage", stageId: customer },
        { name: "By pipeline", pipelineId },
        { name: "Outside" },
      ]);
      expect([byStage!.status, byPipeline!.status, outside!.status]).toEqual(["won", "open", null]);
      expect(await crm.accountStageEntries.count()).toBe(3);
    }),
    crmFact("of contacts are their own", async (bench) => {
      const crm = await openDomain(bench);
      const [ann] = await crm.contacts.createMany([{ givenName: "Ann" }, { givenName: "Bob" }]);
      expect(await crm.contacts.moveTo(ann!.id, "prospect")).toMatchObject({ status: "open" });
      expect((await crm.pipelines.list()).items).toMatchObject([{ key: "lifecycle", entityType: "contact" }]);
      const acme = await crm.accounts.create({ name: "Acme" });
      await crm.accounts.moveTo(acme.id, "prospect");
      expect(await crm.pipelines.count()).toBe(2);
      expect([await crm.contactStageEntries.count(), await crm.accountStageEntries.count()]).toEqual([1, 1]);
    }),
    crmFact("begin in a stage that is there", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await crm.accounts.create({ name: "Acme" });
      await expect(crm.accounts.moveTo(acme.id, "fan")).rejects.toMatchObject({
        code: "move_not_allowed",
        message: `Account "${acme.id}" cannot begin in fan: its pipeline has no stage "fan". It can begin in prospect, qualified, customer, former.`,
        details: { from: null, to: "fan", allowed: ["prospect", "qualified", "customer", "former"] },
      });
      expect(await crm.pipelines.count()).toBe(0);
    }),
    crmFact("follow the pipeline that the application defines", async (bench) => {
      const crm = await openDomain(bench);
      const stages = [
        open("lead", "5", { nextStages: ["client"] }),
        { key: "client", name: "Client", outcome: "won" } as const,
      ];
      await crm.pipelines.define(pipelineOf({ key: "own", entityType: "account", stages }));
      const acme = await crm.accounts.create({ name: "Acme" });
      expect((await refused(crm.accounts.moveTo(acme.id, "customer"))).code).toBe("move_not_allowed");
      await crm.accounts.moveTo(acme.id, "lead");
      expect(await crm.accounts.moveTo(acme.id, "client")).toMatchObject({ status: "won" });
      expect(await crm.pipelines.count()).toBe(1);
    }),
    crmFact("are told of by events, the beginning as one from nowhere", async (bench) => {
      const crm = await openDomain(bench);
      const heard: unknown[] = [];
      crm.on("account.stage_changed", ({ data: { from, to } }) =>
        heard.push([from?.stage ?? null, to.stage, to.outcome]),
      );
      const acme = await crm.accounts.create({ name: "Acme" });
      await crm.accounts.moveTo(acme.id, "prospect");
      await crm.accounts.moveTo(acme.id, "customer");
      expect(heard).toEqual([
        [null, "prospect", "open"],
        ["prospect", "customer", "won"],
      ]);
    }),
    crmFact("are written by moves only", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await crm.accounts.create({ name: "Acme" });
      for (const [field, value] of Object.entries({ status: "won", stageId: acme.id, stageEnteredAt: new Date(0) })) {
        const details = await refusedDetails(crm.accounts.update(acme.id, { [field]: value } as never));
        expect(details.issues).toMatchObject([{ field, code: "read_only_field" }]);
      }
    }),
    crmFact("make one pipeline, for ten first moves at the same time", async (bench) => {
      const crm = await openDomain(bench);
      const accounts = await crm.accounts.createMany(Array.from({ length: 10 }, (_, i) => ({ name: `A${i}` })));
      await Promise.all(accounts.map(({ id }) => crm.accounts.moveTo(id, "prospect")));
      expect([await crm.pipelines.count(), await crm.accountStageEntries.count()]).toEqual([1, 10]);
    }),
    crmFact("of one tenant are not moved by another", async (bench) => {
      const crm = await openDomain(bench);
      const acme = await crm.accounts.create({ name: "Acme" });
      expect((await refused(crm.as({ tenantId: "other" }).accounts.moveTo(acme.id, "prospect"))).code).toBe(
        "not_found",
      );
    }),
  ],
};
