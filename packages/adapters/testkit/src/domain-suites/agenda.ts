/** activities.agenda: overdue, today and upcoming, by the days of each owner's time zone. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

async function sampled(bench: CrmBench) {
  const crm = await openDomain(bench);
  await crm.users.createMany([
    { id: "taipei", name: "Ann", timeZone: "Asia/Taipei" },
    { id: "york", name: "Bob", timeZone: "America/New_York" },
    { id: "nowhere", name: "Cid" },
  ]);
  return crm;
}

async function due(crm: DomainCrm, ownerId: string, ...instants: readonly string[]): Promise<void> {
  await crm.activities.createMany(
    instants.map((instant) => ({ kind: "task" as const, subject: instant, ownerId, dueAt: new Date(instant) })),
  );
}

async function shown(crm: DomainCrm, query: Parameters<DomainCrm["activities"]["agenda"]>[0]) {
  const subjects = (activities: readonly { readonly subject: string }[]) => activities.map(({ subject }) => subject);
  return (await crm.activities.agenda(query)).map(({ ownerId, timeZone, day, overdue, today, upcoming }) => ({
    owner: `${ownerId} ${timeZone} ${day}`,
    overdue: subjects(overdue),
    today: subjects(today),
    upcoming: subjects(upcoming),
  }));
}

export const agenda: CrmSuite = {
  name: "the agenda",
  facts: [
    crmFact("has days that begin and end where each owner is", async (bench) => {
      const crm = await sampled(bench);
      bench.clock.set("2026-06-15T17:00:00Z");
      const around = [
        "2026-06-15T03:59:59.999Z",
        "2026-06-15T04:00:00.000Z",
        "2026-06-15T15:59:59.999Z",
        "2026-06-15T16:00:00.000Z",
        "2026-06-16T03:59:59.999Z",
        "2026-06-16T04:00:00.000Z",
        "2026-06-16T16:00:00.000Z",
      ];
      await due(crm, "taipei", ...around);
      await due(crm, "york", ...around);
      expect(await shown(crm, { ownerIds: ["york", "taipei"], days: 1 })).toEqual([
        {
          owner: "york America/New_York 2026-06-15",
          overdue: around.slice(0, 1),
          today: around.slice(1, 5),
          upcoming: around.slice(5),
        },
        {
          owner: "taipei Asia/Taipei 2026-06-16",
          overdue: around.slice(0, 3),
          today: around.slice(3, 6),
          upcoming: around.slice(6),
        },
      ]);
    }),
    crmFact("has the tenant's days for who has no time zone, and UTC's where none is set", async (bench) => {
      const crm = await sampled(bench);
      await due(crm, "nowhere", "2026-06-14T23:30:00Z", "2026-06-15T22:30:00Z");
      const query = { ownerIds: ["nowhere"] };
      expect(await shown(crm, query)).toMatchObject([
        { owner: "nowhere UTC 2026-06-15", overdue: ["2026-06-14T23:30:00Z"], today: ["2026-06-15T22:30:00Z"] },
      ]);
      await crm.settings.change({ timeZone: "Europe/Berlin" });
      expect(await shown(crm, query)).toMatchObject([
        {
          owner: "nowhere Europe/Berlin 2026-06-15",
          overdue: [],
          today: ["2026-06-14T23:30:00Z"],
          upcoming: ["2026-06-15T22:30:00Z"],
        },
      ]);
    }),
    crmFact("has days of 23 and 25 hours where clocks change", async (bench) => {
      const crm = await sampled(bench);
      await crm.settings.change({ timeZone: "Europe/Berlin" });
      const spring = ["2026-03-28T22:59:00Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:00Z", "2026-03-29T22:00:00Z"];
      const autumn = ["2026-10-24T21:59:00Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:00Z", "2026-10-25T23:00:00Z"];
      await due(crm, "nowhere", ...spring, ...autumn);
      expect(await shown(crm, { ownerIds: ["nowhere"], on: "2026-03-29", days: 1 })).toMatchObject([
        { overdue: spring.slice(0, 1), today: spring.slice(1, 3), upcoming: spring.slice(3) },
      ]);
      expect(await shown(crm, { ownerIds: ["nowhere"], on: "2026-10-25", days: 1 })).toMatchObject([
        { overdue: [...spring, autumn[0]], today: autumn.slice(1, 3), upcoming: autumn.slice(3) },
      ]);
    }),
    crmFact("has what is not done, by when it is due or else starts, the earliest first", async (bench) => {
      const crm = await sampled(bench);
      const at = (time: string) => new Date(`2026-06-15T${time}:00Z`);
      await crm.activities.createMany([
        { kind: "task", subject: "due", ownerId: "nowhere", dueAt: at("12:00") },
        { kind: "meeting", subject: "starts", ownerId: "nowhere", startAt: at("11:00"), endAt: at("13:00") },
        { kind: "call", subject: "both", ownerId: "nowhere", startAt: at("09:00"), dueAt: at("13:00") },
        { kind: "task", subject: "done", ownerId: "nowhere", dueAt: at("12:00"), done: true },
        { kind: "task", subject: "some day", ownerId: "nowhere" },
        { kind: "task", subject: "somebody's", ownerId: "york", dueAt: at("12:00") },
        { kind: "task", subject: "nobody's", dueAt: at("12:00") },
      ]);
      const archived = await crm.activities.create({
        kind: "task",
        subject: "x",
        ownerId: "nowhere",
        dueAt: at("12:00"),
      });
      await crm.activities.archive(archived.id);
      expect(await shown(crm, { ownerIds: ["nowhere"] })).toMatchObject([{ today: ["starts", "due", "both"] }]);
    }),
    crmFact("looks seven days ahead, or as many as are asked for", async (bench) => {
      const crm = await sampled(bench);
      const days = ["2026-06-16T00:00:00Z", "2026-06-22T23:59:59Z", "2026-06-23T00:00:00Z"];
      await due(crm, "nowhere", ...days);
      expect(await shown(crm, { ownerIds: ["nowhere"] })).toMatchObject([{ upcoming: days.slice(0, 2) }]);
      expect(await shown(crm, { ownerIds: ["nowhere"], days: 8 })).toMatchObject([{ upcoming: days }]);
      expect(await shown(crm, { ownerIds: ["nowhere"], days: 0 })).toMatchObject([{ upcoming: [] }]);
    }),
    crmFact("is refused for who is no user here, and for odd questions", async (bench) => {
      const crm = await sampled(bench);
      expect((await refused(crm.activities.agenda({ ownerIds: ["york", "nobody"] }))).code).toBe("not_found");
      const elsewhere = crm.as({ tenantId: "other" }).activities.agenda({ ownerIds: ["york"] });
      expect((await refused(elsewhere)).code).toBe("not_found");
      const odd = crm.activities.agenda({ ownerIds: [], on: "2026-02-30", days: -1, limit: 1 } as never);
      expect((await refusedDetails(odd)).issues!.map(({ field }) => field)).toEqual([
        "ownerIds",
        "on",
        "days",
        "limit",
      ]);
    }),
    crmFact("answers for the past", async (bench) => {
      const crm = await sampled(bench);
      await due(crm, "york", "2026-06-15T12:00:00Z");
      bench.clock.set("2026-06-17T10:00:00Z");
      const [task] = (await crm.activities.list()).items;
      await crm.activities.complete(task!.id);
      const then = crm.asOf(new Date("2026-06-16T10:00:00Z"));
      expect(await shown(then, { ownerIds: ["york"], on: "2026-06-15" })).toMatchObject([
        { today: ["2026-06-15T12:00:00Z"] },
      ]);
      expect(await shown(crm, { ownerIds: ["york"], on: "2026-06-15" })).toMatchObject([{ today: [] }]);
    }),
  ],
};
