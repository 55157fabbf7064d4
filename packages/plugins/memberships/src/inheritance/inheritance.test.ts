import { createCrm } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it } from "vitest";
import { memberships } from "../memberships.ts";
import { onEveryStorage, refusal, type StandingCrm, societyOf } from "../standing-memberships-fixture.ts";
import { inheritanceOf } from "./inheritance-rule.ts";
import type { PartyTies } from "./relationships-plugin.ts";
import { isDeceased, takeSeats } from "./seats.ts";

const employees = { affiliations: [{ kind: "employer" as const }] };

/** An organisation of the society since 2024, and contacts of these names who work there: "Ann 2020-01-01..2026-03-31". */
async function organisationOf(crm: StandingCrm, staff: readonly string[], level: object = {}) {
  const { programId, levelIds } = await societyOf(crm, [
    { key: "company", memberKind: "organization", inheritance: employees, ...level },
    { key: "person" },
  ]);
  const { id: accountId } = await crm.accounts.create({ name: "Acme" });
  const membershipId = await crm.memberships.stand({
    accountId,
    terms: [{ levelId: levelIds[0]!, from: "2024-01-01", to: "2026-12-31" }],
  });
  const id: { [name: string]: string } = {};
  for (const each of staff) {
    const [name, days = ".."] = each.split(" ") as [string, string?];
    const [validFrom, validUntil] = days.split("..");
    id[name] ??= (await crm.contacts.create({ givenName: name })).id;
    await crm.affiliations.create({
      ...{ contactId: id[name], accountId, kind: "employer" },
      ...{ validFrom: validFrom || null, validUntil: validUntil || null },
    });
  }
  const nameOf = new Map(Object.entries(id).map(([name, contactId]) => [contactId, name]));
  const seats = async (on: string) => {
    const { members, without } = await crm.memberships.membersThrough(membershipId, { on });
    return {
      members: members.map(({ contactId }) => nameOf.get(contactId)),
      without: without.map(({ contactId, reason }) => `${nameOf.get(contactId)}: ${reason}`),
    };
  };
  return { programId, levelIds, accountId, membershipId, id, nameOf, seats };
}

const storages = {
  memory: () => memory(),
  sqlite: () => sqlite({ filename: ":memory:" }),
  postgres: leasedSchemas(postgres),
};

onEveryStorage(storages, (open) => {
  it("gives two seats to three employees by the length of their ties, the third when one leaves, and all without a limit", async () => {
    const crm = await open();
    const { levelIds, membershipId, id, nameOf, seats } = await organisationOf(
      crm,
      ["Cleo 2025-05-01..", "Ann 2020-01-01..", "Ben 2024-02-01.."],
      { maxInherited: 2 },
    );
    expect(await seats("2026-03-01")).toEqual({ members: ["Ann", "Ben"], without: ["Cleo: no_seat"] });

    const [bens] = (await crm.affiliations.list({ where: { contactId: id.Ben! } })).items;
    await crm.affiliations.update(bens!.id, { validUntil: "2026-03-31" });
    expect(await seats("2026-03-31")).toEqual({ members: ["Ann", "Ben"], without: ["Cleo: no_seat"] });
    expect(await seats("2026-04-01")).toEqual({ members: ["Ann", "Cleo"], without: [] });
    const { gained, lost } = await crm.memberships.seatChanges(membershipId, { from: "2026-03-31", to: "2026-04-01" });
    expect(gained.map(({ contactId }) => nameOf.get(contactId))).toEqual(["Cleo"]);
    expect(lost.map(({ contactId, reason }) => [nameOf.get(contactId), reason])).toEqual([["Ben", "tie_ended"]]);

    await crm.membershipLevels.update(levelIds[0]!, { maxInherited: null });
    expect(await seats("2026-03-01")).toEqual({ members: ["Ann", "Ben", "Cleo"], without: [] });
    await crm.membershipLevels.update(levelIds[0]!, { maxInherited: 0 });
    expect((await seats("2026-03-01")).without).toEqual(["Ann: no_seat", "Ben: no_seat", "Cleo: no_seat"]);
  });

  it("takes the membership from all when the member's own status counts no longer, and gives it back with it", async () => {
    const crm = await open();
    const { membershipId, id, seats, programId } = await organisationOf(crm, ["Ann", "Ben"]);
    expect((await seats("2027-01-31")).members).toEqual(["Ann", "Ben"]);
    expect(await seats("2027-02-01")).toEqual({
      members: [],
      without: ["Ann: membership_does_not_count", "Ben: membership_does_not_count"],
    });
    expect(await seats("2023-12-31")).toEqual({ members: [], without: [] });
    const { lost } = await crm.memberships.seatChanges(membershipId, { from: "2027-01-01", to: "2027-02-01" });
    expect(lost.map(({ reason }) => reason)).toEqual(["membership_does_not_count", "membership_does_not_count"]);
    const of = { contactId: id.Ann!, programId };
    expect(await crm.memberships.isMember({ ...of, on: "2027-01-31" })).toBe(true);
    expect(await crm.memberships.isMember({ ...of, on: "2027-02-01" })).toBe(false);
  });

  it("tells the memberships of a person, its own first, with the tie and the reason", async () => {
    const crm = await open();
    const { id, programId, levelIds, membershipId } = await organisationOf(
      crm,
      ["Ann 2020-01-01..", "Ben 2021-01-01.."],
      { maxInherited: 1 },
    );
    const own = await crm.memberships.stand({
      contactId: id.Ann!,
      terms: [{ levelId: levelIds[1]!, from: "2026-01-01" }],
    });
    const on = "2026-06-01";
    expect(await crm.memberships.membershipsOf({ contactId: id.Ann!, on })).toMatchObject([
      { membershipId: own, levelId: levelIds[1], status: "current", counts: true, through: null, reason: null },
      {
        ...{ membershipId, programId, levelId: levelIds[0], status: "current", counts: true, reason: null },
        through: { through: { entity: "affiliation", type: "employer", role: null }, validFrom: "2020-01-01" },
      },
    ]);
    expect(await crm.memberships.membershipsOf({ contactId: id.Ben!, on })).toMatchObject([
      { membershipId, counts: false, reason: "no_seat", through: { validFrom: "2021-01-01" } },
    ]);
    expect(await crm.memberships.isMember({ contactId: id.Ben!, on })).toBe(false);
    expect(await crm.memberships.isMember({ contactId: id.Ann!, on, levelId: levelIds[0]! })).toBe(true);
    const inherited = await crm.memberships.inheritedMembers({ on });
    expect(inherited).toEqual([
      { programId, levelId: levelIds[0], membershipId, contactId: id.Ann, status: "current" },
    ]);
  });

  it("gives a household's members its membership without a rule, and leaves out the dead, the archived and other kinds of ties", async () => {
    const crm = await open();
    const { levelIds } = await societyOf(crm, [{ key: "family", memberKind: "household" }]);
    const { id: accountId } = await crm.accounts.create({ name: "Silva", kind: "household" });
    const membershipId = await crm.memberships.stand({
      accountId,
      terms: [{ levelId: levelIds[0]!, from: "2025-01-01" }],
    });
    const names = ["Anna", "Ben", "Carla", "Dora"];
    const people = await crm.contacts.createMany(names.map((givenName) => ({ givenName })));
    const kinds = ["household", "household", "household", "other"] as const;
    await crm.affiliations.createMany(people.map(({ id }, at) => ({ contactId: id, accountId, kind: kinds[at]! })));
    await crm.contacts.update(people[1]!.id, { deathDate: "2026-02" });
    await crm.contacts.archive(people[2]!.id);
    const through = await crm.memberships.membersThrough(membershipId, { on: "2026-03-01" });
    expect(through.members.map(({ contactId }) => contactId)).toEqual([people[0]!.id]);
    expect(through.without).toMatchObject([{ contactId: people[1]!.id, reason: "deceased" }]);
    const before = await crm.memberships.membersThrough(membershipId, { on: "2026-02-27" });
    expect(before.members).toHaveLength(2);
  });

  it("asks for the role where the rule names one", async () => {
    const crm = await open();
    const { accountId, seats } = await organisationOf(crm, ["Ann"], {
      inheritance: { affiliations: [{ kind: "employer", role: "Délégué" }] },
    });
    expect((await seats("2026-03-01")).members).toEqual([]);
    const [first] = (await crm.affiliations.list({ where: { accountId } })).items;
    await crm.affiliations.update(first!.id, { role: "delegue" });
    expect((await seats("2026-03-01")).members).toEqual(["Ann"]);
  });

  it("rests on the ties of the plugin relationships where it is installed", async () => {
    const ties: { from: string; to: string }[] = [];
    const relationships = definePlugin({
      id: "relationships",
      services: (): PartyTies => ({
        tiesOn: async ({ types, fromContactIds = [], toContactIds = [] }) =>
          types.includes("partner_of")
            ? ties
                .filter(({ from, to }) => fromContactIds.includes(from) || toContactIds.includes(to))
                .map(({ from, to }) => ({
                  ...{ id: `${from} ${to}`, type: "partner_of", from: { entity: "contact" as const, id: from } },
                  ...{ contactId: to, validFrom: null, validUntil: null, createdAt: new Date(0) },
                }))
            : [],
      }),
    });
    const crm = await open([relationships]);
    const { levelIds } = await societyOf(crm, [{ key: "person", inheritance: { relationships: ["partner_of"] } }]);
    const [ann, ben] = await crm.contacts.createMany([{ givenName: "Ann" }, { givenName: "Ben" }]);
    ties.push({ from: ann!.id, to: ben!.id }, { from: ann!.id, to: ann!.id });
    const membershipId = await crm.memberships.stand({
      contactId: ann!.id,
      terms: [{ levelId: levelIds[0]!, from: "2025-01-01" }],
    });
    const { members } = await crm.memberships.membersThrough(membershipId, { on: "2026-01-01" });
    expect(members).toMatchObject([{ contactId: ben!.id, through: { entity: "relationship", type: "partner_of" } }]);
    expect(await crm.memberships.isMember({ contactId: ben!.id, on: "2026-01-01" })).toBe(true);
  });

  it("answers by a handle of the past with what was known then", async () => {
    const crm = await open();
    const { accountId, membershipId } = await organisationOf(crm, ["Ann"]);
    const [first] = (await crm.affiliations.list({ where: { accountId } })).items;
    const then = first!.updatedAt;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await crm.affiliations.delete(first!.id);
    const on = "2026-01-01";
    expect((await crm.memberships.membersThrough(membershipId, { on })).members).toEqual([]);
    expect((await crm.asOf(then).memberships.membersThrough(membershipId, { on })).members).toHaveLength(1);
  });

  it("refuses days that do not exist, two members at once, and memberships that are not there", async () => {
    const crm = await open();
    const { membershipId } = await organisationOf(crm, []);
    expect(await refusal(crm.memberships.membersThrough(membershipId, { on: "2026-02-30" }))).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("membership.on is not a day that exists"),
    });
    expect(await refusal(crm.memberships.membershipsOf({ contactId: "a", accountId: "b" } as never))).toMatchObject({
      code: "invalid_input",
    });
    expect(await refusal(crm.memberships.membersThrough(crypto.randomUUID()))).toMatchObject({ code: "not_found" });
    expect(
      await refusal(
        crm.membershipLevels.create({
          ...{ programId: (await crm.memberships.get(membershipId)).programId, key: "x", name: "x", rank: 9 },
          inheritance: { affiliations: [{ kind: "cousin" }] } as never,
        }),
      ),
    ).toMatchObject({ code: "invalid_input" });
  });
});

describe("a membership through another member", () => {
  it("is one where a level requires one of another program, and not where there is no seat", async () => {
    const crm = await createCrm({ storage: memory(), plugins: [memberships()] });
    const family = { key: "family", rank: 1, memberKind: "household" as const, maxInherited: 1 };
    const { program, plans } = await crm.memberships.defineProgram({
      ...{ key: "society", currency: "EUR", levels: [{ ...family, plans: [{ key: "annual" }] }] },
    });
    const youth = await crm.memberships.defineProgram({
      ...{ key: "youth", currency: "EUR" },
      levels: [{ key: "member", rank: 1, requiresProgramId: program.id, plans: [{ key: "annual" }] }],
    });
    const { id: accountId } = await crm.accounts.create({ name: "Silva", kind: "household" });
    const people = await crm.contacts.createMany([{ givenName: "Anna" }, { givenName: "Ben" }]);
    for (const [at, { id: contactId }] of people.entries())
      await crm.affiliations.create({ contactId, accountId, kind: "household", validFrom: `201${at}-01-01` });
    await crm.memberships.join({ accountId, planId: plans["family/annual"]!.id });
    const enter = (at: number) =>
      crm.memberships.join({ contactId: people[at]!.id, planId: youth.plans["member/annual"]!.id });
    expect((await enter(0)).terms).toHaveLength(1);
    expect(await refusal(enter(1))).toMatchObject({ code: "may_not_join" });
    await crm.close();
  });
});

describe("seats", () => {
  const tie = (contactId: string, validFrom: string | null, id = contactId) => ({
    ...{ contactId, validFrom, validUntil: null, createdAt: new Date(0), deceased: false },
    through: { entity: "affiliation" as const, id, type: "employer", role: null },
  });

  it("go to open beginnings first, and to a person once", () => {
    const { members, without } = takeSeats(
      [tie("b", "2020-01-01"), tie("a", "2021-01-01", "x"), tie("c", null), tie("a", "2019-01-01", "y")],
      {
        seats: 2,
        counts: true,
      },
    );
    expect(members.map(({ contactId }) => contactId)).toEqual(["c", "a"]);
    expect(without.map(({ contactId, reason }) => [contactId, reason])).toEqual([["b", "no_seat"]]);
  });

  it("are no one's after death, and a date of which the day is not known is over at its end", () => {
    expect([null, "2026-05-17", "2026-05", "2026"].map((date) => isDeceased(date, "2026-05-17"))).toEqual([
      ...[false, true, false, false],
    ]);
    expect(["2026-05-18", "2026-04", "2025"].map((date) => isDeceased(date, "2026-05-17"))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("follow from no tie at a level for persons and for organisations without a rule", () => {
    const rule = (memberKind: "person" | "household" | "organization") =>
      inheritanceOf({ memberKind, inheritance: null, maxInherited: null });
    expect(rule("person")).toEqual({});
    expect(rule("organization")).toEqual({});
    expect(rule("household")).toEqual({ affiliations: [{ kind: "household" }] });
  });
});
