import { expect, it } from "vitest";
import { onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";

onEveryStorage((open) => {
  it("refuses what is wrong with an edge by itself, all at once and by its place, and stores nothing", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Acme Ltd");
    const [anna, ben, acme] = [thing.Anna!, thing.Ben!, thing.Acme!];
    const { code, details } = await refusal(
      crm.relationships.relateMany([
        { type: "employment", from: anna, to: acme },
        { type: "employment", from: acme, to: anna },
        { type: "parent", from: anna, to: ben, validFrom: "2020-01-02", validUntil: "2020-01-01" },
        { type: "spouse", from: anna, to: anna },
        { type: "ownership", from: anna, to: acme },
        { type: "employment", from: anna, to: acme, attributes: { level: "boss", rank: 3, position: 7 } },
      ]),
    );
    const issues = details.issues as readonly { field: string; code: string; index: number; message: string }[];
    expect(code).toBe("invalid_input");
    expect(issues.map((issue) => `${issue.index} ${issue.field} ${issue.code}`)).toEqual([
      "1 fromType not_allowed",
      "1 toType not_allowed",
      "2 validUntil out_of_range",
      "3 toId self_relationship",
      "4 attributes.share missing_field",
      "5 attributes.level invalid_value",
      "5 attributes.position invalid_value",
      "5 attributes.rank unknown_field",
    ]);
    expect(issues[0]!.message).toBe(
      'is "account", and the employee of "employment" can be contact: choose another thing, or another type',
    );
    expect(issues[2]!.message).toBe("is 2020-01-01, before the first day, 2020-01-02: give a later day, or none");
    const wrong = async (more: object) => {
      const refused = await refusal(crm.relationships.relate({ type: "employment", from: anna, to: acme, ...more }));
      return `${refused.code} ${refused.details.entity} ${refused.details.field}`;
    };
    expect(await wrong({ validFrom: "2021-02-29" })).toBe("invalid_input relationship validFrom");
    expect(await wrong({ strength: 2 })).toBe("invalid_input relationship strength");
    expect(await wrong({ strength: Number.NaN })).toBe("invalid_input relationship strength");
    expect(await wrong({ isImportant: true })).toBe("invalid_input relationship isImportant");
    expect(await wrong({ to: { entityType: "account", id: "01900000-0000-7000-8000-000000000000" } })).toBe(
      "reference_not_found relationship toId",
    );
    expect(await wrong({ from: undefined })).toBe("invalid_input relationship from");
    await crm.accounts.archive(acme.id);
    expect(await wrong({})).toBe("invalid_input relationship toId");
    expect([await stored(), await crm.relationshipEvidences.count()]).toEqual([[], 0]);
  });

  it("refuses two of the same on one day, both ways on one day, and takes them one after the other", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Acme Ltd, Base Ltd");
    const [anna, ben, acme, base] = [thing.Anna!, thing.Ben!, thing.Acme!, thing.Base!];
    const { relate, correct } = crm.relationships;
    const job = { type: "employment", from: anna, to: acme } as const;
    const first = await relate({ ...job, validFrom: "2020-01-01", validUntil: "2020-12-31" });
    const overlap = await refusal(relate({ ...job, validFrom: "2020-12-31" }));
    expect([overlap.code, overlap.message]).toEqual([
      "relationship_overlap",
      `contact ${anna.id} and account ${acme.id} would stand in "employment" twice on 2020-12-31: end or correct one of ${first.id} first, or let the type mayOverlap.`,
    ]);
    const second = await relate({ ...job, validFrom: "2021-01-01" });
    await relate({ ...job, validUntil: "2019-12-31" });
    expect(await refusal(correct(second.id, { validFrom: "2020-06-01" }))).toMatchObject({
      code: "relationship_overlap",
      details: { on: "2020-06-01", relationshipIds: [first.id] },
    });
    expect(await refusal(correct(first.id, { validUntil: null }))).toMatchObject({
      code: "relationship_overlap",
      details: { on: "2021-01-01" },
    });
    await correct(first.id, { validFrom: "2020-02-01" });

    await relate({ type: "parent", from: anna, to: ben, validFrom: "2000-01-01" });
    expect(await refusal(relate({ type: "parent", from: ben, to: anna }))).toMatchObject({
      code: "relationship_reversed",
      details: { entity: "relationship", field: "validFrom", on: "2000-01-01" },
    });
    await relate({ type: "parent", from: ben, to: anna, validUntil: "1999-12-31" });
    const owning = { type: "ownership", attributes: { share: "1" } };
    await crm.relationships.relateMany([
      { ...owning, from: acme, to: base },
      { ...owning, from: acme, to: base },
      { ...owning, from: base, to: acme },
    ]);
    expect(
      await refusal(
        crm.relationships.relateMany([
          { ...job, to: base },
          { ...job, to: base, validFrom: "2030-01-01" },
        ]),
      ),
    ).toMatchObject({
      code: "relationship_overlap",
      details: { on: "2030-01-01" },
    });
    expect(await stored()).toHaveLength(8);
  });

  it("counts limits on every day: a second primary, a third parent, a second spouse from either side", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Ben, Cleo, Dora, Acme Ltd, Base Ltd");
    const [anna, ben, cleo, dora, acme, base] = [
      thing.Anna!,
      thing.Ben!,
      thing.Cleo!,
      thing.Dora!,
      thing.Acme!,
      thing.Base!,
    ];
    const { relate, correct, end, relateMany } = crm.relationships;
    const acmes = await relate({ type: "employment", from: anna, to: acme, isPrimary: true, validUntil: "2026-06-30" });
    const second = await refusal(
      relate({ type: "employment", from: anna, to: base, isPrimary: true, validFrom: "2026-06-30" }),
    );
    expect([second.code, second.message]).toEqual([
      "too_many_relationships",
      `contact ${anna.id} would have 2 primary relationships "employment" at its employee end on 2026-06-30, and 1 is the most: end or correct one of ${acmes.id} first.`,
    ]);
    expect(second.details).toMatchObject({ entity: "relationship", field: "isPrimary" });
    const bases = await relate({ type: "employment", from: anna, to: base, validFrom: "2026-01-01" });
    expect(await refusal(correct(bases.id, { isPrimary: true }))).toMatchObject({ code: "too_many_relationships" });
    await end(acmes.id, { on: "2025-12-31" });
    expect((await correct(bases.id, { isPrimary: true })).isPrimary).toBe(true);

    await relateMany([
      { type: "parent", from: anna, to: dora, validFrom: "2020-01-01" },
      { type: "parent", from: ben, to: dora, validFrom: "2020-01-01", validUntil: "2020-12-31" },
      { type: "parent", from: cleo, to: dora, validFrom: "2021-01-01" },
    ]);
    expect(await refusal(relate({ type: "parent", from: ben, to: dora, validFrom: "2021-05-01" }))).toMatchObject({
      code: "too_many_relationships",
      details: { field: "toId", on: "2021-05-01", count: 3, most: 2, end: "child" },
    });
    await relate({ type: "spouse", from: ben, to: anna, validUntil: "2019-12-31" });
    for (const [from, to] of [
      [anna, cleo],
      [cleo, anna],
      [ben, cleo],
      [cleo, ben],
    ] as const)
      expect(await refusal(relate({ type: "spouse", from, to }))).toMatchObject({
        code: "too_many_relationships",
        details: { count: 2 },
      });
    await relate({ type: "spouse", from: cleo, to: anna, validFrom: "2020-01-01" });
  });

  it("looks at what comes back from a retraction, a deletion and a merge", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Cleo, Dora");
    const [anna, ben, cleo, dora] = [thing.Anna!, thing.Ben!, thing.Cleo!, thing.Dora!];
    const { relate, retract, reopen } = crm.relationships;
    const first = await relate({ type: "spouse", from: anna, to: ben });
    await retract(first.id);
    const second = await relate({ type: "spouse", from: anna, to: cleo });
    expect(await refusal(reopen(first.id))).toMatchObject({
      code: "too_many_relationships",
      details: { relationshipIds: [second.id] },
    });
    await crm.contacts.delete(cleo.id);
    expect(await stored()).toEqual([]);
    await reopen(first.id);
    expect(await refusal(crm.contacts.restore(cleo.id))).toMatchObject({ code: "too_many_relationships" });
    await relate({ type: "parent", from: dora, to: anna });
    expect(await stored()).toEqual(["parent Dora>Anna", "spouse Anna>Ben"]);
  });

  it("imports what has a key once", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Acme Ltd, Base Ltd");
    const rows = [
      { type: "employment", from: thing.Anna!, to: thing.Acme!, key: "row 1", evidence: [{ note: "list" }] },
      { type: "spouse", from: thing.Ben!, to: thing.Anna!, key: "row 2" },
    ];
    const first = await crm.relationships.relateMany(rows);
    const again = await crm.relationships.relateMany([
      ...rows,
      { type: "employment", from: thing.Ben!, to: thing.Acme!, key: "row 3" },
    ]);
    expect(again.slice(0, 2)).toEqual(first);
    expect(await stored()).toEqual(["employment Anna>Acme", "employment Ben>Acme", "spouse Anna>Ben"]);
    expect(await crm.relationshipEvidences.count()).toBe(1);
    expect(await refusal(crm.relationships.relate({ ...rows[0]!, to: thing.Base! }))).toMatchObject({
      code: "relationship_key_taken",
      details: { entity: "relationship", field: "key", id: first[0]!.id },
    });
  });
});
