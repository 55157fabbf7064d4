import type { CrmOptions } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm, openSociety } from "../memberships-fixture.ts";
import type { ProgramDefinition } from "../program/define-program.ts";
import { withGrace } from "../status/simulate.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

const staff = {
  memberKind: "organization" as const,
  inheritance: { affiliations: [{ kind: "employer" as const }] },
};
const museum: ProgramDefinition = {
  ...{ key: "museum", currency: "EUR" },
  levels: [
    { key: "friend", rank: 1, plans: [{ key: "annual" }] },
    { key: "corporate", rank: 2, ...staff, maxInherited: 3, plans: [{ key: "annual" }] },
    { key: "partner", rank: 3, ...staff, plans: [{ key: "annual" }] },
  ],
};

/**
 * Acme is corporate and Bolt a partner, both in 2026. Ann, Ben, Cleo and, without a seat, Dora work at Acme; Ben works at Bolt too. Ann is a friend
 * herself, Cleo was one until 2025.
 */
async function openMuseum(make: () => Promise<CrmOptions["storage"]>) {
  const crm = await openCrm({ storage: await make() });
  onTestFinished(() => crm.close());
  const { planId, levels, program, person } = await openSociety(crm, museum);
  const join = (party: { contactId: string } | { accountId: string }, plan: string, on: string) =>
    crm.memberships.join({ ...party, planId: planId(plan), on });
  const [acme, bolt] = await crm.accounts.createMany([{ name: "Acme" }, { name: "Bolt" }]);
  const ann = await person("Ann", { birthDate: "1990-01-01" });
  const ben = await person("Ben", { birthDate: "1950-01-01" });
  const cleo = await person("Cleo");
  const dora = await person("Dora");
  for (const [at, contactId] of [ann, ben, cleo, dora].entries())
    await crm.affiliations.create({
      contactId,
      accountId: acme!.id,
      kind: "employer",
      validFrom: `2020-01-0${at + 1}`,
    });
  const { id: boltsTie } = await crm.affiliations.create({ contactId: ben, accountId: bolt!.id, kind: "employer" });
  await join({ accountId: acme!.id }, "corporate/annual", "2026-01-01");
  await join({ accountId: bolt!.id }, "partner/annual", "2026-01-01");
  await join({ contactId: ann }, "friend/annual", "2026-01-01");
  await join({ contactId: cleo }, "friend/annual", "2024-06-01");
  const { friend, corporate, partner } = Object.fromEntries(
    Object.entries(levels).map(([key, { id }]) => [key, id]),
  ) as { friend: string; corporate: string; partner: string };
  return { crm, program, friend, corporate, partner, boltsTie };
}

describe.each(storages)("members through others, on %s", { timeout: 60_000 }, (_, make) => {
  it("are counted apart, and each person once in a program, also one who is a member of its own", async () => {
    const { crm, friend, corporate, partner } = await openMuseum(make);
    const on = "2026-06-01";
    expect(await crm.memberships.countMembers({ on, inherited: true })).toEqual({
      ...{ day: on, members: 3, memberships: 4, inherited: 2, persons: 3 },
      rows: [
        {
          ...{ status: null, levelId: null, programId: null, age: null },
          ...{ members: 3, memberships: 4, inherited: 2, persons: 3 },
        },
      ],
    });
    expect(Object.keys(await crm.memberships.countMembers({ on }))).not.toContain("inherited");
    const { rows } = await crm.memberships.countMembers({ on, inherited: true, by: ["level"] });
    expect(
      new Map(rows.map(({ levelId, members, inherited, persons }) => [levelId, [members, inherited, persons]])),
    ).toEqual(
      new Map([
        [friend, [1, 0, 1]],
        [corporate, [1, 1, 1]],
        [partner, [1, 1, 1]],
      ]),
    );
  });

  it("are told by the status of what they have, by program, and by their own age", async () => {
    const { crm, program } = await openMuseum(make);
    const counted = await crm.memberships.countMembers({
      ...{ on: "2027-01-15", inherited: true, by: ["status", "program", "age"], ages: [18, 65] },
    });
    const told = counted.rows.map(({ status, programId, age, ...figures }) => [
      ...[status, age, figures.members, figures.inherited, figures.persons],
      programId === program.id,
    ]);
    expect(told.toSorted()).toEqual(
      [
        ["expired", null, 0, 0, 0, true],
        ["grace", null, 2, 1, 1, true],
        ["grace", "18-64", 1, 0, 1, true],
        ["grace", "65+", 0, 1, 1, true],
      ].toSorted(),
    );
  });

  it("end with the membership and with the tie, and follow other rules", async () => {
    const { crm, boltsTie, program } = await openMuseum(make);
    const counted = async (on: string, more: object = {}) => {
      const { inherited, persons } = await crm.memberships.countMembers({ on, inherited: true, ...more });
      return [inherited, persons];
    };
    expect(await counted("2025-12-31")).toEqual([0, 0]);
    expect(await counted("2027-02-15")).toEqual([0, 0]);
    expect(await counted("2027-02-15", { rules: withGrace({ unit: "day", count: 60 }) })).toEqual([2, 3]);
    expect(await counted("2026-06-01", { programs: [program.id] })).toEqual([2, 3]);
    await crm.affiliations.update(boltsTie, { validUntil: "2026-05-31" });
    const { rows } = await crm.memberships.countMembers({ on: "2026-06-01", inherited: true, by: ["level"] });
    expect(rows.map(({ inherited }) => inherited).toSorted()).toEqual([0, 0, 2]);
  });
});
