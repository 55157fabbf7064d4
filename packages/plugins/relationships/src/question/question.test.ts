/** Questions on each storage. */
import { memory } from "@relata/memory";
import { describe, expect, it } from "vitest";
import { refusal } from "../relationships-fixture.ts";
import type { ConnectionPath } from "./find-paths.ts";
import { drawGraph, openCrm, storages } from "./question-fixture.ts";

const textOf = ({ things, strength }: ConnectionPath) => `${things.map(({ name }) => name).join("")} ${strength}`;

describe.each(storages)("questions on %s", { timeout: 60_000 }, (_, makeStorage) => {
  const open = async (names: string, ties: readonly string[]) => {
    const { crm, clock } = await openCrm(await makeStorage());
    return { crm, clock, ask: crm.relationships, ...(await drawGraph(crm, names, ties)) };
  };

  it("tells who relates to a thing, how, and since when, page by page", async () => {
    const { ask, thing } = await open("ABC1", [
      "A1 employment 2020-01-01..",
      "B1 employment 0.25 2024-03-01..2026-06-15",
      "C1 employment 2019-01-01..2019-12-31",
      "AB knows 0.5",
      "AA parenthood",
    ]);
    const read = ({ name, role, thing: other, since, until, strength }: (typeof items)[number]) =>
      [name, role, other.name, since, until, strength].join(" ");
    const { items, next } = await ask.relationsOf(thing("1"));
    expect(items.map(read)).toEqual([
      "employer of employee B 2024-03-01 2026-06-15 0.25",
      "employer of employee A 2020-01-01  0.8",
    ]);
    expect(next).toBeUndefined();
    const ofA = await ask.relationsOf(thing("A"), { limit: 2 });
    expect(ofA.items.map(read).toSorted()).toEqual(["knows acquaintance B   0.5", "parent of child A   1"]);
    const more = await ask.relationsOf(thing("A"), { limit: 2, after: ofA.next });
    expect(more.items.map(read)).toEqual(["employee of employer 1 2020-01-01  0.8"]);
    expect(more.next).toBeUndefined();
    const everyone = await ask.relationsOf(thing("1"), { during: { from: "2019-06-01", until: "2026-12-31" } });
    expect(everyone.items.map(({ thing: { name } }) => name)).toEqual(["B", "A", "C"]);
    expect(await ask.countRelations(thing("1"), { on: "2019-05-05" })).toEqual([
      { type: "employment", name: "employer of", role: "employee", count: 1 },
    ]);
    expect((await ask.countRelations(thing("A"))).map(({ role, count }) => [role, count])).toEqual([
      ["employer", 1],
      ["acquaintance", 1],
      ["child", 1],
    ]);
    expect((await ask.relationsOf(thing("A"), { roles: ["employer"] })).items.map(read)).toEqual([
      "employee of employer 1 2020-01-01  0.8",
    ]);
    expect(await refusal(ask.relationsOf(thing("1"), { limit: 1, after: ofA.next }))).toMatchObject({
      code: "invalid_cursor",
    });
  });

  it("pages through many without losing or repeating one, whatever their days", async () => {
    const days = ["", "2020-01-01..", "2021-01-01..", "2021-01-01..", "2020-01-01.."];
    const ties = [..."BCDEFGHIJKLMNOP"].map((name, i) =>
      `${i % 2 ? `A${name}` : `${name}A`} knows ${days[i % 5]}`.trim(),
    );
    const { ask, thing } = await open("ABCDEFGHIJKLMNOP", ties);
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await ask.relationsOf(thing("A"), { limit: 4, after });
      expect(page.items.length).toBeGreaterThan(0);
      found.push(...page.items.map(({ thing: { name } }) => name));
      after = page.next;
    } while (after !== undefined);
    expect(found.toSorted().join("")).toBe("BCDEFGHIJKLMNOP");
  });

  it("reaches neighbours by type, role, day, strength and entity, each by a shortest way", async () => {
    const { ask, thing, things, nameOf, edgeName } = await open("ABCDE12", [
      "AB knows 0.3",
      "BC",
      "A1 employment 2020-01-01..2020-12-31",
      "D1 employment",
      "D2 employment 0.1",
      "E2 employment",
    ]);
    const read = ({ items }: Awaited<ReturnType<typeof ask.neighbours>>) =>
      items
        .map(
          ({ thing: { id }, distance, way }) =>
            `${nameOf(id)}${distance} ${way.map((step) => edgeName(step.id)).join(" ")}`,
        )
        .toSorted();
    expect(read(await ask.neighbours(thing("A"), { hops: 2, on: "2020-06-01" }))).toEqual([
      "11 A1",
      "B1 AB",
      "C2 AB BC",
      "D2 A1 D1",
    ]);
    expect(read(await ask.neighbours(thing("A"), { hops: 4 }))).toEqual(["B1 AB", "C2 AB BC"]);
    expect(read(await ask.neighbours(thing("D"), { hops: 5, types: ["employment"] }))).toEqual([
      "11 D1",
      "21 D2",
      "E2 D2 E2",
    ]);
    expect(read(await ask.neighbours(thing("D"), { hops: 5, minStrength: "0.2" }))).toEqual(["11 D1"]);
    expect(read(await ask.neighbours(thing("D"), { hops: 5, roles: ["employer"] }))).toEqual(["11 D1", "21 D2"]);
    expect(read(await ask.neighbours(things("BD"), { entities: ["account"] }))).toEqual(["11 D1", "21 D2"]);
  });

  it("gives neighbours page by page, the nearest first, also where more come in between", async () => {
    const others = [..."BCDEFGH"];
    const { ask, thing, nameOf } = await open("ABCDEFGHIJKL", [
      ...others.map((name) => `A${name}`),
      ...others.slice(1).map((name) => `B${name}`),
      ...["CI", "DI", "IJ", "BK"],
    ]);
    const all = await ask.neighbours(thing("A"), { hops: 3 });
    expect(all.next).toBeUndefined();
    expect(all.items.map(({ thing: { id }, distance }) => `${nameOf(id)}${distance}`).join(" ")).toBe(
      "B1 C1 D1 E1 F1 G1 H1 I2 K2 J3",
    );
    for (const limit of [1, 3, 7, 10]) {
      const found: unknown[] = [];
      let after: string | undefined;
      do {
        const page = await ask.neighbours(thing("A"), { hops: 3, limit, after });
        found.push(...page.items);
        after = page.next;
      } while (after !== undefined);
      expect(found).toEqual(all.items);
    }
    const { items, next } = await ask.neighbours(thing("A"), { hops: 3, limit: 8 });
    await ask.relateMany([{ type: "knows", from: thing("A"), to: thing("L") }]);
    await ask.retract((await ask.relationsOf(thing("C"))).items.find(({ thing: { name } }) => name === "A")!.id);
    const further = await ask.neighbours(thing("A"), { hops: 3, limit: 8, after: next });
    const names = [...items, ...further.items].map(({ thing: { id } }) => nameOf(id)).join("");
    expect(names.slice(0, 8)).toBe("BCDEFGHI");
    expect([...names.slice(8)].filter((name) => !"BDEFGHI".includes(name)).join("")).toContain("KJ");
    const question = { hops: 2, after: next };
    expect(await refusal(ask.neighbours(thing("A"), question))).toMatchObject({ code: "invalid_cursor" });
  });

  it("asks around a thing with thousands of relationships for no more than it needs", { timeout: 60_000 }, async () => {
    const { crm } = await openCrm(await makeStorage());
    const ask = crm.relationships;
    const [hub, other, ...people] = (
      await crm.contacts.createMany(Array.from({ length: 2_400 }, (_, i) => ({ givenName: `P${i}` })))
    ).map(({ id }) => ({ entityType: "contact", id }));
    await ask.relateMany([
      ...people.map((to, i) => ({ type: "knows", from: hub!, to, strength: `0.${1 + (i % 9)}` })),
      { type: "knows", from: people[8]!, to: other!, strength: "0.5" },
      { type: "knows", from: other!, to: people[17]!, strength: "0.6" },
      { type: "knows", from: other!, to: people[0]!, strength: "1" },
    ]);
    const [best] = await ask.strongestPaths(hub!, other!, { maxEdges: 2_000 });
    expect([best!.strength, best!.things[1]!.id]).toEqual(["0.54", people[17]!.id]);
    const three = await ask.strongestPaths(other!, hub!, { count: 3, maxHops: 2, maxEdges: 6_000 });
    expect(three.map(({ strength }) => strength)).toEqual(["0.54", "0.45", "0.1"]);
    const shortest = await ask.shortestPaths(hub!, other!, { count: 4, maxHops: 2, maxEdges: 6_000 });
    expect(shortest.map(({ things: [, middle] }) => middle!.id).toSorted()).toEqual(
      [people[0]!.id, people[8]!.id, people[17]!.id].toSorted(),
    );
    const common = await ask.commonConnections(hub!, other!, { maxEdges: 2_000 });
    expect(common.map(({ strength, pairs }) => [strength, pairs])).toEqual([
      ["0.54", 1],
      ["0.45", 1],
      ["0.1", 1],
    ]);
    const turned = await ask.connectorsOf([other!], [hub!, people[1]!], { maxEdges: 2_000 });
    expect(turned.connectors.map(({ thing: { id } }) => id)).toEqual(common.map(({ thing: { id } }) => id));
    const twoHubs = await ask.connectorsOf([hub!, other!], [hub!], { maxEdges: 10_000 });
    expect(twoHubs.connectors.length).toBe(2_398);
    const first = await ask.neighbours(hub!, { hops: 2, limit: 10 });
    expect(first.items.every(({ distance }) => distance === 1)).toBe(true);
    expect(await refusal(ask.centralityOf({ around: hub!, maxEdges: 2_000 }))).toMatchObject({
      code: "search_too_wide",
    });
  });

  it("finds shortest and strongest paths between two sets, on a day that all of their edges share", async () => {
    const { ask, thing, things } = await open("ABCDE1", [
      "AB knows 0.9 2020-01-01..2020-12-31",
      "BC knows 0.9 2020-06-01..2021-06-30",
      "AC knows 0.2 2021-01-01..",
      "CD knows 0.5",
      "A1 employment 2015-01-01..2020-03-31",
      "D1 employment 2020-04-01..",
      "AE knows 0",
      "ED",
    ]);
    const day = { on: "2020-07-01" };
    const [path] = await ask.shortestPaths(thing("A"), thing("D"), day);
    expect(textOf(path!)).toBe("ABCD 0.405");
    expect([path!.since, path!.until]).toEqual(["2020-06-01", "2020-12-31"]);
    expect(path!.steps.map(({ name, type, strength }) => [name, type, strength])).toEqual([
      ["knows", "knows", "0.9"],
      ["knows", "knows", "0.9"],
      ["knows", "knows", "0.5"],
    ]);
    expect((await ask.shortestPaths(thing("A"), thing("D"))).map(textOf)).toEqual(["ACD 0.1"]);
    const years = { from: "2020-01-01", until: "2021-12-31" };
    const count = 5;
    expect((await ask.shortestPaths(thing("A"), thing("D"), { during: years, count })).map(textOf)).toEqual([
      "ACD 0.1",
      "ABCD 0.405",
    ]);
    expect((await ask.strongestPaths(thing("A"), thing("D"), { during: years, count })).map(textOf)).toEqual([
      "ABCD 0.405",
      "ACD 0.1",
    ]);
    expect(
      await ask.shortestPaths(thing("A"), thing("1"), {
        during: { from: "2020-02-01", until: "2021-01-01" },
        entities: ["contact"],
      }),
    ).toHaveLength(1);
    expect(await ask.shortestPaths(thing("A"), thing("E"), { maxHops: 1 })).toEqual([]);
    expect((await ask.shortestPaths(things("AC"), things("CD"), { count: 9 })).map(textOf)).toEqual(["C 1"]);
    expect(await ask.strongestPaths(thing("A"), thing("D"), { minStrength: 0.6 })).toEqual([]);
  });

  it("tells who connects two people, and two groups", async () => {
    const { ask, thing, things } = await open("ABCDEF1", [
      "AC knows 0.5",
      "BC knows 0.5",
      "AD knows 0.9",
      "BD knows 0.9",
      "A1 employment",
      "B1 employment",
      "EC knows 0.4",
      "FD knows 0.1",
      "EB knows 0.7",
    ]);
    const brief = (found: Awaited<ReturnType<typeof ask.commonConnections>>) =>
      found.map(({ thing: { name }, strength, pairs }) => `${name} ${strength} ${pairs}`);
    const common = await ask.commonConnections(thing("A"), thing("B"));
    expect(brief(common)).toEqual(["D 0.81 1", "1 0.64 1", "C 0.25 1"]);
    expect(common[1]!.toFirst.map(({ name, role }) => [name, role])).toEqual([["employee of", "employer"]]);
    const { direct, connectors } = await ask.connectorsOf(things("AE"), things("BF"));
    expect(direct.map(({ near, thing: { name } }) => [near.id === thing("E").id, name])).toEqual([[true, "B"]]);
    expect(brief(connectors)).toEqual(["D 0.81 2", "1 0.64 1", "C 0.25 2"]);
    expect(brief((await ask.connectorsOf(things("AE"), things("BF"), { roles: ["employer"] })).connectors)).toEqual([
      "1 0.64 1",
    ]);
  });

  it("answers as it was known at an instant, and to its own tenant", async () => {
    const { crm, clock, ask, thing, things, edges } = await open("ABC", ["AB knows 0.5", "BC"]);
    const then = new Date(clock.at);
    clock.at += 3_600_000;
    await crm.transaction(
      async (tx) => void (await tx.relationships.relateMany([{ type: "knows", from: thing("A"), to: thing("C") }])),
    );
    const texts = async (from: typeof ask) => (await from.strongestPaths(thing("A"), thing("C"))).map(textOf);
    expect(await texts(ask)).toEqual(["AC 1"]);
    const past = crm.asOf(then).relationships;
    expect(await texts(past)).toEqual(["ABC 0.5"]);
    expect((await past.neighbours(thing("A"), { hops: 2 })).items.map(({ distance }) => distance)).toEqual([1, 2]);
    expect((await past.relationsOf(thing("A"))).items.map(({ id }) => id)).toEqual([edges[0]!.id]);
    expect((await past.countRelations(thing("C"))).map(({ count }) => count)).toEqual([1]);
    expect((await past.commonConnections(thing("A"), thing("C"))).map(({ thing: { name } }) => name)).toEqual(["B"]);
    const other = crm.as({ tenantId: "other" }).relationships;
    for (const call of [
      () => other.relationsOf(thing("A")),
      () => other.neighbours(things("AB")),
      () => other.shortestPaths(thing("A"), thing("C")),
      () => other.commonConnections(thing("A"), thing("C")),
    ])
      expect(await refusal(call())).toMatchObject({ code: "not_found" });
  });
});

it("takes the days of an edge as certain, stated or possible", async () => {
  const { crm } = await openCrm(memory());
  const { thing } = await drawGraph(crm, "AB", []);
  const bounds = ["exact", "at_latest", "at_earliest"] as const;
  for (const validFromIs of bounds)
    for (const validUntilIs of bounds)
      await crm.relationships.relateMany([
        {
          ...{ type: "knows", from: thing("A"), to: thing("B"), validFromIs, validUntilIs },
          ...{ validFrom: "2020-01-01", validUntil: "2020-12-31" },
        },
      ]);
  const days = ["2019-12-31", "2020-01-01", "2020-06-01", "2020-12-31", "2021-01-01"];
  const counts = async (certainty: "certain" | "stated" | "possible") => {
    const found = [];
    for (const on of days) {
      const { items } = await crm.relationships.relationsOf(thing("A"), { on, certainty });
      expect((await crm.relationships.shortestPaths(thing("A"), thing("B"), { on, certainty, count: 9 })).length).toBe(
        items.length,
      );
      found.push(items.length);
    }
    return found;
  };
  expect(await counts("stated")).toEqual([0, 9, 9, 9, 0]);
  expect(await counts("possible")).toEqual([3, 9, 9, 9, 3]);
  expect(await counts("certain")).toEqual([0, 6, 4, 6, 0]);
});

it("refuses what cannot be answered", async () => {
  const { crm } = await openCrm(memory());
  const { thing } = await drawGraph(crm, "ABC", ["AB", "AC", "BC"]);
  const ask = crm.relationships;
  const [a, b] = [thing("A"), thing("B")];
  const unknown = { entityType: "contact", id: "0190a000-0000-7000-8000-000000000000" };
  const issue = async (call: Promise<unknown>) => {
    const error = await refusal(call);
    const issues = error.details.issues as readonly { readonly field: string }[] | undefined;
    return [error.code, issues?.[0]?.field].filter((part) => part !== undefined).join(" ");
  };
  expect(await issue(ask.relationsOf(unknown))).toBe("not_found");
  expect(await issue(ask.neighbours([a, unknown]))).toBe("not_found");
  expect(await issue(ask.neighbours([a, { entityType: "contact", id: "nobody" }]))).toBe("not_found");
  expect(await issue(ask.relationsOf({ entityType: "nothing", id: "1" }))).toBe("invalid_query");
  expect(await issue(ask.relationsOf({ entityType: "contact" } as never))).toBe("invalid_input id");
  expect(await issue(ask.neighbours(a, { hops: 0 }))).toBe("invalid_input hops");
  expect(await issue(ask.neighbours(a, { minStrength: 1.5 }))).toBe("invalid_input minStrength");
  expect(await issue(ask.neighbours(a, { on: "2026-02-30" }))).toBe("invalid_input on");
  expect(await issue(ask.neighbours(a, { types: ["friendship"] }))).toBe("unknown_relationship_type");
  expect(await issue(ask.neighbours(a, { entities: ["person"] }))).toBe("invalid_input entities.0");
  expect(await issue(ask.neighbours(a, { radius: 2 } as never))).toBe("invalid_input radius");
  expect(await issue(ask.relationsOf(a, { roles: ["acquaintance", "aquaintance"] }))).toBe("invalid_input roles.1");
  expect(await issue(ask.shortestPaths(a, b, { count: 0 }))).toBe("invalid_input count");
  expect(await issue(ask.shortestPaths(a, b, { during: { from: "2026-02-01", until: "2026-01-01" } }))).toBe(
    "invalid_input during.until",
  );
  expect(
    await issue(ask.shortestPaths(a, b, { on: "2026-02-01", during: { from: "2026-01-01", until: "2026-01-01" } })),
  ).toBe("invalid_input during");
  expect(await refusal(ask.shortestPaths(a, b, { maxEdges: 1, count: 2 }))).toMatchObject({
    code: "search_too_wide",
    message:
      "The question would read more than 1 relationships: narrow it by types, minStrength, entities or fewer hops, or raise maxEdges.",
    details: { most: 1 },
  });
});
