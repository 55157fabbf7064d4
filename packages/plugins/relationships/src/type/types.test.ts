import { expect, it } from "vitest";
import {
  acquaintance,
  employment,
  mention,
  onEveryStorage,
  ownership,
  refusal,
  thingsOf,
} from "../relationships-fixture.ts";
import type { TypeDefinition } from "./define-relationship-type.ts";
import { standardTypes } from "./standard-types.ts";

const plain: TypeDefinition = { key: "x", name: "x of", inverseName: "y of", fromRole: "x", toRole: "y" };

onEveryStorage((open) => {
  it("makes types once, changes those that are there, and brings back one that is archived", async () => {
    const crm = await open();
    const [first] = await crm.relationships.defineTypes([plain]);
    await crm.relationshipTypes.archive(first!.id);
    const [again, other] = await crm.relationships.defineTypes([
      { ...plain, name: "X of" },
      { ...plain, key: "z" },
    ]);
    expect(again).toMatchObject({ id: first!.id, name: "X of", archivedAt: null, shape: "paired", mayOverlap: false });
    expect(other).toMatchObject({ key: "z" });
    const { version } = (await crm.relationships.defineTypes([{ ...plain, name: "X of" }]))[0]!;
    expect(version).toBe(again!.version);
    expect(await crm.relationships.defineTypes(standardTypes)).toHaveLength(standardTypes.length);
  });

  it("refuses a type that contradicts itself, with all that is wrong, and makes none", async () => {
    const crm = await open();
    const wrong = async (type: Partial<TypeDefinition>) => {
      const { code, details } = await refusal(crm.relationships.defineTypes([{ ...plain, ...type } as TypeDefinition]));
      const issues = details.issues as readonly { readonly field: string; readonly code: string }[];
      return [code, details.entity, ...issues.map((issue) => `${issue.field} ${issue.code}`)].join(" ");
    };
    const invalid = "invalid_input relationshipType";
    expect(await wrong({ toRole: null, inverseName: null })).toBe(
      `${invalid} inverseName missing_field toRole missing_field`,
    );
    expect(await wrong({ shape: "symmetric" })).toBe(`${invalid} inverseName not_allowed toRole not_allowed`);
    expect(await wrong({ shape: "one_sided", inverseName: null })).toBe(`${invalid} toRole not_allowed`);
    expect(await wrong({ fromEntities: ["contact", "unicorn"] })).toBe(`${invalid} fromEntities not_allowed`);
    expect(
      await wrong({
        limits: [
          { end: "from", most: 1 },
          { end: "from", most: 2 },
        ],
      }),
    ).toBe(`${invalid} limits not_allowed`);
    expect(await wrong({ limits: [{ end: "from", most: 0 }] })).toBe(`${invalid} limits.0.most invalid_value`);
    expect(await wrong({ attributes: [{ key: "a", kind: "one_of" }] })).toBe(`${invalid} attributes.0 invalid_value`);
    expect(await wrong({ variants: [{ end: "from", gender: "female" }] })).toBe(`${invalid} variants missing_field`);
    expect(await wrong({ defaultStrength: 1.5 })).toBe(`${invalid} defaultStrength out_of_range`);
    expect(await wrong({ colour: "red" } as never)).toBe(`${invalid} colour unknown_field`);
    expect(await crm.relationshipTypes.count({ where: { key: "x" } })).toBe(0);
  });

  it("keeps a type that is in use from being deleted, and an archived one from being used anew", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Acme Ltd, Base Ltd");
    const { id, typeId } = await crm.relationships.relate({ type: "employment", from: thing.Anna!, to: thing.Acme! });
    expect(await refusal(crm.relationshipTypes.delete(typeId))).toMatchObject({
      code: "still_referenced",
      details: { entity: "relationship", field: "typeId" },
    });
    await crm.relationshipTypes.archive(typeId);
    expect(
      await refusal(crm.relationships.relate({ type: "employment", from: thing.Anna!, to: thing.Base! })),
    ).toMatchObject({
      code: "relationship_type_archived",
      message:
        'Relationship type "employment" is archived: nothing new can be of it. Restore it first, or use another one.',
      details: { entity: "relationshipType", field: "type" },
    });
    expect(await crm.relationships.end(id, { on: "2026-01-01" })).toMatchObject({ validUntil: "2026-01-01" });
    expect(
      await refusal(crm.relationships.relate({ type: "emploiment", from: thing.Anna!, to: thing.Base! })),
    ).toMatchObject({
      code: "unknown_relationship_type",
      message:
        'There is no relationship type "emploiment": make it with relationships.defineTypes, or use one of those that there are: acquaintance, mention, ownership, parent, spouse.',
    });
  });

  it("refuses a change of a type that relationships break, with their number, and takes it when none does", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Ben, Cleo, Acme Ltd, Base Ltd");
    const [anna, ben, cleo, acme, base] = [thing.Anna!, thing.Ben!, thing.Cleo!, thing.Acme!, thing.Base!];
    const relate = crm.relationships.relateMany;
    const at = { from: anna, to: acme };
    const refused = async (type: TypeDefinition, change: Partial<TypeDefinition>) => {
      const { code, details } = await refusal(crm.relationships.defineTypes([{ ...type, ...change }]));
      return `${code} ${details.field} ${details.count}`;
    };
    const jobs = await relate([
      { type: "employment", ...at, attributes: { position: "CTO", level: "senior" } },
      { type: "employment", from: anna, to: base, validFrom: "2021-01-01", validUntil: "2021-12-31" },
      { type: "employment", from: ben, to: base, validUntil: "2020-12-31" },
      { type: "employment", from: ben, to: acme, validFrom: "2021-01-01" },
    ]);
    expect(await refused(employment, { toEntities: ["contact"] })).toBe("relationship_type_in_use toEntities 4");
    expect(await refused(employment, { limits: [{ end: "from", most: 1 }] })).toBe("relationship_type_in_use limits 2");
    expect(await refused(employment, { limits: [{ end: "to", most: 1 }] })).toBe("relationship_type_in_use limits 2");
    expect(
      await refused(employment, { attributes: [{ key: "level", kind: "one_of", values: ["junior", "senior"] }] }),
    ).toBe("relationship_type_in_use attributes 1");
    expect(
      await refused(employment, {
        attributes: [...employment.attributes, { key: "since", kind: "date", required: true }],
      }),
    ).toBe("relationship_type_in_use attributes 4");
    expect(
      await refused({ ...plain, key: "employment" }, { shape: "symmetric", inverseName: null, toRole: null }),
    ).toBe("invalid_input toEntities undefined");
    await relate([
      { type: "ownership", from: acme, to: base, attributes: { share: "50" } },
      { type: "ownership", from: acme, to: base, attributes: { share: "1" }, validFrom: "2020-01-01" },
      { type: "ownership", from: base, to: acme, attributes: { share: "2" }, validUntil: "2019-12-31" },
      { type: "mention", from: anna, to: anna },
      ...[ben, cleo].map((to) => ({ type: "acquaintance", from: anna, to })),
    ]);
    expect(await refused(ownership, { mayOverlap: false })).toBe("relationship_type_in_use mayOverlap 2");
    expect(await refused(ownership, { mayReverse: false })).toBe("relationship_type_in_use mayReverse 2");
    expect(await refused(mention, { mayRelateToSelf: false })).toBe("relationship_type_in_use mayRelateToSelf 1");
    expect(await refused(acquaintance, { limits: [{ end: "from", most: 1 }] })).toBe(
      "relationship_type_in_use limits 2",
    );
    expect(await refused(acquaintance, { shape: "one_sided" })).toBe("relationship_type_in_use shape 2");
    expect(await refused(acquaintance, { fromEntities: ["account"] })).toBe("relationship_type_in_use fromEntities 2");

    // What was retracted breaks nothing, until it is to come back.
    await crm.relationships.retract(jobs[1]!.id);
    const [stricter] = await crm.relationships.defineTypes([{ ...employment, limits: [{ end: "from", most: 1 }] }]);
    expect(stricter!.limits).toEqual([{ end: "from", most: 1 }]);
    expect(await refusal(crm.relationships.reopen(jobs[1]!.id))).toMatchObject({ code: "too_many_relationships" });
  });
});
