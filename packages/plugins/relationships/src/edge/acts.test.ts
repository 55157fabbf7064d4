import { expect, it } from "vitest";
import { edgesAround } from "../edges-around.ts";
import { asContext, onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";

onEveryStorage((open) => {
  it("tells an end, a correction, a superseding and a retraction apart", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Acme Ltd, Base Ltd");
    const relate = (to: string, validFrom: string) =>
      crm.relationships.relate({
        type: "employment",
        from: thing.Anna!,
        to: thing[to]!,
        validFrom,
        source: "herself",
        attributes: { position: "Clerk" },
      });
    const { end, correct, supersede, retract, reopen, actsOf } = crm.relationships;
    const first = await relate("Acme", "2015-01-01");
    await correct(first.id, { validFrom: "2016-01-01", reason: "typing error" });
    const { superseded, record } = await supersede(first.id, {
      on: "2020-07-01",
      attributes: { position: "Head" },
      reason: "promoted",
    });
    expect(superseded).toMatchObject({
      validFrom: "2016-01-01",
      validUntil: "2020-06-30",
      attributes: { position: "Clerk" },
    });
    expect(record).toMatchObject({
      validFrom: "2020-07-01",
      validUntil: null,
      supersedesId: first.id,
      source: "herself",
      attributes: { position: "Head" },
    });
    await end(record.id, { reason: "left" });
    const wrong = await relate("Base", "2026-06-16");
    await retract(wrong.id, { reason: "another Anna" });
    expect(await stored()).toEqual([
      "employment Anna>Acme 2016-01-01..2020-06-30",
      "employment Anna>Acme 2020-07-01..2026-06-15",
    ]);
    const told = async (id: string) => (await actsOf(id)).map(({ act, on, reason }) => `${act} ${on} ${reason}`);
    expect(await told(first.id)).toEqual(["corrected null typing error", "superseded 2020-06-30 promoted"]);
    expect(await told(record.id)).toEqual(["ended 2026-06-15 left"]);
    expect(await told(wrong.id)).toEqual(["retracted null another Anna"]);
    await reopen(wrong.id, { reason: "it was her" });
    await reopen(record.id);
    expect(await stored()).toEqual([
      "employment Anna>Acme 2016-01-01..2020-06-30",
      "employment Anna>Acme 2020-07-01..",
      "employment Anna>Base 2026-06-16..",
    ]);
    expect(await told(record.id)).toEqual(["ended 2026-06-15 left", "reopened null null"]);
  });

  it("refuses acts that contradict what is recorded, and writes nothing", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Acme Ltd");
    const { id, version } = await crm.relationships.relate({
      ...{ type: "employment", from: thing.Anna!, to: thing.Acme!, validFrom: "2015-01-01", validUntil: "2020-12-31" },
    });
    const { end, correct, supersede, retract, reopen, actsOf } = crm.relationships;
    expect(await refusal(end(id, { on: "2021-01-01" }))).toMatchObject({
      code: "relationship_ended",
      message: `Relationship ${id} ended on 2020-12-31 already: reopen it first, or correct what was recorded.`,
    });
    expect(await refusal(end(id, { on: "2014-12-31" }))).toMatchObject({
      code: "invalid_input",
      details: { entity: "relationship", field: "validUntil" },
    });
    expect(await refusal(end(id, { on: "2014-02-30" }))).toMatchObject({
      code: "invalid_input",
      details: { field: "on" },
    });
    expect(await refusal(supersede(id, { on: "2015-01-01" }))).toMatchObject({
      code: "invalid_input",
      details: { field: "on" },
    });
    expect(await refusal(supersede(id, { on: "2021-01-01" }))).toMatchObject({ code: "relationship_ended" });
    expect(await refusal(correct(id, { attributes: { salary: 1 } }))).toMatchObject({
      code: "invalid_input",
      details: { field: "attributes.salary" },
    });
    expect(await refusal(correct(id, { toId: "x" } as never))).toMatchObject({
      code: "invalid_input",
      details: { field: "toId" },
    });
    expect(await refusal(end(id, { on: "2018-01-01", version: version + 1 }))).toMatchObject({ code: "stale_version" });
    expect(await refusal(retract(id, { version: version + 1 }))).toMatchObject({ code: "stale_version" });
    // The same again is nothing new.
    expect((await end(id, { on: "2020-12-31" })).version).toBe(version);
    expect((await correct(id, { validFrom: "2015-01-01" })).version).toBe(version);
    expect([await actsOf(id), await stored()]).toEqual([[], ["employment Anna>Acme 2015-01-01..2020-12-31"]]);
    await retract(id);
    expect(await refusal(end(id, { on: "2018-01-01" }))).toMatchObject({ code: "relationship_retracted" });
    expect(await refusal(correct(id, { source: "x" }))).toMatchObject({ code: "relationship_retracted" });
    await reopen(id);
    await reopen(id);
    expect(await refusal(reopen(id))).toMatchObject({ code: "relationship_not_ended" });
    expect(await refusal(end("none"))).toMatchObject({ code: "not_found" });
  });

  it("knows at each instant what was known of any day", async () => {
    let now = Date.UTC(2026, 0, 10);
    const crm = await open({ clock: () => now });
    const { thing } = await thingsOf(crm, "Anna, Acme Ltd");
    const { id } = await crm.relationships.relate({
      type: "employment",
      from: thing.Anna!,
      to: thing.Acme!,
      validFrom: "2020-01-01",
    });
    now = Date.UTC(2026, 0, 31);
    const january = await crm.settled();
    now = Date.UTC(2026, 2, 1);
    await crm.relationships.end(id, { on: "2025-12-31" });
    const on = async (handle: typeof crm, day: string) =>
      (await edgesAround(asContext(handle), [thing.Acme!], { on: day })).length;
    expect([await on(crm, "2025-12-31"), await on(crm, "2026-01-01")]).toEqual([1, 0]);
    const then = crm.asOf(january) as typeof crm;
    expect([await on(then, "2026-01-01"), await on(then, "2019-12-31")]).toEqual([1, 0]);
    expect((await then.relationships.describe([id]))[0]).toMatchObject({ text: "Anna: employee of Acme Ltd" });
  });

  it("rests relationships on evidence: records, pages, notes", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Acme Ltd");
    const call = await crm.activities.create({ kind: "call", subject: "Told us" });
    const { id } = await crm.relationships.relate({
      ...{ type: "employment", from: thing.Anna!, to: thing.Acme!, basis: "stated" },
      evidence: [{ record: { entityType: "activity", id: call.id }, on: "2026-06-01" }],
    });
    await crm.relationships.addEvidence(id, [{ url: "https://example.org/about", note: "Team page" }]);
    const { items } = await crm.relationshipEvidences.list({ where: { relationshipId: id } });
    expect(items.map(({ recordId, url }) => recordId ?? url)).toEqual([call.id, "https://example.org/about"]);
    expect(await refusal(crm.relationships.addEvidence(id, [{ note: "a" }, {}]))).toMatchObject({
      code: "invalid_input",
      details: { entity: "relationshipEvidence", field: "recordId", index: 1 },
    });
    expect(await refusal(crm.relationshipEvidences.create({ relationshipId: id }))).toMatchObject({
      code: "invalid_input",
    });
    const gone = { record: { entityType: "activity", id: "01900000-0000-7000-8000-000000000000" } };
    expect(await refusal(crm.relationships.addEvidence(id, [gone]))).toMatchObject({ code: "reference_not_found" });
    expect(await crm.relationshipEvidences.count()).toBe(2);
    await crm.activities.delete(call.id);
    expect((await crm.relationshipEvidences.get(items[0]!.id)).recordId).toBe(null);
  });
});
