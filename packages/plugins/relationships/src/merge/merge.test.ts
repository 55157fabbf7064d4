import { expect, it } from "vitest";
import { pairOf } from "../edge/pair.ts";
import { onEveryStorage, type TestedCrm, thingsOf } from "../relationships-fixture.ts";

/** All that is kept of relationships, without what every write changes. */
async function stateOf(crm: TestedCrm) {
  const bare = <R extends object>(records: readonly R[]) =>
    records.map((record) => ({ ...record, version: 0, updatedAt: 0, updatedBy: 0 }));
  const all = { archived: "include", limit: 1_000 } as const;
  return {
    edges: bare((await crm.relationships.list(all)).items),
    evidences: bare((await crm.relationshipEvidences.list(all)).items),
    acts: bare((await crm.relationshipActs.list(all)).items),
    statements: bare((await crm.partyStatements.list(all)).items),
  };
}

onEveryStorage((open) => {
  it("a merge drops what stood between the two, and what the survivor has already; and its undoing brings all back", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Ann, Anne, Ben, Cleo, Acme Ltd");
    const acquainted = { type: "acquaintance", from: thing.Ann!, to: thing.Ben! };
    const [kept] = await crm.relationships.relateMany([
      { ...acquainted, validFrom: "2020-01-01", attributes: {} },
      { type: "acquaintance", from: thing.Ann!, to: thing.Anne! },
      {
        ...{ ...acquainted, from: thing.Anne!, validFrom: "2021-01-01", strength: "0.7", notes: "met at a fair" },
        ...{ basis: "stated", evidence: [{ note: "told us on the phone" }] },
      },
      { type: "acquaintance", from: thing.Cleo!, to: thing.Anne! },
    ]);
    const before = await stateOf(crm);
    const pair = { survivorId: thing.Ann!.id, otherId: thing.Anne!.id };
    const preview = await crm.relationships.previewMerge({ entityType: "contact", ...pair });
    expect(preview.moving).toBe(3);
    expect(preview.changed.map(({ causes, days, keptId }) => [causes, days, keptId])).toEqual([
      [["between"], [], undefined],
      [["double"], [], kept!.id],
    ]);
    const { mergeId } = await crm.contacts.merge(pair.survivorId, pair.otherId);
    expect(await stored()).toEqual(["acquaintance Ann>Ben 2020-01-01..", "acquaintance Ann>Cleo"]);
    expect(await crm.relationships.get(kept!.id)).toMatchObject({
      ...{ strength: "0.7", notes: "met at a fair", basis: "stated", validFrom: "2020-01-01" },
    });
    expect(await crm.relationshipEvidences.list()).toMatchObject({ items: [{ relationshipId: kept!.id }] });
    const undone = await crm.contacts.unmerge(mergeId);
    expect([undone.left, undone.lost, undone.kept]).toEqual([[], [], []]);
    expect(await stateOf(crm)).toEqual(before);
  });

  it("of two jobs at one place leaves the other one the days that the survivor's has not, and one primary", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Ann, Anne, Acme Ltd, Bolt Ltd");
    const job = (from: string, to: string, days: string) => {
      const [validFrom, validUntil] = days.split("..");
      return {
        ...{ type: "employment", from: thing[from]!, to: thing[to]!, validFrom: validFrom!, isPrimary: true },
        ...(validUntil ? { validUntil } : {}),
      };
    };
    await crm.relationships.relateMany([
      job("Ann", "Acme", "2018-01-01..2018-12-31"),
      job("Ann", "Acme", "2020-01-01..2020-12-31"),
      { ...job("Anne", "Acme", "2017-01-01..2021-06-30"), evidence: [{ url: "https://example.com/anne" }] },
      job("Anne", "Bolt", "2022-01-01.."),
    ]);
    const before = await stateOf(crm);
    const { mergeId } = await crm.contacts.merge(thing.Ann!.id, thing.Anne!.id);
    expect(await stored()).toEqual([
      "employment Ann>Acme 2017-01-01..2017-12-31",
      "employment Ann>Acme 2018-01-01..2018-12-31",
      "employment Ann>Acme 2019-01-01..2019-12-31",
      "employment Ann>Acme 2020-01-01..2020-12-31",
      "employment Ann>Acme 2021-01-01..2021-06-30",
      "employment Ann>Bolt 2022-01-01..",
    ]);
    expect(await crm.relationshipEvidences.count()).toBe(3);
    const primary = await crm.relationships.list({ where: { isPrimary: true }, orderBy: [{ validFrom: "asc" }] });
    expect(primary.items.map(({ validFrom }) => validFrom)).toEqual([
      ...["2017-01-01", "2018-01-01", "2019-01-01", "2020-01-01", "2021-01-01", "2022-01-01"],
    ]);
    await crm.contacts.unmerge(mergeId);
    expect(await stateOf(crm)).toEqual(before);
  });

  it("takes a second primary, a third parent and a second spouse from the other one, and no more", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Ann, Anne, Ben, Bert, Mum, Dad, Mom, Acme Ltd, Bolt Ltd");
    await crm.relationships.relateMany([
      { type: "employment", from: thing.Ann!, to: thing.Acme!, isPrimary: true, validFrom: "2020-01-01" },
      { type: "employment", from: thing.Anne!, to: thing.Bolt!, isPrimary: true, validUntil: "2020-01-01" },
      { type: "spouse", from: thing.Ann!, to: thing.Ben!, validFrom: "2010-01-01", validUntil: "2015-12-31" },
      { type: "spouse", from: thing.Bert!, to: thing.Anne!, validFrom: "2012-01-01", validUntil: "2020-12-31" },
      { type: "parent", from: thing.Mum!, to: thing.Ann! },
      { type: "parent", from: thing.Dad!, to: thing.Anne! },
      { type: "parent", from: thing.Mom!, to: thing.Anne! },
    ]);
    const before = await stateOf(crm);
    const { mergeId } = await crm.contacts.merge(thing.Ann!.id, thing.Anne!.id);
    expect(await stored()).toEqual([
      "employment Ann>Acme 2020-01-01..",
      "employment Ann>Bolt ..2020-01-01",
      "parent Dad>Ann",
      "parent Mum>Ann",
      "spouse Ann>Ben 2010-01-01..2015-12-31",
      "spouse Ann>Bert 2016-01-01..2020-12-31",
    ]);
    expect(await crm.relationships.count({ where: { isPrimary: true } })).toBe(1);
    await crm.contacts.unmerge(mergeId);
    expect(await stateOf(crm)).toEqual(before);
  });

  it("of accounts, engagements or any records tidies their relationships alike", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Ann, Acme Ltd, Acme2 Ltd, Bolt Ltd");
    await crm.relationships.relateMany([
      { type: "employment", from: thing.Ann!, to: thing.Acme!, validFrom: "2020-01-01" },
      { type: "employment", from: thing.Ann!, to: thing.Acme2!, validFrom: "2019-01-01" },
      { type: "ownership", from: thing.Acme!, to: thing.Acme2!, attributes: { share: "0.5" } },
      { type: "ownership", from: thing.Acme2!, to: thing.Bolt!, attributes: { share: "0.5" } },
      { type: "mention", from: thing.Acme2!, to: thing.Acme2! },
    ]);
    const before = await stateOf(crm);
    const { mergeId } = await crm.accounts.merge(thing.Acme!.id, thing.Acme2!.id);
    expect(await stored()).toEqual([
      "employment Ann>Acme 2019-01-01..2019-12-31",
      "employment Ann>Acme 2020-01-01..",
      "mention Acme>Acme",
      "ownership Acme>Bolt",
    ]);
    await crm.accounts.unmerge(mergeId);
    expect(await stateOf(crm)).toEqual(before);
    const { id: typeId } = await crm.engagementTypes.create({ key: "deal", name: "Deal", roles: [{ key: "buyer" }] });
    const [one, two] = await crm.engagements.createMany([
      { typeId, name: "One" },
      { typeId, name: "Two" },
    ]);
    const deal = ({ id }: { readonly id: string }) => ({ entityType: "engagement", id });
    await crm.relationships.relateMany([
      { type: "mention", from: thing.Ann!, to: deal(one!) },
      { type: "mention", from: thing.Ann!, to: deal(two!) },
    ]);
    await crm.engagements.merge(one!.id, two!.id);
    const { items } = await crm.relationships.list({ where: { toType: "engagement" } });
    expect(items.map(({ toId }) => toId)).toEqual([one!.id]);
  });

  it("two merges are undone, the first one first: what the same two may have once they have once, and nothing of it is left over", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Ann, Ben, Acme Ltd, Base Ltd");
    const job = { type: "employment", from: thing.Ben!, to: thing.Base! };
    const { id } = await crm.relationships.relate(job);
    const people = await crm.contacts.merge(thing.Ann!.id, thing.Ben!.id);
    const firms = await crm.accounts.merge(thing.Acme!.id, thing.Base!.id);
    const again = (from: object, to: object) =>
      expect(crm.relationships.relate({ ...job, from, to } as typeof job)).rejects.toMatchObject({
        code: "relationship_overlap",
      });
    await again(thing.Ann!, thing.Acme!);
    expect((await crm.contacts.unmerge(people.mergeId)).left).toEqual([]);
    await again(thing.Ben!, thing.Acme!);
    expect((await crm.accounts.unmerge(firms.mergeId)).left).toEqual([]);
    await again(thing.Ben!, thing.Base!);
    const edge = await crm.relationships.get(id);
    expect(edge.pair).toBe(pairOf(edge));
  });

  it("keeps what was made since, refuses to be undone where that leaves no room, and the past is as it was", async () => {
    let now = Date.UTC(2026, 5, 15, 12);
    const crm = await open({ clock: () => now });
    const { thing } = await thingsOf(crm, "Ann, Anne, Ben");
    await crm.relationships.relate({ type: "spouse", from: thing.Anne!, to: thing.Ann!, validFrom: "2010-01-01" });
    now += 60_000;
    const then = new Date(now - 30_000);
    const { mergeId } = await crm.contacts.merge(thing.Ann!.id, thing.Anne!.id);
    const spouse = await crm.relationships.relate({
      type: "spouse",
      from: thing.Ann!,
      to: thing.Ben!,
      validFrom: "2020-01-01",
    });
    expect(await crm.asOf(then).relationships.count()).toBe(1);
    expect(
      (
        await crm
          .asOf(then)
          .relationships.previewMerge({ entityType: "contact", survivorId: thing.Ann!.id, otherId: thing.Anne!.id })
      ).changed,
    ).toMatchObject([{ causes: ["between"] }]);
    await expect(crm.contacts.unmerge(mergeId)).rejects.toMatchObject({ code: "too_many_relationships" });
    expect(await crm.relationships.list()).toMatchObject({ items: [{ id: spouse.id, version: 1 }] });
  });
});
