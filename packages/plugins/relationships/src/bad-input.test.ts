/** What is given wrongly to services of several parts of the plugin; each part tests its own rules. */
import { describe, expect, it } from "vitest";
import { onEveryStorage, openCrm, refusal, thingsOf } from "./relationships-fixture.ts";

describe("input", () => {
  it("with the key of every object's prototype is refused, where the storage would lose it", async () => {
    const crm = await openCrm();
    const { thing } = await thingsOf(crm, "Anna, Acme Ltd");
    const attributes = JSON.parse('{"__proto__":"x"}');
    const relate = { type: "employment", from: thing.Anna!, to: thing.Acme!, attributes };
    expect(await refusal(crm.relationships.relate(relate))).toMatchObject({
      code: "invalid_input",
      details: { field: "attributes" },
    });
    const kind = { key: "kind", attributes: [{ key: "__proto__", kind: "text" as const }] };
    expect(await refusal(crm.relationships.definePartyKinds([kind]))).toMatchObject({ code: "invalid_input" });
    await crm.relationships.definePartyKinds([{ key: "kind" }]);
    const profile = crm.relationships.setProfile(thing.Acme!.id, { kind: "kind", attributes });
    expect(await refusal(profile)).toMatchObject({ details: { field: "attributes" } });
    // Other keys of prototypes are like any.
    await crm.relationships.definePartyKinds([{ key: "kind", attributes: [{ key: "constructor", kind: "text" }] }]);
    const described = await crm.relationships.setProfile(thing.Acme!.id, {
      kind: "kind",
      attributes: { constructor: "x" },
    });
    expect(Object.hasOwn(described.attributes, "constructor")).toBe(true);
    expect(await crm.relationships.count()).toBe(0);
  });

  it("needs two roles with names for a paired type", async () => {
    const crm = await openCrm();
    const type = { key: "half", name: "half of", inverseName: "", fromRole: "half", toRole: "" };
    const { code, details } = await refusal(crm.relationships.defineTypes([type]));
    expect([code, (details.issues as readonly { field: string }[]).map(({ field }) => field)]).toEqual([
      "invalid_input",
      ["inverseName", "toRole"],
    ]);
  });

  it("names things that are there: what is not, is not found, and has no empty answer", async () => {
    const crm = await openCrm();
    const { thing } = await thingsOf(crm, "Anna");
    const nobody = { entityType: "contact", id: "0190b6a0-0000-7000-8000-000000000000" };
    const { relationships } = crm;
    const merge = { entityType: "contact", survivorId: thing.Anna!.id, otherId: nobody.id };
    const calls = [
      () => relationships.relationsOf(nobody),
      () => relationships.timelineOf(nobody),
      () => relationships.engagementsOf(nobody),
      () => relationships.inferred(nobody),
      () => relationships.inferredBetween(thing.Anna!, nobody),
      () => relationships.previewMerge(merge),
    ];
    for (const call of calls) expect((await refusal(call())).code).toBe("not_found");
  });

  it("of JSON may begin with a byte order mark, and has types that are types", async () => {
    const crm = await openCrm();
    expect(await crm.relationships.importRelationships({ json: "\ufeff[]" })).toMatchObject({ rows: 0 });
    const json = '{ "edges": [], "types": [null] }';
    const { code, details } = await refusal(crm.relationships.importRelationships({ json }, { definesTypes: true }));
    expect([code, details.field]).toEqual(["invalid_input", "json.types"]);
  });

  it("of any other kind gives an error with a code, whatever it is", async () => {
    const crm = await openCrm();
    const { thing } = await thingsOf(crm, "Anna");
    const wrong = [null, 1, "x", Symbol("x"), [], [null]] as never[];
    for (const each of wrong) {
      const calls = [
        () => crm.relationships.drawNeighbourhood(each),
        () => crm.relationships.readingsOf(each),
        () => crm.relationships.end(each),
        () => crm.relationships.retract(each),
      ];
      for (const call of calls) expect((await refusal(call())).code).toMatch(/^(invalid_input|not_found)$/);
    }
    for (const each of [null, 1, "x"] as never[]) {
      expect((await refusal(crm.relationships.drawNeighbourhood(thing.Anna!, each))).code).toBe("invalid_input");
      expect((await refusal(crm.relationships.readingsOf(thing.Anna!, each))).code).toBe("invalid_input");
    }
    expect((await refusal(crm.relationships.readingsOf(thing.Anna!, { limit: 0 }))).code).toBe("invalid_input");
  });
});

onEveryStorage((open) => {
  it("superseding begins on its day, and needs no end where that was the earliest one", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Acme Ltd");
    const { id } = await crm.relationships.relate({
      ...{ type: "employment", from: thing.Anna!, to: thing.Acme!, validFrom: "2010-01-01" },
      ...{ validUntil: "2020-01-01", validUntilIs: "at_earliest" },
    });
    const input = { on: "2024-01-01", validFrom: "2025-01-01" };
    expect((await refusal(crm.relationships.supersede(id, input))).details.field).toBe("validFrom");
    const { superseded, record } = await crm.relationships.supersede(id, { on: "2024-01-01" });
    expect(superseded).toMatchObject({ validUntil: "2023-12-31", validUntilIs: "exact" });
    expect(record).toMatchObject({ validFrom: "2024-01-01", validUntil: null, validUntilIs: "exact" });
    const early = await crm.relationships.relate({ type: "mention", from: thing.Anna!, to: thing.Acme! });
    expect((await refusal(crm.relationships.supersede(early.id, { on: "0001-01-01" }))).details).toMatchObject({
      entity: "relationship",
      field: "on",
    });
    for (const on of ["0001-01-01", "0001-01-02", "9999-12-31"])
      expect((await crm.relationships.healthOf(early.id, { on })).health).toBe("0");
  });

  it("an office that is archived gets nobody new", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Ben, Acme Ltd");
    const office = await crm.relationships.defineOffice({ accountId: thing.Acme!.id, title: "Chair" });
    await crm.relationships.appoint(office.id, { holder: thing.Anna!, validFrom: "2020-01-01" });
    await crm.offices.archive(office.id);
    const appoint = crm.relationships.appoint(office.id, {
      holder: thing.Ben!,
      validFrom: "2024-01-01",
      replacing: true,
    });
    expect((await refusal(appoint)).details.issues).toMatchObject([{ field: "officeId", code: "archived" }]);
    expect(await crm.relationships.holdersOn(office.id)).toHaveLength(1);
    await crm.relationships.vacate(office.id, { on: "2024-01-01" });
  });

  it("said at once by many: each value stays, and who leaves does so once", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Acme Ltd");
    const keys = Array.from({ length: 12 }, (_, at) => `a${at}`);
    await crm.relationships.definePartyKinds([
      { key: "kind", attributes: keys.map((key) => ({ key, kind: "text" as const })) },
    ]);
    const describe = (key: string) =>
      crm.relationships.setProfile(thing.Acme!.id, { kind: "kind", attributes: { [key]: "x" } });
    await Promise.all(keys.map(describe));
    const [profile] = await crm.relationships.profilesOf(thing.Acme!.id);
    expect(Object.keys(profile!.profile.attributes).sort()).toEqual(keys.toSorted());

    await crm.relationships.defineEngagementType({ key: "board", name: "Board", roles: [{ key: "chair" }] });
    const participants = [{ party: thing.Anna!, role: "chair" }];
    const { engagement, participants: seats } = await crm.relationships.openEngagement({
      ...{ type: "board", name: "Board", participants },
    });
    const leave = (at: number) =>
      crm.relationships.leaveEngagement(engagement.id, { party: thing.Anna!, on: `2026-01-${10 + (at % 3)}` });
    const left = await Promise.allSettled(keys.map((_, at) => leave(at)));
    expect(left.some(({ status }) => status === "fulfilled")).toBe(true);
    const days = (await crm.relationships.actsOf(seats[0]!.id)).map(({ on }) => on);
    // Each that ends it ends it earlier than it had.
    expect(days).toEqual([...new Set(days)].sort().reverse());
  });
});
