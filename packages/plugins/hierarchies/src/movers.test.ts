/**
 * Many who move accounts at once, on connections of their own: what is left has no circle and no wrong path. `HIERARCHY_MOVERS=32
 * HIERARCHY_MOVERS_MS=60000` moves for a minute.
 */
import { CrmError, createCrm } from "@relata/core";
import { postgres } from "@relata/postgres";
import { freshPlaces } from "@relata/postgres-server";
import { expect, it, onTestFinished } from "vitest";
import { findClash } from "./check-children.ts";
import { findCycle } from "./find-cycle.ts";
import { hierarchies } from "./hierarchies.ts";

const placeOf = freshPlaces();
const movers = Number(process.env.HIERARCHY_MOVERS ?? 8);
const forMs = Number(process.env.HIERARCHY_MOVERS_MS ?? 1_500);
const always = { validFrom: null, validUntil: null };

it(`${movers} movers at once leave no circle and no wrong path on PostgreSQL`, {
  timeout: forMs + 120_000,
}, async ({ annotate }) => {
  const place = await placeOf(onTestFinished);
  // Two processes, each with connections for its movers.
  const open = async () => {
    const storage = postgres({ ...place, maxConnections: Math.ceil(movers / 2) + 2 });
    const crm = await createCrm({ storage, plugins: [hierarchies()], waitTimeoutMs: 60_000 });
    onTestFinished(() => crm.close());
    return crm;
  };
  const crms = [await open(), await open()] as const;
  const [crm] = crms;
  const accounts = await crm.accounts.createMany(Array.from({ length: 24 }, (_, i) => ({ name: `Account ${i}` })));
  await crm.hierarchies.define({ key: "legal", name: "Legal ownership", shape: "tree" });
  await crm.hierarchies.define({ key: "joint", name: "Joint ventures", shape: "graph" });
  const tally = new Map<string, number>();
  const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);
  const one = <T>(items: readonly T[]) => items[Math.floor(Math.random() * items.length)]!;
  const ends = Date.now() + forMs;

  const move = async (mover: number) => {
    const { accounts: all, hierarchies: places } = crms[mover % 2]!;
    const [child, parent] = [one(accounts).id, one(accounts).id];
    const from = one(["2026-01-01", "2026-02-01", "2026-03-01", null]);
    switch (one(["default", "update", "dated", "detach", "graph"] as const)) {
      case "default":
        return places.move(child, parent);
      case "update":
        return all.update(child, { parentId: parent });
      case "dated":
        return places.move(child, parent, { hierarchy: "legal", from, until: one([null, "2026-12-31"]) });
      case "detach":
        return places.detach(child, { hierarchy: one(["legal", "joint"]), from });
      case "graph":
        return places.setParents([{ childId: child, parentId: parent, validFrom: from }], { hierarchy: "joint" });
    }
  };
  await Promise.all(
    Array.from({ length: movers }, async (_, mover) => {
      while (Date.now() < ends) {
        try {
          await move(mover);
          count("done");
        } catch (error) {
          if (!CrmError.is(error)) throw error;
          count(error.code);
        }
      }
    }),
  );

  // Nothing but circles was refused: whoever lost a race has tried again.
  expect([...tally.keys()].toSorted()).toEqual(["done", "hierarchy_cycle"]);
  await annotate(JSON.stringify(Object.fromEntries(tally)));
  for (const { id, shape } of (await crm.accountHierarchies.list()).items) {
    const edges = [];
    for await (const edge of crm.accountEdges.iterate({ where: { hierarchyId: id } })) edges.push(edge);
    expect(findCycle(edges)).toBe(undefined);
    for (const own of Map.groupBy(edges, ({ childId }) => childId).values())
      expect(findClash(own, { sameParent: shape === "graph" })).toBe(undefined);
  }
  const nodes = await crm.hierarchies.nodes();
  expect(nodes).toHaveLength(accounts.length);
  expect(findCycle(nodes.flatMap(({ id, parentId }) => (parentId ? [{ childId: id, parentId, ...always }] : [])))).toBe(
    undefined,
  );
  const below = (id: string): readonly string[] =>
    nodes.filter(({ parentId }) => parentId === id).flatMap((node) => [node.id, ...below(node.id)]);
  for (const { id } of nodes) {
    const found = await crm.accounts.list({ where: { id: { under: id } }, limit: 100 });
    expect(found.items.map((each) => each.id)).toEqual([...below(id)].toSorted());
  }
});
