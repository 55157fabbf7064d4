/** Queues, assignment, and what becomes of the records of a user who leaves. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

async function staffed(bench: CrmBench, strategy: "round_robin" | "least_loaded" = "round_robin") {
  const crm = await openDomain(bench);
  await crm.users.createMany(["ann", "bob", "cas"].map((id) => ({ id, name: id })));
  const queue = await crm.queues.create({ key: "inbound", name: "Inbound", strategy });
  await crm.queueMembers.createMany(
    ["ann", "bob", "cas"].map((userId, position) => ({ queueId: queue.id, userId, position })),
  );
  return { crm, queue };
}

/** Deals that wait in the queue, made in the order of their names. */
async function wait(bench: CrmBench, crm: DomainCrm, names: readonly string[]): Promise<void> {
  for (const name of names) {
    bench.clock.set(new Date(bench.clock.now() + 1_000).toISOString());
    const { id } = await crm.opportunities.create({ name });
    await crm.queues.put("inbound", { entityType: "opportunity", id });
  }
}

async function owners(crm: DomainCrm): Promise<string> {
  const { items } = await crm.opportunities.list({ orderBy: [{ name: "asc" }], limit: 1_000 });
  return items.map(({ name, ownerId }) => `${name}:${ownerId ?? "-"}`).join(" ");
}

const deals = { queue: "inbound", entityType: "opportunity" };

export const queues: CrmSuite = {
  name: "queues",
  facts: [
    crmFact("hold records without an owner, the oldest first, until somebody takes them", async (bench) => {
      const { crm } = await staffed(bench);
      await wait(bench, crm, ["a", "b"]);
      const owned = await crm.opportunities.create({ name: "c", ownerId: "ann" });
      bench.clock.set("2026-06-15T12:00:00Z");
      await crm.queues.put("inbound", [{ entityType: "opportunity", id: owned.id }]);
      expect((await crm.queues.waiting(deals)).items.map(({ name }) => name)).toEqual(["a", "b", "c"]);
      expect(await crm.queues.take({ ...deals, userId: "bob" })).toMatchObject({ name: "a", ownerId: "bob" });
      expect(await crm.queues.take({ ...deals, userId: "cas" })).toMatchObject({ name: "b", ownerId: "cas" });
      await crm.queues.take({ ...deals, userId: "cas" });
      expect(await crm.queues.take({ ...deals, userId: "cas" })).toBeUndefined();
      expect(await owners(crm)).toBe("a:bob b:cas c:cas");
    }),
    crmFact("give nobody what is closed by now", async (bench) => {
      const { crm } = await staffed(bench);
      await wait(bench, crm, ["a", "b"]);
      const lost = await crm.opportunities.find({ where: { name: "a" } });
      await crm.opportunities.moveTo(lost!.id, "lost");
      expect((await crm.queues.waiting(deals)).items.map(({ name }) => name)).toEqual(["b"]);
      expect(await crm.queues.assign(deals)).toMatchObject({ assigned: [{ userId: "ann" }], waiting: 0 });
      expect(await owners(crm)).toBe("a:- b:ann");
      await crm.opportunities.moveTo(lost!.id, "proposal");
      expect(await crm.queues.take({ ...deals, userId: "bob" })).toMatchObject({ name: "a", ownerId: "bob" });
    }),
    crmFact("give each record to one of those who take at the same time", async (bench) => {
      const { crm } = await staffed(bench);
      await wait(bench, crm, ["a", "b", "c", "d"]);
      const taken = await Promise.all(
        ["ann", "bob", "cas", "ann", "bob"].map((userId) => crm.queues.take({ ...deals, userId })),
      );
      expect(taken.flatMap((record) => record?.name ?? []).sort()).toEqual(["a", "b", "c", "d"]);
    }),
    crmFact("assign in turn, over any number of calls", async (bench) => {
      const { crm, queue } = await staffed(bench);
      await wait(bench, crm, ["a", "b", "c", "d"]);
      expect((await crm.queues.assign({ ...deals, limit: 2 })).waiting).toBe(2);
      expect(await owners(crm)).toBe("a:ann b:bob c:- d:-");
      expect(await crm.queues.assign(deals)).toMatchObject({
        assigned: [{ userId: "cas" }, { userId: "ann" }],
        waiting: 0,
      });
      await crm.users.create({ id: "dee", name: "Dee" });
      await crm.queueMembers.create({ queueId: queue.id, userId: "dee", position: 9 });
      await wait(bench, crm, ["e", "f", "g", "h"]);
      await crm.queues.assign(deals);
      expect(await owners(crm)).toBe("a:ann b:bob c:cas d:ann e:dee f:bob g:cas h:ann");
      expect(await crm.queues.get(queue.id)).toMatchObject({ assignedCount: 8 });
    }),
    crmFact("assign in turn, however many assign at the same time", async (bench) => {
      const { crm } = await staffed(bench);
      await wait(
        bench,
        crm,
        Array.from({ length: 30 }, (_, i) => `deal ${i}`),
      );
      const results = await Promise.all(Array.from({ length: 6 }, () => crm.queues.assign({ ...deals, limit: 5 })));
      expect(results.flatMap(({ assigned }) => assigned)).toHaveLength(30);
      for (const ownerId of ["ann", "bob", "cas"])
        expect(await crm.opportunities.count({ where: { ownerId } })).toBe(10);
    }),
    crmFact("pass over whoever is away, inactive or archived, and wait where nobody is there", async (bench) => {
      const { crm } = await staffed(bench);
      const [ann] = (await crm.queueMembers.list({ where: { userId: "ann" } })).items;
      await crm.queueMembers.update(ann!.id, { available: false });
      await crm.users.update("bob", { active: false });
      await wait(bench, crm, ["a", "b"]);
      await crm.queues.assign(deals);
      expect(await owners(crm)).toBe("a:cas b:cas");
      await crm.users.archive("cas");
      await wait(bench, crm, ["c"]);
      expect(await crm.queues.assign(deals)).toEqual({ assigned: [], waiting: 1 });
    }),
    crmFact("assign to whoever has the fewest open records", async (bench) => {
      const { crm } = await staffed(bench, "least_loaded");
      await crm.opportunities.createMany([
        { name: "x1", ownerId: "ann" },
        { name: "x2", ownerId: "ann" },
        { name: "x3", ownerId: "bob" },
      ]);
      const won = await crm.opportunities.create({ name: "x4", ownerId: "cas" });
      await crm.opportunities.moveTo(won.id, "won");
      await wait(bench, crm, ["a", "b", "c", "d", "e"]);
      await crm.queues.assign(deals);
      expect(await owners(crm)).toBe("a:cas b:bob c:cas d:ann e:bob x1:ann x2:ann x3:bob x4:cas");
    }),
    crmFact("take accounts, contacts and activities too, and nothing else", async (bench) => {
      const { crm } = await staffed(bench);
      const { id } = await crm.contacts.create({ givenName: "Joe" });
      await crm.queues.put("inbound", { entityType: "contact", id });
      await crm.queues.assign({ queue: "inbound", entityType: "contact" });
      expect(await crm.contacts.get(id)).toMatchObject({ ownerId: "ann" });
      expect(await refused(crm.queues.put("inbound", { entityType: "project", id: "x" }))).toMatchObject({
        code: "invalid_input",
        field: "entityType",
      });
      expect(await refused(crm.queues.assign({ queue: "inbound", entityType: "stage" }))).toMatchObject({
        field: "entityType",
      });
    }),
    crmFact("refuse what is wrong, and leave nothing", async (bench) => {
      const { crm } = await staffed(bench);
      await wait(bench, crm, ["a"]);
      const absent = { entityType: "opportunity", id: "019b7ca9-8f2e-7000-8000-000000000000" };
      const owned = await crm.opportunities.create({ name: "z", ownerId: "bob" });
      const both = [{ entityType: "opportunity", id: owned.id }, absent];
      expect(await refused(crm.queues.put("inbound", both))).toMatchObject({ code: "not_found" });
      expect(await refused(crm.queues.put("outbound", []))).toMatchObject({ code: "not_found", entity: "queue" });
      expect(await refused(crm.queues.take({ ...deals, userId: "zoe" }))).toMatchObject({
        code: "reference_not_found",
      });
      await crm.users.update("ann", { active: false });
      expect(await refused(crm.queues.take({ ...deals, userId: "ann" }))).toMatchObject({ field: "userId" });
      expect(await refused(crm.queues.assign({ ...deals, limit: 0 }))).toMatchObject({ field: "limit" });
      expect(await refused(crm.queueMembers.update("x", { lastTurn: 7 } as never))).toMatchObject({
        field: "lastTurn",
      });
      expect(await owners(crm)).toBe("a:- z:bob");
    }),
  ],
};

async function owning(bench: CrmBench) {
  const { crm, queue } = await staffed(bench);
  const acme = await crm.accounts.create({ name: "Acme", ownerId: "ann" });
  await crm.contacts.create({ givenName: "Joe", ownerId: "ann" });
  const [open, won] = await crm.opportunities.createMany([
    { name: "open", ownerId: "ann", accountId: acme.id },
    { name: "won", ownerId: "ann", accountId: acme.id },
  ]);
  await crm.opportunities.moveTo(won!.id, "won");
  await crm.activities.createMany([
    { kind: "task", subject: "to do", ownerId: "ann" },
    { kind: "task", subject: "done", ownerId: "ann", done: true },
  ]);
  await crm.accounts.create({ name: "Base", ownerId: "bob" });
  return { crm, queue, open: open! };
}

export const transfers: CrmSuite = {
  name: "transfers",
  facts: [
    crmFact("hand over what is open, and report it; what is closed keeps its owner", async (bench) => {
      const { crm, open } = await owning(bench);
      const report = await crm.users.transfer("ann", { to: "bob" });
      expect(report.moved.map(({ entityType, ids }) => [entityType, ids.length])).toEqual([
        ["account", 1],
        ["contact", 1],
        ["opportunity", 1],
        ["activity", 1],
      ]);
      expect(report.moved[2]!.ids).toEqual([open.id]);
      expect(report.remaining).toEqual([
        { entityType: "queueMember", field: "userId", count: 1 },
        { entityType: "opportunity", field: "ownerId", count: 1 },
        { entityType: "activity", field: "ownerId", count: 1 },
      ]);
      expect(await owners(crm)).toBe("open:bob won:ann");
      expect((await crm.opportunities.history(open.id)).at(-1)!.changes).toContainEqual({
        field: "ownerId",
        before: "ann",
        after: "bob",
      });
    }),
    crmFact("hand over what is closed and archived when asked, or some entities only", async (bench) => {
      const { crm } = await owning(bench);
      const joe = await crm.contacts.find({ where: { givenName: "Joe" } });
      await crm.contacts.archive(joe!.id);
      await crm.users.transfer("ann", { to: "bob", entities: ["opportunity"], closed: true });
      expect(await owners(crm)).toBe("open:bob won:bob");
      expect(await crm.accounts.count({ where: { ownerId: "ann" } })).toBe(1);
      expect((await crm.users.transfer("ann", { to: "bob" })).moved.map(({ entityType }) => entityType)).toEqual([
        "account",
        "activity",
      ]);
      expect(
        (await crm.users.transfer("ann", { to: "bob", closed: true })).moved.map(({ entityType }) => entityType),
      ).toEqual(["contact", "activity"]);
    }),
    crmFact("hand over thousands", async (bench) => {
      const { crm } = await staffed(bench);
      await crm.accounts.createMany(
        Array.from({ length: 2_100 }, (_, i) => ({ name: `Account ${i}`, ownerId: "ann" })),
      );
      const report = await crm.users.transfer("ann", { to: "cas" });
      expect([report.moved[0]!.ids.length, new Set(report.moved[0]!.ids).size]).toEqual([2_100, 2_100]);
      expect(await crm.accounts.count({ where: { ownerId: "cas" } })).toBe(2_100);
    }),
    crmFact("of a user who leaves: not active, out of the queues, and still there", async (bench) => {
      const { crm } = await owning(bench);
      const report = await crm.users.deactivate("ann", { to: "bob" });
      expect(report?.moved).toHaveLength(4);
      expect(await crm.users.get("ann")).toMatchObject({ active: false, name: "ann" });
      expect(await crm.queueMembers.find({ where: { userId: "ann" } })).toMatchObject({ available: false });
      expect(await crm.users.deactivate("cas")).toBeUndefined();
      expect(await refused(crm.users.delete("ann"))).toMatchObject({ code: "still_referenced" });
    }),
    crmFact("happen whole or not at all", async (bench) => {
      const { crm } = await owning(bench);
      const wrong = [
        [{ to: "zoe" }, "to"],
        [{ to: "ann" }, "to"],
        [{ to: "bob", entities: ["stage"] }, "entities"],
        [{ to: "bob", closed: 1 }, "closed"],
        [{ to: "bob", all: true }, "all"],
      ] as const;
      for (const [options, field] of wrong)
        expect(await refused(crm.users.transfer("ann", options as never))).toMatchObject({ field });
      expect(await refused(crm.users.transfer("zoe", { to: "bob" }))).toMatchObject({ code: "not_found" });
      await crm.users.update("cas", { active: false });
      expect(await refused(crm.users.deactivate("ann", { too: "bob" } as never))).toMatchObject({
        code: "invalid_input",
      });
      expect(await refused(crm.users.deactivate("ann", null as never))).toMatchObject({ code: "invalid_input" });
      expect(await refused(crm.users.deactivate("ann", { closed: true }))).toMatchObject({ field: "to" });
      expect((await crm.users.get("ann")).active).toBe(true);
      expect(await refused(crm.users.deactivate("ann", { to: "cas" }))).toMatchObject({
        code: "invalid_input",
        field: "to",
      });
      expect(await crm.users.get("ann")).toMatchObject({ active: true, version: 1 });
      expect(await owners(crm)).toBe("open:ann won:ann");
      await expect(
        crm.transaction(async (tx) => {
          await tx.users.transfer("ann", { to: "bob" });
          throw new Error("no");
        }),
      ).rejects.toThrow("no");
      expect(await owners(crm)).toBe("open:ann won:ann");
    }),
  ],
};
