/** What a process remembers of pipelines from call to call, and that it never decides by what is so no more. */

import { CrmError } from "@relata/core";
import { type AnyPlugin, definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { sharedStorage } from "../crm-suites/shared-storage.ts";
import { outcomeUnknown, withFaults } from "../crm-suites/storage-faults.ts";
import { openDomain, type PipelineDefinition } from "./open-domain.ts";

type Stages = PipelineDefinition["stages"];

/** Two processes on one database. Ours has a deal, and so knows the pipeline. */
async function open(bench: CrmBench, plugins: readonly AnyPlugin[] = []) {
  const storage = sharedStorage((await bench.options()).storage);
  const ours = await openDomain(bench, { storage, plugins });
  const theirs = await openDomain(bench, { storage });
  const define = (stages: Stages, key = "sales") =>
    theirs.pipelines.define({ key, name: "Sales", entityType: "opportunity", isDefault: true, stages });
  await define([stage("lead"), stage("offer"), stage("won", "won"), stage("lost", "lost")]);
  const deal = await ours.opportunities.create({ name: "Known" });
  const stageOf = async ({ stageId }: { readonly stageId: string }) => (await theirs.stages.get(stageId)).key;
  return { ours, theirs, define, deal, stageOf };
}

function stage(key: string, outcome: "open" | "won" | "lost" = "open", more: object = {}) {
  return { key, name: key, outcome, probability: { open: "10", won: "100", lost: "0" }[outcome], ...more };
}

export const knownPipelines: CrmSuite = {
  name: "what is known of pipelines",
  facts: [
    crmFact("spares calls all reading: one list of steps for each", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const cost = async (work: () => Promise<unknown>) => {
        const before = { ...calls };
        await work();
        return `${calls.find - before.find} ${calls.write - before.write}`;
      };
      await crm.opportunities.create({ name: "First" });
      await crm.opportunities.create({ name: "Read" });
      expect(await cost(() => crm.opportunities.create({ name: "Second" }))).toBe("0 1");
      const many = Array.from({ length: 100 }, (_, i) => ({ name: `${i}` }));
      expect(await cost(() => crm.opportunities.createMany(many))).toBe("0 1");
    }),
    crmFact("gives way to another default pipeline", async (bench) => {
      const { ours, define, stageOf } = await open(bench);
      await define([stage("fresh"), stage("closed", "won")], "other");
      expect(await stageOf(await ours.opportunities.create({ name: "A" }))).toBe("fresh");
    }),
    crmFact("gives way to other stages: renamed, put before, left out, retired", async (bench) => {
      const { ours, theirs, define, deal, stageOf } = await open(bench);
      await define([stage("early"), stage("lead"), stage("offer"), stage("won", "won"), stage("lost", "lost")]);
      expect(await stageOf(await ours.opportunities.create({ name: "A" }))).toBe("early");
      await ours.opportunities.delete((await theirs.opportunities.find({ where: { name: "A" } }))!.id);
      await theirs.opportunities.retireStage({ pipeline: "sales", stage: "early" });
      expect(await stageOf(await ours.opportunities.create({ name: "B" }))).toBe("lead");
      await define([stage("lead"), stage("quote"), stage("offer"), stage("won", "won"), stage("lost", "lost")]);
      expect(await stageOf(await ours.opportunities.moveTo(deal.id, "quote"))).toBe("quote");
      await theirs.opportunities.moveTo(deal.id, "lead");
      await theirs.opportunities.retireStage({ pipeline: "sales", stage: "quote", moveTo: "lead" });
      expect((await refused(ours.opportunities.moveTo(deal.id, "quote"))).code).toBe("move_not_allowed");
    }),
    crmFact("gives way to what a stage requires", async (bench) => {
      const { ours, define, deal } = await open(bench);
      const strict = { requiredFields: ["nextStep"] };
      await define([stage("lead", "open", strict), stage("offer", "open", strict), stage("won", "won")]);
      const missing = { issues: [{ field: "nextStep", code: "missing_field" }] };
      expect(await refusedDetails(ours.opportunities.create({ name: "A" }))).toMatchObject(missing);
      expect(await refusedDetails(ours.opportunities.moveTo(deal.id, "offer"))).toMatchObject(missing);
      await define([stage("lead"), stage("offer"), stage("won", "won")]);
      expect((await ours.opportunities.create({ name: "A" })).nextStep).toBe(null);
      expect((await ours.opportunities.moveTo(deal.id, "offer")).nextStep).toBe(null);
    }),
    crmFact("gives way where it changes while a call is at work, which then does all of it again", async (bench) => {
      const hooks: string[] = [];
      const meanwhile: (() => Promise<unknown>)[] = [];
      const slow = definePlugin({
        id: "slow",
        hooks: {
          opportunity: {
            async before(_, batch) {
              hooks.push(...batch.map(({ input }) => `${input.name}`));
              await meanwhile.pop()?.();
            },
          },
        },
      });
      const { ours, theirs, define, stageOf } = await open(bench, [slow]);
      hooks.length = 0;
      meanwhile.push(() => define([stage("first"), stage("lead"), stage("offer"), stage("won", "won")]));
      expect(await stageOf(await ours.opportunities.create({ name: "A" }))).toBe("first");
      expect(hooks).toEqual(["A", "A"]);
      expect(await theirs.opportunities.count()).toBe(2);
      expect(await theirs.opportunityStageEntries.count()).toBe(2);
    }),
    crmFact("is read anew in a transaction of the caller's", async (bench) => {
      const { ours, define, stageOf } = await open(bench);
      await define([stage("first"), stage("lead"), stage("offer"), stage("won", "won")]);
      const created = await ours.transaction((tx) => tx.opportunities.create({ name: "A" }));
      expect(await stageOf(created)).toBe("first");
    }),
    crmFact("includes no row that a savepoint has changed since it was read", async (bench) => {
      const flip = definePlugin({
        id: "flip",
        services: (context) => ({
          there: (id: string) =>
            context.transaction(async (tx) => {
              await tx.accounts.get(id);
              await tx.transaction((inner) => inner.accounts.update(id, { name: "B" }));
              return tx.accounts.update(id, { name: "A" });
            }),
        }),
      });
      const { ours } = await open(bench, [flip]);
      const { id } = await ours.accounts.create({ name: "A" });
      const { there } = (ours as unknown as { readonly flip: { there(id: string): Promise<object> } }).flip;
      expect(await there(id)).toMatchObject({ name: "A", version: 3 });
      expect((await ours.accounts.history(id)).map(({ version }) => version)).toEqual([1, 2, 3]);
    }),
    crmFact("is nothing to do a call again for whose outcome nobody knows", async (bench) => {
      let isLost = false;
      let losing = false;
      let lost = 0;
      const storage = withFaults((await bench.options()).storage, {
        committed() {
          if (!losing) return;
          isLost = true;
          lost++;
          throw outcomeUnknown();
        },
        write() {
          if (isLost) throw new CrmError("guard_failed", "The stages are others now.", { details: { ids: [] } });
        },
      });
      const crm = await openDomain(bench, { storage });
      const { id } = await crm.opportunities.create({ name: "A" });
      await crm.opportunities.moveTo(id, "discovery");
      losing = true;
      expect((await refused(crm.opportunities.moveTo(id, "proposal"))).code).toBe("outcome_unknown");
      expect(lost).toBe(1);
      [losing, isLost] = [false, false];
      expect(await crm.opportunities.get(id)).toMatchObject({ version: 3, status: "open" });
      expect(await crm.opportunityStageEntries.count()).toBe(3);
    }),
    crmFact("is each tenant's own", async (bench) => {
      const { ours, theirs, stageOf } = await open(bench);
      const [one, other] = [ours.as({ tenantId: "one" }), ours.as({ tenantId: "other" })];
      const stages = [stage("hello"), stage("won", "won")];
      await one.pipelines.define({ key: "own", name: "Own", entityType: "opportunity", stages });
      const created = await one.opportunities.create({ name: "A" });
      expect((await theirs.as({ tenantId: "one" }).stages.get(created.stageId)).key).toBe("hello");
      const standard = await other.opportunities.create({ name: "A" });
      expect((await other.stages.get(standard.stageId)).key).toBe("qualification");
      expect(await stageOf(await ours.opportunities.create({ name: "A" }))).toBe("lead");
    }),
    crmFact("is refused by the database, and not by what was known, where a reference is broken", async (bench) => {
      const { ours, theirs } = await open(bench);
      const account = await theirs.accounts.create({ name: "Acme" });
      await theirs.accounts.archive(account.id);
      const create = (accountId: string) => ours.opportunities.create({ name: "A", accountId });
      const refusal = { entity: "opportunity", field: "accountId" };
      expect(await refused(create(account.id))).toEqual({ code: "reference_archived", ...refusal });
      const nobody = "019b0000-0000-7000-8000-000000000000";
      expect(await refused(create(nobody))).toEqual({ code: "reference_not_found", ...refusal });
      expect(await ours.opportunities.count()).toBe(1);
    }),
  ],
};
