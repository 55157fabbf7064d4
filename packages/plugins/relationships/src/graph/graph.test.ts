/** Questions about a whole network on each storage; the graph in memory beside the storage. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { drawGraph, openCrm, storages } from "../question/question-fixture.ts";
import { refusal } from "../relationships-fixture.ts";
import type { Centrality } from "./centrality.ts";

/** Two groups of three, joined by B and D; and two apart. */
const ties = [
  "AB",
  "BC knows 0.9",
  "AC",
  "BD knows 0.1",
  "DE",
  "EF",
  "DF",
  "HG",
  "AB knows 0.2",
  "CC parenthood",
  "AF knows 0",
  "AE knows 2019-01-01..2019-12-31",
];

describe.each(storages)("networks on %s", { timeout: 60_000 }, (_, makeStorage) => {
  const open = async () => {
    const { crm, clock } = await openCrm(await makeStorage());
    return { crm, clock, ask: crm.relationships, ...(await drawGraph(crm, "ABCDEFGH", ties)) };
  };
  const figures = (found: readonly Centrality[], measure: "degree" | "betweenness" | "closeness" | "pagerank") =>
    found.map(({ thing: { name }, [measure]: figure }) => `${name} ${Number(figure!.toFixed(4))}`).join(", ");

  it("measures who matters", async () => {
    const { ask, thing } = await open();
    const found = await ask.centralityOf({ measures: ["betweenness", "degree", "closeness", "pagerank"] });
    expect(figures(found, "betweenness")).toBe("B 0.2857, D 0.2857, A 0, C 0, E 0, F 0, G 0, H 0");
    expect(figures(found, "degree")).toBe("B 3, D 3, A 2, C 2, E 2, F 2, G 1, H 1");
    expect(figures(found, "closeness")).toBe(
      "B 0.5102, D 0.5102, A 0.3571, C 0.3571, E 0.3571, F 0.3571, G 0.1429, H 0.1429",
    );
    expect(found.reduce((sum, { pagerank }) => sum + pagerank!, 0)).toBeCloseTo(1, 6);
    expect(figures(await ask.centralityOf({ around: thing("G"), measures: ["pagerank"] }), "pagerank")).toBe(
      "G 0.5, H 0.5",
    );
    expect(
      figures(await ask.centralityOf({ around: thing("E"), hops: 1, measures: ["degree"], limit: 2 }), "degree"),
    ).toBe("D 2, E 2");
    const before = await ask.centralityOf({ on: "2019-06-01", measures: ["degree"], limit: 1 });
    expect(before.map(({ degree, betweenness }) => [degree, betweenness])).toEqual([[3, undefined]]);
    expect(await ask.centralityOf({ types: ["employment"] })).toEqual([]);
    expect(figures(await ask.centralityOf({ types: ["employment"], around: thing("A") }), "closeness")).toBe("A 0");
  });

  it("finds communities, the same ones for the same seed", async () => {
    const { ask } = await open();
    const names = ({ communities }: Awaited<ReturnType<typeof ask.communitiesOf>>) =>
      communities.map((community) => community.map(({ name }) => name).join(""));
    const found = await ask.communitiesOf();
    expect(names(found)).toEqual(["ABC", "DEF", "GH"]);
    // Ties of 2.9, 3 and 1 within, and 0.1 between, are 7: 6.9 / 7 - (5.9² + 6.1² + 2²) / 14².
    expect(found.modularity).toBeCloseTo(0.597857, 6);
    expect(await ask.communitiesOf({ seed: 1 })).toEqual(found);
    expect(await ask.communitiesOf({ types: ["employment"] })).toEqual({ communities: [], modularity: 0 });
  });

  it("answers from memory what the storage answers, until it is refreshed", async () => {
    const { ask, crm, clock, thing, things, edges, nameOf } = await open();
    const graph = await ask.openGraph();
    expect([graph.on, graph.things, graph.relationships]).toEqual(["2026-06-15", 8, 10]);
    expect(graph.bytes).toBeGreaterThan(8 * 160);
    const distances = (found: readonly { readonly thing: { readonly id: string }; readonly distance: number }[]) =>
      found.map(({ thing: { id }, distance }) => `${nameOf(id)}${distance}`).toSorted();
    expect(distances(graph.neighbours(thing("A"), { hops: 3 }).items)).toEqual(["B1", "C1", "D2", "E2", "F1"]);
    expect(distances((await ask.neighbours(things("AC"), { hops: 2 })).items)).toEqual(
      distances(graph.neighbours(things("AC"), { hops: 2 }).items),
    );
    expect(graph.neighbours(thing("H")).wayTo(thing("G"))).toEqual([{ id: edges[7]!.id, thing: thing("G") }]);
    expect(graph.neighbours(thing("H")).wayTo(thing("A"))).toBeUndefined();
    for (const [from, to] of [
      ["A", "F"],
      ["AG", "EH"],
      ["A", "B"],
    ] as const)
      for (const kind of ["shortestPaths", "strongestPaths"] as const) {
        const stored = await ask[kind](things(from), things(to), { count: 20 });
        expect(stored.length).toBeGreaterThan(0);
        expect(graph[kind](things(from), things(to), { count: 20 })).toEqual(
          stored.map((path) => ({
            things: path.things.map(({ entityType, id }) => ({ entityType, id })),
            relationships: path.steps.map(({ id }) => id),
            strength: path.strength,
          })),
        );
      }
    clock.at += 60_000;
    await crm.relationships.relateMany([{ type: "knows", from: thing("G"), to: thing("A") }]);
    expect(graph.shortestPaths(thing("A"), thing("H"))).toEqual([]);
    expect(graph.ageMs()).toBeGreaterThanOrEqual(60_000);
    await graph.refresh();
    expect(graph.shortestPaths(thing("A"), thing("H")).map((path) => path.things.length)).toEqual([3]);
    expect(graph.ageMs()).toBeLessThan(60_000);
    const past = await crm.asOf(new Date(clock.at - 1)).relationships.openGraph({ minStrength: 0.5 });
    expect(past.relationships).toBe(7);
    expect((await crm.as({ tenantId: "other" }).relationships.openGraph()).relationships).toBe(0);
    expect((await crm.asOf(new Date(clock.at - 1)).relationships.communitiesOf()).communities).toHaveLength(3);
  });

  it("refuses what is too wide, and what is no question", async () => {
    const { ask, thing } = await open();
    for (const call of [
      () => ask.centralityOf({ maxEdges: 5 }),
      () => ask.communitiesOf({ maxEdges: 5 }),
      () => ask.openGraph({ maxEdges: 5 }),
    ])
      expect(await refusal(call())).toMatchObject({ code: "search_too_wide", details: { most: 5, field: "maxEdges" } });
    for (const call of [
      () => ask.centralityOf({ measures: [] }),
      () => ask.communitiesOf({ seed: -1 }),
      () => ask.communitiesOf({ hops: 0 }),
      async () => (await ask.openGraph()).neighbours(thing("A"), { hops: 0 }),
      async () => (await ask.openGraph()).shortestPaths(thing("A"), [], {}),
    ])
      expect(await refusal(call())).toMatchObject({ code: "invalid_input" });
  });
});

it("loads the graph library only when it is used", () => {
  const program = `
    import { registerHooks } from "node:module";
    const asked = [];
    registerHooks({ resolve: (name, context, next) => (asked.push(name), next(name, context)) });
    const { createCrm } = await import("@relata/core");
    const { memory } = await import("@relata/memory");
    const { relationships } = await import("./src/index.ts");
    const crm = await createCrm({ storage: memory(), plugins: [relationships()] });
    await crm.relationships.defineTypes([{ key: "knows", shape: "symmetric", name: "knows", fromRole: "friend" }]);
    const [a, b] = await crm.contacts.createMany([{ givenName: "A" }, { givenName: "B" }]);
    const [from, to] = [a, b].map(({ id }) => ({ entityType: "contact", id }));
    await crm.relationships.relateMany([{ type: "knows", from, to }]);
    await crm.relationships.shortestPaths(from, to);
    await crm.relationships.openGraph();
    const before = asked.filter((name) => name.startsWith("graphology")).length;
    const { communities } = await crm.relationships.communitiesOf();
    const after = asked.filter((name) => name.startsWith("graphology")).length;
    await crm.close();
    console.log(JSON.stringify([before, after > 0, communities.length]));
  `;
  const flags = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning", "--conditions=@relata/source"];
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "--input-type=module", "--eval", program], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    encoding: "utf8",
  });
  expect(stdout.trim() || stderr).toBe("[0,true,1]");
});
