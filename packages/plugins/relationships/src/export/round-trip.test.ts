import { expect, it } from "vitest";
import { onEveryStorage, type TestedCrm, thingsOf } from "../relationships-fixture.ts";
import { officeHolderType } from "../type/standard-types.ts";

/** Everything that relationships can have. */
async function filled(crm: TestedCrm) {
  const { thing } = await thingsOf(crm, "Anna, Ben, Cleo, Dan, Acme Ltd, Board Ltd");
  const api = crm.relationships;
  await api.defineTypes([officeHolderType]);
  await api.defineRules([
    {
      ...{ key: "colleague", name: "colleague of", fromRole: "colleague", shape: "symmetric" },
      steps: [{ role: "employer" }, { role: "employee" }],
    },
  ]);
  const call = await crm.activities.create({ kind: "call", subject: "Told us" });
  const [post] = await api.relateMany([
    {
      ...{ type: "employment", from: thing.Anna!, to: thing.Acme!, validFrom: "2018-01-01", key: "k1" },
      evidence: [
        { record: { entityType: "activity", id: call.id }, on: "2019-01-01" },
        { url: "https://a.example", note: "n" },
      ],
    },
    { type: "employment", from: thing.Ben!, to: thing.Acme!, validFrom: "2019-01-01", validUntil: "2027-12-31" },
    { type: "spouse", from: thing.Ben!, to: thing.Cleo!, validFrom: "2001-02-03", validFromIs: "about" },
    { type: "ownership", from: thing.Cleo!, to: thing.Board!, attributes: { share: "33.5" }, visibility: "restricted" },
    { type: "mention", from: thing.Dan!, to: thing.Dan! },
  ]);
  await api.correct(post!.id, { strength: "0.7", reason: "typing error" });
  const { record } = await api.supersede(post!.id, {
    on: "2024-01-01",
    attributes: { position: "Head" },
    reason: "rose",
  });
  await api.end(record.id, { on: "2026-05-31", reason: "left" });
  const rumour = await api.relate({ type: "acquaintance", from: thing.Anna!, to: thing.Dan! });
  await api.retract(rumour.id, { reason: "another Dan" });
  const chair = await api.defineOffice({ accountId: thing.Board!.id, title: "Chair", validFrom: "1999-01-01" });
  await api.defineOffice({ accountId: thing.Board!.id, title: "Secretary" });
  await api.defineOffice({ accountId: thing.Acme!.id, title: "Adviser", isSingleHolder: false });
  await api.appoint(chair.id, { holder: thing.Anna!, validFrom: "2020-01-01" });
  await api.appoint(chair.id, { holder: thing.Dan!, validFrom: "2023-01-01", replacing: true });
  await api.defineEngagementType({
    ...{ key: "deal", name: "Deal" },
    roles: [
      { key: "buyer", least: 1, most: 1, defaultStrength: 0.6 },
      { key: "counsel", least: 2 },
    ],
  });
  const { engagement } = await api.openEngagement({
    ...{ type: "deal", name: "The purchase", validFrom: "2025-01-01", notes: "two\nlines" },
    participants: [
      { party: thing.Acme!, role: "buyer" },
      { party: thing.Cleo!, role: "counsel" },
    ],
  });
  await api.openEngagement({ type: "deal", name: "Nobody's deal" });
  await api.definePartyKinds([{ key: "outlet", name: "Outlet", attributes: [{ key: "reach", kind: "number" }] }]);
  await api.setProfile(thing.Board!.id, { kind: "outlet", attributes: { reach: 1_200 } });
  return { thing, chair, engagement, post: post!, promoted: record };
}

/** Without what an import does not say: versions, when it was written, and the ids of types and kinds, which are known by their keys. */
const bare = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer, function (this: { readonly key?: unknown; readonly roles?: unknown }, key, value) {
      if (key === "id" && typeof this.key === "string" && ("shape" in this || "roles" in this || "name" in this))
        return;
      return /^(version|createdAt|createdBy|updatedAt|updatedBy|typeId|kindId|supersedesId|pair)$/.test(key)
        ? undefined
        : value;
    }),
  );

onEveryStorage((open) => {
  it("gives the same answers where an export has been imported, as a document or as a stream", async () => {
    const crm = await open();
    const { thing, chair, engagement, post, promoted } = await filled(crm);
    const everything = { on: null, visibility: ["public", "internal", "restricted"] } as const;
    const document = await crm.relationships.exportJson(everything);
    const pieces = await Array.fromAsync(crm.relationships.streamJson(everything));
    expect(JSON.parse(pieces.join(""))).toEqual(JSON.parse(JSON.stringify(document)));

    const answers = async (asked: TestedCrm) => {
      const api = asked.relationships;
      const acts = await Promise.all([post, promoted].map(({ id }) => api.actsOf(id)));
      return bare([
        await Promise.all(Object.values(thing).map((each) => api.relationsOf(each, { on: "2025-06-01" }))),
        await Promise.all(Object.values(thing).map((each) => api.timelineOf(each))),
        await api.shortestPaths(thing.Dan!, thing.Ben!, { on: "2025-06-01" }),
        await api.strongestPaths(thing.Cleo!, thing.Dan!, { on: "2025-06-01" }),
        await api.inferred(thing.Anna!, { on: "2025-06-01" }),
        [
          await api.officeTimeline(chair.id),
          await api.vacancies(),
          await api.handovers({ from: "2020-01-01", until: "2024-01-01" }),
        ],
        [
          await api.participantsOn(engagement.id, { on: "2025-06-01" }),
          await api.incompleteEngagements({ on: "2025-06-01" }),
        ],
        await api.partiesOf({ kind: "outlet", attributes: { reach: { gte: 1_000 } } }),
        acts.map((each) => each.map(({ act, on, reason }) => [act, on, reason])),
        (await Array.fromAsync(asked.relationshipEvidences.iterate())).map(
          ({ relationshipId, recordId, url, note, on }) => [...[relationshipId, recordId, url, note, on]],
        ),
        (await api.get(promoted.id)).supersedesId,
      ]);
    };
    const expected = await answers(crm);
    const other = await open();
    for await (const { id, givenName } of crm.contacts.iterate()) await other.contacts.create({ id, givenName });
    for await (const { id, name } of crm.accounts.iterate()) await other.accounts.create({ id, name });
    for await (const { id, kind, subject } of crm.activities.iterate())
      await other.activities.create({ id, kind, subject } as never);
    const report = await other.relationships.importRelationships({ json: pieces.values() }, { definesTypes: true });
    expect(report).toMatchObject({ rows: 10, created: 10, findings: [] });
    expect(await answers(other)).toEqual(expected);
    const again = await other.relationships.importRelationships(
      { json: JSON.stringify(document) },
      { definesTypes: true },
    );
    expect(again).toMatchObject({ created: 0, unchanged: 10, findings: [] });
    expect(await answers(other)).toEqual(expected);
    const copy = (await other.relationships.exportJson(everything)).edges.map(({ acts: _, ...edge }) => edge);
    expect(copy).toEqual(document.edges.map(({ acts: _, ...edge }) => edge));
  });

  it("exports with what is around a thing, or of some types, what belongs to these relationships", async () => {
    const crm = await open();
    const { thing, engagement } = await filled(crm);
    const shown = async (query: Parameters<typeof crm.relationships.exportJson>[0]) => {
      const { edges, types, offices, engagements, engagementTypes, profiles, rules } =
        await crm.relationships.exportJson(query);
      return [
        edges.map(({ type }) => type).sort(),
        [...types, ...engagementTypes].map(({ key }) => key),
        [...offices.map(({ title }) => title), ...engagements.map(({ name }) => name)],
        profiles.length + rules.length,
      ];
    };
    expect(await shown({ around: thing.Dan! })).toEqual([
      ["mention", "office_holder"],
      ["mention", "office_holder"],
      ["Chair"],
      0,
    ]);
    expect(await shown({ around: { entityType: "engagement", id: engagement.id } })).toEqual([
      ...[["deal.buyer", "deal.counsel"], ["deal"], ["The purchase"], 0],
    ]);
    expect(await shown({ types: ["deal.buyer"] })).toEqual([
      ...[["deal.buyer"], ["deal"], ["The purchase", "Nobody's deal"], 0],
    ]);
    expect(await shown({ types: ["office_holder"], on: "2021-01-01" })).toEqual([
      ...[["office_holder"], ["office_holder"], ["Chair", "Secretary", "Adviser"], 0],
    ]);
  });
});
