import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { type Relationships, relationships, standardTypes } from "@relata/relationships";
import { sqlite } from "@relata/sqlite";
import type { CrmWith } from "@relata/testkit";
import { expect, it } from "vitest";
import { onEveryStorage, type StandingCrm, societyOf } from "../standing-memberships-fixture.ts";

const storages = {
  memory: () => memory(),
  sqlite: () => sqlite({ filename: ":memory:" }),
  postgres: leasedSchemas(postgres),
};

onEveryStorage(storages, (open) => {
  /** With the plugin `relationships` as it is, and its ready-made types. */
  const openBoth = async () => {
    const crm = (await open([relationships()])) as StandingCrm & CrmWith<Relationships>;
    await crm.relationships.defineTypes(standardTypes);
    return crm;
  };
  const contact = (id: string) => ({ entityType: "contact", id });
  const account = (id: string) => ({ entityType: "account", id });

  it("rests the memberships of an organisation's people and of a household on relationships of the day", async () => {
    const crm = await openBoth();
    const { levelIds } = await societyOf(crm, [
      { key: "company", memberKind: "organization", inheritance: { relationships: ["employee", "board_member"] } },
      { key: "family", memberKind: "household", inheritance: { relationships: ["household_member"] } },
    ]);
    const [acme, silva] = await crm.accounts.createMany([{ name: "Acme" }, { name: "Silva", kind: "household" }]);
    const people = await crm.contacts.createMany(["Ann", "Ben", "Cleo"].map((givenName) => ({ givenName })));
    const [ann, ben, cleo] = people.map(({ id }) => id) as [string, string, string];
    const [company, family] = [
      await crm.memberships.stand({ accountId: acme!.id, terms: [{ levelId: levelIds[0]!, from: "2024-01-01" }] }),
      await crm.memberships.stand({ accountId: silva!.id, terms: [{ levelId: levelIds[1]!, from: "2024-01-01" }] }),
    ];
    const [job] = await crm.relationships.relateMany([
      { type: "employment", from: contact(ann), to: account(acme!.id), validFrom: "2020-01-01" },
      { type: "board_member", from: contact(ben), to: account(acme!.id), validFrom: "2026-01-01" },
      { type: "advisor", from: contact(cleo), to: account(acme!.id) },
      { type: "household_member", from: contact(cleo), to: account(silva!.id) },
    ]);
    const through = async (membershipId: string, on: string) =>
      (await crm.memberships.membersThrough(membershipId, { on })).members.map(
        (each) => `${people.find(({ id }) => id === each.contactId)?.givenName} ${each.through.type}`,
      );
    expect(await through(company, "2025-12-31")).toEqual(["Ann employee"]);
    expect(await through(company, "2026-01-01")).toEqual(["Ann employee", "Ben board_member"]);
    expect(await through(family, "2026-01-01")).toEqual(["Cleo household_member"]);
    await crm.relationships.end(job!.id, { on: "2026-03-31" });
    expect(await through(company, "2026-04-01")).toEqual(["Ben board_member"]);
    expect(await crm.memberships.isMember({ contactId: ann, on: "2026-03-31" })).toBe(true);
    expect(await crm.memberships.isMember({ contactId: ann, on: "2026-04-01" })).toBe(false);
  });

  it("gives a person's membership to spouse and children", async () => {
    const crm = await openBoth();
    const { levelIds } = await societyOf(crm, [{ key: "person", inheritance: { relationships: ["spouse", "child"] } }]);
    const people = await crm.contacts.createMany(["Ann", "Ben", "Cleo", "Dora"].map((givenName) => ({ givenName })));
    const [ann, ben, cleo, dora] = people.map(({ id }) => contact(id));
    await crm.relationships.relateMany([
      { type: "spouse", from: ben!, to: ann! },
      { type: "parent", from: ann!, to: cleo! },
      { type: "parent", from: dora!, to: ann! },
    ]);
    const membershipId = await crm.memberships.stand({
      contactId: ann!.id,
      terms: [{ levelId: levelIds[0]!, from: "2025-01-01" }],
    });
    const { members } = await crm.memberships.membersThrough(membershipId, { on: "2026-01-01" });
    expect(members.map(({ contactId }) => contactId).toSorted()).toEqual([ben!.id, cleo!.id].toSorted());
    expect(await crm.memberships.isMember({ contactId: dora!.id, on: "2026-01-01" })).toBe(false);
  });
});
