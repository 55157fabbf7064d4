import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { expect, it, onTestFinished } from "vitest";
import { relationships } from "../relationships.ts";
import { onEveryStorage, refusal, sampleTypes, thingsOf } from "../relationships-fixture.ts";

onEveryStorage((open) => {
  it("what a party states decides over its use, and restricts in core what core can say", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Ann, Ben");
    const ann = thing.Ann!;
    const may = async (query: Parameters<typeof crm.relationships.mayUse>[1]) => {
      const { allowed, decidedBy } = await crm.relationships.mayUse(ann, query);
      return [allowed, decidedBy];
    };
    expect(await may({ purpose: "news" })).toEqual([true, "nothing_said"]);
    const refused = await crm.relationships.recordStatement(ann, {
      ...{ kind: "refusal", channel: "phone", words: "Never call me again.", statedThrough: "letter" },
    });
    expect(refused).toMatchObject({ effect: "deny", validFrom: "2026-06-15", validUntil: null });
    expect(await crm.contacts.mayContact(ann.id, { channel: "phone" })).toMatchObject({ allowed: false });
    expect(await crm.contacts.mayContact(ann.id, { channel: "email" })).toMatchObject({ allowed: true });
    expect(await may({ purpose: "news", channel: "phone" })).toEqual([false, "restriction"]);
    expect(await may({ purpose: "news", channel: "email" })).toEqual([true, "nothing_said"]);
    await crm.relationships.recordStatement(ann, { kind: "permission", channel: "phone" });
    expect(await crm.contacts.mayContact(ann.id, { channel: "phone" })).toMatchObject({ allowed: true });
    const term = await crm.relationships.recordStatement(ann, {
      ...{ kind: "term", effect: "deny", purpose: "research", words: "Not for research before 2027." },
      validUntil: "2026-12-31",
    });
    expect(await crm.relationships.mayUse(ann, { purpose: "research" })).toMatchObject({
      ...{ allowed: false, decidedBy: "statement", statement: { id: term.id } },
      reason: 'Refused by a term stated on 2026-06-15: "Not for research before 2027.".',
    });
    expect(await may({ purpose: "research", on: "2027-01-01" })).toEqual([true, "nothing_said"]);
    expect(await may({ purpose: "news" })).toEqual([true, "nothing_said"]);
    await crm.relationships.endStatement(term.id, { on: "2026-06-15" });
    expect(await may({ purpose: "research", on: "2026-06-16" })).toEqual([true, "nothing_said"]);
    const all = await crm.relationships.recordStatement(ann, { kind: "refusal" });
    expect(await crm.contacts.mayContact(ann.id, { channel: "email" })).toMatchObject({ allowed: false });
    await crm.relationships.retractStatement(all.id);
    expect(await crm.contacts.mayContact(ann.id, { channel: "email" })).toMatchObject({ allowed: true });
    expect((await crm.relationships.statementsOf(ann)).length).toBe(3);
  });

  it("statements that mean nothing are refused, naming what is wrong", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Ann, Ben, Cleo");
    const other = await crm.relationships.relate({ type: "acquaintance", from: thing.Ben!, to: thing.Cleo! });
    const refused = async (input: Parameters<typeof crm.relationships.recordStatement>[1]) =>
      (await refusal(crm.relationships.recordStatement(thing.Ann!, input))).message;
    expect([
      await refused({ kind: "permission", effect: "deny" }),
      await refused({ kind: "correction", words: "No!" }),
      await refused({ kind: "refusal", field: "shoeSize" }),
      await refused({ kind: "refusal", type: "nothing" }),
      await refused({ kind: "refusal", relationshipId: other.id }),
      await refused({ kind: "refusal", validFrom: "2026-02-01", validUntil: "2026-01-31" }),
      await refused({ kind: "refusal", statedAt: new Date("2027-01-01T00:00:00Z") }),
    ]).toEqual([
      'partyStatement.effect is "deny", and a permission says "allow": leave it out, or choose another kind.',
      "partyStatement.field or relationshipId or type is required: what the correction is of.",
      "partyStatement.field names no field of contact.",
      'partyStatement.type names neither a type of relationships nor a rule, by the key "nothing".',
      "partyStatement.relationshipId names no relationship of the party.",
      "partyStatement.validUntil is before the first day, 2026-02-01.",
      "partyStatement.statedAt is in the future.",
    ]);
    const nobody = { entityType: "contact", id: other.id };
    expect(await refusal(crm.relationships.recordStatement(nobody, { kind: "refusal" }))).toMatchObject({
      code: "reference_not_found",
    });
    expect(await refusal(crm.relationships.mayUse(nobody, { purpose: "x" }))).toMatchObject({ code: "not_found" });
    expect(await crm.partyStatements.count()).toBe(0);
  });

  it("is explained: who wrote what and when, what it rests on, what was stated, who read it, and for what", async () => {
    let now = Date.UTC(2026, 5, 15, 12);
    const crm = await open({ clock: () => now });
    const clerk = crm.as({ actorId: "clerk" });
    await crm.relationships.defineRules([
      {
        key: "colleague",
        name: "colleague of",
        fromRole: "colleague",
        shape: "symmetric",
        steps: [{ role: "employer" }, { role: "employee" }],
      },
    ]);
    const { id: annId } = await clerk.contacts.create({
      givenName: "Ann",
      email: "ann@example.com",
      birthDate: "1980",
    });
    const ann = { entityType: "contact", id: annId };
    const { thing } = await thingsOf(crm, "Ben, Acme Ltd");
    const employed = await clerk.relationships.relate({
      ...{ type: "employment", from: ann, to: thing.Acme!, validFrom: "2020-01-01", source: "Companies House" },
      ...{ confidence: 0.9, notes: "gossip", evidence: [{ url: "https://example.com/register" }] },
    });
    await crm.relationships.relate({ type: "employment", from: thing.Ben!, to: thing.Acme!, validFrom: "2021-01-01" });
    await crm.relationships.relate({ type: "acquaintance", from: ann, to: thing.Ben!, visibility: "restricted" });
    now += 60_000;
    const then = new Date(now - 30_000);
    await crm.as({ actorId: "boss" }).contacts.update(annId, { birthDate: "1980-05-17" });
    const correction = await crm.relationships.recordStatement(ann, {
      ...{ kind: "correction", field: "birthDate", words: "It was 1981." },
    });
    await crm.relationships.recordStatement(ann, { kind: "refusal", purpose: "scoring" });
    await clerk.relationships.recordReading([ann, thing.Ben!], { purpose: "support call", what: ["email"] });
    const staff = await crm.relationships.explain(ann);
    expect(staff).toMatchObject({
      ...{
        party: { ...ann, name: "Ann" },
        on: "2026-06-15",
        audience: "staff",
        withheld: 0,
        notInferred: null,
        noted: false,
      },
      records: [{ entityType: "emailAddress", fields: { address: "ann@example.com" }, by: "clerk" }],
      purposes: [
        { purpose: "scoring", readings: 0, lastReadAt: null, verdict: { allowed: false, decidedBy: "statement" } },
        { purpose: "support call", readings: 1, lastReadAt: new Date(now), verdict: { allowed: true } },
      ],
      readings: [{ createdBy: "clerk", purpose: "support call", what: ["email"] }],
      inferred: [
        {
          rule: "colleague",
          far: { ...thing.Ben, name: "Ben" },
          basis: "inferred",
          ways: [{ things: [ann, thing.Acme, thing.Ben] }],
        },
      ],
    });
    expect(staff.fields.find(({ field }) => field === "givenName")).toMatchObject({
      value: "Ann",
      by: "clerk",
      since: new Date(now - 60_000),
    });
    expect(staff.fields.find(({ field }) => field === "birthDate")).toMatchObject({
      ...{ value: "1980-05-17", by: "boss", since: new Date(now) },
      statements: [{ id: correction.id, words: "It was 1981." }],
    });
    expect(staff.relationships).toHaveLength(2);
    expect(staff.relationships.find(({ type }) => type === "employment")).toMatchObject({
      ...{
        relationshipId: employed.id,
        far: { ...thing.Acme, name: "Acme Ltd" },
        name: "employee of",
        role: "employer",
      },
      ...{ source: "Companies House", basis: "recorded", confidence: "0.9", recordedBy: "clerk", notes: "gossip" },
      evidence: [{ url: "https://example.com/register" }],
    });
    const own = await crm.relationships.explain(ann, { audience: "party" });
    expect(own).toMatchObject({ withheld: 1, relationships: [{ type: "employment", notes: null }] });
    const past = await crm.asOf(then).relationships.explain(ann);
    expect(past).toMatchObject({ statements: [], readings: [], noted: false });
    expect(past.fields.find(({ field }) => field === "birthDate")).toMatchObject({ value: "1980", by: "clerk" });
  });

  it("is shown by its visibility, and not beyond what the party has refused", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Ann, Ben");
    const ann = thing.Ann!;
    const ids = await crm.relationships.relateMany(
      (["public", "internal", "restricted"] as const).map((visibility, at) => ({
        ...{
          type: "mention",
          from: ann,
          to: thing.Ben!,
          visibility,
          validFrom: `202${at}-01-01`,
          validUntil: `202${at}-12-31`,
        },
      })),
    );
    const seen = async (audience: "staff" | "party" | "public") => {
      const verdicts: boolean[] = [];
      for (const { id: relationshipId } of ids)
        verdicts.push((await crm.relationships.maySee(ann, { audience, relationshipId })).allowed);
      return verdicts;
    };
    expect([await seen("staff"), await seen("party"), await seen("public")]).toEqual([
      [true, true, true],
      [true, true, false],
      [true, false, false],
    ]);
    await crm.relationships.recordStatement(ann, { kind: "refusal", relationshipId: ids[0]!.id });
    await crm.relationships.recordStatement(ann, { kind: "refusal", field: "birthDate" });
    expect([await seen("staff"), await seen("party")]).toEqual([
      [false, true, true],
      [true, true, false],
    ]);
    const sight = { audience: "staff", field: "birthDate" } as const;
    expect(await crm.relationships.maySee(ann, sight)).toMatchObject({ allowed: false, decidedBy: "statement" });
    await crm.relationships.recordStatement(ann, { kind: "refusal", type: "mention" });
    expect(await seen("staff")).toEqual([false, false, false]);
  });

  it("moves to the survivor of a merge, and back", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Ann, Anne");
    await crm.relationships.recordStatement(thing.Anne!, { kind: "refusal", purpose: "news" });
    await crm.relationships.recordReading(thing.Anne!, { purpose: "call" });
    const { mergeId } = await crm.contacts.merge(thing.Ann!.id, thing.Anne!.id);
    expect(await crm.relationships.mayUse(thing.Ann!, { purpose: "news" })).toMatchObject({ allowed: false });
    expect((await crm.relationships.readingsOf(thing.Ann!)).items).toHaveLength(1);
    await crm.contacts.unmerge(mergeId);
    expect(await crm.relationships.mayUse(thing.Ann!, { purpose: "news" })).toMatchObject({ allowed: true });
    expect((await crm.relationships.readingsOf(thing.Anne!)).items).toHaveLength(1);
  });
});

it("explanations and exports are noted as readings where the application asks for it, but by a handle of the past", async () => {
  const crm = await createCrm({ storage: memory(), plugins: [relationships({ logReading: true })] });
  onTestFinished(() => crm.close());
  await crm.relationships.defineTypes(sampleTypes);
  const { id } = await crm.contacts.create({ givenName: "Ann" });
  const ann = { entityType: "contact", id };
  const agent = crm.as({ actorId: "agent" }).relationships;
  expect(await agent.explain(ann, { purpose: "request of the party" })).toMatchObject({ noted: true, readings: [] });
  await agent.exportParty(ann);
  const { items } = await crm.relationships.readingsOf(ann);
  expect(items.map(({ createdBy, purpose, what }) => [createdBy, purpose, what]).sort()).toEqual([
    ["agent", "export", ["explanation"]],
    ["agent", "request of the party", ["explanation"]],
  ]);
  expect(await crm.asOf(new Date()).relationships.explain(ann)).toMatchObject({ noted: false });
});

it("explaining a party asks no more queries for a hundred relationships than for one", async () => {
  let queries = 0;
  const crm = await createCrm({ storage: memory(), plugins: [relationships()], onQuery: () => void queries++ });
  onTestFinished(() => crm.close());
  await crm.relationships.defineTypes(sampleTypes);
  const { thing } = await thingsOf(crm as never, "Ann, Ben");
  const people = await crm.contacts.createMany(Array.from({ length: 100 }, (_, at) => ({ givenName: `P${at}` })));
  const asked = async (party: { readonly entityType: string; readonly id: string }) => {
    const before = queries;
    await crm.relationships.explain(party);
    return queries - before;
  };
  const know = (from: { readonly entityType: string; readonly id: string }, ids: readonly { readonly id: string }[]) =>
    crm.relationships.relateMany(
      ids.map(({ id }) => ({ type: "acquaintance", from, to: { entityType: "contact", id } })),
    );
  await know(thing.Ann!, people.slice(0, 1));
  await know(thing.Ben!, people);
  const few = await asked(thing.Ann!);
  expect(few).toBeGreaterThan(5);
  expect(await asked(thing.Ben!)).toBe(few);
});
