import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { expect, it } from "vitest";
import { onEveryStorage, refusal, type StandingCrm, societyOf } from "../standing-memberships-fixture.ts";

const on = "2026-06-01";

/** Anna, Ben and Carla Silva, members since 2025, in this order; Anna lists all, Ben his name to members, Carla nothing. */
async function silvas(crm: StandingCrm) {
  const { programId, levelIds } = await societyOf(crm, [{ key: "friend" }, { key: "board", visibility: "internal" }]);
  const { id: accountId } = await crm.accounts.create({ name: "Acme" });
  const people = await crm.contacts.createMany([
    { givenName: "Anna", familyName: "Silva", email: "anna@example.com", jobTitle: "Physician", accountId },
    { givenName: "Ben", familyName: "Silva", email: "ben@secret.example", phone: "030 1234567" },
    { givenName: "Carla", familyName: "Silva", email: "carla@example.com" },
  ]);
  const [anna, ben, carla] = people.map(({ id }) => id) as [string, string, string];
  await crm.postalAddresses.create({ contactId: anna, city: "Porto", isPrimary: true });
  for (const contactId of [anna, ben, carla])
    await crm.memberships.stand({
      contactId,
      terms: [{ levelId: levelIds[0]!, from: "2025-01-01", to: "2026-12-31" }],
    });
  await crm.memberships.setListing(
    { contactId: anna, programId },
    { name: "public", level: "public", since: "public", email: "members", address: "public", organization: "public" },
  );
  await crm.memberships.setListing({ contactId: ben, programId }, { name: "members" });
  return { programId, levelIds, anna, ben, carla, accountId };
}

const storages = {
  memory: () => memory(),
  sqlite: () => sqlite({ filename: ":memory:" }),
  postgres: leasedSchemas(postgres),
};

onEveryStorage(storages, (open) => {
  it("shows each audience what each member lets it see, and no member whose name it may not see", async () => {
    const crm = await open();
    const { programId, anna } = await silvas(crm);
    const open_ = { level: "friend", since: "2025-01-01", organization: "Acme" };
    const look = (audience: "public" | "members" | "staff") => crm.memberships.directory({ programId, audience, on });
    expect(await look("public")).toEqual({
      items: [{ id: anna, name: "Anna Silva", ...open_, address: expect.objectContaining({ city: "Porto" }) }],
      next: undefined,
    });
    expect((await look("members")).items).toMatchObject([
      { name: "Anna Silva", ...open_, email: "anna@example.com" },
      { name: "Ben Silva" },
    ]);
    expect((await look("members")).items[1]).toEqual({ id: expect.any(String), name: "Ben Silva" });
    expect((await look("staff")).items).toMatchObject([
      { name: "Anna Silva", jobTitle: "Physician" },
      { name: "Ben Silva", email: "ben@secret.example", phone: "030 1234567", level: "friend", number: null },
      { name: "Carla Silva", email: "carla@example.com" },
    ]);
  });

  it("finds by nothing that the audience may not see", async () => {
    const crm = await open();
    const { programId } = await silvas(crm);
    const find = async (audience: "public" | "members" | "staff", search: string) =>
      (await crm.memberships.directory({ programId, audience, on, search })).items.map(({ name }) => name);
    expect(await find("public", "silva")).toEqual(["Anna Silva"]);
    expect(await find("public", "SILVA anna")).toEqual(["Anna Silva"]);
    expect(await find("public", "porto acme")).toEqual(["Anna Silva"]);
    expect(await find("public", "anna@example")).toEqual([]);
    expect(await find("members", "anna@example")).toEqual(["Anna Silva"]);
    expect(await find("members", "Physician")).toEqual([]);
    expect(await find("members", "secret")).toEqual([]);
    expect(await find("staff", "secret")).toEqual(["Ben Silva"]);
    expect(await find("staff", "%")).toEqual([]);
  });

  it("finds nobody by a level that the audience may not see, and the public nobody by an internal one", async () => {
    const crm = await open();
    const { programId, levelIds, anna } = await silvas(crm);
    const { id: contactId } = await crm.contacts.create({ familyName: "Zeta" });
    await crm.memberships.stand({ contactId, terms: [{ levelId: levelIds[1]!, from: "2025-01-01" }] });
    await crm.memberships.setListing({ contactId, programId }, { name: "public", level: "public" });
    const ofLevel = async (audience: "public" | "members" | "staff", levelId = levelIds[0]!) =>
      (await crm.memberships.directory({ programId, audience, on, levelId })).items.map(({ name }) => name);
    expect(await ofLevel("public")).toEqual(["Anna Silva"]);
    expect(await ofLevel("members")).toEqual(["Anna Silva"]);
    expect(await ofLevel("staff")).toEqual(["Anna Silva", "Ben Silva", "Carla Silva"]);
    await crm.memberships.setListing({ contactId: anna, programId }, { level: "members" });
    expect([await ofLevel("public"), await ofLevel("members")]).toEqual([[], ["Anna Silva"]]);
    expect([await ofLevel("public", levelIds[1]), await ofLevel("members", levelIds[1])]).toEqual([[], ["Zeta"]]);
  });

  it("gives full pages, although those without a seat are passed over", async () => {
    const crm = await open();
    const { programId, levelIds } = await societyOf(crm, [
      {
        key: "company",
        memberKind: "organization",
        maxInherited: 7,
        inheritance: { affiliations: [{ kind: "employer" }] },
      },
      { key: "person" },
    ]);
    const { id: accountId } = await crm.accounts.create({ name: "Acme" });
    await crm.memberships.stand({ accountId, terms: [{ levelId: levelIds[0]!, from: "2025-01-01" }] });
    const people = await crm.contacts.createMany(
      Array.from({ length: 20 }, (_, at) => ({ familyName: `F${String(at).padStart(2, "0")}`, accountId: null })),
    );
    // Every second one works there; the last ones have been there for longer.
    await crm.affiliations.createMany(
      people.map(({ id }, at) => ({
        ...{ contactId: id, accountId, kind: at % 2 === 0 ? ("employer" as const) : ("other" as const) },
        validFrom: `20${String(40 - at)}-01-01`.replace("20", "19"),
      })),
    );
    await crm.memberships.stand({ contactId: people[1]!.id, terms: [{ levelId: levelIds[1]!, from: "2025-01-01" }] });
    const names: string[][] = [];
    let after: string | undefined;
    do {
      const page = await crm.memberships.directory({ programId, audience: "staff", on, limit: 3, after });
      names.push(page.items.map(({ name }) => name));
      after = page.next;
    } while (after !== undefined);
    expect(names).toEqual([
      ["F01", "F06", "F08"],
      ["F10", "F12", "F14"],
      ["F16", "F18"],
    ]);
    const companies = await crm.memberships.directory({ programId, audience: "staff", of: "accounts", on });
    expect(companies.items).toMatchObject([{ id: accountId, name: "Acme", level: "company" }]);
    const ofLevel = await crm.memberships.directory({ programId, audience: "staff", on, levelId: levelIds[1]! });
    expect(ofLevel.items.map(({ name }) => name)).toEqual(["F01"]);
    expect(ofLevel.items[0]).toMatchObject({ since: "2025-01-01" });
  });

  it("has those who are members on the day", async () => {
    const crm = await open();
    const { programId, anna } = await silvas(crm);
    const count = async (day: string) =>
      (await crm.memberships.directory({ programId, audience: "staff", on: day })).items.length;
    expect([
      await count("2024-12-31"),
      await count("2025-01-01"),
      await count("2027-01-31"),
      await count("2027-02-01"),
    ]).toEqual([...[0, 3, 3, 0]]);
    expect(await crm.memberships.audienceOf({ contactId: anna, programId, on: "2027-01-31" })).toBe("members");
    expect(await crm.memberships.audienceOf({ contactId: anna, programId, on: "2027-02-01" })).toBe("public");
  });

  it("shows the public neither an internal program nor the name of an internal level", async () => {
    const crm = await open();
    const { programId, levelIds } = await silvas(crm);
    const { id: contactId } = await crm.contacts.create({ familyName: "Zeta" });
    await crm.memberships.stand({ contactId, terms: [{ levelId: levelIds[1]!, from: "2025-01-01" }] });
    await crm.memberships.setListing({ contactId, programId }, { name: "public", level: "public" });
    const look = async (audience: "public" | "members") =>
      (await crm.memberships.directory({ programId, audience, on, search: "zeta" })).items;
    expect(await look("public")).toEqual([{ id: contactId, name: "Zeta" }]);
    expect(await look("members")).toEqual([{ id: contactId, name: "Zeta", level: "board" }]);
    await crm.membershipPrograms.update(programId, { visibility: "internal" });
    expect(await look("public")).toEqual([]);
  });

  it("does not show the public the e-mail address of somebody without a name", async () => {
    const crm = await open();
    const { programId, levelIds } = await silvas(crm);
    const { id: contactId } = await crm.contacts.create({ email: "nameless@example.com" });
    await crm.memberships.stand({ contactId, terms: [{ levelId: levelIds[0]!, from: "2025-01-01" }] });
    await crm.memberships.setListing({ contactId, programId }, { name: "public" });
    const names = async (audience: "public" | "staff") =>
      (await crm.memberships.directory({ programId, audience, on })).items.map(({ name }) => name);
    expect(await names("public")).toEqual(["Anna Silva"]);
    expect(await names("staff")).toContain("nameless@example.com");
  });

  it("refuses audiences and fields that there are not, and a listing of nobody", async () => {
    const crm = await open();
    const { programId, anna, accountId } = await silvas(crm);
    const wrong = [
      crm.memberships.directory({ programId, audience: "press" as never }),
      crm.memberships.directory({ programId, audience: "staff", limit: 0 }),
      crm.memberships.setListing({ contactId: anna, programId }, { shoeSize: "public" } as never),
      crm.memberships.setListing({ contactId: anna, programId }, { name: "everybody" } as never),
      crm.memberships.setListing({ contactId: anna, accountId, programId } as never, { name: "public" }),
      crm.memberships.setListing(undefined as never, { name: "public" }),
      crm.membershipListings.create({ programId }),
    ];
    for (const call of wrong) expect(await refusal(call)).toMatchObject({ code: "invalid_input" });
    const elsewhere = crypto.randomUUID();
    expect(await refusal(crm.memberships.directory({ programId: elsewhere, audience: "staff" }))).toMatchObject({
      code: "not_found",
    });
    expect(await crm.membershipListings.count()).toBe(2);
  });
});
