/** Walks over edges: up and down a tree, and over rows that lead from one row of a table to another. */
import type { Row } from "@relata/core/adapter";
import { expect } from "vitest";
import { type Fact, fact, type Suite } from "../bench/fact.ts";
import { secondTenant } from "../bench/store.ts";
import { and, eq, gte, isNull, lte, not, or } from "../question/condition.ts";
import type { Route } from "../question/question.ts";
import { defineSchema, defineTable } from "../schema/define-table.ts";

const people = defineTable({
  entity: "person",
  columns: { boss_id: "text?" },
  references: { boss_id: "persons" },
  indexes: [["boss_id"]],
});
const ties = defineTable({
  entity: "tie",
  columns: { from_id: "text", to_id: "text?", since: "date?", until: "date?" },
  references: { from_id: "persons", to_id: "persons" },
  indexes: [["from_id"], ["to_id"]],
});
const schema = defineSchema(people, ties);
const linkTable = defineTable({
  entity: "link",
  columns: { from_type: "text?", from_id: "text?", to_type: "text?", to_id: "text?", kind: "text" },
  indexes: [
    ["from_id", "kind", "to_id", "to_type", "from_type"],
    ["to_id", "kind", "from_id", "from_type", "to_type"],
  ],
  history: true,
});
const linked = defineSchema(linkTable);

type Link = readonly [
  id: string,
  fromType: string,
  fromId: string | null,
  toType: string | null,
  toId: string,
  kind: "is" | "was",
];

const links = (...list: readonly Link[]) =>
  list.map(([id, from_type, from_id, to_type, to_id, kind]) => ({
    id,
    from_type,
    from_id,
    to_type,
    to_id,
    kind,
    updated_at: 0,
  }));

/** People and firms whose ids clash: 1 and 2 are of both. firm 1 > person 1 > firm 2 > person 2 > firm 3, and a short cut of another kind. */
const givenLinks = {
  links: links(
    ["l1", "firm", "1", "person", "1", "is"],
    ["l2", "person", "1", "firm", "2", "is"],
    ["l3", "firm", "2", "person", "2", "is"],
    ["l4", "person", "2", "firm", "3", "is"],
    ["l5", "firm", "1", "person", "2", "was"],
    ["l6", "person", "2", "person", "2", "is"],
    ["l7", "firm", "1", null, "2", "is"],
    ["l8", "firm", null, "firm", "9", "is"],
    ["l0", "person", "1", "firm", "2", "was"],
  ),
};

const along = { table: "links", from: "from_id", to: "to_id" };

/** Nodes as "person 1". */
function between(start: readonly string[], end?: readonly string[]): Pick<Route, "start" | "end" | "types"> {
  const idOf = (node: string) => node.split(" ")[1]!;
  const typeOf = (node: string) => node.split(" ")[0]!;
  return {
    start: start.map(idOf),
    ...(end && { end: end.map(idOf) }),
    types: {
      from: "from_type",
      to: "to_type",
      start: start.map(typeOf),
      ...(end && { end: end.map(typeOf) }),
    },
  };
}

/**
 * Bosses: a > b > c, a > d. Ties: a-b-c-d-e in a row, a short cut from a to d that ended in 2020, two ties from a to b, one back from b to
 * a, one from e to itself and one that leads nowhere.
 */
const given = {
  persons: [
    { id: "a" },
    { id: "b", boss_id: "a" },
    { id: "c", boss_id: "b" },
    { id: "d", boss_id: "a" },
    { id: "e" },
    { id: "f" },
  ],
  ties: [
    { id: "t1", from_id: "a", to_id: "b" },
    { id: "t2", from_id: "b", to_id: "c", since: "2021-01-01" },
    { id: "t3", from_id: "c", to_id: "d" },
    { id: "t4", from_id: "d", to_id: "e" },
    { id: "t5", from_id: "a", to_id: "d", until: "2020-12-31" },
    { id: "t6", from_id: "b", to_id: "a" },
    { id: "t0", from_id: "a", to_id: "b" },
    { id: "t7", from_id: "e", to_id: "e" },
    { id: "t8", from_id: "e" },
  ],
};

const boss = { table: "persons", from: "id", to: "boss_id" };
const tie = { table: "ties", from: "from_id", to: "to_id" };
const validOn = (day: string) => and(or(isNull("since"), lte("since", day)), or(isNull("until"), gte("until", day)));

function walks(name: string, route: Route, rows: readonly Row[]): Fact {
  return fact(name, async (bench) => {
    const store = await bench.open(schema, given);
    expect(await store.traverse(route)).toEqual(rows);
  });
}

function typed(name: string, route: Omit<Route, "table" | "from" | "to">, rows: readonly Row[]): Fact {
  return fact(name, async (bench) => {
    const store = await bench.open(linked, givenLinks);
    expect(await store.traverse({ ...along, ...route })).toEqual(rows);
  });
}

/** Those of one depth come in no order. */
function byNode(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => Number(a[1]) - Number(b[1]) || (String(a) < String(b) ? -1 : 1));
}

function distances(name: string, route: Omit<Route, "edges">, rows: readonly Row[]): Fact {
  return fact(name, async (bench) => {
    const store = route.table === "links" ? await bench.open(linked, givenLinks) : await bench.open(schema, given);
    for (const depth of [route.depth ?? 5, route.depth]) {
      const reached = await store.traverse({ ...route, ...(depth === undefined ? {} : { depth }), edges: false });
      expect(reached.map(([, at]) => at)).toEqual(rows.map(([, at]) => at));
      expect(byNode(reached)).toEqual(rows);
    }
  });
}

export const traverse: Suite = {
  name: "traverse",
  facts: [
    walks("goes up a tree", { ...boss, start: ["c"] }, [
      ["b", 1, "c", "c"],
      ["a", 2, "b", "b"],
    ]),
    walks("goes down a tree, level by level", { ...boss, start: ["a"], direction: "against" }, [
      ["b", 1, "b", "a"],
      ["d", 1, "d", "a"],
      ["c", 2, "c", "b"],
    ]),
    walks("goes no deeper than it may", { ...boss, start: ["a"], direction: "against", depth: 1 }, [
      ["b", 1, "b", "a"],
      ["d", 1, "d", "a"],
    ]),
    walks("goes nowhere with a depth of nothing", { ...boss, start: ["a"], direction: "against", depth: 0 }, []),
    walks("goes nowhere from what does not exist", { ...boss, start: ["x"], direction: "against" }, []),
    walks("goes nowhere from no start", { ...boss, start: [] }, []),
    walks("follows edges to each node once, at its smallest depth, by the smallest id", { ...tie, start: ["a"] }, [
      ["b", 1, "t0", "a"],
      ["d", 1, "t5", "a"],
      ["c", 2, "t2", "b"],
      ["e", 2, "t4", "d"],
    ]),
    walks("follows edges against their direction", { ...tie, start: ["c"], direction: "against" }, [
      ["b", 1, "t2", "c"],
      ["a", 2, "t0", "b"],
    ]),
    walks("follows edges either way", { ...tie, start: ["c"], direction: "both" }, [
      ["b", 1, "t2", "c"],
      ["d", 1, "t3", "c"],
      ["a", 2, "t0", "b"],
      ["e", 2, "t4", "d"],
    ]),
    walks("starts from several nodes, none of which is reached", { ...tie, start: ["b", "d"] }, [
      ["c", 1, "t2", "b"],
      ["e", 1, "t4", "d"],
      ["a", 1, "t6", "b"],
    ]),
    walks("follows only edges that satisfy", { ...tie, start: ["a"], where: validOn("2022-05-01") }, [
      ["b", 1, "t0", "a"],
      ["c", 2, "t2", "b"],
      ["d", 3, "t3", "c"],
      ["e", 4, "t4", "d"],
    ]),
    walks("goes on from no level in which it has reached the limit", { ...tie, start: ["a", "a"], limit: 1 }, [
      ["b", 1, "t0", "a"],
      ["d", 1, "t5", "a"],
    ]),
    walks("the same of a bounded depth", { ...tie, start: ["a", "a"], limit: 1, depth: 3 }, [
      ["b", 1, "t0", "a"],
      ["d", 1, "t5", "a"],
    ]),
    distances("reaches nodes no further than the level of the limit", { ...tie, start: ["a"], limit: 1 }, [
      ["b", 1],
      ["d", 1],
    ]),
    typed("counts a node once towards the limit", { ...between(["firm 1", "person 1"]), limit: 3, depth: 3 }, [
      ["2", 1, "l0", "1", "firm", "person"],
      ["2", 1, "l5", "1", "person", "firm"],
      ["3", 2, "l4", "2", "firm", "person"],
    ]),
    walks("includes both ends of an interval", { ...tie, start: ["a"], where: validOn("2020-12-31"), depth: 2 }, [
      ["b", 1, "t0", "a"],
      ["d", 1, "t5", "a"],
      ["e", 2, "t4", "d"],
    ]),
    walks("finds a shortest path", { ...tie, start: ["a"], end: ["e"] }, [
      ["d", 1, "t5", "a"],
      ["e", 2, "t4", "d"],
    ]),
    walks(
      "finds another where an edge is not valid",
      { ...tie, start: ["a"], end: ["e"], where: not(eq("id", "t5")) },
      [
        ["b", 1, "t0", "a"],
        ["c", 2, "t2", "b"],
        ["d", 3, "t3", "c"],
        ["e", 4, "t4", "d"],
      ],
    ),
    walks("finds a path against the edges", { ...tie, start: ["e"], end: ["a"], direction: "against" }, [
      ["d", 1, "t4", "e"],
      ["a", 2, "t5", "d"],
    ]),
    walks("finds no path against the edges that leads along them", { ...tie, start: ["e"], end: ["a"] }, []),
    walks("finds a path either way", { ...tie, start: ["e"], end: ["c"], direction: "both" }, [
      ["d", 1, "t4", "e"],
      ["c", 2, "t3", "d"],
    ]),
    walks("finds a path of exactly the depth", { ...tie, start: ["a"], end: ["e"], depth: 2 }, [
      ["d", 1, "t5", "a"],
      ["e", 2, "t4", "d"],
    ]),
    walks("finds no path that is longer than the depth", { ...tie, start: ["a"], end: ["e"], depth: 1 }, []),
    walks("finds no path to what nothing leads to", { ...tie, start: ["a"], end: ["f"] }, []),
    walks("finds no steps where the start is the end", { ...tie, start: ["a"], end: ["b", "a"] }, []),
    walks("finds the nearest of several ends", { ...tie, start: ["b"], end: ["e", "c"] }, [["c", 1, "t2", "b"]]),
    typed("tells nodes apart by type and id", { ...between(["firm 1"]) }, [
      ["1", 1, "l1", "1", "person", "firm"],
      ["2", 1, "l5", "1", "person", "firm"],
      ["2", 2, "l0", "1", "firm", "person"],
      ["3", 2, "l4", "2", "firm", "person"],
    ]),
    typed("goes so far over nodes with types", { ...between(["firm 1"]), depth: 1 }, [
      ["1", 1, "l1", "1", "person", "firm"],
      ["2", 1, "l5", "1", "person", "firm"],
    ]),
    typed(
      "starts from several nodes of one id",
      { ...between(["person 2", "firm 2"]), direction: "against", depth: 2 },
      [
        ["1", 1, "l0", "2", "person", "firm"],
        ["1", 1, "l5", "2", "firm", "person"],
      ],
    ),
    typed("goes nowhere from a type that the id has not", { ...between(["car 1", "car 2"]), depth: 3 }, []),
    typed("goes nowhere from no start with types", { ...between([]), depth: 3 }, []),
    typed(
      "finds a shortest path over nodes with types",
      { ...between(["person 1"], ["person 2", "firm 9"]), where: eq("kind", "is") },
      [
        ["2", 1, "l2", "1", "firm", "person"],
        ["2", 2, "l3", "2", "person", "firm"],
      ],
    ),
    typed("does not take one type for another", { ...between(["person 2"], ["firm 2"]) }, []),
    typed(
      "follows other edges against their direction than along it",
      { ...between(["person 2"]), direction: "both", where: eq("kind", "is"), whereAgainst: eq("kind", "was") },
      [
        ["3", 1, "l4", "2", "firm", "person"],
        ["1", 1, "l5", "2", "firm", "person"],
        ["1", 2, "l1", "1", "person", "firm"],
        ["2", 3, "l2", "1", "firm", "person"],
      ],
    ),
    typed(
      "finds a path over edges that may be followed one way only",
      {
        ...between(["firm 3"], ["firm 1"]),
        direction: "both",
        where: eq("kind", "was"),
        whereAgainst: eq("kind", "is"),
      },
      [
        ["2", 1, "l4", "3", "person", "firm"],
        ["2", 2, "l3", "2", "firm", "person"],
        ["1", 3, "l2", "2", "person", "firm"],
        ["1", 4, "l1", "1", "firm", "person"],
      ],
    ),
    typed(
      "finds no path against edges that may be followed the other way only",
      {
        ...between(["firm 3"], ["firm 1"]),
        direction: "both",
        where: eq("kind", "is"),
        whereAgainst: eq("kind", "was"),
      },
      [],
    ),
    distances("gives nodes and distances alone", { ...tie, start: ["a", "a"] }, [
      ["b", 1],
      ["d", 1],
      ["c", 2],
      ["e", 2],
    ]),
    distances("gives nodes alone no deeper than it may", { ...boss, start: ["a"], direction: "against", depth: 1 }, [
      ["b", 1],
      ["d", 1],
    ]),
    distances("gives no nodes of no start", { ...tie, start: [] }, []),
    distances("gives nodes alone either way, and none of the start", { ...tie, start: ["c"], direction: "both" }, [
      ["b", 1],
      ["d", 1],
      ["a", 2],
      ["e", 2],
    ]),
    distances("tells nodes alone apart by type and id", { ...along, ...between(["firm 1"]) }, [
      ["1", 1, "person"],
      ["2", 1, "person"],
      ["2", 2, "firm"],
      ["3", 2, "firm"],
    ]),
    distances(
      "gives nodes alone of several starts of one id",
      { ...along, ...between(["person 2", "firm 2"]), direction: "against" },
      [
        ["1", 1, "firm"],
        ["1", 1, "person"],
      ],
    ),
    distances("gives no nodes of a type that the id has not", { ...along, ...between(["car 1", "car 2"]) }, []),
    distances(
      "gives nodes alone over other edges against their direction than along it",
      {
        ...along,
        ...between(["person 2"]),
        direction: "both",
        where: eq("kind", "is"),
        whereAgainst: eq("kind", "was"),
      },
      [
        ["1", 1, "firm"],
        ["3", 1, "firm"],
        ["1", 2, "person"],
        ["2", 3, "firm"],
      ],
    ),
    fact("follows the edges that there were at an instant", async (bench) => {
      const store = await bench.open(linked, givenLinks);
      const before = 1_000_000;
      await store.write([store.steps.delete("links", [{ id: "l1", version: 1 }], { endedAt: before })]);
      const route = { ...along, ...between(["firm 1"]), depth: 1 };
      expect(await store.traverse(route)).toEqual([["2", 1, "l5", "1", "person", "firm"]]);
      expect(await store.traverse({ ...route, asOf: before - 1 })).toEqual([
        ["1", 1, "l1", "1", "person", "firm"],
        ["2", 1, "l5", "1", "person", "firm"],
      ]);
      const nodes = { ...route, edges: false } as const;
      expect(await store.traverse(nodes)).toEqual([["2", 1, "person"]]);
      expect(byNode(await store.traverse({ ...nodes, asOf: before - 1 }))).toEqual([
        ["1", 1, "person"],
        ["2", 1, "person"],
      ]);
    }),
    fact("keeps tenants apart", async (bench) => {
      const store = await bench.open(schema, given);
      await store.insert("persons", [{ id: "a" }, { id: "z" }], secondTenant);
      await store.insert("ties", [{ id: "t1", from_id: "a", to_id: "z" }], secondTenant);
      expect(await store.traverse({ ...tie, start: ["a"] }, secondTenant)).toEqual([["z", 1, "t1", "a"]]);
      expect(await store.traverse({ ...tie, start: ["a"], depth: 3 }, secondTenant)).toEqual([["z", 1, "t1", "a"]]);
      expect(await store.traverse({ ...tie, start: ["a"], end: ["e"] }, secondTenant)).toEqual([]);
      expect(await store.traverse({ ...tie, start: ["a"], edges: false }, secondTenant)).toEqual([["z", 1]]);
      expect(await store.traverse({ ...tie, start: ["a"], depth: 3, edges: false }, secondTenant)).toEqual([["z", 1]]);
    }),
    fact("sees what its own unit has written", async (bench) => {
      const store = await bench.open(schema, given);
      const unit = await store.begin();
      await unit.insert("ties", [{ id: "t9", from_id: "e", to_id: "f" }]);
      expect(await unit.traverse({ ...tie, start: ["e"] })).toEqual([["f", 1, "t9", "e"]]);
      expect(await unit.traverse({ ...tie, start: ["e"], depth: 2 })).toEqual([["f", 1, "t9", "e"]]);
      await unit.rollback();
      expect(await store.traverse({ ...tie, start: ["e"] })).toEqual([]);
    }),
    fact("looks at few nodes of a wide graph for a path", async (bench) => {
      const store = await bench.open(schema);
      const ids = Array.from({ length: 300 }, (_, i) => `n${String(i).padStart(3, "0")}`);
      await store.insert(
        "persons",
        ids.map((id) => ({ id })),
      );
      const rows = ids.slice(1).map((id, i) => ({ id: `e${id}`, from_id: ids[Math.floor(i / 6)]!, to_id: id }));
      await store.insert("ties", rows);
      const path = await store.traverse({ ...tie, start: ["n000"], end: ["n299"] });
      expect(path.map(([node]) => node)).toEqual(["n001", "n008", "n049", "n299"]);
    }),
  ],
};
