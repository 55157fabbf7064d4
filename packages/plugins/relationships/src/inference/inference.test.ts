import { type CrmOptions, createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { relationships } from "../relationships.ts";
import { standardTypes } from "../type/standard-types.ts";
import { standardRules } from "./standard-rules.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

const person = (id: string) => ({ entityType: "contact", id });
const company = (id: string) => ({ entityType: "account", id });

/** It is the first of June 2026. */
async function open(make: () => Promise<CrmOptions["storage"]>) {
  let now = Date.UTC(2026, 5, 1, 12);
  const crm = await createCrm({ storage: await make(), clock: () => now, plugins: [relationships()] });
  onTestFinished(() => crm.close());
  await crm.relationships.defineTypes([
    { key: "parent_child", name: "parent of", inverseName: "child of", fromRole: "parent", toRole: "child" },
    { key: "marriage", shape: "symmetric", name: "spouse of", fromRole: "spouse" },
    { key: "employment", name: "employee of", inverseName: "employer of", fromRole: "employee", toRole: "employer" },
    {
      key: "board_member",
      name: "board member of",
      inverseName: "has on its board",
      fromRole: "board_member",
      toRole: "governed",
    },
    { key: "siblings", shape: "symmetric", name: "sibling of", fromRole: "brother_or_sister" },
    { key: "sibling", shape: "symmetric", name: "sibling of", fromRole: "sibling" },
    { key: "colleague", shape: "symmetric", name: "colleague of", fromRole: "colleague" },
  ]);
  const names = new Map<string, string>();
  const people = async (...given: string[]) => {
    const made = await crm.contacts.createMany(given.map((givenName) => ({ givenName })));
    for (const [at, { id }] of made.entries()) names.set(id, given[at]!);
    return made.map(({ id }) => person(id));
  };
  const companies = async (...given: string[]) => {
    const made = await crm.accounts.createMany(given.map((name) => ({ name })));
    for (const [at, { id }] of made.entries()) names.set(id, given[at]!);
    return made.map(({ id }) => company(id));
  };
  const tick = () => {
    now += 60_000;
    return new Date(now - 30_000);
  };
  /** "grandparent of Carl (grandchild)" */
  const told = (
    all: readonly { readonly name: string; readonly far: { readonly id: string }; readonly role: string }[],
  ) => all.map(({ name, far, role }) => `${name} ${names.get(far.id)} (${role})`);
  return { crm, people, companies, told, tick };
}

describe.each(storages)("what follows by rules, on %s", { timeout: 60_000 }, (_, make) => {
  it("is told from both ends, with the relationships that it rests on, and is not stored", async () => {
    const { crm, people, told } = await open(make);
    await crm.relationships.defineRules(standardRules);
    const [anna, bert, berta, carl, carla, dora] = await people("Anna", "Bert", "Berta", "Carl", "Carla", "Dora");
    const edges = await crm.relationships.relateMany([
      { type: "parent_child", from: anna!, to: bert! },
      { type: "parent_child", from: anna!, to: berta! },
      { type: "parent_child", from: bert!, to: carl!, validFrom: "2001-02-03" },
      { type: "parent_child", from: berta!, to: carla! },
      { type: "marriage", from: carl!, to: dora!, validFrom: "2024-05-01" },
    ]);
    expect(told(await crm.relationships.inferred(anna!))).toEqual([
      "grandparent of Carl (grandchild)",
      "grandparent of Carla (grandchild)",
    ]);
    expect(told(await crm.relationships.inferred(carl!))).toEqual([
      "niece or nephew of Berta (aunt_or_uncle)",
      "cousin of Carla (cousin)",
      "grandchild of Anna (grandparent)",
    ]);
    expect(told(await crm.relationships.inferred(bert!))).toEqual([
      "aunt or uncle of Carla (niece_or_nephew)",
      "parent-in-law of Dora (child_in_law)",
      "sibling of Berta (sibling)",
    ]);
    const [answer] = await crm.relationships.inferredBetween(carl!, anna!);
    expect(answer).toEqual({
      ...{ rule: "grandparent", near: carl, far: anna, name: "grandchild of", role: "grandparent", basis: "inferred" },
      days: [{ validFrom: "2001-02-03", validUntil: null }],
      strength: null,
      ways: [
        {
          things: [carl, bert, anna],
          edges: [edges[2], edges[0]],
          days: { validFrom: "2001-02-03", validUntil: null },
          strength: null,
        },
      ],
      told: [],
    });
    expect(await crm.relationships.count()).toBe(5);
  });

  it("has standard rules over the standard types", async () => {
    const { crm } = await open(make);
    await crm.relationships.defineTypes(standardTypes);
    expect(await crm.relationships.defineRules(standardRules)).toMatchObject(standardRules.map(({ key }) => ({ key })));
    expect(await crm.relationships.defineRules(standardRules)).toMatchObject(standardRules.map(() => ({ version: 1 })));
  });

  it("of colleagues holds on the days that both have worked at one place, of all places together", async () => {
    const { crm, people, companies, told } = await open(make);
    await crm.relationships.defineRules(standardRules);
    const [ann, ben, cleo] = await people("Ann", "Ben", "Cleo");
    const [acme, bolt] = await companies("Acme", "Bolt");
    const works = (who: readonly [typeof ann, typeof acme], days: string, strength?: string) => {
      const [validFrom, validUntil] = days.split("..") as [string, string];
      return {
        ...{ type: "employment", from: who[0]!, to: who[1]!, validFrom },
        ...(validUntil === "" ? {} : { validUntil }),
        ...(strength === undefined ? {} : { strength }),
      };
    };
    await crm.relationships.relateMany([
      works([ann, acme], "2010-01-01..2014-12-31", "0.8"),
      works([ben, acme], "2012-01-01..2013-06-30", "0.5"),
      works([ann, bolt], "2015-01-01.."),
      works([ben, bolt], "2013-07-01..2020-12-31"),
      works([cleo, acme], "2015-01-01.."),
    ]);
    expect(await crm.relationships.inferred(ann!)).toEqual([]);
    expect(told(await crm.relationships.inferred(ann!, { on: "2013-06-30" }))).toEqual([
      "colleague of Ben (colleague)",
    ]);
    expect(await crm.relationships.inferred(ann!, { on: "2014-12-31" })).toEqual([]);
    const any = await crm.relationships.inferred(ann!, { on: null });
    expect(told(any)).toEqual(["colleague of Ben (colleague)"]);
    expect(any[0]).toMatchObject({
      days: [
        { validFrom: "2012-01-01", validUntil: "2013-06-30" },
        { validFrom: "2015-01-01", validUntil: "2020-12-31" },
      ],
      strength: 0.4,
    });
    const once = {
      key: "worked_at_one_place",
      name: "has worked where",
      fromRole: "former",
      shape: "symmetric",
    } as const;
    const rule = { ...once, steps: [{ role: "employer" }, { role: "employee" }], overlapping: false };
    expect(told(await crm.relationships.inferred(cleo!, { rules: [rule] })).sort()).toEqual([
      "has worked where Ann (former)",
      "has worked where Ben (former)",
    ]);
    expect(await crm.relationships.inferred(cleo!, { rules: [rule], on: "2014-12-31" })).toEqual([]);
    expect((await crm.relationships.inferredBetween(cleo!, ann!, { rules: [rule], on: null }))[0]).toMatchObject({
      days: [{ validFrom: "2015-01-01", validUntil: null }],
    });
  });

  it("gives way to what is recorded, and that to what one of the two has stated", async () => {
    const { crm, people } = await open(make);
    const rule = {
      key: "sibling",
      name: "sibling of",
      fromRole: "sibling",
      shape: "symmetric",
      means: "siblings",
    } as const;
    await crm.relationships.defineRules([{ ...rule, steps: [{ role: "parent" }, { role: "child" }] }]);
    const [anna, bert, berta] = await people("Anna", "Bert", "Berta");
    await crm.relationships.relateMany([
      { type: "parent_child", from: anna!, to: bert!, validFrom: "2000-01-01" },
      { type: "parent_child", from: anna!, to: berta!, validFrom: "2001-01-01" },
    ]);
    const answer = async () => (await crm.relationships.inferred(bert!))[0]!;
    expect(await answer()).toMatchObject({ basis: "inferred", days: [{ validFrom: "2001-01-01", validUntil: null }] });
    const [recorded] = await crm.relationships.relateMany([
      { type: "siblings", from: berta!, to: bert!, validFrom: "2001-03-01", validUntil: "2026-12-31" },
    ]);
    expect(await answer()).toMatchObject({
      ...{ basis: "recorded", days: [{ validFrom: "2001-03-01", validUntil: "2026-12-31" }], told: [recorded] },
      ways: [{ things: [bert, anna, berta] }],
    });
    await crm.relationships.defineTypes([
      { key: "siblings", shape: "symmetric", name: "sibling of", fromRole: "brother_or_sister", mayOverlap: true },
    ]);
    await crm.relationships.relateMany([
      { type: "siblings", from: bert!, to: berta!, validFrom: "2002-01-01", basis: "stated" },
    ]);
    expect(await answer()).toMatchObject({ basis: "stated", days: [{ validFrom: "2002-01-01", validUntil: null }] });
  });

  it("is what followed at an instant of the past", async () => {
    const { crm, people, told, tick } = await open(make);
    const [anna, bert, carl] = await people("Anna", "Bert", "Carl");
    await crm.relationships.defineRules(standardRules);
    const [first] = await crm.relationships.relateMany([
      { type: "parent_child", from: anna!, to: bert! },
      { type: "parent_child", from: bert!, to: carl! },
    ]);
    const then = tick();
    await crm.transaction(async (tx) => {
      await tx.contacts.delete(bert!.id);
    });
    expect(first!.fromId).toBe(anna!.id);
    expect(await crm.relationships.inferred(anna!)).toEqual([]);
    expect(told(await crm.asOf(then).relationships.inferred(anna!))).toEqual(["grandparent of Carl (grandchild)"]);
  });

  it("follows a hub only as far as is asked, and finds what two have in common there", async () => {
    const { crm, people, companies, told } = await open(make);
    await crm.relationships.defineRules(standardRules);
    const [hub] = await companies("Hub");
    const staff = await people(...Array.from({ length: 1_100 }, (_, at) => `P${at}`));
    await crm.relationships.relateMany(staff.map((from) => ({ type: "employment", from, to: hub! })));
    await expect(
      crm.relationships.inferred(staff[0]!, { rules: ["colleague"], maxEdges: 1_000 }),
    ).rejects.toMatchObject({
      code: "inference_too_wide",
      message:
        "More than 1000 relationships of the types employment lead on from 1 things: ask for a day, for fewer rules, for what is between two things, or for more with `maxEdges`.",
    });
    expect(await crm.relationships.inferred(staff[0]!, { rules: ["colleague"] })).toHaveLength(1_099);
    const between = await crm.relationships.inferredBetween(staff[0]!, staff[7]!, {
      rules: ["colleague"],
      maxEdges: 2,
    });
    expect(told(between)).toEqual(["colleague of P7 (colleague)"]);
  });

  it("is refused by rules that name what is not there", async () => {
    const { crm, people } = await open(make);
    const [anna] = await people("Anna");
    const rule = { key: "r", name: "r of", inverseName: "r'", fromRole: "r", steps: [{ types: ["friendship"] }] };
    await expect(crm.relationships.defineRules([rule])).rejects.toMatchObject({
      code: "invalid_input",
      message: 'inferenceRule.steps.0.types names the type "friendship", which is not defined: define it first.',
    });
    await expect(
      crm.relationships.inferred(anna!, { rules: [{ ...rule, steps: [{ role: "friend" }] }] }),
    ).rejects.toMatchObject({
      message:
        'inferenceRule.steps.0.role names the role "friend", and no type has it: name a role of a type that is defined.',
    });
    await expect(crm.relationships.inferred(anna!, { rules: ["nothing"] })).rejects.toMatchObject({
      message:
        'There is no rule "nothing". Define it with defineRules, or give the rule itself; the known ones are: none.',
    });
    const steps = [{ types: ["marriage"] }];
    await crm.relationships.defineRules([{ key: "wed", name: "wed", fromRole: "wed", shape: "symmetric", steps }]);
    const { id } = (await crm.relationshipTypes.find({ where: { key: "marriage" } }))!;
    const refused = { code: "relationship_type_in_rule" };
    await expect(crm.relationshipTypes.delete(id)).rejects.toMatchObject(refused);
    await expect(crm.relationshipTypes.update(id, { key: "wedding" })).rejects.toMatchObject(refused);
    await expect(crm.inferenceRules.create({ key: "x", name: "x", fromRole: "x", steps: [] })).rejects.toMatchObject({
      code: "invalid_input",
    });
    expect(await crm.inferenceRules.count()).toBe(1);
  });
});
