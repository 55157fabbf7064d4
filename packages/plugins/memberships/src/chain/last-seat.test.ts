import type { CrmOptions } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm, openSociety } from "../memberships-fixture.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

/** A program of three seats at most, or a level "gold" of them; levels "friend" and "gold", paid for by nobody. */
async function open(make: () => Promise<CrmOptions["storage"]>, seats: { readonly of: "program" | "level" }) {
  const crm = await openCrm({ storage: await make() });
  onTestFinished(() => crm.close());
  const few = (of: "program" | "level") => (seats.of === of ? { seats: 3 } : {});
  const opened = await openSociety(crm, {
    ...{ key: "club", currency: "EUR", ...few("program") },
    levels: [
      { key: "friend", rank: 1, plans: [{ key: "annual" }] },
      { key: "gold", rank: 2, ...few("level"), plans: [{ key: "annual" }] },
    ],
  });
  const { enrol, person, planId } = opened;
  const join = (contactId: string, plan: string) => crm.memberships.join({ contactId, planId: planId(plan) });
  for (const name of ["First", "Second"]) await enrol(await person(name), "gold/annual", "2026-01-01");
  const people = async (many: number) => {
    const contacts = await crm.contacts.createMany(Array.from({ length: many }, (_, at) => ({ givenName: `P${at}` })));
    return contacts.map(({ id }) => id);
  };
  return { crm, join, people, ...opened };
}

/** What the calls that were refused were refused with, and how many were not. */
async function outcomes(calls: readonly Promise<unknown>[]) {
  const results = await Promise.allSettled(calls);
  const refused = results.flatMap((each) =>
    each.status === "rejected" ? [(each.reason as { code: string }).code] : [],
  );
  return { taken: results.length - refused.length, refused: [...new Set(refused)] };
}

describe.each(storages)("the last seat, on %s", { timeout: 60_000 }, (name, make) => {
  const many = name === "PostgreSQL" ? 20 : 6;

  it("of a program is had by one of many who join different levels of it at the same time", async () => {
    const { crm, join, people, program } = await open(make, { of: "program" });
    const joining = (await people(many)).map((id, at) => join(id, at % 2 === 0 ? "friend/annual" : "gold/annual"));
    expect(await outcomes(joining)).toEqual({ taken: 1, refused: ["no_seats"] });
    expect(await crm.memberships.count({ where: { programId: program.id } })).toBe(3);
  });

  it("of a level is had by one of many who join it, or change to it, at the same time", async () => {
    const { crm, join, people, enrol, planId, levels } = await open(make, { of: "level" });
    const friends = [];
    for (const id of await people(many / 2)) friends.push(await enrol(id, "friend/annual", "2026-01-01"));
    const strangers = await people(many / 2);
    const upgrading = friends.map((id) => crm.memberships.upgrade(id, { planId: planId("gold/annual") }));
    const joining = strangers.map((id) => join(id, "gold/annual"));
    expect(await outcomes([...upgrading, ...joining])).toEqual({ taken: 1, refused: ["no_seats"] });
    const { rows } = await crm.memberships.countMembers({ by: ["level"] });
    expect(rows.find(({ levelId }) => levelId === levels.gold!.id)?.members).toBe(3);
  });
});
