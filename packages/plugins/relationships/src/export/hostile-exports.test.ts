import { DOMParser } from "@xmldom/xmldom";
import { expect, it } from "vitest";
import { openCrm, refusal } from "../relationships-fixture.ts";

/** A quote, tags, a direction that is not closed, a mark upon another, half a character, and what is no character of XML. */
const attack = `"]]><script>alert(1)</script>\u202eabc\u0301\u0302 \ud800 \u0000\u0085\ufffe --> %0A click n0 "javascript:alert(1)" =cmd|' /C calc'!A0`;

/** Of this process: the machine may do other things at the same time. */
const secondsSince = (started: NodeJS.CpuUsage) => process.cpuUsage(started).user / 1e6;

it("exports names, attributes and types of any characters as text, and no attribute that nobody has given", async () => {
  const crm = await openCrm();
  await crm.relationships.defineTypes([
    {
      ...{ key: "odd", name: `odd "of" <b>`, inverseName: "]]>", fromRole: "a&b", toRole: "c>d" },
      attributes: [
        { key: "constructor", kind: "text" },
        { key: 'a "b" <c>', kind: "text" },
        { key: "toString", kind: "number" },
      ],
    },
  ]);
  const name = attack.replaceAll("\u0000", "").replaceAll("\ud800", "").normalize("NFC");
  const [anna, ben] = (await crm.contacts.createMany([{ givenName: name }, { givenName: "Ben" }])).map(({ id }) => ({
    ...{ entityType: "contact", id },
  }));
  await crm.relationships.relateMany([
    { type: "odd", from: anna!, to: ben!, notes: name, attributes: { 'a "b" <c>': name } },
    { type: "spouse", from: anna!, to: ben! },
  ]);
  const xml = await crm.relationships.exportGraphml();
  const problems: string[] = [];
  const document = new DOMParser({ onError: (_, message) => void problems.push(message) }).parseFromString(
    xml,
    "text/xml",
  );
  expect(problems).toEqual([]);
  const data = [...document.getElementsByTagName("data")];
  const texts = (key: string) =>
    data.filter((each) => each.getAttribute("key") === key).map((each) => each.textContent);
  const allowed = name.replaceAll("\u0085", "").replaceAll("\ufffe", "");
  expect(texts("node.label").sort()).toEqual([allowed, "Ben"].sort());
  expect([texts("edge.notes"), texts('edge.attribute.a "b" <c>')]).toEqual([[allowed], [allowed]]);
  expect([texts("edge.attribute.constructor"), texts("edge.attribute.toString")]).toEqual([[], []]);
  expect(document.getElementsByTagName("script")).toHaveLength(0);

  const flowchart = await crm.relationships.exportMermaid();
  expect(flowchart.split("\n").map((line) => line.replace(/"[^"]*"/g, ""))).toEqual([
    ...["flowchart LR", "  n0[]", "  n1[]", "  n0 -->|| n1", "  n0 ---|| n1", ""],
  ]);
  expect(flowchart).not.toMatch(/[\u202e<']script|javascript:alert\(1\)"/);
  const page = await crm.relationships.drawNeighbourhood(ben!, { title: attack, words: { role: attack } });
  expect([page.includes("<script"), page.includes("\u0000"), /\p{Cs}/u.test(page)]).toEqual([false, false, false]);
  expect(page.match(/<bdi>/g)?.length).toBe(page.match(/<\/bdi>/g)?.length);
  expect(JSON.parse((await Array.fromAsync(crm.relationships.streamJson())).join("")).edges[0].notes).toBe(name);
});

it("requires an attribute that is named as what every object has", async () => {
  const crm = await openCrm();
  await crm.relationships.defineTypes([
    {
      key: "odd",
      name: "odd of",
      shape: "symmetric",
      fromRole: "odd",
      attributes: [{ key: "constructor", kind: "text", required: true }],
    },
  ]);
  const [a, b] = (await crm.contacts.createMany([{}, {}])).map(({ id }) => ({ entityType: "contact", id }));
  const error = await refusal(crm.relationships.relate({ type: "odd", from: a!, to: b! }));
  expect(error).toMatchObject({ code: "invalid_input", details: { field: "attributes.constructor" } });
});

it("draws a page of 5,000 relationships in a bounded time, and streams refuse what is too large for them", async () => {
  const crm = await openCrm();
  const people = await crm.contacts.createMany(Array.from({ length: 5_001 }, (_, i) => ({ givenName: `P${i}` })));
  const [hub, ...others] = people.map(({ id }) => ({ entityType: "contact", id }));
  await crm.relationships.relateMany(others.map((to) => ({ type: "acquaintance", from: hub!, to })));
  const refused = await refusal(crm.relationships.drawNeighbourhood(hub!));
  expect(refused).toMatchObject({ code: "relationship_graph_too_large", details: { most: 500 } });
  const started = process.cpuUsage();
  const page = await crm.relationships.drawNeighbourhood(hub!, { maxEdges: 5_000 });
  const took = secondsSince(started);
  expect(page.match(/<circle /g)).toHaveLength(5_001);
  expect(took).toBeLessThan(15);
  const pieces = await Array.fromAsync(crm.relationships.streamGraphml());
  expect([pieces.length, pieces.join("") === (await crm.relationships.exportGraphml())]).toEqual([7, true]);
  const limited = Array.fromAsync(crm.relationships.streamJson({ maxEdges: 4_999 }));
  expect((await refusal(limited)).code).toBe("relationship_graph_too_large");
}, 180_000);
