import { expect, it } from "vitest";
import { onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";
import { standardPartyKinds } from "./standard-party-kinds.ts";

onEveryStorage((open) => {
  async function openParties() {
    const crm = await open();
    const named = await thingsOf(crm, "Acme Ltd, Bolt Ltd, Coin Ltd");
    const kinds = await crm.relationships.definePartyKinds(standardPartyKinds);
    return { crm, ...named, kinds };
  }

  it("has kinds of parties that are ready, and others that a tenant defines", async () => {
    const { crm, kinds } = await openParties();
    expect(kinds.map(({ key, name }) => [key, name])).toEqual([
      ["government_body", "Government body"],
      ["media_outlet", "Media outlet"],
      ["association", "Association"],
      ["supplier", "Supplier"],
      ["partner", "Partner"],
    ]);
    const [alumni, again] = await crm.relationships.definePartyKinds([
      { key: "alumni_club", attributes: [{ key: "founded", kind: "date" }] },
      { key: "supplier", name: "Vendor" },
    ]);
    expect(alumni).toMatchObject({ key: "alumni_club", name: "alumni_club" });
    expect(again).toMatchObject({ id: kinds[3]!.id, name: "Vendor", attributes: kinds[3]!.attributes });
    await crm.partyKinds.archive(alumni!.id);
    expect(await crm.relationships.definePartyKinds([{ key: "alumni_club" }])).toMatchObject([
      { id: alumni!.id, archivedAt: null, attributes: [{ key: "founded" }] },
    ]);
    const wrong = crm.relationships.definePartyKinds([
      { key: "society" },
      { key: "club", attributes: [{ key: "size", kind: "integer" as never }] },
    ]);
    expect(await refusal(wrong)).toMatchObject({ code: "invalid_input", details: { entity: "partyKind", index: 1 } });
    expect(await crm.partyKinds.count()).toBe(6);
  });

  it("describes an account by kinds, attribute by attribute, and takes it back", async () => {
    const { crm, thing, kinds } = await openParties();
    const id = thing.Acme!.id;
    const first = { kind: "supplier", attributes: { number: "S-1", payment_days: 30 } };
    expect(await crm.relationships.setProfile(id, first)).toMatchObject({
      attributes: { number: "S-1", payment_days: 30 },
    });
    const second = { kind: "supplier", attributes: { status: "approved", payment_days: null } };
    expect((await crm.relationships.setProfile(id, second)).attributes).toEqual({ number: "S-1", status: "approved" });
    await crm.relationships.setProfile(id, { kind: "media_outlet", attributes: { medium: "print" } });
    const described = await crm.relationships.profilesOf(id);
    expect(described.map(({ kind, profile }) => [kind.key, profile.attributes]).toSorted()).toEqual([
      ["media_outlet", { medium: "print" }],
      ["supplier", { number: "S-1", status: "approved" }],
    ]);
    expect(await refusal(crm.partyKinds.delete(kinds[3]!.id))).toMatchObject({ code: "still_referenced" });
    await crm.relationships.removeProfile(id, "supplier");
    await crm.relationships.removeProfile(id, "supplier");
    expect(await crm.relationships.profilesOf(id)).toHaveLength(1);
    await crm.partyKinds.delete(kinds[3]!.id);
    await crm.accounts.delete(id);
    expect(await crm.partyProfiles.count()).toBe(0);
  });

  it("refuses attributes that the kind does not have, naming each, whoever writes them", async () => {
    const { crm, thing, kinds } = await openParties();
    const id = thing.Acme!.id;
    const describe = (kind: string, attributes: { readonly [key: string]: string | number }) =>
      refusal(crm.relationships.setProfile(id, { kind, attributes }));
    expect(await describe("media_outlet", { reach: "many", colour: "red" })).toMatchObject({
      code: "invalid_input",
      details: {
        entity: "partyProfile",
        issues: [
          { field: "attributes.colour", code: "unknown_field" },
          { field: "attributes.reach", code: "invalid_value", message: "must be a number" },
          { field: "attributes.medium", code: "missing_field" },
        ],
      },
    });
    expect(await describe("supplier", { status: "good" })).toMatchObject({
      message: 'partyProfile.attributes.status must be one of "candidate", "approved", "preferred", "blocked".',
    });
    expect(await describe("supplier", { approved_on: "2024-02-30" })).toMatchObject({
      details: { field: "attributes.approved_on" },
    });
    expect(await describe("friend", {})).toMatchObject({
      code: "unknown_party_kind",
      details: { field: "kind", known: "association, government_body, media_outlet, partner, supplier" },
    });
    const profile = { accountId: id, kindId: kinds[0]!.id, attributes: { level: "galactic" } };
    expect(await refusal(crm.partyProfiles.create(profile))).toMatchObject({ details: { field: "attributes.level" } });
    expect(
      await refusal(crm.relationships.setProfile("00000000-0000-7000-8000-000000000000", { kind: "supplier" })),
    ).toMatchObject({
      code: "reference_not_found",
    });
    expect(await crm.partyProfiles.count()).toBe(0);
  });

  it("changes a kind as long as those that are described by it still fit", async () => {
    const { crm, thing } = await openParties();
    const define = (values: string[], required = false) =>
      crm.relationships.definePartyKinds([
        { key: "sponsor", attributes: [{ key: "tier", kind: "one_of", values, required }] },
      ]);
    await define(["gold", "silver"]);
    await crm.relationships.setProfile(thing.Acme!.id, { kind: "sponsor", attributes: { tier: "gold" } });
    await crm.relationships.setProfile(thing.Bolt!.id, { kind: "sponsor" });
    expect(await refusal(define(["silver"]))).toMatchObject({
      code: "party_kind_in_use",
      details: { entity: "partyKind", field: "attributes", count: 1, accountId: thing.Acme!.id },
    });
    expect(await refusal(define(["gold", "silver"], true))).toMatchObject({ details: { accountId: thing.Bolt!.id } });
    expect((await define(["gold"]))[0]!.attributes).toMatchObject([{ values: ["gold"] }]);
  });

  it("lists the accounts of a kind, by conditions on them, page by page", async () => {
    const { crm, thing, nameOf } = await openParties();
    for (const name of ["Coin", "Acme", "Bolt"])
      await crm.relationships.setProfile(thing[name]!.id, { kind: "supplier", attributes: { number: name } });
    await crm.relationships.setProfile(thing.Acme!.id, { kind: "partner" });
    const names = async (query: object) =>
      (await crm.relationships.partiesOf({ kind: "supplier", ...query })).items.map(({ account, profile }) => [
        nameOf(account),
        profile.attributes.number,
      ]);
    expect(await names({})).toEqual([
      ["Acme", "Acme"],
      ["Bolt", "Bolt"],
      ["Coin", "Coin"],
    ]);
    expect(await names({ where: { partyProfiles: { some: { kind: { key: "partner" } } } } })).toEqual([
      ["Acme", "Acme"],
    ]);
    const first = await crm.relationships.partiesOf({ kind: "supplier", limit: 2 });
    expect(first.items).toHaveLength(2);
    expect(await names({ limit: 2, after: first.next })).toEqual([["Coin", "Coin"]]);
    expect(await names({ where: { name: "Nobody" } })).toEqual([]);
    expect(
      await refusal(crm.relationships.partiesOf({ kind: "supplier", where: { nme: "x" } as object })),
    ).toMatchObject({
      code: "invalid_query",
    });
    await crm.partyProfiles.archive((await crm.partyProfiles.find({ where: { accountId: thing.Coin!.id } }))!.id);
    expect(await names({})).toHaveLength(2);
  });

  it("lists those with attributes in a range, of a value, or without one, as the database finds them", async () => {
    const { crm, thing, nameOf } = await openParties();
    await crm.relationships.definePartyKinds([
      {
        key: "fund",
        attributes: [
          { key: "size", kind: "number" },
          { key: "fee", kind: "decimal" },
          { key: "since", kind: "date" },
          { key: "open", kind: "boolean" },
          { key: "note", kind: "text" },
        ],
      },
    ]);
    const fund = (name: string, attributes: { readonly [key: string]: string | number | boolean | null }) =>
      crm.relationships.setProfile(thing[name]!.id, { kind: "fund", attributes });
    await fund("Acme", { size: -1.5, fee: "-0.25", since: "2020-02-29", open: true, note: "x".repeat(251) });
    await fund("Bolt", { size: 9, fee: "10", since: "2020-03-01", open: false, note: "x".repeat(250) });
    await fund("Coin", { size: 1e21, fee: "9.5" });
    const found = async (attributes: NonNullable<Parameters<typeof crm.relationships.partiesOf>[0]["attributes"]>) =>
      (await crm.relationships.partiesOf({ kind: "fund", attributes })).items.map(({ account }) => nameOf(account));
    expect(await found({ size: { lt: 9 } })).toEqual(["Acme"]);
    expect(await found({ size: { gte: 9 } })).toEqual(["Bolt", "Coin"]);
    expect(await found({ fee: { gt: "-0.3", lte: "9.50" } })).toEqual(["Acme", "Coin"]);
    expect(await found({ fee: "10.00" })).toEqual(["Bolt"]);
    expect(await found({ since: { gte: "2020-03-01" } })).toEqual(["Bolt"]);
    expect(await found({ since: null })).toEqual(["Coin"]);
    expect(await found({ open: true, size: { lt: 0 } })).toEqual(["Acme"]);
    expect(await found({ size: { in: [9, 1e21] }, open: false })).toEqual(["Bolt"]);
    expect(await found({ note: "x".repeat(250) })).toEqual(["Bolt"]);
    await fund("Bolt", { size: null, open: true });
    expect(await found({ size: { gte: 9 } })).toEqual(["Coin"]);
    expect(await found({ open: true })).toEqual(["Acme", "Bolt"]);
    await crm.relationships.definePartyKinds([
      {
        key: "fund",
        attributes: ["size", "fee", "since", "open", "note"].map((key) => ({
          key,
          kind: ({ size: "number", fee: "text", since: "date", open: "boolean", note: "text" } as const)[key as "fee"],
        })),
      },
    ]);
    expect(await found({ fee: { gt: "1", lt: "2" } })).toEqual(["Bolt"]);
    const wrong = (attributes: object) =>
      refusal(crm.relationships.partiesOf({ kind: "fund", attributes: attributes as { size: number } }));
    expect(await wrong({ size: "9" })).toMatchObject({ message: "partyProfile.attributes.size must be a number." });
    expect(await wrong({ sice: 9 })).toMatchObject({ details: { field: "attributes.sice" } });
    expect(await wrong({ size: { above: 9 } })).toMatchObject({ message: expect.stringContaining('has no "above"') });
    expect(await wrong({ size: {} })).toMatchObject({ details: { field: "attributes.size" } });
    expect(await wrong({ note: "x".repeat(251) })).toMatchObject({
      message: expect.stringContaining("250 characters"),
    });
    await crm.accounts.delete(thing.Coin!.id);
    expect(await crm.partyAttributes.count()).toBe(9);
    await crm.accounts.restore(thing.Coin!.id);
    expect(await found({ size: 1e21 })).toEqual(["Coin"]);
  });

  it("keeps the kinds of both accounts that become one, each once", async () => {
    const { crm, thing } = await openParties();
    await crm.relationships.setProfile(thing.Acme!.id, { kind: "supplier", attributes: { number: "A" } });
    await crm.relationships.setProfile(thing.Bolt!.id, { kind: "supplier", attributes: { number: "B" } });
    await crm.relationships.setProfile(thing.Bolt!.id, { kind: "partner" });
    const { mergeId } = await crm.accounts.merge(thing.Acme!.id, thing.Bolt!.id);
    const described = await crm.relationships.profilesOf(thing.Acme!.id);
    expect(described.map(({ kind }) => kind.key).toSorted()).toEqual(["partner", "supplier"]);
    expect(described.find(({ kind }) => kind.key === "supplier")!.profile.attributes).toEqual({ number: "A" });
    await crm.accounts.unmerge(mergeId);
    expect(await crm.relationships.profilesOf(thing.Bolt!.id)).toHaveLength(2);
  });
});
