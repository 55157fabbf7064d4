/** What must hold for a record to enter a stage: required fields, lost reasons, guards. */
import { CrmError, createCrm, guardStages, text } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { lostReasonId, open, openDomain, pipelineOf, stageId } from "./open-domain.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });

/** "offered" needs an amount and a next step, and what is lost a reason. */
async function demanding(bench: CrmBench) {
  const crm = await openDomain(bench);
  await crm.lostReasons.createMany([
    { entityType: "opportunity", key: "price", name: "Price" },
    { entityType: "opportunity", key: "other", name: "Other", needsNote: true },
  ]);
  await crm.pipelines.define(
    pipelineOf({
      stages: [
        open("due", "40"),
        open("offered", "60", { requiredFields: ["amount", "nextStep"] }),
        { key: "renewed", name: "Renewed", outcome: "won" },
        { key: "ended", name: "Ended", outcome: "lost", requiredFields: ["lostReasonId"] },
      ],
    }),
  );
  return { crm, deal: await crm.opportunities.create({ name: "Rollout" }) };
}

export const requiredFields: CrmSuite = {
  name: "required fields of stages",
  facts: [
    crmFact("refuse a move, naming all that are missing, and change nothing", async (bench) => {
      const { crm, deal } = await demanding(bench);
      const { issues } = await refusedDetails(crm.opportunities.moveTo(deal.id, "offered"));
      expect(issues).toEqual([
        { field: "amount", code: "missing_field", message: "is required to enter offered" },
        { field: "nextStep", code: "missing_field", message: "is required to enter offered" },
      ]);
      expect(await crm.opportunities.get(deal.id)).toEqual(deal);
      expect(await crm.opportunityStageEntries.count()).toBe(1);
    }),
    crmFact("may come with the move, and are written by it", async (bench) => {
      const { crm, deal } = await demanding(bench);
      await crm.opportunities.update(deal.id, { nextStep: "Call" });
      const moved = await crm.opportunities.moveTo(deal.id, "offered", { set: { amount: eur("5.00") } });
      expect(moved).toMatchObject({ amount: eur("5.00"), nextStep: "Call", probability: "60", version: 3 });
    }),
    crmFact("may be derived from what the move brings", async (bench) => {
      const { crm, deal } = await demanding(bench);
      const set = { recurringAmount: eur("10.00"), recurringInterval: "month", nextStep: "Call" } as const;
      expect(await crm.opportunities.moveTo(deal.id, "offered", { set })).toMatchObject({ amount: eur("120.00") });
    }),
    crmFact("are not there when they are empty or cleared by the move; 0 is a value", async (bench) => {
      const { crm, deal } = await demanding(bench);
      const full = { amount: eur("0.00"), nextStep: "Call" };
      for (const set of [
        { ...full, amount: null },
        { ...full, nextStep: "" },
      ]) {
        const { issues } = await refusedDetails(crm.opportunities.moveTo(deal.id, "offered", { set }));
        expect(issues).toHaveLength(1);
      }
      expect(await crm.opportunities.moveTo(deal.id, "offered", { set: full })).toMatchObject(full);
    }),
    crmFact("are asked of what is created in the stage", async (bench) => {
      const { crm } = await demanding(bench);
      const offered = await stageId(crm, "offered", "renewals");
      const create = crm.opportunities.createMany([
        { name: "Full", stageId: offered, amount: eur("1.00"), nextStep: "Call" },
        { name: "Half", stageId: offered, amount: eur("1.00") },
      ]);
      expect((await refusedDetails(create)).issues).toEqual([
        { field: "nextStep", code: "missing_field", message: "is required to enter offered", index: 1 },
      ]);
      expect(await crm.opportunities.count()).toBe(1);
    }),
    crmFact("are not asked of what is in the stage already", async (bench) => {
      const { crm, deal } = await demanding(bench);
      const set = { amount: eur("5.00"), nextStep: "Call" };
      await crm.opportunities.moveTo(deal.id, "offered", { set });
      expect(await crm.opportunities.update(deal.id, { nextStep: null })).toMatchObject({ nextStep: null });
      expect(await crm.opportunities.moveTo(deal.id, "offered")).toMatchObject({ version: 3 });
    }),
    crmFact("of many moves are told by the place of each, among moves that change nothing", async (bench) => {
      const { crm, deal } = await demanding(bench);
      const [full, half] = await crm.opportunities.createMany([
        { name: "Full", amount: eur("1.00"), nextStep: "Call" },
        { name: "Half", amount: eur("1.00") },
      ]);
      const moves = [
        { id: deal.id, stage: "due" },
        { id: full!.id, stage: "offered" },
        { id: half!.id, stage: "offered" },
      ];
      const { issues } = await refusedDetails(crm.opportunities.moveMany(moves));
      expect(issues).toEqual([
        { field: "nextStep", code: "missing_field", message: "is required to enter offered", index: 2 },
      ]);
      expect(await crm.opportunityStageEntries.count()).toBe(3);
    }),
    crmFact("that a move brings are checked like any others", async (bench) => {
      const { crm, deal } = await demanding(bench);
      const issueOf = async (set: object) => {
        const { issues } = await refusedDetails(crm.opportunities.moveTo(deal.id, "renewed", { set } as never));
        return `${issues?.[0]?.field} ${issues?.[0]?.code}`;
      };
      expect(await issueOf({ amount: "5" })).toBe("amount invalid_type");
      expect(await issueOf({ amuont: eur("5.00") })).toBe("amuont unknown_field");
      expect(await issueOf({ status: "open" })).toBe("status read_only_field");
      expect(await issueOf({ stageId: deal.stageId })).toBe("stageId read_only_field");
      expect(await issueOf({ id: deal.id })).toBe("id read_only_field");
      expect(await issueOf({ version: 7 })).toBe("version read_only_field");
      expect(await issueOf({ createdAt: new Date(0) })).toBe("createdAt read_only_field");
      const many = [
        { id: deal.id, stage: "renewed", set: { nextStep: "Call" } },
        { id: (await crm.opportunities.create({ name: "Other" })).id, stage: "renewed", set: { amount: "5" } },
      ];
      const { issues } = await refusedDetails(crm.opportunities.moveMany(many as never));
      expect(issues).toMatchObject([{ field: "amount", index: 1 }]);
      expect(await crm.opportunities.get(deal.id)).toEqual(deal);
    }),
    crmFact("may be fields of extensions", async (bench) => {
      const crm = await createCrm({
        ...(await bench.options()),
        extend: { opportunity: { region: text().optional() } },
      });
      await crm.pipelines.define(
        pipelineOf({ stages: [open("due", "40"), open("offered", "60", { requiredFields: ["region"] })] }),
      );
      const deal = await crm.opportunities.create({ name: "Rollout" });
      expect((await refusedDetails(crm.opportunities.moveTo(deal.id, "offered"))).field).toBe("region");
      await crm.opportunities.moveTo(deal.id, "offered", { set: { region: "north" } });
      expect(await crm.opportunities.get(deal.id)).toMatchObject({ region: "north", probability: "60" });
    }),
  ],
};

export const lostReasons: CrmSuite = {
  name: "lost reasons",
  facts: [
    crmFact("come with the standard pipeline, one list for each tenant", async (bench) => {
      const crm = await openDomain(bench);
      await crm.opportunities.create({ name: "Rollout" });
      const { items } = await crm.lostReasons.list({ orderBy: [{ position: "asc" }] });
      expect(items.map(({ key, entityType, needsNote }) => `${entityType} ${key}${needsNote ? "*" : ""}`)).toEqual([
        "opportunity price",
        "opportunity competitor",
        "opportunity no_budget",
        "opportunity no_decision",
        "opportunity timing",
        "opportunity other*",
      ]);
      expect(await crm.as({ tenantId: "other" }).lostReasons.count()).toBe(0);
    }),
    crmFact("leave alone what the application has made before", async (bench) => {
      const crm = await openDomain(bench);
      await crm.lostReasons.create({ entityType: "opportunity", key: "own", name: "Own" });
      await crm.opportunities.create({ name: "Rollout" });
      expect((await crm.lostReasons.list()).items.map(({ key }) => key)).toEqual(["own"]);
    }),
    crmFact("are demanded where the stage requires one", async (bench) => {
      const { crm, deal } = await demanding(bench);
      const { issues } = await refusedDetails(crm.opportunities.moveTo(deal.id, "ended"));
      expect(issues).toEqual([
        { field: "lostReasonId", code: "missing_field", message: "is required to enter ended: give lostReason" },
      ]);
      const lost = await crm.opportunities.moveTo(deal.id, "ended", { lostReason: "price" });
      expect(lost).toMatchObject({ status: "lost", lostReasonId: await lostReasonId(crm, "price"), lostNote: null });
    }),
    crmFact("are refused when they are not in the list, which is told", async (bench) => {
      const { crm, deal } = await demanding(bench);
      const { issues } = await refusedDetails(crm.opportunities.moveTo(deal.id, "ended", { lostReason: "weather" }));
      expect(issues).toEqual([
        {
          field: "lostReason",
          code: "not_allowed",
          message: 'is "weather", which is no reason of the list; those are price, other',
        },
      ]);
      expect(await crm.opportunities.get(deal.id)).toEqual(deal);
    }),
    crmFact("are refused when they are archived, or of another entity or tenant", async (bench) => {
      const { crm, deal } = await demanding(bench);
      await crm.lostReasons.archive(await lostReasonId(crm, "price"));
      await crm.lostReasons.create({ entityType: "project", key: "bored", name: "Bored" });
      await crm
        .as({ tenantId: "other" })
        .lostReasons.create({ entityType: "opportunity", key: "theirs", name: "Theirs" });
      for (const lostReason of ["price", "bored", "theirs"]) {
        const { issues } = await refusedDetails(crm.opportunities.moveTo(deal.id, "ended", { lostReason }));
        expect(issues).toMatchObject([{ field: "lostReason", code: "not_allowed" }]);
        expect(issues![0]!.message).toContain("those are other");
      }
    }),
    crmFact("may need a note", async (bench) => {
      const { crm, deal } = await demanding(bench);
      for (const lostNote of [undefined, "", "  "]) {
        const options = { lostReason: "other", ...(lostNote === undefined ? {} : { lostNote }) };
        const { issues } = await refusedDetails(crm.opportunities.moveTo(deal.id, "ended", options));
        expect(issues).toEqual([
          { field: "lostNote", code: "missing_field", message: "is required: the reason other needs it" },
        ]);
      }
      const lost = await crm.opportunities.moveTo(deal.id, "ended", { lostReason: "other", lostNote: "Moved abroad" });
      expect(lost).toMatchObject({ lostNote: "Moved abroad", lostReasonId: await lostReasonId(crm, "other") });
    }),
    crmFact("keep the note that they need when they are corrected", async (bench) => {
      const { crm, deal } = await demanding(bench);
      await crm.opportunities.moveTo(deal.id, "ended", { lostReason: "other", lostNote: "Moved abroad" });
      expect((await refusedDetails(crm.opportunities.moveTo(deal.id, "ended", { lostNote: "" }))).field).toBe(
        "lostNote",
      );
      const corrected = await crm.opportunities.moveTo(deal.id, "ended", { lostNote: "Moved to Mars" });
      expect(corrected).toMatchObject({ lostNote: "Moved to Mars", lostReasonId: await lostReasonId(crm, "other") });
      const priced = await crm.opportunities.moveTo(deal.id, "ended", { lostReason: "price", lostNote: "" });
      expect(priced).toMatchObject({ lostNote: "", lostReasonId: await lostReasonId(crm, "price") });
    }),
    crmFact("and notes are refused for a stage that is not lost", async (bench) => {
      const { crm, deal } = await demanding(bench);
      const options = { lostReason: "price", lostNote: "So dear", closeDate: "2026-06-01" };
      const { issues } = await refusedDetails(crm.opportunities.moveTo(deal.id, "renewed", options));
      expect(issues?.map(({ field, code }) => `${field} ${code}`)).toEqual([
        "closeDate out_of_range",
        "lostReason out_of_range",
        "lostNote out_of_range",
      ]);
    }),
    crmFact("are told by the place of each of many moves, everything that is wrong at once", async (bench) => {
      const { crm, deal } = await demanding(bench);
      const other = await crm.opportunities.create({ name: "Other" });
      const { issues } = await refusedDetails(
        crm.opportunities.moveMany([
          { id: deal.id, stage: "ended", lostReason: "weather" },
          { id: other.id, stage: "renewed", closeDate: "2030-01-01" },
        ]),
      );
      expect(issues?.map(({ field, index }) => `${field} ${index}`)).toEqual(["lostReason 0", "closeDate 1"]);
    }),
    crmFact("go with reopening, and stay in history", async (bench) => {
      const { crm, deal } = await demanding(bench);
      await crm.opportunities.moveTo(deal.id, "ended", { lostReason: "other", lostNote: "Moved abroad" });
      bench.clock.set("2026-06-16T10:00:00Z");
      expect(await crm.opportunities.moveTo(deal.id, "due")).toMatchObject({
        status: "open",
        actualCloseDate: null,
        lostReasonId: null,
        lostNote: null,
      });
      const then = await crm.asOf(new Date("2026-06-15T12:00:00Z")).opportunities.get(deal.id);
      expect(then).toMatchObject({ status: "lost", actualCloseDate: "2026-06-15", lostNote: "Moved abroad" });
    }),
  ],
};

/** Remembers what its guards have seen, and refuses the proposal of what is called "Stop". */
async function guarded(bench: CrmBench) {
  const seen: string[] = [];
  const names = (batch: readonly { readonly after: { readonly name: string } }[]) =>
    batch.map(({ after }) => after.name).join("+");
  const reviews = () =>
    definePlugin({
      id: "reviews",
      hooks: {
        opportunity: {
          after: (context, batch) =>
            guardStages(context, batch, [
              {
                pipeline: "sales",
                stage: "proposal",
                async onEnter(entering) {
                  seen.push(`enter ${names(entering)} from ${entering[0]!.before ? "elsewhere" : "nowhere"}`);
                  if (entering.some(({ after }) => after.name === "Stop"))
                    throw new CrmError("not_reviewed", "The proposal has not been reviewed.");
                  await context.opportunities.updateMany(
                    entering.map(({ after }) => ({ id: after.id, nextStep: "Review" })),
                  );
                },
                onLeave: (leaving) => void seen.push(`leave ${names(leaving)}`),
              },
              { stage: "won", onEnter: (entering) => void seen.push(`won ${names(entering)}`) },
            ]),
        },
      },
    });
  return { seen, crm: await createCrm({ ...(await bench.options()), plugins: [reviews()] }) };
}

export const guards: CrmSuite = {
  name: "stage guards",
  facts: [
    crmFact("see all records of a write at once, and may write themselves", async (bench) => {
      const { crm, seen } = await guarded(bench);
      const [a, b, c] = await crm.opportunities.createMany([{ name: "A" }, { name: "B" }, { name: "C" }]);
      await crm.opportunities.moveMany([
        { id: a!.id, stage: "proposal" },
        { id: b!.id, stage: "proposal" },
        { id: c!.id, stage: "won" },
      ]);
      expect(seen).toEqual(["enter A+B from elsewhere", "won C"]);
      expect(await crm.opportunities.get(a!.id)).toMatchObject({ nextStep: "Review" });
      await crm.opportunities.moveTo(a!.id, "negotiation");
      await crm.opportunities.update(b!.id, { name: "B2" });
      expect(seen).toEqual(["enter A+B from elsewhere", "won C", "leave A"]);
    }),
    crmFact("refuse the whole write by throwing", async (bench) => {
      const { crm } = await guarded(bench);
      const [a, stop] = await crm.opportunities.createMany([{ name: "A" }, { name: "Stop" }]);
      const moves = [a!, stop!].map(({ id }) => ({ id, stage: "proposal" }));
      expect((await refused(crm.opportunities.moveMany(moves))).code).toBe("not_reviewed");
      expect(await crm.opportunities.count({ where: { version: 1 } })).toBe(2);
      expect(await crm.opportunityStageEntries.count()).toBe(2);
      expect(await crm.opportunities.validate({ update: { id: a!.id, name: "Stop" } })).toEqual({ ok: true });
    }),
    crmFact("see what is created in their stage", async (bench) => {
      const { crm, seen } = await guarded(bench);
      await crm.opportunities.create({ name: "A" });
      const { id } = (await crm.stages.find({ where: { key: "proposal" } }))!;
      expect((await refused(crm.opportunities.create({ name: "Stop", stageId: id }))).code).toBe("not_reviewed");
      await crm.opportunities.create({ name: "B", stageId: id });
      expect(seen).toEqual(["enter Stop from nowhere", "enter B from nowhere"]);
      expect(await crm.opportunities.count()).toBe(2);
    }),
    crmFact("of one pipeline do not see another one's stage of the same key", async (bench) => {
      const { crm, seen } = await guarded(bench);
      await crm.pipelines.define(
        pipelineOf({
          key: "other",
          stages: [open("new", "5"), open("proposal", "50"), { key: "won", name: "Won", outcome: "won" }],
        }),
      );
      const deal = await crm.opportunities.create({ name: "Stop" });
      await crm.opportunities.moveTo(deal.id, "proposal");
      await crm.opportunities.moveTo(deal.id, "won");
      expect(seen).toEqual(["won Stop"]);
    }),
    crmFact("are asked after the required fields", async (bench) => {
      const { crm, seen } = await guarded(bench);
      await crm.pipelines.define(
        pipelineOf({
          key: "sales",
          stages: [open("new", "5"), open("proposal", "50", { requiredFields: ["amount"] })],
        }),
      );
      const deal = await crm.opportunities.create({ name: "A" });
      expect((await refusedDetails(crm.opportunities.moveTo(deal.id, "proposal"))).field).toBe("amount");
      expect(seen).toEqual([]);
    }),
  ],
};
