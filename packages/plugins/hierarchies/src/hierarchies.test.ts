import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { count } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { type CrmWith, testPlugin } from "@relata/testkit";
import { expect } from "vitest";
import { type Hierarchies, hierarchies } from "./hierarchies.ts";
import { accountsOf, placementOf, refusal } from "./hierarchies-fixture.ts";

type Crm = CrmWith<Hierarchies>;

const folderOf = (after: (cleanUp: () => unknown) => void) => {
  const folder = mkdtempSync(join(tmpdir(), "relata-hierarchies-"));
  after(() => rmSync(folder, { recursive: true }));
  return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
};

/** "B<A 2020-01-01..": all edges, by child and first day. */
async function edgesIn(crm: Pick<Crm, "accountEdges">, name: <T>(value: T) => T): Promise<readonly string[]> {
  const { items } = await crm.accountEdges.list({ limit: 1_000 });
  return name(
    items.map(
      ({ childId, parentId, validFrom, validUntil }) =>
        `${childId}<${parentId}${validFrom || validUntil ? ` ${validFrom ?? ""}..${validUntil ?? ""}` : ""}`,
    ),
  ).toSorted();
}

async function legal(open: () => Promise<Crm>, names: string, shape: "tree" | "graph" = "tree") {
  const crm = await open();
  await crm.hierarchies.define({ key: "legal", name: "Legal ownership", shape });
  const named = await accountsOf(crm, names);
  const place = (all: readonly string[]) =>
    crm.hierarchies.setParents(
      all.map((each) => placementOf(each, named.id)),
      { hierarchy: "legal" },
    );
  return { crm, place, ...named };
}

const on = (day?: string) => ({ hierarchy: "legal", ...(day ? { on: day } : {}) });

const accountsCounted = { entity: "account", measures: { accounts: count() } } as const;

testPlugin("hierarchies", {
  plugin: () => hierarchies(),
  storages: [
    { name: "memory", open: () => memory() },
    { name: "sqlite", open: folderOf, durable: true },
    { name: "postgres", open: leasedSchemas(postgres), durable: true },
  ],
  populate: async (crm, { word, ids }) => {
    const { id: hierarchyId } = await crm.accountHierarchies.create({ key: `${word} legal`, name: `${word} legal` });
    const { id: childId } = await crm.accounts.create({ name: `${word} child`, parentId: ids.account! });
    await crm.accountEdges.create({ hierarchyId, childId, parentId: ids.account! });
    await crm.accountMembers.create({ accountId: ids.account!, role: word });
  },
  probes: {
    "hierarchies.define": "makes what is the tenant's own",
    "hierarchies.ancestors": (crm, ids) => [() => crm.hierarchies.ancestors(ids.account!)],
    "hierarchies.descendants": (crm, ids) => [() => crm.hierarchies.descendants(ids.account!)],
    "hierarchies.path": (crm, ids) => [() => crm.hierarchies.path(ids.account!)],
    "hierarchies.root": (crm, ids) => [() => crm.hierarchies.root(ids.account!)],
    "hierarchies.depth": (crm, ids) => [() => crm.hierarchies.depth(ids.account!)],
    "hierarchies.siblings": (crm, ids) => [() => crm.hierarchies.siblings(ids.account!)],
    "hierarchies.commonAncestor": (crm, ids) => [() => crm.hierarchies.commonAncestor([ids.account!])],
    "hierarchies.leaves": (crm, ids) => [() => crm.hierarchies.leaves({ under: ids.account! })],
    "hierarchies.level": (crm, ids) => [() => crm.hierarchies.level(1, { under: ids.account! })],
    "hierarchies.nodes": (crm, ids) => [() => crm.hierarchies.nodes({ under: ids.account! })],
    "hierarchies.edges": (crm, ids) => [() => crm.hierarchies.edges({ under: ids.account! })],
    "hierarchies.move": (crm, ids) => [() => crm.hierarchies.move(ids.account!, ids.account!)],
    "hierarchies.detach": (crm, ids) => [() => crm.hierarchies.detach(ids.account!)],
    "hierarchies.takeOut": (crm, ids) => [() => crm.hierarchies.takeOut(ids.account!, { children: "lift" })],
    "hierarchies.setParents": (crm, ids) => [
      () => crm.hierarchies.setParents([{ childId: ids.account!, parentId: null }]),
    ],
    "hierarchies.holdings": (crm, ids) => [() => crm.hierarchies.holdings(ids.account!)],
    "hierarchies.owners": (crm, ids) => [() => crm.hierarchies.owners(ids.account!)],
    "hierarchies.ownership": (crm, ids) => [() => crm.hierarchies.ownership(ids.account!, ids.account!)],
    "hierarchies.globalUltimate": (crm, ids) => [() => crm.hierarchies.globalUltimate(ids.account!)],
    "hierarchies.domesticUltimate": (crm, ids) => [() => crm.hierarchies.domesticUltimate(ids.account!)],
    "hierarchies.rollUp": (crm, ids) => [() => crm.hierarchies.rollUp(ids.account!, accountsCounted)],
    "hierarchies.rollUpAll": (crm, ids) => [
      () => crm.hierarchies.rollUpAll({ ...accountsCounted, under: ids.account! }),
      () => crm.hierarchies.rollUpAll(accountsCounted),
    ],
    "hierarchies.whitespace": (crm, ids) => [() => crm.hierarchies.whitespace(ids.account!)],
    "hierarchies.contacts": (crm, ids) => [() => crm.hierarchies.contacts(ids.account!)],
    "hierarchies.team": (crm, ids) => [() => crm.hierarchies.team(ids.account!)],
    "hierarchies.drawText": (crm, ids) => [
      () => crm.hierarchies.drawText({ under: ids.account! }),
      () => crm.hierarchies.drawText(),
    ],
    "hierarchies.drawMermaid": (crm, ids) => [
      () => crm.hierarchies.drawMermaid({ under: ids.account! }),
      () => crm.hierarchies.drawMermaid(),
    ],
    "hierarchies.drawPage": (crm, ids) => [
      () => crm.hierarchies.drawPage({ under: ids.account! }),
      () => crm.hierarchies.drawPage(),
    ],
    "hierarchies.importEdges": (crm, ids) => [
      () =>
        crm.hierarchies.importEdges([{ child: ids.account!, parent: ids.account! }], {
          choices: { otherwise: "detach" },
        }),
    ],
  },
  facts: {
    "answers who is above, below and beside, in the default tree and in a dated one": async ({ open }) => {
      const { crm, id, name, place } = await legal(open, "ABCDEFG");
      const tree = ["B<A", "C<A", "D<B", "E<B", "F<E"];
      await place(tree);
      await crm.hierarchies.setParents(
        tree.map((each) => {
          const { childId, parentId } = placementOf(each, id);
          return { childId, parentId };
        }),
      );
      for (const of of [{}, on("2020-06-01")]) {
        const { ancestors, descendants, path, root, depth, siblings, commonAncestor, leaves, level } = crm.hierarchies;
        expect(name(await ancestors(id.F!, of))).toEqual([
          { id: "E", depth: 1 },
          { id: "B", depth: 2 },
          { id: "A", depth: 3 },
        ]);
        expect(name(await descendants(id.B!, of)).map((each) => `${each.id}${each.depth}`)).toEqual(["D1", "E1", "F2"]);
        expect(name(await descendants(id.A!, { ...of, depth: 1 }))).toEqual([
          { id: "B", depth: 1 },
          { id: "C", depth: 1 },
        ]);
        expect(name(await path(id.F!, of))).toEqual(["A", "B", "E", "F"]);
        expect(name([await root(id.F!, of), await root(id.A!, of), await root(id.G!, of)])).toEqual(["A", "A", "G"]);
        expect([await depth(id.F!, of), await depth(id.A!, of)]).toEqual([3, 0]);
        expect(name(await siblings(id.D!, of))).toEqual(["E"]);
        expect(await siblings(id.A!, of)).toEqual([]);
        expect(name(await commonAncestor([id.D!, id.F!], of))).toBe("B");
        expect(name(await commonAncestor([id.E!, id.F!], of))).toBe("E");
        expect(name(await commonAncestor([id.D!, id.F!, id.C!], of))).toBe("A");
        expect(name(await commonAncestor([id.F!], of))).toBe("F");
        expect(await commonAncestor([id.F!, id.G!], of)).toBe(undefined);
        expect(name(await leaves({ ...of, under: id.B! }))).toEqual(["D", "F"]);
        expect(name(await level(1, { ...of, under: id.A! }))).toEqual(["B", "C"]);
        expect(name(await level(3, of))).toEqual(["F"]);
      }
      expect(name(await crm.hierarchies.leaves())).toEqual(["C", "D", "F", "G"]);
      expect(name(await crm.hierarchies.leaves(on()))).toEqual(["C", "D", "F"]);
    },
    "answers for the day that is asked, and for today, without a job at midnight": async ({ open, clock }) => {
      const { crm, id, name, place } = await legal(open, "ABC");
      await place(["C<A ..2026-03-31", "C<B 2026-04-01.."]);
      clock.set("2026-03-31T23:30:00Z");
      const parent = async (day?: string) => name(await crm.hierarchies.root(id.C!, on(day)));
      expect([await parent("2026-03-31"), await parent("2026-04-01"), await parent()]).toEqual(["A", "B", "A"]);
      await crm.settings.change({ timeZone: "Europe/Berlin" });
      expect(await parent()).toBe("B");
    },
    "tells who was the ultimate parent on a day, as it was known at an instant": async ({ open, clock }) => {
      clock.set("2026-01-10T00:00:00Z");
      const { crm, id, name, place } = await legal(open, "ABC");
      await place(["C<A"]);
      clock.set("2026-06-15T00:00:00Z");
      const june = await crm.settled();
      clock.set("2026-07-01T00:00:00Z");
      // A correction: it had been B since March.
      await crm.hierarchies.move(id.C!, id.B!, { hierarchy: "legal", from: "2026-03-01" });
      const march = on("2026-03-31");
      expect(name(await crm.asOf(june).hierarchies.globalUltimate(id.C!, march))).toBe("A");
      expect(name(await crm.hierarchies.globalUltimate(id.C!, march))).toBe("B");
      expect(name(await crm.hierarchies.globalUltimate(id.C!, on("2026-02-28")))).toBe("A");
      expect(name(await crm.asOf(june).hierarchies.descendants(id.A!, march))).toEqual([{ id: "C", depth: 1 }]);
      expect(name((await crm.asOf(june).hierarchies.nodes(march)).map((node) => node.id))).toEqual(["A", "C"]);
    },
    "moves and detaches a subtree from a day on, until a day, and since ever": async ({ open, clock }) => {
      clock.set("2026-05-10T12:00:00Z");
      const { crm, id, name, place } = await legal(open, "ABCD");
      await place(["C<A", "D<C"]);
      await crm.hierarchies.move(id.C!, id.B!, on());
      expect(await edgesIn(crm, name)).toEqual(["C<A ..2026-05-09", "C<B 2026-05-10..", "D<C"]);
      expect(name(await crm.hierarchies.path(id.D!, on()))).toEqual(["B", "C", "D"]);
      await crm.hierarchies.move(id.C!, id.B!, on());
      expect(await crm.accountEdges.count()).toBe(3);
      await crm.hierarchies.detach(id.C!, { ...on(), from: "2026-06-01", until: "2026-06-30" });
      expect(await edgesIn(crm, name)).toEqual([
        "C<A ..2026-05-09",
        "C<B 2026-05-10..2026-05-31",
        "C<B 2026-07-01..",
        "D<C",
      ]);
      expect(name(await crm.hierarchies.path(id.D!, on("2026-06-15")))).toEqual(["C", "D"]);
      await crm.hierarchies.move(id.C!, id.A!, { ...on(), from: null });
      expect(await edgesIn(crm, name)).toEqual(["C<A", "D<C"]);
      await crm.hierarchies.move(id.C!, id.D!, { ...on(), from: "2027-01-01" }).catch(() => undefined);
      expect(await edgesIn(crm, name)).toEqual(["C<A", "D<C"]);
    },
    "moves and detaches in the default tree, which has no days": async ({ open }) => {
      const { crm, id, name } = await legal(open, "ABC");
      await crm.hierarchies.move(id.B!, id.A!);
      await crm.hierarchies.move(id.C!, id.B!);
      expect(await refusal(crm.hierarchies.move(id.A!, id.C!))).toMatchObject({
        code: "hierarchy_cycle",
        details: { path: [id.A!, id.C!, id.B!, id.A!] },
      });
      expect(await refusal(crm.hierarchies.move(id.C!, id.A!, { from: "2026-01-01" }))).toMatchObject({
        code: "invalid_input",
        details: { field: "from" },
      });
      expect(await refusal(crm.hierarchies.detach(id.C!, { parentId: id.A! }))).toMatchObject({
        code: "invalid_input",
        details: { field: "parentId" },
      });
      await crm.hierarchies.detach(id.B!, { parentId: id.A! });
      expect(name(await crm.hierarchies.path(id.C!))).toEqual(["B", "C"]);
    },
    "keeps kind and share of an edge that is moved, unless they are given": async ({ open }) => {
      const { crm, id, place } = await legal(open, "ABC");
      await place(["C<A 60"]);
      await crm.hierarchies.move(id.C!, id.B!, { ...on(), from: null });
      const edge = async () => (await crm.hierarchies.edges(on()))[0];
      expect(await edge()).toMatchObject({ parentId: id.B!, share: "60", kind: "subsidiary" });
      await crm.hierarchies.move(id.C!, id.A!, { ...on(), from: null, kind: "branch" });
      expect(await edge()).toMatchObject({ parentId: id.A!, share: "100", kind: "branch" });
      await crm.hierarchies.move(id.C!, id.B!, { ...on(), from: null, kind: "franchise", share: "12.5" });
      expect(await edge()).toMatchObject({ share: "12.5", kind: "franchise" });
    },
    "moves one of several edges in a graph": async ({ open }) => {
      const { crm, id, name, place } = await legal(open, "ABCD", "graph");
      await place(["D<A 30", "D<B 70"]);
      await crm.hierarchies.move(id.D!, id.C!, { ...on(), from: null, instead: id.A! });
      expect(await edgesIn(crm, name)).toEqual(["D<B", "D<C"]);
      expect(name(await crm.hierarchies.ownership(id.C!, id.D!, on()))).toMatchObject({ direct: "30" });
      await place(["D<A 20 2026-01-01..", "D<B 50 2026-01-01.."]);
      expect(await edgesIn(crm, name)).toEqual(["D<A 2026-01-01..", "D<B ..2025-12-31", "D<B 2026-01-01..", "D<C"]);
      await crm.hierarchies.detach(id.D!, { ...on(), from: null, parentId: id.B! });
      expect(await edgesIn(crm, name)).toEqual(["D<A 2026-01-01..", "D<C"]);
      await crm.hierarchies.move(id.D!, id.B!, { ...on(), from: null });
      expect(await edgesIn(crm, name)).toEqual(["D<B"]);
    },
    "takes an account out, and gives its children to its parent or to nobody": async ({ open }) => {
      const { crm, id, name, place } = await legal(open, "ABCDE");
      await place(["B<A ..2026-12-31", "C<B 60", "D<B 2025-01-01.."]);
      expect(await refusal(crm.accounts.delete(id.B!))).toMatchObject({ code: "still_referenced" });
      await crm.hierarchies.takeOut(id.B!, { ...on(), from: "2026-01-01", children: "lift" });
      expect(await edgesIn(crm, name)).toEqual([
        "B<A ..2025-12-31",
        "C<A 2026-01-01..2026-12-31",
        "C<B ..2025-12-31",
        "D<A 2026-01-01..2026-12-31",
        "D<B 2025-01-01..2025-12-31",
      ]);
      await crm.hierarchies.takeOut(id.B!, { ...on(), from: null, children: "detach" });
      await crm.accounts.delete(id.B!);
      expect(await edgesIn(crm, name)).toEqual(["C<A 2026-01-01..2026-12-31", "D<A 2026-01-01..2026-12-31"]);
      await crm.hierarchies.setParents([
        { childId: id.C!, parentId: id.A! },
        { childId: id.D!, parentId: id.C! },
        { childId: id.E!, parentId: id.C! },
      ]);
      await crm.hierarchies.takeOut(id.C!, { children: "lift" });
      expect(name(await crm.hierarchies.descendants(id.A!)).map((each) => each.id)).toEqual(["D", "E"]);
      expect(name(await crm.hierarchies.root(id.C!))).toBe("C");
    },
    "keeps the places of an archived account, and lets nobody be put below it": async ({ open }) => {
      const { crm, id, name, place } = await legal(open, "ABCD");
      await place(["B<A", "C<B"]);
      await crm.accounts.archive(id.B!);
      expect(name(await crm.hierarchies.path(id.C!, on()))).toEqual(["A", "B", "C"]);
      expect(await refusal(crm.hierarchies.move(id.D!, id.B!, on()))).toMatchObject({ code: "reference_archived" });
    },
    "deletes the edges of a child with it, and looks at them when both come back": async ({ open }) => {
      const { crm, id, name, place } = await legal(open, "ABC");
      await place(["B<A"]);
      const [edge] = (await crm.accountEdges.list()).items;
      await crm.accountEdges.delete(edge!.id);
      await place(["A<B"]);
      expect(await refusal(crm.accountEdges.restore(edge!.id))).toMatchObject({ code: "hierarchy_cycle" });
      await crm.accountEdges.archive((await crm.accountEdges.list()).items[0]!.id);
      await crm.accountEdges.restore(edge!.id);
      expect(await edgesIn(crm, name)).toEqual(["B<A"]);
      const archived = await crm.accountEdges.find({ where: {}, archived: "only" });
      expect(await refusal(crm.accountEdges.restore(archived!.id))).toMatchObject({ code: "hierarchy_cycle" });
      await crm.accountEdges.delete(archived!.id);
      await crm.accounts.delete(id.B!);
      expect(await crm.accountEdges.count()).toBe(0);
      await crm.accounts.restore(id.B!);
      expect(await edgesIn(crm, name)).toEqual(["B<A"]);
    },
    "refuses what cannot be, naming it, and stores nothing": async ({ open }) => {
      const { crm, id, name, place } = await legal(open, "ABCD");
      const stored = ["B<A", "C<B 60 2025-01-01..2025-12-31"];
      await place(stored);
      const { id: hierarchyId } = (await crm.accountHierarchies.find({ where: { key: "legal" } }))!;
      const edge = (text: string) => {
        const { childId, parentId, share, validFrom, validUntil } = placementOf(text, id);
        return crm.accountEdges.create({
          ...{ hierarchyId, childId, parentId: parentId!, share: share ?? null },
          ...{ validFrom: validFrom ?? null, validUntil: validUntil ?? null },
        });
      };
      const before = await edgesIn(crm, name);
      const refusals: [() => Promise<unknown>, object][] = [
        [() => edge("C<A 2025-12-31.."), { code: "several_parents", details: { id: id.C!, day: "2025-12-31" } }],
        [() => edge("C<B 2025-06-01..2025-06-01"), { code: "same_edge_twice", details: { day: "2025-06-01" } }],
        [
          () => edge("A<C 2025-05-05..2030-01-01"),
          { code: "hierarchy_cycle", details: { on: "2025-05-05", path: expect.arrayContaining([id.A, id.B, id.C]) } },
        ],
        [() => edge("A<A"), { code: "hierarchy_cycle", details: { path: [id.A, id.A] } }],
        [() => edge("D<A 100.5"), { code: "invalid_input", details: { field: "share" } }],
        [() => edge("D<A 2025-02-01..2025-01-31"), { code: "invalid_input", details: { field: "validUntil" } }],
        [() => edge("D<A 2025-02-30.."), { code: "invalid_input", details: { field: "validFrom" } }],
        [
          () => crm.accountEdges.create({ hierarchyId, childId: id.D!, parentId: id.A!, kind: "branch", share: "60" }),
          { code: "invalid_input", details: { field: "share" } },
        ],
        [() => crm.hierarchies.move(id.D!, id.A!, { hierarchy: "fiscal" }), { code: "unknown_hierarchy" }],
        [() => crm.hierarchies.move(id.D!, id.A!, { ...on(), from: "soon" }), { code: "invalid_input" }],
        [
          () => crm.hierarchies.detach(id.B!, { ...on(), from: "2025-02-01", until: "2025-01-31" }),
          { code: "invalid_input", details: { field: "until" } },
        ],
        [() => crm.hierarchies.move("nobody", id.A!, on()), { code: "not_found" }],
        [() => crm.hierarchies.move(id.D!, "nobody", on()), { code: "not_found", details: { id: "nobody" } }],
        [
          () => crm.hierarchies.setParents([{ childId: id.D!, parentId: id.A! }, { childId: id.D! } as never], on()),
          { code: "invalid_input", details: { field: "parentId", index: 1 } },
        ],
        [
          () => crm.hierarchies.ancestors(id.C!, { ...on(), on: "2026" }),
          { code: "invalid_input", details: { field: "on" } },
        ],
        [
          () => crm.hierarchies.ancestors(id.C!, { on: "2026-01-01" }),
          { code: "invalid_input", details: { field: "on" } },
        ],
        [() => crm.hierarchies.path("nobody"), { code: "not_found" }],
        [
          () => crm.accountHierarchies.create({ key: "default", name: "x" }),
          { code: "invalid_input", details: { field: "key" } },
        ],
      ];
      for (const [call, expected] of refusals) expect(await refusal(call())).toMatchObject(expected);
      expect(await edgesIn(crm, name)).toEqual(before);
    },
    "finds a circle on whatever day, also where nothing else is": async ({ open }) => {
      const { place } = await legal(open, "ABCD", "graph");
      await place(["B<A 2025-01-01..2025-12-31", "C<B 2025-12-01.."]);
      await place(["A<C 2026-01-01..", "A<C ..2025-11-30"]);
      expect(await refusal(place(["A<D", "D<C"]))).toMatchObject({
        code: "hierarchy_cycle",
        message: expect.stringContaining("on 2025-12-01"),
      });
    },
    "has at most the whole of an account owned on a day": async ({ open }) => {
      const { crm, id, name, place } = await legal(open, "ABCD", "graph");
      await place(["D<A 60", "D<B 40 ..2025-12-31"]);
      expect(await refusal(place(["D<C 0.000000000001 2025-06-01.."]))).toMatchObject({
        code: "shares_above_whole",
        details: { id: id.D!, total: "100.000000000001", day: "2025-06-01" },
      });
      await place(["D<C 40 2026-01-01.."]);
      const branch = { childId: id.D!, parentId: id.B!, kind: "branch" as const, validFrom: "2030-01-01" };
      expect(await refusal(crm.hierarchies.setParents([branch], on()))).toMatchObject({ code: "shares_above_whole" });
      expect(await edgesIn(crm, name)).toEqual(["D<A", "D<B ..2025-12-31", "D<C 2026-01-01.."]);
    },
    "gives the survivor of a merge the places of both, its own first, and undoes it": async ({ open }) => {
      const { crm, id, name, place } = await legal(open, "ABCDEF");
      const before = ["C<A 2026-02-01..2026-02-28", "D<B", "E<C", "F<D"];
      await place(before);
      const { mergeId } = await crm.accounts.merge(id.C!, id.D!);
      expect(await edgesIn(crm, name)).toEqual([
        "C<A 2026-02-01..2026-02-28",
        "C<B ..2026-01-31",
        "C<B 2026-03-01..",
        "E<C",
        "F<C",
      ]);
      expect(await refusal(crm.accounts.merge(id.B!, id.F!))).toMatchObject({ code: "hierarchy_cycle" });
      await crm.accounts.unmerge(mergeId);
      expect(await edgesIn(crm, name)).toEqual(before);
      await crm.accounts.merge(id.F!, id.D!);
      expect(await edgesIn(crm, name)).toEqual(["C<A 2026-02-01..2026-02-28", "E<C", "F<B"]);
    },
    "adds the shares up of who stands below both merged accounts, and undoes it": async ({ open }) => {
      const { crm, id, name, place } = await legal(open, "ABEF", "graph");
      const edges = async () => {
        const { items } = await crm.accountEdges.list();
        return name(items.map(({ childId, parentId, share }) => `${childId}<${parentId} ${share}`)).toSorted();
      };
      await place(["E<A 40", "E<B 60", "F<A 10", "F<B 33.333333333333 2026-01-01.."]);
      const before = await edges();
      const { mergeId } = await crm.accounts.merge(id.A!, id.B!);
      expect(await edges()).toEqual(["E<A 100", "F<A 10", "F<A 43.333333333333"]);
      await crm.accounts.unmerge(mergeId);
      expect(await edges()).toEqual(before);
    },
    "makes a graph of a tree, and a tree of a graph that is one": async ({ open }) => {
      const { crm, id, place } = await legal(open, "ABC");
      const define = (shape: "tree" | "graph") =>
        crm.hierarchies.define({ key: "legal", name: "Legal ownership", shape });
      await define("graph");
      await place(["C<A", "C<B 2026-01-01.."]);
      expect(await refusal(crm.hierarchies.root(id.C!, on()))).toMatchObject({ code: "tree_required" });
      expect(await refusal(define("tree"))).toMatchObject({
        code: "several_parents",
        details: { id: id.C!, day: "2026-01-01" },
      });
      await crm.hierarchies.detach(id.C!, { ...on(), from: "2026-01-01", parentId: id.A! });
      expect((await define("tree")).shape).toBe("tree");
    },
  },
});
