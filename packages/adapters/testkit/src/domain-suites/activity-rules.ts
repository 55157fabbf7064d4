/** What holds for every activity, whoever writes it. */
import { expect } from "vitest";
import { refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain } from "./open-domain.ts";

const at = (time: string) => new Date(`2026-06-15T${time}:00Z`);
const now = new Date("2026-06-15T10:00:00Z");

export const activityRules: CrmSuite = {
  name: "the rules of activities",
  facts: [
    crmFact(
      "tasks, calls and meetings are to be done; notes, e-mails and messages are when they are written",
      async (bench) => {
        const crm = await openDomain(bench);
        const kinds = ["task", "call", "meeting", "email", "note", "message"] as const;
        const made = await crm.activities.createMany(kinds.map((kind) => ({ kind, subject: kind })));
        expect(made.map(({ kind, done, doneAt, channel }) => [kind, done, doneAt, channel])).toEqual([
          ["task", false, null, null],
          ["call", false, null, "phone"],
          ["meeting", false, null, null],
          ["email", true, now, "email"],
          ["note", true, now, null],
          ["message", true, now, null],
        ]);
      },
    ),
    crmFact("an e-mail that is due, or lies ahead, is still to be sent", async (bench) => {
      const crm = await openDomain(bench);
      const [due, ahead, sent] = await crm.activities.createMany([
        { kind: "email", subject: "Offer", dueAt: at("09:00") },
        { kind: "email", subject: "Reminder", startAt: at("11:00") },
        { kind: "email", subject: "Answer", startAt: at("08:00"), channel: "newsletter" },
      ]);
      expect([due!.done, ahead!.done, sent!.done, sent!.doneAt, sent!.channel]).toEqual([
        false,
        false,
        true,
        at("08:00"),
        "newsletter",
      ]);
    }),
    crmFact("end at or after their start", async (bench) => {
      const crm = await openDomain(bench);
      const wrong = { kind: "call", subject: "Call", startAt: at("09:00"), endAt: at("08:59") } as const;
      expect(await refusedDetails(crm.activities.create(wrong))).toMatchObject({
        entity: "activity",
        issues: [{ field: "endAt", code: "out_of_range" }],
      });
      const call = await crm.activities.create({ ...wrong, endAt: at("09:00") });
      expect(call.durationMinutes).toBe(0);
      expect((await refusedDetails(crm.activities.update(call.id, { startAt: at("10:00") }))).field).toBe("endAt");
      expect((await crm.activities.update(call.id, { startAt: at("10:00"), endAt: at("10:30") })).durationMinutes).toBe(
        30,
      );
    }),
    crmFact("name every input of a list that is wrong, and write none", async (bench) => {
      const crm = await openDomain(bench);
      const right = { kind: "call", subject: "Call" } as const;
      const wrong = { ...right, startAt: at("09:00"), endAt: at("08:00"), done: false, doneAt: now };
      const { issues } = await refusedDetails(crm.activities.createMany([right, wrong]));
      expect(issues!.map(({ field, index, code }) => [field, index, code])).toEqual([
        ["endAt", 1, "out_of_range"],
        ["doneAt", 1, "not_allowed"],
      ]);
      expect(await crm.activities.count()).toBe(0);
    }),
    crmFact("last from start to end, unless their minutes are given by hand", async (bench) => {
      const crm = await openDomain(bench);
      const { id, durationMinutes } = await crm.activities.create({
        kind: "meeting",
        subject: "Lunch",
        startAt: at("12:00"),
        endAt: at("13:30"),
      });
      expect(durationMinutes).toBe(90);
      const minutes = async (patch: Parameters<typeof crm.activities.update>[1]) =>
        (await crm.activities.update(id, patch)).durationMinutes;
      expect(await minutes({ endAt: at("13:00") })).toBe(60);
      expect(await minutes({ durationMinutes: 45 })).toBe(45);
      expect(await minutes({ endAt: at("14:00") })).toBe(45);
      expect(await minutes({ durationMinutes: null })).toBe(120);
      expect(await minutes({ endAt: null })).toBe(null);
    }),
    crmFact("say when they were done as long as they are", async (bench) => {
      const crm = await openDomain(bench);
      const { id } = await crm.activities.create({ kind: "task", subject: "Offer" });
      expect(await crm.activities.update(id, { done: true })).toMatchObject({ done: true, doneAt: now });
      bench.clock.set("2026-06-16T10:00:00Z");
      expect(await crm.activities.update(id, { subject: "The offer" })).toMatchObject({ done: true, doneAt: now });
      expect(await crm.activities.update(id, { done: false })).toMatchObject({ done: false, doneAt: null });
      expect(await crm.activities.update(id, { doneAt: at("08:00") })).toMatchObject({
        done: true,
        doneAt: at("08:00"),
      });
      expect((await refusedDetails(crm.activities.update(id, { doneAt: null }))).issues).toMatchObject([
        { field: "doneAt", code: "missing_field" },
      ]);
      expect((await refusedDetails(crm.activities.update(id, { done: false, doneAt: now }))).issues).toMatchObject([
        { field: "doneAt", code: "not_allowed" },
      ]);
    }),
    crmFact("are completed with what came of them", async (bench) => {
      const crm = await openDomain(bench);
      const { id } = await crm.activities.create({ kind: "call", subject: "Call" });
      const done = await crm.activities.complete(id, { outcome: "reached", doneAt: at("09:30") });
      expect(done).toMatchObject({ done: true, doneAt: at("09:30"), outcome: "reached", version: 2 });
      expect((await crm.activities.complete(id)).version).toBe(2);
      expect(await crm.activities.complete(id, { outcome: "no_answer" })).toMatchObject({
        doneAt: at("09:30"),
        outcome: "no_answer",
      });
    }),
    crmFact("refuse to be completed with what is nothing of theirs, or from a version that is over", async (bench) => {
      const crm = await openDomain(bench);
      const { id } = await crm.activities.create({ kind: "call", subject: "Call" });
      const odd = crm.activities.complete(id, { outcome: 1, doneAt: "today", more: 1 } as never);
      expect((await refusedDetails(odd)).issues!.map(({ field }) => field)).toEqual(["outcome", "doneAt", "more"]);
      await expect(crm.activities.complete(id, { version: 7 })).rejects.toMatchObject({ code: "stale_version" });
      await expect(crm.activities.complete("nothing")).rejects.toMatchObject({ code: "not_found" });
      expect((await crm.activities.get(id)).done).toBe(false);
    }),
    crmFact("are notes on a record of any entity", async (bench) => {
      const crm = await openDomain(bench);
      const { id } = await crm.projects.create({ name: "Kitchen" });
      await crm.users.create({ id: "ann", name: "Ann" });
      const body = `${"The sink is to be under the window. ".repeat(4)}\nSecond line`;
      const note = await crm.activities.addNote({ entityType: "project", id }, { body, ownerId: "ann" });
      expect(note).toMatchObject({ kind: "note", body, done: true, ownerId: "ann" });
      expect(note.subject).toBe(`${"The sink is to be under the window. ".repeat(4).slice(0, 99)}…`);
      await crm.activities.addNote({ entityType: "project", id }, { body: "b", subject: "Measures" });
      const { items } = await crm.activities.of({ entityType: "project", id });
      expect(items.map(({ subject }) => subject).sort()).toEqual(["Measures", note.subject]);
    }),
    crmFact("are no notes on what is not there, and without a text", async (bench) => {
      const crm = await openDomain(bench);
      const { id } = await crm.projects.create({ name: "Kitchen" });
      const theirs = crm.as({ tenantId: "other" }).activities.addNote({ entityType: "project", id }, { body: "b" });
      await expect(theirs).rejects.toMatchObject({ code: "reference_not_found", details: { field: "recordId" } });
      const empty = crm.activities.addNote({ entityType: "project", id }, { body: "", to: "x" } as never);
      expect((await refusedDetails(empty)).issues!.map(({ field }) => field)).toEqual(["body", "to"]);
      const record = crm.activities.addNote({ id } as never, { body: "b" });
      expect((await refusedDetails(record)).field).toBe("entityType");
      expect([await crm.activities.count(), await crm.as({ tenantId: "other" }).activities.count()]).toEqual([0, 0]);
    }),
    crmFact("are linked many at once, or none", async (bench) => {
      const crm = await openDomain(bench);
      const account = await crm.accounts.create({ name: "Acme" });
      const [one, two] = await crm.activities.createMany([
        { kind: "task", subject: "One" },
        { kind: "task", subject: "Two" },
      ]);
      const record = { entityType: "account", id: account.id };
      await crm.activities.link(one!.id, record);
      await crm.activities.linkMany([
        { id: one!.id, record },
        { id: two!.id, record },
        { id: two!.id, record },
      ]);
      expect(await crm.activityLinks.count()).toBe(2);
      const missing = { entityType: "contact", id: "019b7ca9-8f2e-7000-8000-000000000000" };
      const half = crm.activities.linkMany([
        { id: one!.id, record: { entityType: "activity", id: two!.id } },
        { id: one!.id, record: missing },
      ]);
      await expect(half).rejects.toMatchObject({ code: "reference_not_found", details: { reference: missing.id } });
      expect((await refusedDetails(crm.activities.linkMany([{ id: one!.id }] as never))).field).toBe("0.record");
      expect(await crm.activityLinks.count()).toBe(2);
    }),
  ],
};
