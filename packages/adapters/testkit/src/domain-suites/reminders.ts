/** activities.remind: what is due to be told, as a durable event, once. */
import { createCrm } from "@relata/core";
import { expect } from "vitest";
import { refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";

const at = (time: string) => new Date(`2026-06-15T${time}:00Z`);

/** Keeps what the durable event tells, and who was told it for which tenant. */
async function listening(bench: CrmBench) {
  const told: string[] = [];
  const crm = await createCrm({
    ...(await bench.options()),
    subscribers: {
      reminders: {
        on: ["activity.reminder_due"],
        async deliver(context, { recordId, tenantId, data }) {
          const { subject } = await context.activities.get(recordId);
          told.push(`${tenantId} ${subject} ${data.remindAt} ${data.ownerId ?? "-"} ${data.dueAt ?? "-"}`);
        },
      },
    },
  });
  const heard = async () => {
    await crm.eventDeliveries.drain();
    return told.splice(0).sort();
  };
  return { crm, heard };
}

export const reminders: CrmSuite = {
  name: "reminders",
  facts: [
    crmFact("are announced when their time has come: the owner, the instant and by when it is due", async (bench) => {
      const { crm, heard } = await listening(bench);
      await crm.users.create({ id: "ann", name: "Ann" });
      await crm.activities.createMany([
        { kind: "task", subject: "Offer", remindAt: at("10:00"), dueAt: at("12:00"), ownerId: "ann" },
        { kind: "task", subject: "Visit", remindAt: at("09:59") },
        { kind: "task", subject: "Later", remindAt: at("10:01") },
        { kind: "task", subject: "Done", remindAt: at("09:00"), done: true },
        { kind: "task", subject: "Without", dueAt: at("09:00") },
      ]);
      expect(await crm.activities.remind()).toEqual({ announced: 2, more: false });
      expect(await heard()).toEqual([
        "default Offer 2026-06-15T10:00:00.000Z ann 2026-06-15T12:00:00.000Z",
        "default Visit 2026-06-15T09:59:00.000Z - -",
      ]);
      const offer = await crm.activities.find({ where: { subject: "Offer" } });
      expect(offer!.remindedAt).toEqual(at("10:00"));
    }),
    crmFact("are announced once, and again when they are set to another instant", async (bench) => {
      const { crm, heard } = await listening(bench);
      const { id } = await crm.activities.create({ kind: "task", subject: "Offer", remindAt: at("09:00") });
      expect((await crm.activities.remind()).announced).toBe(1);
      expect((await crm.activities.remind()).announced).toBe(0);
      await crm.activities.update(id, { remindAt: at("09:00"), subject: "The offer" });
      expect((await crm.activities.remind()).announced).toBe(0);
      expect(await crm.activities.update(id, { remindAt: at("11:00") })).toMatchObject({ remindedAt: null });
      expect((await crm.activities.remind()).announced).toBe(0);
      bench.clock.set("2026-06-15T11:00:00Z");
      expect((await crm.activities.remind()).announced).toBe(1);
      expect(await heard()).toEqual([
        "default The offer 2026-06-15T09:00:00.000Z - -",
        "default The offer 2026-06-15T11:00:00.000Z - -",
      ]);
    }),
    crmFact("are announced ahead of time where that is asked for", async (bench) => {
      const { crm } = await listening(bench);
      await crm.activities.create({ kind: "task", subject: "Offer", remindAt: at("12:00") });
      expect((await crm.activities.remind({ until: at("11:59") })).announced).toBe(0);
      expect((await crm.activities.remind({ until: at("12:00") })).announced).toBe(1);
    }),
    crmFact("come in batches up to a limit, the earliest first, and say whether there are more", async (bench) => {
      const { crm, heard } = await listening(bench);
      await crm.activities.createMany(
        Array.from({ length: 1_203 }, (_, i) => ({
          kind: "task" as const,
          subject: `t${i}`,
          remindAt: new Date(at("08:00").getTime() + i),
        })),
      );
      expect(await crm.activities.remind({ limit: 2 })).toEqual({ announced: 2, more: true });
      expect((await heard()).map((line) => line.split(" ")[1])).toEqual(["t0", "t1"]);
      expect(await crm.activities.remind()).toEqual({ announced: 1_201, more: false });
      expect(await crm.activities.count({ where: { remindedAt: null } })).toBe(0);
      expect(await crm.eventDeliveries.count()).toBe(1_201);
    }),
    crmFact("are shared by calls at the same time: each is announced once", async (bench) => {
      const { crm, heard } = await listening(bench);
      await crm.activities.createMany(
        Array.from({ length: 30 }, (_, i) => ({ kind: "task" as const, subject: `t${i}`, remindAt: at("09:00") })),
      );
      const calls = await Promise.all(Array.from({ length: 4 }, () => crm.activities.remind({ limit: 10 })));
      expect(calls.map(({ announced }) => announced).sort()).toEqual([0, 10, 10, 10]);
      const lines = await heard();
      expect([lines.length, new Set(lines).size]).toEqual([30, 30]);
    }),
    crmFact("are those of one tenant", async (bench) => {
      const { crm, heard } = await listening(bench);
      for (const tenantId of ["one", "two"])
        await crm.as({ tenantId }).activities.create({ kind: "task", subject: tenantId, remindAt: at("09:00") });
      expect((await crm.as({ tenantId: "one" }).activities.remind()).announced).toBe(1);
      expect(await heard()).toEqual(["one one 2026-06-15T09:00:00.000Z - -"]);
    }),
    crmFact("that are undone with their unit were never announced", async (bench) => {
      const { crm, heard } = await listening(bench);
      await crm.activities.create({ kind: "task", subject: "Offer", remindAt: at("09:00") });
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        expect((await tx.activities.remind()).announced).toBe(1);
        throw undone;
      });
      await expect(unit).rejects.toBe(undone);
      expect(await heard()).toEqual([]);
      expect((await crm.activities.remind()).announced).toBe(1);
    }),
    crmFact("that are archived are not announced", async (bench) => {
      const { crm } = await listening(bench);
      const { id } = await crm.activities.create({ kind: "task", subject: "Offer", remindAt: at("09:00") });
      await crm.activities.archive(id);
      expect((await crm.activities.remind()).announced).toBe(0);
    }),
    crmFact("refuse odd options, a write by hand, and the past", async (bench) => {
      const { crm } = await listening(bench);
      const odd = crm.activities.remind({ until: "now", limit: 0, more: 1 } as never);
      expect((await refusedDetails(odd)).issues!.map(({ field }) => field)).toEqual(["until", "limit", "more"]);
      const forged = crm.activities.create({ kind: "task", subject: "x", remindedAt: at("09:00") } as never);
      expect((await refusedDetails(forged)).issues).toMatchObject([{ field: "remindedAt", code: "read_only_field" }]);
      await crm.activities.create({ kind: "task", subject: "Offer", remindAt: at("09:00") });
      await expect(crm.asOf(at("10:00")).activities.remind()).rejects.toMatchObject({ code: "past_is_read_only" });
    }),
  ],
};
