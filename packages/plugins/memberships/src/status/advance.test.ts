import type { CrmOptions } from "@relata/core";
import { addDays } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { randomFrom } from "../count/count-fixture.ts";
import { openCrm, openSociety, refusal } from "../memberships-fixture.ts";
import { withGrace } from "./simulate.ts";
import { defaultStatusRules } from "./status-rule.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

const names = ["status_changed", "joined", "rejoined", "grace_entered", "lapsed", "reminder_due"] as const;

async function open(make: () => Promise<CrmOptions["storage"]>) {
  let now = Date.parse("2026-01-15T12:00:00Z");
  const crm = await openCrm({ storage: await make(), clock: () => now });
  onTestFinished(() => crm.close());
  const heard: string[] = [];
  const called = new Map<string, string>();
  for (const name of names)
    crm.on(`membership.${name}`, ({ recordId, data }) => {
      if (name === "status_changed") return;
      heard.push(
        `${data.on} ${called.get(recordId) ?? recordId} ${name}${"days" in data ? ` in ${data.days} days` : ""}`,
      );
    });
  crm.on("membership.status_changed", ({ recordId, data: { on, from, to } }) => {
    heard.push(`${on} ${called.get(recordId) ?? recordId} ${from ?? "nothing"} to ${to ?? "nothing"}`);
  });
  const at = (day: string) => {
    now = Date.parse(`${day}T12:00:00Z`);
    return new Date(now);
  };
  const advance = async (day: string) => {
    at(day);
    await crm.memberships.advance();
    return heard.splice(0).toSorted();
  };
  return { crm, at, advance, heard, called, ...(await openSociety(crm)) };
}

describe.each(storages)("advance on %s", { timeout: 60_000 }, (_, make) => {
  it("tells each change and reminder once, on its day, however irregularly it is called", async () => {
    const { crm, advance, called, person, enrol, pay } = await open(make);
    const anna = await enrol(await person("Anna"), "friend/annual", "2026-01-10");
    called.set(anna, "Anna");
    expect(await advance("2026-01-15")).toEqual(["2026-01-10 Anna joined", "2026-01-10 Anna nothing to new"]);
    expect(await advance("2026-01-15")).toEqual([]);
    expect(await advance("2026-04-10")).toEqual([]);
    expect(await advance("2026-04-11")).toEqual(["2026-04-11 Anna new to current"]);
    expect(await advance("2027-02-01")).toEqual([
      "2026-12-10 Anna reminder_due in 30 days",
      "2027-01-02 Anna reminder_due in 7 days",
      "2027-01-10 Anna current to grace",
      "2027-01-10 Anna grace_entered",
    ]);
    expect(await advance("2027-01-20")).toEqual([]);
    expect(await advance("2029-01-01")).toEqual(["2027-02-10 Anna grace to expired", "2027-02-10 Anna lapsed"]);
    const { order } = await crm.memberships.renew(anna, { on: "2029-01-01" });
    await pay(order.id, "100.00", { on: "2029-01-01" });
    expect(await advance("2029-01-02")).toEqual(["2029-01-01 Anna expired to current", "2029-01-01 Anna rejoined"]);
    await crm.memberships.cancel(anna, { on: "2029-01-20" });
    expect(await advance("2029-02-01")).toEqual(["2029-01-20 Anna current to cancelled"]);
    await crm.memberships.reinstate(anna, { on: "2029-02-01" });
    expect(await advance("2029-02-01")).toEqual(["2029-02-01 Anna cancelled to current", "2029-02-01 Anna rejoined"]);
    await crm.memberships.override(anna, { status: "expired", from: "2029-01-10" });
    expect(await advance("2029-02-03")).toEqual(["2029-02-01 Anna current to expired"]);
  });

  it("leaves nothing out that an earlier instant did not reach", async () => {
    const { advance, called, person, enrol } = await open(make);
    await advance("2026-03-01");
    called.set(await enrol(await person("Anna"), "friend/annual", "2026-02-20"), "Anna");
    expect(await advance("2026-02-01")).toEqual([]);
    expect(await advance("2026-03-01")).toEqual(["2026-02-20 Anna joined", "2026-02-20 Anna nothing to new"]);
    expect(await advance("2026-03-05")).toEqual([]);
  });

  it("tells nothing twice when several call it at the same time", async () => {
    const { crm, heard, enrol, person } = await open(make);
    for (const name of ["Anna", "Ben", "Cleo"]) await enrol(await person(name), "friend/free", "2026-01-01");
    await Promise.all(Array.from({ length: 6 }, () => crm.memberships.advance()));
    expect(heard.filter((each) => each.endsWith("joined"))).toHaveLength(3);
    expect(heard).toHaveLength(6);
  });

  it("tells what the timelines say, each once, by several at a time, at irregular instants", async () => {
    const { crm, at, person, planId, enrol } = await open(make);
    const told: string[] = [];
    crm.on("membership.status_changed", ({ recordId, data: { on, from, to } }) => {
      told.push(`${recordId} ${on} ${from} to ${to}`);
    });
    const random = randomFrom(7);
    const members = new Map<string, string>();
    for (let number = 0; number < 10; number++) {
      const contactId = await person(`P${number}`);
      const plan = ["friend/monthly", "friend/free", "gold/monthly"][number % 3]!;
      members.set(await enrol(contactId, plan, addDays("2026-01-15", -random(60))), contactId);
    }
    let day = "2026-01-15";
    for (let round = 0; round < 12; round++) {
      day = addDays(day, 1 + random(50));
      const noon = at(day);
      for (const [id, contactId] of members) {
        if (random(3) > 0) continue;
        const { status } = await crm.memberships.statusOf(id);
        const lasts = status === "new" || status === "current";
        const complimentary = true;
        if (status === "cancelled") await crm.memberships.reinstate(id);
        else if (status === "expired")
          await crm.memberships.join({ contactId, planId: planId("friend/monthly"), complimentary });
        else if (lasts && random(3) === 0) await crm.memberships.cancel(id);
        else if (lasts && random(2) === 0) await crm.memberships.pause(id, { until: addDays(day, 9) });
        else if (lasts) await crm.memberships.renew(id, { complimentary });
      }
      const earlier = new Date(noon.getTime() - random(15) * 86_400_000);
      await Promise.all([noon, earlier, undefined].map((now) => crm.memberships.advance({ now })));
    }
    const expected: string[] = [];
    for (const id of members.keys()) {
      let before: string | null = null;
      for (const { firstDay, status } of await crm.memberships.statusTimeline(id)) {
        if (status !== before && firstDay <= day) expected.push(`${id} ${firstDay} ${before} to ${status}`);
        before = status;
      }
    }
    expect(told.toSorted()).toEqual(expected.toSorted());
  });

  it("tells what new rules make of everybody, and not of what was imported", async () => {
    const { crm, advance, called, person, planId, program } = await open(make);
    const imported = await crm.memberships.importMemberships([
      {
        contactId: await person("Anna"),
        terms: [{ planId: planId("friend/annual"), startsOn: "2025-01-10", endsOn: "2026-01-09" }],
      },
    ]);
    called.set(imported[0]!.id, "Anna");
    expect(await advance("2026-01-16")).toEqual([]);
    await crm.membershipPrograms.update(program.id, { statusRules: withGrace({ unit: "day", count: 2 }) });
    expect(await advance("2026-01-16")).toEqual(["2026-01-16 Anna grace to expired", "2026-01-16 Anna lapsed"]);
    expect(await advance("2026-01-16")).toEqual([]);
    await crm.membershipPrograms.update(program.id, { statusRules: null });
    expect(await advance("2026-01-18")).toEqual([
      "2026-01-16 Anna expired to grace",
      "2026-01-16 Anna grace_entered",
      "2026-01-16 Anna rejoined",
    ]);
    expect(await advance("2026-02-10")).toEqual(["2026-02-10 Anna grace to expired", "2026-02-10 Anna lapsed"]);
  });

  it("is not needed for a status, and a simulation touches nothing", async () => {
    const { crm, program, enrol, person } = await open(make);
    for (const [name, on] of [
      ["Anna", "2025-01-01"],
      ["Ben", "2024-12-20"],
      ["Cleo", "2025-06-01"],
    ] as const)
      await enrol(await person(name), "friend/annual", on);
    const versions = async () =>
      (await crm.memberships.list({ orderBy: [{ id: "asc" }] })).items.map(({ version }) => version);
    const before = await versions();
    const rules = withGrace({ unit: "day", count: 45 });
    expect(await crm.memberships.simulate({ programId: program.id, rules, on: "2026-02-02" })).toEqual({
      on: "2026-02-02",
      before: [
        { status: "current", counts: true, memberships: 1 },
        { status: "expired", counts: false, memberships: 2 },
      ],
      after: [
        { status: "current", counts: true, memberships: 1 },
        { status: "grace", counts: true, memberships: 2 },
      ],
      changes: [{ from: "expired", to: "grace", memberships: 2 }],
    });
    const incomplete = defaultStatusRules.filter(({ status }) => status !== "expired");
    expect(await refusal(crm.memberships.simulate({ programId: program.id, rules: incomplete }))).toMatchObject({
      code: "status_rules_incomplete",
    });
    expect(await refusal(crm.membershipPrograms.update(program.id, { statusRules: incomplete }))).toMatchObject({
      ...{
        code: "status_rules_incomplete",
        details: { entity: "membershipProgram", field: "statusRules", state: "term" },
      },
    });
    const twice = defaultStatusRules.map((rule) => (rule.status === "grace" ? { ...rule, status: "expired" } : rule));
    expect(await refusal(crm.membershipPrograms.update(program.id, { statusRules: twice }))).toMatchObject({
      code: "invalid_input",
    });
    expect(await versions()).toEqual(before);
    expect((await crm.membershipPrograms.get(program.id)).statusRules).toBeNull();
  });

  it("is of the organisation's day", async () => {
    const { crm, heard, enrol, person } = await open(make);
    await crm.settings.change({ timeZone: "Pacific/Auckland" });
    await enrol(await person("Anna"), "friend/free", "2026-01-16");
    const midnight = new Date("2026-01-15T11:00:00Z");
    expect((await crm.memberships.advance({ now: new Date(midnight.getTime() - 1) })).through).toBe("2026-01-15");
    expect(heard).toEqual([]);
    expect((await crm.memberships.advance({ now: midnight })).announced).toEqual({
      ...{ "membership.joined": 1, "membership.status_changed": 1 },
    });
  });
});
