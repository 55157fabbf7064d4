import { expectTypeOf } from "vitest";
import { createCrm } from "../../crm.ts";
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { integer, money, text } from "../../kernel/entity/fields.ts";
import type { RecordOf } from "../../kernel/plugin/record-of.ts";
import type { StorageAdapter } from "../../kernel/storage/storage-adapter.ts";
import { guardStages } from "./guard-stages.ts";
import { defineStageEntry, pipelineFields } from "./pipeline-fields.ts";
import { pipelined } from "./pipelined.ts";

declare const storage: StorageAdapter;

const grant = defineEntity("grant", {
  plural: "grants",
  fields: { title: text(), amount: money().optional(), ...pipelineFields("grants") },
});
const grantStageEntry = defineStageEntry("grantStageEntry", { plural: "grantStageEntries", of: "grant" });
const grants = pipelined(grant, { stays: grantStageEntry });

// An entity without the fields of pipelines is none that goes through them.
const plain = defineEntity("plain", { plural: "plains", fields: { title: text() } });
// @ts-expect-error its fields are missing
pipelined(plain, { stays: grantStageEntry });

const crm = await createCrm({
  storage,
  entities: [grant, grantStageEntry],
  extend: { opportunity: { score: integer().optional() } },
  hooks: {
    grant: [
      grants.hooks,
      {
        // Guards see the records of their entity.
        after: (context, batch) =>
          guardStages(context, batch, [
            {
              stage: "submitted",
              async onEnter(entering) {
                expectTypeOf(entering[0]!.after.title).toEqualTypeOf<string>();
                expectTypeOf(entering[0]!.before?.stageId).toEqualTypeOf<string | undefined>();
                await context.grants.update(entering[0]!.after.id, { title: "x" });
              },
            },
          ]),
      },
    ],
  },
  events: grants.events,
  operations: (context) => ({ grant: grants.operations(context) }),
});

// What operations give is a record of the entity.
expectTypeOf(await crm.grants.moveTo("g", "submitted")).toEqualTypeOf<RecordOf<typeof crm, "grant">>();
await crm.grants.moveTo("g", "submitted", { set: { amount: { amount: "1", currency: "EUR" } }, version: 3 });
// @ts-expect-error an amount is no text
await crm.grants.moveTo("g", "submitted", { set: { amount: "1" } });
// @ts-expect-error a reason is a key
await crm.grants.moveTo("g", "rejected", { lostReason: 5 });
// Fields of the application's own are checked with the write.
await crm.opportunities.moveTo("o", "proposal", { set: { score: 5, nextStep: "Call" } });

// Of one, the record; of several, all of them.
expectTypeOf((await crm.grants.moveToPipeline("g", { pipeline: "p" })).title).toEqualTypeOf<string>();
expectTypeOf((await crm.grants.moveToPipeline(["g"], { pipeline: "p" })).length).toEqualTypeOf<number>();
await crm.opportunities.moveToPipeline({ where: { account: { industry: "steel" } } }, { pipeline: "p" });
// @ts-expect-error a title is a text
await crm.grants.moveToPipeline({ where: { title: 5 } }, { pipeline: "p" });

crm.on("grant.stage_changed", ({ data: { from, to } }) => {
  expectTypeOf(from?.stage).toEqualTypeOf<string | undefined>();
  expectTypeOf(to.outcome).toEqualTypeOf<"open" | "won" | "lost">();
});
