/** Walks over records that are edges, and shortest paths. */
import { createCrm, type RecordDistance, type RecordReference } from "@relata/core";
import { date, defineEntity, oneOf, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

const place = defineEntity("place", { plural: "places", ids: "app", fields: { name: text().optional() } });
const road = defineEntity("road", {
  plural: "roads",
  ids: "app",
  fields: {
    startId: reference("place", { inverse: "outgoing" }),
    endId: reference("place", { inverse: "incoming" }),
    ownerId: reference("user", { inverse: "roads" }).optional(),
    surface: oneOf("paved", "gravel").default("paved"),
    validFrom: date().optional(),
    validUntil: date().optional(),
  },
});

/** Edges that are always valid. */
const lane = defineEntity("lane", {
  plural: "lanes",
  fields: { startId: reference("place", { inverse: "lanesOut" }), endId: reference("place", { inverse: "lanesIn" }) },
});

/** Leads from any record to any other. */
const tie = defineEntity("tie", {
  plural: "ties",
  ids: "app",
  fields: {
    fromType: text(),
    fromId: text(),
    toType: text().optional(),
    toId: text().optional(),
    kind: oneOf("employs", "knows"),
    validFrom: date().optional(),
    validUntil: date().optional(),
  },
  polymorphic: [
    { type: "fromType", id: "fromId", onDelete: "cascade" },
    { type: "toType", id: "toId", onDelete: "cascade" },
  ],
  indexes: [
    ["fromId", "validUntil", "validFrom", "kind", "archivedAt", "toId", "toType", "fromType"],
    ["toId", "kind", "toType", "validUntil", "validFrom", "archivedAt", "fromId", "fromType"],
  ],
});

type Kind = "employs" | "knows";

/** a → b → c → d → e, a short cut a → d until the end of 2025, gravel from b to d since 2026. */
async function withRoads(bench: CrmBench) {
  const crm = await createCrm({ ...(await bench.options()), entities: [place, road, lane, tie] });
  await crm.places.createMany(["a", "b", "c", "d", "e", "f"].map((id) => ({ id })));
  await crm.roads.createMany([
    { id: "ab", startId: "a", endId: "b" },
    { id: "bc", startId: "b", endId: "c" },
    { id: "cd", startId: "c", endId: "d" },
    { id: "de", startId: "d", endId: "e" },
    { id: "ad", startId: "a", endId: "d", validUntil: "2025-12-31" },
    { id: "bd", startId: "b", endId: "d", surface: "gravel", validFrom: "2026-01-01" },
  ]);
  return crm;
}

/** Users and places whose ids are the same: place a employs user a, who knows user b until 2025, whom place b employs; place a knows place b. */
async function withTies(bench: CrmBench) {
  const crm = await withRoads(bench);
  await crm.users.createMany(["a", "b", "c"].map((id) => ({ id, name: id })));
  const tieOf = (id: string, [from, kind, to]: readonly [string, Kind, string]) => {
    const [first, last] = [record(from), record(to)];
    return { id, fromType: first.entityType, fromId: first.id, toType: last.entityType, toId: last.id, kind };
  };
  await crm.ties.createMany([
    tieOf("t1", ["place a", "employs", "user a"]),
    { ...tieOf("t2", ["user a", "knows", "user b"]), validUntil: "2025-12-31" },
    tieOf("t3", ["place b", "employs", "user b"]),
    tieOf("t4", ["place a", "knows", "place b"]),
    { id: "t5", fromType: "user", fromId: "b", kind: "knows" },
  ]);
  return crm;
}

type Ties = Awaited<ReturnType<typeof withTies>>["ties"];
type Followed = Omit<Parameters<Ties["traverse"]>[0], "from" | "to" | "start">;
const pairs = { from: "fromId", to: "toId" } as const;

function record(name: string): RecordReference {
  const [entityType, id] = name.split(" ") as [string, string];
  return { entityType, id };
}

function nameOf({ entityType, id }: RecordReference): string {
  return `${entityType} ${id}`;
}

async function tieWay(
  ties: Ties,
  { start, end, ...query }: { readonly start: readonly string[]; readonly end: readonly string[] } & Followed,
): Promise<string> {
  const path = await ties.path({ ...pairs, ...query, start: start.map(record), end: end.map(record) });
  return path ? [...path.nodes.map(nameOf), ...path.edges.map(({ id }) => id)].join(", ") : "none";
}

type Roads = Awaited<ReturnType<typeof withRoads>>["roads"];
const ends = { from: "startId", to: "endId" } as const;

async function way(roads: Roads, query: Omit<Parameters<Roads["path"]>[0], "from" | "to">): Promise<string> {
  const path = await roads.path({ ...ends, ...query });
  return path ? `${path.nodes.join("")} ${path.edges.map(({ id }) => id).join(" ")}`.trim() : "none";
}

export const traverse: CrmSuite = {
  name: "walks over edges",
  facts: [
    crmFact("reach each node once, by a shortest way", async (bench) => {
      const { roads } = await withRoads(bench);
      expect(await roads.traverse({ ...ends, start: "a" })).toEqual([
        { id: "b", depth: 1, edgeId: "ab", previousId: "a" },
        { id: "d", depth: 1, edgeId: "ad", previousId: "a" },
        { id: "c", depth: 2, edgeId: "bc", previousId: "b" },
        { id: "e", depth: 2, edgeId: "de", previousId: "d" },
      ]);
    }),
    crmFact("go a given way, so far, from several starts, over edges that satisfy", async (bench) => {
      const { roads } = await withRoads(bench);
      const reach = async (query: Omit<Parameters<Roads["traverse"]>[0], "from" | "to">) =>
        (await roads.traverse({ ...ends, ...query })).map(({ id }) => id).join("");
      expect(await reach({ start: "c", direction: "against" })).toBe("ba");
      expect(await reach({ start: "c", direction: "both", depth: 1 })).toBe("bd");
      expect(await reach({ start: ["b", "c"], depth: 1 })).toBe("d");
      expect(await reach({ start: "b", where: { surface: "gravel" } })).toBe("d");
      expect(await reach({ start: "a", where: { end: { id: { ne: "d" } } } })).toBe("bc");
      expect(await reach({ start: "f", direction: "both" })).toBe("");
      expect(await reach({ start: [] })).toBe("");
    }),
    crmFact("pass over archived edges unless they are asked for", async (bench) => {
      const { roads } = await withRoads(bench);
      await roads.archive("ad");
      expect(await way(roads, { start: "a", end: "d" })).toBe("abd ab bd");
      expect(await way(roads, { start: "a", end: "d", archived: "include" })).toBe("ad ad");
    }),
    crmFact("find a shortest path, with the edges that it takes", async (bench) => {
      const { roads } = await withRoads(bench);
      expect(await way(roads, { start: "a", end: "e" })).toBe("ade ad de");
      expect(await way(roads, { start: "e", end: "a" })).toBe("none");
      expect(await way(roads, { start: "e", end: "a", direction: "against" })).toBe("eda de ad");
      expect(await way(roads, { start: "e", end: "a", direction: "both" })).toBe("eda de ad");
      expect(await way(roads, { start: "a", end: "a" })).toBe("a");
      expect(await way(roads, { start: "a", end: "f" })).toBe("none");
      expect(await way(roads, { start: "a", end: "e", depth: 1 })).toBe("none");
      expect(await way(roads, { start: "a", end: "e", where: { surface: "paved", id: { ne: "ad" } } })).toBe(
        "abcde ab bc cd de",
      );
    }),
    crmFact("follow only what is valid on a day, both ends included", async (bench) => {
      const { roads } = await withRoads(bench);
      expect(await way(roads, { start: "a", end: "d", validOn: "2025-12-31" })).toBe("ad ad");
      expect(await way(roads, { start: "a", end: "d", validOn: "2026-01-01" })).toBe("abd ab bd");
      expect(await way(roads, { start: "a", end: "d", validOn: "2026-01-01", where: { surface: "paved" } })).toBe(
        "abcd ab bc cd",
      );
    }),
    crmFact("find the shortest of the paths from several starts to several ends", async (bench) => {
      const { roads } = await withRoads(bench);
      expect(await way(roads, { start: ["a", "d"], end: ["e", "f"] })).toBe("de de");
      expect(await way(roads, { start: ["f", "b", "a"], end: ["a", "b"] })).toBe("b");
      expect(await way(roads, { start: [], end: ["a"] })).toBe("none");
      expect(await way(roads, { start: "a", end: [] })).toBe("none");
    }),
    crmFact("follow some edges along and others against", async (bench) => {
      const { roads } = await withRoads(bench);
      const mixed = { direction: "both", where: { surface: "gravel" }, whereAgainst: { id: "ab" } } as const;
      expect(await way(roads, { start: "b", end: "a", ...mixed })).toBe("ba ab");
      expect(await way(roads, { start: "b", end: "d", ...mixed })).toBe("bd bd");
      expect(await way(roads, { start: "a", end: "b", ...mixed })).toBe("none");
      expect(await way(roads, { start: "b", end: "d", ...mixed, validOn: "2025-12-31" })).toBe("none");
      await roads.archive("ab");
      expect(await way(roads, { start: "b", end: "a", ...mixed })).toBe("none");
    }),
    crmFact("lead from any record to any other, told apart by entity and id", async (bench) => {
      const { ties } = await withTies(bench);
      expect(await ties.traverse({ ...pairs, start: record("place a") })).toEqual([
        { node: record("user a"), depth: 1, edgeId: "t1", previous: record("place a") },
        { node: record("place b"), depth: 1, edgeId: "t4", previous: record("place a") },
        { node: record("user b"), depth: 2, edgeId: "t2", previous: record("user a") },
      ]);
      const reach = async (query: Followed, start: string[]) => {
        const reached = await ties.traverse({ ...pairs, ...query, start: start.map(record) });
        return reached.map(({ node, depth }) => `${nameOf(node)} ${depth}`).join(", ");
      };
      expect(await reach({ direction: "against", depth: 1 }, ["user a", "user b"])).toBe("place a 1, place b 1");
      expect(await reach({ direction: "both", depth: 1 }, ["user b"])).toBe("user a 1, place b 1");
      expect(await reach({ depth: 2, validOn: "2026-01-01" }, ["place a"])).toBe("user a 1, place b 1, user b 2");
      expect(await reach({ depth: 2, where: { kind: "employs" } }, ["place a"])).toBe("user a 1");
      expect(await reach({ depth: 3 }, ["user c", "place c"])).toBe("");
      expect(await reach({}, [])).toBe("");
    }),
    crmFact("give nodes and distances alone where no edges are asked for", async (bench) => {
      const { ties } = await withTies(bench);
      const query = { ...pairs, start: record("place a"), edges: false } as const;
      const named = (reached: readonly RecordDistance[]) =>
        reached.map(({ node, depth, ...rest }) => [depth, nameOf(node), ...Object.keys(rest)].join(" ")).toSorted();
      const all = ["1 place b", "1 user a", "2 user b"];
      expect(named(await ties.traverse(query))).toEqual(all);
      expect(named(await ties.traverse({ ...query, depth: 2 }))).toEqual(all);
      expect(named(await ties.traverse({ ...query, depth: 1 }))).toEqual(all.slice(0, 2));
      expect(await ties.traverse({ ...query, edges: true })).toEqual(
        await ties.traverse({ ...pairs, start: query.start }),
      );
      const { roads } = await withRoads(bench);
      const reached = await roads.traverse({ ...ends, start: "a", depth: 1, edges: false });
      expect(reached.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
        { id: "b", depth: 1 },
        { id: "d", depth: 1 },
      ]);
    }),
    crmFact("find paths from any record to any other", async (bench) => {
      const { ties } = await withTies(bench);
      const both = { direction: "both" } as const;
      expect(await tieWay(ties, { start: ["place a"], end: ["user b"] })).toBe("place a, user a, user b, t1, t2");
      expect(await tieWay(ties, { start: ["user a"], end: ["place b"], ...both })).toBe(
        "user a, user b, place b, t2, t3",
      );
      expect(await tieWay(ties, { start: ["user a"], end: ["place b"], ...both, validOn: "2026-01-01" })).toBe(
        "user a, place a, place b, t1, t4",
      );
      expect(await tieWay(ties, { start: ["user a"], end: ["place a", "user a"] })).toBe("user a");
      expect(await tieWay(ties, { start: ["user a"], end: ["place a"] })).toBe("none");
      const colleagues = { ...both, where: { kind: "knows" }, whereAgainst: { kind: "employs" } } as const;
      expect(await tieWay(ties, { start: ["user a"], end: ["place b"], ...colleagues, validOn: "2026-01-01" })).toBe(
        "user a, place a, place b, t1, t4",
      );
      expect(await tieWay(ties, { start: ["place b"], end: ["user b"], ...colleagues })).toBe("none");
    }),
    crmFact("between any records tell nothing to another tenant, and nothing of what is deleted", async (bench) => {
      const crm = await withTies(bench);
      const other = crm.as({ tenantId: "other" });
      expect(await other.ties.traverse({ ...pairs, start: record("place a"), depth: 3 })).toEqual([]);
      expect(await other.ties.traverse({ ...pairs, start: record("place a") })).toEqual([]);
      expect(await tieWay(other.ties, { start: ["place a"], end: ["user b"] })).toBe("none");
      await crm.users.delete("a");
      expect(await crm.ties.traverse({ ...pairs, start: record("place a"), depth: 3 })).toEqual([
        { node: record("place b"), depth: 1, edgeId: "t4", previous: record("place a") },
        { node: record("user b"), depth: 2, edgeId: "t3", previous: record("place b") },
      ]);
    }),
    crmFact("between any records are refused where they name no such edges, or no record", async (bench) => {
      const { ties, roads } = await withTies(bench);
      const start = record("place a");
      const bad: readonly (readonly [string, () => Promise<unknown>])[] = [
        ["from", () => ties.traverse({ from: "fromType", to: "toId", start })],
        ["to", () => ties.traverse({ from: "fromId", to: "toType", start })],
        ["to", () => ties.traverse({ from: "fromId", to: "fromId", start })],
        ["start", () => ties.traverse({ ...pairs, start: "a" })],
        ["start", () => ties.traverse({ ...pairs, start: [start, "a" as never] })],
        ["start", () => ties.traverse({ ...pairs, start: { ...start, name: "A" } as never })],
        ["start.entityType", () => ties.traverse({ ...pairs, start: record("planet a") })],
        ["start.id", () => ties.traverse({ ...pairs, start: { entityType: "place", id: 5 as never } })],
        ["start.id", () => ties.traverse({ ...pairs, start: record("account a") })],
        ["end", () => ties.path({ ...pairs, start } as never)],
        ["end.entityType", () => ties.path({ ...pairs, start, end: [record("planet a")] })],
        ["start", () => roads.traverse({ ...ends, start })],
      ];
      for (const [field, call] of bad)
        expect([field, await refused(call())]).toMatchObject([field, { code: "invalid_query", field }]);
    }),
    crmFact("of one tenant tell nothing to another", async (bench) => {
      const crm = await withRoads(bench);
      const other = crm.as({ tenantId: "other" });
      expect(await other.roads.traverse({ ...ends, start: "a" })).toEqual([]);
      expect(await way(other.roads, { start: "a", end: "e" })).toBe("none");
    }),
    crmFact("see what their unit has written", async (bench) => {
      const crm = await withRoads(bench);
      await crm.transaction(async (tx) => {
        await tx.roads.create({ id: "ef", startId: "e", endId: "f" });
        expect(await way(tx.roads, { start: "a", end: "f" })).toBe("adef ad de ef");
      });
    }),
    crmFact("are refused where they name no edges, or ask for what there is not", async (bench) => {
      const crm = await withRoads(bench);
      const { roads } = crm;
      const bad: readonly (readonly [string, () => Promise<unknown>])[] = [
        ["from", () => roads.traverse({ to: "endId", start: "a" } as never)],
        ["from", () => roads.traverse({ from: "surface", to: "endId", start: "a" })],
        ["to", () => roads.traverse({ from: "startId", to: "ownerId", start: "a" })],
        ["to", () => roads.traverse({ from: "startId", to: "startId", start: "a" })],
        ["to", () => roads.traverse({ from: "startId", to: "nowhere" as never, start: "a" })],
        ["start", () => roads.traverse({ ...ends } as never)],
        ["start", () => roads.traverse({ ...ends, start: ["a", 5 as never] })],
        ["end", () => roads.path({ ...ends, start: "a" } as never)],
        ["start", () => roads.path({ ...ends, start: ["a", 1 as never], end: "b" })],
        [
          "start",
          () => roads.path({ ...ends, start: { entityType: "place", id: "a" }, end: { entityType: "place", id: "b" } }),
        ],
        ["whereAgainst", () => roads.traverse({ ...ends, start: "a", whereAgainst: { surface: "gravel" } })],
        [
          "colour",
          () => roads.traverse({ ...ends, start: "a", direction: "both", whereAgainst: { colour: 1 } as never }),
        ],
        ["end", () => roads.traverse({ ...ends, start: "a", end: "b" } as never)],
        ["edges", () => roads.traverse({ ...ends, start: "a", edges: 0 as never })],
        ["limit", () => roads.traverse({ ...ends, start: "a", limit: 0 })],
        ["pageSize", () => Array.fromAsync(roads.iterate({ pageSize: 10_001 }))],
        ["edges", () => roads.path({ ...ends, start: "a", end: "b", edges: false } as never)],
        ["direction", () => roads.traverse({ ...ends, start: "a", direction: "up" as never })],
        ["depth", () => roads.traverse({ ...ends, start: "a", depth: -1 })],
        ["depth", () => roads.path({ ...ends, start: "a", end: "b", depth: "3" as never })],
        ["colour", () => roads.traverse({ ...ends, start: "a", where: { colour: 1 } as never })],
        ["where", () => roads.traverse({ ...ends, start: "a", where: null as never })],
        ["validOn", () => roads.traverse({ ...ends, start: "a", validOn: "today" })],
        ["archived", () => roads.traverse({ ...ends, start: "a", archived: "all" as never })],
        ["", () => roads.path(undefined as never)],
        ["validOn", () => crm.lanes.traverse({ ...ends, start: "a", validOn: "2026-01-01" })],
      ];
      for (const [field, call] of bad)
        expect([field, await refused(call())]).toMatchObject([field, { code: "invalid_query", field }]);
    }),
  ],
};
