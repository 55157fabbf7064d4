import { expect, it } from "vitest";
import { onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";

onEveryStorage((open) => {
  it("names both places of what contradicts itself within one call, and stores nothing", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Cleo, Acme Ltd, Base Ltd");
    const {
      Anna: anna,
      Ben: ben,
      Cleo: cleo,
      Acme: acme,
      Base: base,
    } = thing as Record<string, typeof thing.Anna & {}>;
    const relateAll = (inputs: Parameters<typeof crm.relationships.relateMany>[0]) =>
      refusal(crm.relationships.relateMany(inputs));
    const job = { type: "employment", from: anna!, to: acme! };

    const keys = await relateAll([
      { ...job, key: "a" },
      { ...job, from: ben!, key: "b" },
      { ...job, from: cleo!, key: "a" },
    ]);
    expect([keys.code, keys.details.index, keys.details.field, keys.message]).toEqual([
      ...["invalid_input", 2, "key"],
      'relationship (input 2).key is "a", and so is that of input 0: leave one out, or give it a key of its own.',
    ]);
    const overlap = await relateAll([job, { ...job, from: ben! }, { ...job, validFrom: "2020-01-01" }]);
    expect([overlap.code, overlap.details.index, overlap.details.indexes, overlap.details.relationshipIds]).toEqual([
      ...["relationship_overlap", 2, [0, 2], []],
    ]);
    expect(overlap.message).toContain("on 2020-01-01: leave out one of the inputs 0, 2, or give it other days, or let");
    const primaries = await relateAll([
      { ...job, isPrimary: true },
      { ...job, from: ben!, isPrimary: true },
      { ...job, to: base!, isPrimary: true },
    ]);
    expect([primaries.code, primaries.details.index, primaries.details.indexes, primaries.details.field]).toEqual([
      ...["too_many_relationships", 2, [0, 2], "isPrimary"],
    ]);
    const ways = await relateAll([
      { type: "parent", from: anna!, to: ben! },
      { type: "parent", from: ben!, to: anna! },
    ]);
    expect([ways.code, ways.details.indexes]).toEqual(["relationship_reversed", [0, 1]]);
    expect(await stored()).toEqual([]);
  });

  it("tells the place in the call, also where some are there already, and what stands in the way", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Acme Ltd");
    const { Anna: anna, Ben: ben, Acme: acme } = thing as Record<string, typeof thing.Anna & {}>;
    const job = { type: "employment", from: anna!, to: acme! };
    const there = await crm.relationships.relate({ ...job, key: "a" });
    const known = { ...job, key: "a" };
    const relateAll = (inputs: Parameters<typeof crm.relationships.relateMany>[0]) =>
      refusal(crm.relationships.relateMany(inputs));

    const wrongDays = { ...job, validFrom: "2021-01-01", validUntil: "2020-01-01" };
    const backwards = await relateAll([known, wrongDays]);
    expect(backwards.details.issues).toMatchObject([{ field: "validUntil", index: 1 }]);
    const twice = await relateAll([known, { ...job, from: ben! }, job]);
    expect([twice.code, twice.details.index, twice.details.indexes, twice.details.relationshipIds]).toEqual([
      ...["relationship_overlap", 2, [2], [there.id]],
    ]);
    expect(twice.message).toContain(
      `end or correct one of ${there.id} first, or leave out input 2, or give it other days`,
    );
    const nobody = { entityType: "contact", id: "0190b3a0-0000-7000-8000-000000000000" };
    const missing = await relateAll([known, { ...job, from: nobody }]);
    expect([missing.code, missing.details.index, missing.details.field]).toEqual(["reference_not_found", 1, "fromId"]);
    const taken = await relateAll([
      { ...job, from: ben! },
      { ...known, from: ben! },
    ]);
    expect([taken.code, taken.details.index]).toEqual(["relationship_key_taken", 1]);
    const groundless = { ...job, from: ben!, evidence: [{ note: "seen" }, { record: nobody }] };
    const evidence = await relateAll([known, groundless]);
    expect([evidence.code, evidence.details.index, evidence.details.field]).toEqual([
      ...["reference_not_found", 1, "evidence.1.recordId"],
    ]);
    const empty = await relateAll([known, { ...groundless, evidence: [{ note: "seen" }, {}] }]);
    expect(empty.details.issues).toMatchObject([{ field: "evidence.1.recordId", index: 1 }]);
    expect(await stored()).toEqual(["employment Anna>Acme"]);
  });

  it("knows a key and a thing whichever way their letters are composed", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Acme Ltd");
    const job = { type: "employment", from: thing.Anna!, to: thing.Acme! };
    const first = await crm.relationships.relate({ ...job, key: "caf\u00e9 \u{1f980}" });
    expect((await crm.relationships.relate({ ...job, key: "cafe\u0301 \u{1f980}" })).id).toBe(first.id);
    const both = await refusal(
      crm.relationships.relateMany([
        { ...job, key: "\u00e9" },
        { ...job, key: "e\u0301" },
      ]),
    );
    expect([both.code, both.details.field]).toEqual(["invalid_input", "key"]);
  });
});
