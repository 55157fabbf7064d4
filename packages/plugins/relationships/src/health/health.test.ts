/** The health of relationships on each storage. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawGraph, openCrm, storages } from "../question/question-fixture.ts";
import { refusal } from "../relationships-fixture.ts";
import { decayedStrength } from "./decayed-strength.ts";

describe.each(storages)("health on %s", { timeout: 60_000 }, (_, makeStorage) => {
  const open = async () => {
    const { crm, clock } = await openCrm(await makeStorage());
    const drawn = await drawGraph(crm, "AB1", ["AB", "A1 employment", "B1 employment"]);
    const [a, b, acme] = ["A", "B", "1"].map((name) => drawn.thing(name).id) as [string, string, string];
    const done = (kind: "meeting" | "call" | "email" | "task", day: string, more: object = {}) =>
      crm.activities.create({
        kind,
        subject: `${kind} ${day}`,
        done: true,
        startAt: new Date(`${day}T10:00:00Z`),
        ...more,
      });
    return { crm, clock, ask: crm.relationships, done, a, b, acme, ...drawn };
  };

  it("halves what was done with every half-life, and tells what each contributed", async () => {
    const { ask, crm, done, a, b, acme, edges } = await open();
    await done("meeting", "2026-06-15", { contactId: a, accountId: acme });
    await done("call", "2026-03-17", { accountId: acme }).then(({ id }) =>
      crm.activityParticipants.create({ activityId: id, contactId: a }),
    );
    const linked = await done("email", "2025-12-17", { contactId: a });
    await crm.activities.link(linked.id, { entityType: "account", id: acme });
    await crm.activities.link(linked.id, { entityType: "contact", id: b });
    await done("task", "2026-06-14", { contactId: a, accountId: acme });
    await done("meeting", "2026-06-16", { contactId: a, accountId: acme });
    await done("meeting", "2023-12-01", { contactId: a, accountId: acme });
    await crm.activities.create({
      kind: "call",
      subject: "to be done",
      startAt: new Date("2026-06-01T10:00:00Z"),
      contactId: a,
      accountId: acme,
    });
    const health = await ask.healthOf(edges[1]!.id);
    // A meeting today counts 3, a call 90 days ago 2 / 2, an e-mail 180 days ago 1 / 4; 4.25 / (4.25 + 3).
    expect(health).toMatchObject({
      on: "2026-06-15",
      health: "0.5862",
      activity: 4.25,
      others: { count: 0, share: "0" },
    });
    expect(health.lastAt).toEqual(new Date("2026-06-15T10:00:00Z"));
    expect(
      health.contributions.map(({ kind, ageDays, weight, decayed, share }) => [kind, ageDays, weight, decayed, share]),
    ).toEqual([
      ["meeting", 0, 3, 3, "0.4138"],
      ["call", 90, 2, 1, "0.1379"],
      ["email", 180, 1, 0.25, "0.0345"],
    ]);
    const many = await ask.healthOfMany([edges[2]!.id, edges[1]!.id, edges[0]!.id], { contributions: 1 });
    expect(many.map(({ relationshipId, health: figure }) => [relationshipId, figure])).toEqual([
      [edges[2]!.id, "0.0769"],
      [edges[1]!.id, "0.5862"],
      [edges[0]!.id, "0.0769"],
    ]);
    expect(many[1]!.others).toEqual({ count: 2, share: "0.1724" });
    const earlier = await ask.healthOf(edges[1]!.id, {
      on: "2026-03-17",
      half: 2.5,
      weights: { email: 0, task: 1 },
      halfLifeDays: 30,
    });
    expect([earlier.health, earlier.contributions.length]).toEqual(["0.4444", 1]);
    expect((await ask.healthOf(edges[1]!.id, { on: "2020-01-01" })).health).toBe("0");
  });

  it("is as it was known at an instant, and of its own tenant", async () => {
    const { ask, crm, clock, done, a, acme, edges } = await open();
    const then = new Date(clock.at);
    clock.at += 60_000;
    await done("meeting", "2026-06-10", { contactId: a, accountId: acme });
    expect((await ask.healthOf(edges[1]!.id)).health).not.toBe("0");
    expect((await crm.asOf(then).relationships.healthOf(edges[1]!.id)).health).toBe("0");
    const other = crm.as({ tenantId: "other" }).relationships;
    expect(await refusal(other.healthOf(edges[1]!.id))).toMatchObject({ code: "not_found" });
    expect(await refusal(other.healthOfMany([edges[1]!.id, edges[2]!.id]))).toMatchObject({ code: "not_found" });
  });

  it("refuses what cannot be measured", async () => {
    const { ask, done, a, acme, edges } = await open();
    const id = edges[1]!.id;
    for (const query of [
      { halfLifeDays: 0 },
      { half: -1 },
      { weights: { call: -1 } },
      { on: "2026-02-30" },
      { contributions: 1.5 },
    ])
      expect(await refusal(ask.healthOf(id, query))).toMatchObject({ code: "invalid_input" });
    expect(await refusal(ask.healthOfMany([id, "nothing"]))).toMatchObject({ code: "not_found" });
    await done("call", "2026-06-01", { contactId: a, accountId: acme });
    await done("call", "2026-06-02", { contactId: a, accountId: acme });
    expect(await refusal(ask.healthOf(id, { maxActivities: 1 }))).toMatchObject({
      code: "health_too_wide",
      details: { most: 1 },
    });
  });
});

it("has shares that add up to the health, whatever was done", () => {
  const deeds = fc.array(
    fc.record({ weight: fc.double({ min: 0.001, max: 100, noNaN: true }), ageDays: fc.nat(2_000) }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(deeds, fc.integer({ min: 1, max: 400 }), (all, halfLifeDays) => {
      const { health, parts } = decayedStrength(all, { halfLifeDays, half: 3 });
      expect(parts.reduce((sum, { share }) => sum + share, 0)).toBe(health);
      expect(parts.every(({ share }) => share >= 0)).toBe(true);
    }),
  );
});
