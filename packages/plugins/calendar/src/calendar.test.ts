import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { type CrmWith, testPlugin } from "@relata/testkit";
import { expect, it, onTestFinished } from "vitest";
import { type Calendar, calendar } from "./calendar.ts";

type Crm = CrmWith<Calendar>;

const at = (time: string) => new Date(`2026-${time}Z`);
const task = { kind: "task", subject: "Report", ownerId: "ann" } as const;

/** "06-02 07:00": by when each open one is due, or when it starts, in UTC. */
async function open(crm: Pick<Crm, "activities">): Promise<readonly string[]> {
  const { items } = await crm.activities.list({ where: { done: false }, orderBy: [{ timelineAt: "asc" }], limit: 100 });
  return items.map(({ startAt, dueAt }) => (startAt ?? dueAt)!.toISOString().slice(5, 16).replace("T", " "));
}

async function completeOpen(crm: Pick<Crm, "activities">): Promise<void> {
  const found = await crm.activities.find({ where: { done: false }, orderBy: [{ timelineAt: "asc" }] });
  await crm.activities.complete(found!.id);
}

const folderOf = (after: (cleanUp: () => unknown) => void) => {
  const folder = mkdtempSync(join(tmpdir(), "relata-calendar-"));
  after(() => rmSync(folder, { recursive: true }));
  return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
};

testPlugin("calendar", {
  plugin: () => calendar(),
  storages: [
    { name: "memory", open: () => memory() },
    { name: "sqlite", open: folderOf, durable: true },
    { name: "postgres", open: leasedSchemas(postgres), durable: true },
  ],
  populate: async (crm, { word }) => {
    await crm.activities.create({
      kind: "task",
      subject: `${word} recurring`,
      dueAt: at("06-01T07:00:00"),
      recurrence: "FREQ=DAILY",
    });
  },
  probes: {
    "calendar.occurrences": (crm, ids) => [
      () => crm.calendar.occurrences(ids.activity!, { from: at("06-01T00:00:00"), to: at("06-08T00:00:00") }),
    ],
    "calendar.ics": (crm, ids) => [
      () => crm.calendar.ics({ from: new Date(0), to: at("12-01T00:00:00"), ownerId: ids.user! }),
      () => crm.calendar.ics({ from: new Date(0), to: at("12-01T00:00:00"), where: { accountId: ids.account! } }),
    ],
  },
  facts: {
    "makes the next one when one is done, at the same time of the owner's clock": async ({ open: openCrm, clock }) => {
      const crm = await openCrm();
      await crm.users.create({ id: "ann", name: "Ann", timeZone: "Europe/Berlin" });
      clock.set("2026-03-27T09:00:00Z");
      await crm.activities.create({
        ...task,
        dueAt: at("03-27T08:00:00"),
        remindAt: at("03-27T07:30:00"),
        recurrence: "FREQ=DAILY",
      });
      await completeOpen(crm);
      expect(await open(crm)).toEqual(["03-28 08:00"]);
      clock.set("2026-03-28T09:00:00Z");
      await completeOpen(crm);
      expect(await open(crm)).toEqual(["03-29 07:00"]);
      const next = await crm.activities.find({ where: { done: false } });
      expect(next).toMatchObject({
        subject: "Report",
        ownerId: "ann",
        remindAt: at("03-29T06:30:00"),
        recurrence: "FREQ=DAILY",
        doneAt: null,
        outcome: null,
      });
    },
    "keeps 02:30 where clocks skip it once": async ({ open: openCrm, clock }) => {
      const crm = await openCrm();
      await crm.settings.change({ timeZone: "Europe/Berlin" });
      clock.set("2026-03-27T00:00:00Z");
      await crm.activities.create({
        kind: "task",
        subject: "Backup",
        dueAt: at("03-28T01:30:00"),
        recurrence: "FREQ=DAILY",
      });
      const seen: string[] = [];
      for (let i = 0; i < 3; i++) {
        await completeOpen(crm);
        seen.push(...(await open(crm)));
      }
      expect(seen).toEqual(["03-29 01:30", "03-30 00:30", "03-31 00:30"]);
    },
    "moves to the wall of the owner's new time zone": async ({ open: openCrm, clock }) => {
      const crm = await openCrm();
      await crm.users.create({ id: "ann", name: "Ann", timeZone: "Europe/Berlin" });
      clock.set("2026-06-01T08:00:00Z");
      await crm.activities.create({ ...task, dueAt: at("06-01T07:00:00"), recurrence: "FREQ=DAILY" });
      await crm.users.update("ann", { timeZone: "America/New_York" });
      await completeOpen(crm);
      expect(await open(crm)).toEqual(["06-02 13:00"]);
    },
    "passes over what was missed, or keeps it": async ({ options, clock }) => {
      for (const [missed, next] of [
        ["skip", "06-06 07:00"],
        ["keep", "06-02 07:00"],
      ] as const) {
        const crm = await createCrm({ ...(await options()), plugins: [calendar({ missed })] });
        clock.set("2026-06-01T06:00:00Z");
        await crm.activities.create({
          kind: "task",
          subject: "x",
          dueAt: at("06-01T07:00:00"),
          recurrence: "FREQ=DAILY",
        });
        clock.set("2026-06-05T12:00:00Z");
        await completeOpen(crm);
        expect(await open(crm)).toEqual([next]);
      }
    },
    "makes one next, however many complete it, undo it and complete it again": async ({ open: openCrm }) => {
      const crm = await openCrm();
      const { id } = await crm.activities.create({
        kind: "task",
        subject: "x",
        dueAt: at("06-16T07:00:00"),
        recurrence: "FREQ=DAILY",
      });
      await Promise.all(Array.from({ length: 8 }, () => crm.activities.complete(id)));
      expect(await open(crm)).toEqual(["06-17 07:00"]);
      await crm.activities.update(id, { done: false });
      await crm.activities.complete(id, { outcome: "again" });
      await crm.activities.update(id, { subject: "y" });
      expect(await open(crm)).toEqual(["06-17 07:00"]);
      expect(await crm.activities.count()).toBe(2);
    },
    "makes the next one with what it follows, or not at all": async ({ open: openCrm }) => {
      const crm = await openCrm();
      const { id } = await crm.activities.create({
        kind: "task",
        subject: "x",
        dueAt: at("06-16T07:00:00"),
        recurrence: "FREQ=DAILY",
      });
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.activities.complete(id);
        expect(await open(tx)).toEqual(["06-17 07:00"]);
        throw undone;
      });
      await expect(unit).rejects.toBe(undone);
      expect([await open(crm), await crm.activities.count()]).toEqual([["06-16 07:00"], 1]);
    },
    "ends with its COUNT or UNTIL, and leaves out EXDATE": async ({ open: openCrm, clock }) => {
      const crm = await openCrm();
      clock.set("2026-06-01T00:00:00Z");
      for (const [recurrence, dates] of [
        ["FREQ=DAILY;COUNT=3", ["06-02 07:00", "06-03 07:00"]],
        ["FREQ=WEEKLY;UNTIL=20260615", ["06-08 07:00", "06-15 07:00"]],
        ["FREQ=DAILY;COUNT=4\nEXDATE:20260602,20260604T070000Z", ["06-03 07:00"]],
      ] as const) {
        await crm.activities.create({ kind: "task", subject: "x", dueAt: at("06-01T07:00:00"), recurrence });
        const seen: string[] = [];
        for (;;) {
          await completeOpen(crm);
          const left = await open(crm);
          if (left.length === 0) break;
          seen.push(...left);
        }
        expect(seen).toEqual(dates);
      }
    },
    "stays in its rhythm when one is held at another time, and starts anew with the rule given along": async ({
      open: openCrm,
      clock,
    }) => {
      const crm = await openCrm();
      clock.set("2026-06-01T00:00:00Z");
      const recurrence = "FREQ=WEEKLY;COUNT=3";
      const { id } = await crm.activities.create({
        kind: "task",
        subject: "x",
        dueAt: at("06-01T07:00:00"),
        recurrence,
      });
      await crm.activities.update(id, { dueAt: at("06-03T15:00:00") });
      await crm.activities.complete(id);
      expect(await open(crm)).toEqual(["06-08 07:00"]);
      const second = await crm.activities.find({ where: { done: false } });
      expect(second).toMatchObject({ seriesId: id, occurrence: "2026-06-08T07:00:00" });
      await crm.activities.update(second!.id, { dueAt: at("06-09T07:00:00"), recurrence });
      await completeOpen(crm);
      await completeOpen(crm);
      expect(await open(crm)).toEqual(["06-23 07:00"]);
      await completeOpen(crm);
      expect(await open(crm)).toEqual([]);
    },
    "takes along who takes part and what it is tied to, but for what is archived": async ({ open: openCrm, clock }) => {
      const crm = await openCrm();
      clock.set("2026-06-01T00:00:00Z");
      await crm.users.create({ id: "ann", name: "Ann" });
      const account = await crm.accounts.create({ name: "Acme" });
      const [stays, leaves] = await crm.contacts.createMany([{ givenName: "Stays" }, { givenName: "Leaves" }]);
      const { id } = await crm.activities.create({
        ...task,
        kind: "meeting",
        startAt: at("06-01T07:00:00"),
        endAt: at("06-01T08:30:00"),
        location: "Room 1",
        accountId: account.id,
        contactId: stays!.id,
        recurrence: "FREQ=WEEKLY",
      });
      await crm.activities.addParticipants(id, [
        { contactId: stays!.id, response: "accepted" },
        { contactId: leaves!.id },
        { address: "guest@x.test", role: "cc" },
      ]);
      await crm.activities.link(id, { entityType: "account", id: account.id });
      await crm.contacts.archive(leaves!.id);
      await crm.accounts.archive(account.id);
      await crm.users.archive("ann");
      await crm.activities.complete(id);
      const next = await crm.activities.find({
        where: { done: false },
        include: { participants: { orderBy: [{ role: "asc" }] }, links: true },
      });
      expect(next).toMatchObject({
        startAt: at("06-08T07:00:00"),
        endAt: at("06-08T08:30:00"),
        durationMinutes: 90,
        location: "Room 1",
        ownerId: null,
        accountId: null,
        contactId: stays!.id,
        participants: [
          { contactId: stays!.id, role: "attendee", response: null },
          { address: "guest@x.test", role: "cc" },
        ],
      });
    },
    "follows many that are done at once": async ({ open: openCrm, clock }) => {
      const crm = await openCrm();
      clock.set("2026-06-01T00:00:00Z");
      const made = await crm.activities.createMany(
        Array.from({ length: 60 }, (_, i) => ({
          kind: "task" as const,
          subject: `t${i}`,
          dueAt: at("06-01T07:00:00"),
          recurrence: "FREQ=DAILY",
        })),
      );
      await crm.activities.updateMany(made.map(({ id }) => ({ id, done: true })));
      expect(await crm.activities.count({ where: { done: false, dueAt: at("06-02T07:00:00") } })).toBe(60);
    },
    "goes on when the first one is deleted, and stops when the rule is taken away": async ({
      open: openCrm,
      clock,
    }) => {
      const crm = await openCrm();
      clock.set("2026-06-01T00:00:00Z");
      const { id } = await crm.activities.create({
        kind: "task",
        subject: "x",
        dueAt: at("06-01T07:00:00"),
        recurrence: "FREQ=DAILY;COUNT=9",
      });
      await completeOpen(crm);
      await crm.activities.delete(id);
      await completeOpen(crm);
      expect(await open(crm)).toEqual(["06-03 07:00"]);
      const last = await crm.activities.find({ where: { done: false } });
      expect(last!.seriesId).toBe(null);
      await crm.activities.update(last!.id, { recurrence: null });
      await completeOpen(crm);
      expect(await open(crm)).toEqual([]);
    },
    "refuses a rule that is none, or has nothing to begin at": async ({ open: openCrm }) => {
      const crm = await openCrm();
      const dueAt = at("06-16T07:00:00");
      const issues = (inputs: readonly object[]) =>
        crm.activities.createMany(inputs.map((input) => ({ kind: "task", subject: "x", ...input })) as never).then(
          () => [],
          (error) => error.details.issues.map(({ field, code, index }: never) => [field, code, index]),
        );
      expect(
        await issues([
          { dueAt, recurrence: "FREQ=DAILY" },
          { dueAt, recurrence: "FREQ=SOMETIMES" },
          { recurrence: "FREQ=DAILY" },
          { dueAt, recurrence: "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2" },
        ]),
      ).toEqual([
        ["recurrence", "invalid_value", 1],
        ["recurrence", "missing_field", 2],
        ["recurrence", "invalid_value", 3],
      ]);
      expect(await crm.activities.count()).toBe(0);
      const { id } = await crm.activities.create({ kind: "task", subject: "x", dueAt, recurrence: "FREQ=DAILY" });
      await expect(crm.activities.update(id, { dueAt: null })).rejects.toMatchObject({
        details: { field: "recurrence" },
      });
      await expect(crm.activities.update(id, { recurrence: "x" })).rejects.toMatchObject({ code: "invalid_input" });
      await expect(crm.activities.update(id, { occurrence: "x" } as never)).rejects.toMatchObject({
        details: { field: "occurrence" },
      });
    },
    "tells when an activity takes place": async ({ open: openCrm, clock }) => {
      const crm = await openCrm();
      clock.set("2026-06-01T00:00:00Z");
      const { id } = await crm.activities.create({
        kind: "meeting",
        subject: "x",
        startAt: at("06-01T07:00:00"),
        recurrence: "FREQ=WEEKLY;COUNT=4",
      });
      const days = async (query: object = {}) =>
        (await crm.calendar.occurrences(id, { from: at("06-01T00:00:00"), to: at("07-01T00:00:00"), ...query })).map(
          (day) => day.toISOString().slice(5, 16),
        );
      expect(await days()).toEqual(["06-01T07:00", "06-08T07:00", "06-15T07:00", "06-22T07:00"]);
      expect(await days({ limit: 2 })).toEqual(["06-01T07:00", "06-08T07:00"]);
      await crm.activities.update(id, { startAt: at("06-02T09:00:00") });
      expect(await days({ to: at("06-09T00:00:00") })).toEqual(["06-02T09:00", "06-08T07:00"]);
      await crm.activities.complete(id);
      expect(await days()).toEqual(["06-02T09:00"]);
      await expect(days({ from: "x", limit: 0 })).rejects.toMatchObject({ code: "invalid_input" });
      await expect(
        crm.calendar.occurrences("x", { from: at("06-01T00:00:00"), to: at("06-02T00:00:00") }),
      ).rejects.toMatchObject({
        code: "not_found",
      });
    },
  },
});

it("makes one next where several processes complete one activity", async () => {
  const folder = mkdtempSync(join(tmpdir(), "relata-calendar-"));
  const openFile = () =>
    createCrm({ storage: sqlite({ filename: join(folder, "crm.db") }), plugins: [calendar({ missed: "keep" })] });
  const crms = [await openFile(), await openFile(), await openFile()];
  onTestFinished(async () => {
    for (const crm of crms) await crm.close();
    rmSync(folder, { recursive: true });
  });
  const { id } = await crms[0]!.activities.create({
    kind: "task",
    subject: "x",
    dueAt: at("06-01T07:00:00"),
    recurrence: "FREQ=DAILY",
  });
  await Promise.all(crms.flatMap((crm) => [crm.activities.complete(id), crm.activities.complete(id)]));
  expect(await open(crms[1]!)).toEqual(["06-02 07:00"]);
});
