/** Walks over records that are edges, and shortest paths. */
import { createCrm } from "@relata/core";
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

/** a → b → c → d → e, a short cut a → d until the end of 2025, gravel from b to d since 2026. */
async function withRoads(bench: CrmBench) {
  const crm = await createCrm({ ...(await bench.options()), entities: [place, road, lane] });
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
        ["start", () => roads.path({ ...ends, start: ["a"] as never, end: "b" })],
        ["end", () => roads.traverse({ ...ends, start: "a", end: "b" } as never)],
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
