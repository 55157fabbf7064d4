import { DOMParser } from "@xmldom/xmldom";
import { expect, it } from "vitest";
import { onEveryStorage, openCrm, refusal, type TestedCrm, thingsOf } from "../relationships-fixture.ts";

const attack = `<b a='1'>&"]]>\u0007 Ltd`;

async function family(crm: TestedCrm) {
  const things = await thingsOf(crm, `Anna, Ben, Cleo, Acme Ltd, ${attack}`);
  const { thing } = things;
  const evil = thing[attack.replace(" Ltd", "")]!;
  await crm.relationships.relateMany([
    {
      ...{
        type: "employment",
        from: thing.Anna!,
        to: thing.Acme!,
        key: "k1",
        isPrimary: true,
        validFrom: "2018-12-31",
      },
      ...{ validFromIs: "at_latest", strength: "0.25", confidence: "0.5", basis: "stated", visibility: "public" },
      ...{ attributes: { position: attack, level: "senior" }, source: "a page", notes: "two\nlines " },
    },
    { type: "employment", from: thing.Ben!, to: thing.Acme!, validUntil: "2020-12-31", validUntilIs: "about" },
    { type: "spouse", from: thing.Ben!, to: thing.Cleo! },
    { type: "ownership", from: thing.Cleo!, to: evil, attributes: { share: "33.50" }, visibility: "restricted" },
    { type: "mention", from: thing.Anna!, to: thing.Anna! },
  ]);
  return { ...things, evil };
}

onEveryStorage((open) => {
  it("exports JSON that an import reads again without loss, where there is nothing yet", async () => {
    const crm = await open();
    const { thing } = await family(crm);
    const everything = { on: null, visibility: ["public", "internal", "restricted"] } as const;
    const document = await crm.relationships.exportJson(everything);
    expect(document.edges).toHaveLength(5);
    const other = await open();
    for await (const { id, givenName } of crm.contacts.iterate()) await other.contacts.create({ id, givenName });
    for await (const { id, name } of crm.accounts.iterate()) await other.accounts.create({ id, name });
    const used = [...(await other.relationshipTypes.list({ limit: 100 })).items];
    await other.relationshipTypes.deleteMany(used.map(({ id }) => id));
    const source = { json: JSON.stringify(document) };
    expect(await other.relationships.importRelationships(source, { dryRun: true })).toMatchObject({
      created: 0,
      counts: { unknown_type: 5 },
    });
    const report = await other.relationships.importRelationships(source, { definesTypes: true });
    expect(report).toMatchObject({ created: 5, findings: [] });
    expect(await other.relationships.exportJson(everything)).toEqual(document);
    expect(await other.relationships.importRelationships(source)).toMatchObject({ created: 0, unchanged: 5 });
    const [edge] = document.edges.filter(({ key }) => key === "k1");
    expect(edge).toEqual({
      relationshipId: (await crm.relationships.find({ where: { key: "k1" } }))!.id,
      ...{
        from: { ...thing.Anna, name: "Anna" },
        to: { ...thing.Acme, name: "Acme Ltd" },
        type: "employment",
        key: "k1",
        isPrimary: true,
        validFrom: "2018-12-31",
      },
      ...{ validFromIs: "at_latest", strength: "0.25", confidence: "0.5", basis: "stated", visibility: "public" },
      ...{
        attributes: { position: `<b a='1'>&"]]>\u0007 Ltd`, level: "senior" },
        source: "a page",
        notes: "two\nlines ",
      },
    });
  });

  it("exports what is valid on a day, around a thing, of some types, and no restricted ones unless asked", async () => {
    const crm = await open();
    const { thing } = await family(crm);
    const shown = async (query: Parameters<typeof crm.relationships.exportJson>[0]) => {
      const { edges } = await crm.relationships.exportJson(query);
      const things = new Set(edges.flatMap(({ from, to }) => [from.id, to.id]));
      return `${things.size}: ${edges
        .map(({ type }) => type)
        .sort()
        .join(" ")}`;
    };
    expect(await shown({})).toBe("4: employment mention spouse");
    expect(await shown({ on: "2020-12-31" })).toBe("4: employment employment mention spouse");
    expect(await shown({ around: thing.Acme, on: "2020-12-31" })).toBe("3: employment employment");
    expect(await shown({ around: thing.Acme, on: "2020-12-31", hops: 2 })).toBe(
      "4: employment employment mention spouse",
    );
    expect(await shown({ around: [thing.Cleo!], hops: 2, visibility: ["restricted"] })).toBe("2: ownership");
    expect(await shown({ on: "2018-01-01", certainty: "possible", types: ["employment"] })).toBe(
      "3: employment employment",
    );
    expect(await shown({ on: null, minStrength: 0.9 })).toBe("3: mention spouse");
    const refused = async (query: object) => (await refusal(crm.relationships.exportMermaid(query))).code;
    expect(await refused({ maxEdges: 2 })).toBe("relationship_graph_too_large");
    expect(await refused({ around: thing.Anna, hops: 3, maxEdges: 1 })).toBe("relationship_graph_too_large");
    expect(await refused({ types: ["boss"] })).toBe("unknown_relationship_type");
    expect(await refused({ on: "today" })).toBe("invalid_input");
    const nobody = { entityType: "contact", id: "0190b6a0-0000-7000-8000-000000000000" };
    expect(await refused({ around: nobody })).toBe("not_found");
  });
});

it("exports GraphML that a parser reads, with typed keys, and all that comes from outside as text", async () => {
  const crm = await openCrm();
  await family(crm);
  const xml = await crm.relationships.exportGraphml({ on: null, visibility: ["public", "internal", "restricted"] });
  const problems: string[] = [];
  const document = new DOMParser({ onError: (_, message) => void problems.push(message) }).parseFromString(
    xml,
    "text/xml",
  );
  expect(problems).toEqual([]);
  const all = (name: string) => [...document.getElementsByTagName(name)];
  expect([all("node").length, all("edge").length, all("b").length]).toEqual([5, 5, 0]);
  const keys = new Map(all("key").map((key) => [key.getAttribute("id"), key.getAttribute("attr.type")]));
  expect([...keys].filter(([, kind]) => kind !== "string")).toEqual([
    ["edge.strength", "double"],
    ["edge.confidence", "double"],
    ["edge.isPrimary", "boolean"],
    ["edge.attribute.share", "double"],
    ["node.graphics", null],
    ["edge.graphics", null],
  ]);
  const ids = new Set(all("node").map((node) => node.getAttribute("id")));
  for (const edge of all("edge")) {
    expect(ids.has(edge.getAttribute("source")) && ids.has(edge.getAttribute("target"))).toBe(true);
    for (const data of [...edge.getElementsByTagName("data")]) expect(keys.has(data.getAttribute("key"))).toBe(true);
  }
  const textIn = (element: (typeof document)["documentElement"] | undefined, key: string) =>
    [...(element?.getElementsByTagName("data") ?? [])].find((data) => data.getAttribute("key") === key)?.textContent;
  const edge = all("edge").find((each) => textIn(each, "edge.id") && textIn(each, "edge.validFrom"));
  expect(textIn(edge, "edge.attribute.position")).toBe(attack.replace("\u0007", ""));
  expect(textIn(edge, "edge.notes")).toBe("two\nlines ");
  expect(
    all("edge")
      .map((each) => each.getAttribute("directed"))
      .filter(Boolean),
  ).toEqual(["false"]);
});

it("exports a flowchart of Mermaid in which no name is part of the language", async () => {
  const crm = await openCrm();
  await family(crm);
  expect(
    await crm.relationships.exportMermaid({ on: null, visibility: ["public", "internal", "restricted"] }),
  ).toBe(`flowchart LR
  n0["#60;b a#61;#39;1#39;#62;#38;#34;#93;#93;#62;  Ltd"]
  n1["Acme Ltd"]
  n2["Anna"]
  n3["Ben"]
  n4["Cleo"]
  n2 -->|"employee of<br/>≤ 2018-12-31 –"| n1
  n2 -->|"source about"| n2
  n3 -->|"employee of<br/>– c. 2020-12-31"| n1
  n3 ---|"spouse of"| n4
  n4 -->|"owner of"| n0
`);
});
