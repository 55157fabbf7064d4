/** What walks over relationships cost, on SQLite and PostgreSQL: neighbours and shortest paths, beside what one writes by hand. */
import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import { postgres } from "@relata/postgres";
import { sqlite } from "@relata/sqlite";
import type { Operation, Workload } from "../measure/measure.ts";
import { onClient, SERVER_SETTINGS, settle, startDatabases } from "../postgres/database.ts";
import { sqliteVersion, versionOf } from "../sqlite/database-file.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import {
  commonIn,
  type Distances,
  foundBy,
  graphNeighbours,
  graphPaths,
  joinedCommon,
  type Pair,
  reachedBy,
  recursiveNeighbours,
  recursiveSteps,
  relataCommon,
  relataNeighbours,
  relataNodes,
  relataPath,
  relataPaths,
  searchedPath,
  stepsIn,
  strengthsOf,
  strongest,
} from "./contestants.ts";
import {
  DAY,
  type GraphCrm,
  HUB_DAY,
  hubsOf,
  makeNodes,
  type Node,
  openCrm,
  writeOne,
  writeOnPostgres,
  writeOnSqlite,
  writeThingsOnPostgres,
  writeThingsOnSqlite,
} from "./graph-data.ts";
import { type Direction, type HandDatabase, openSqliteHand, postgresHand } from "./hand-databases.ts";

/** Each has ten relationships in the middle that it begins, and as many that lead to it. */
const NODES = { full: 100_000, quick: 10_000, smoke: 10_000, answers: 2_000 };
const ON = ["SQLite", "PostgreSQL"] as const;
type On = (typeof ON)[number];

const WAYS: Readonly<Record<Direction, string>> = { along: "one way", both: "either way" };
const hopsOn = (direction: Direction, on: On) => `within three hops ${WAYS[direction]}, ${on}`;
const pathOn = (on: On) => `shortest path, ${on}`;
const strongestOn = (on: On) => `strongest path, ${on}`;
const tenOn = (on: On) => `ten strongest paths, ${on}`;
const hubPathOn = (on: On) => `strongest path from a hub, ${on}`;
const commonOn = (on: On) => `common connections of a hub, ${on}`;

/** What bounds a goal that is missed. */
const BOUND = {
  strongest:
    "the search among what was read, which is the same in memory and beside the database; reading is the smaller part.",
};

function goalsOn(on: On): readonly Goal[] {
  const atLeast = on === "SQLite" ? 1.8 : 0.9;
  return [
    { workload: hopsOn("along", on), of: ["Relata", "recursive with edges"], atLeast },
    { workload: hopsOn("along", on), of: ["nodes alone", "recursive"], atLeast },
    { workload: hopsOn("both", on), of: ["in memory", "Relata"], atLeast: 10 },
    { workload: strongestOn(on), of: ["in memory", "Relata"], atLeast: 10, bound: BOUND.strongest },
    { workload: hubPathOn(on), of: ["in memory", "Relata"], atLeast: 10 },
    { workload: pathOn(on), of: ["Relata", "one-directional"], atLeast: 100, from: 1_000_000 },
  ];
}

let serverVersion = "";

export const suite: Suite = {
  name: "relationships",
  title: "Relationships, on SQLite and PostgreSQL",
  storage: "sqlite",
  goals: ON.flatMap(goalsOn),
  comparisons: [
    ["nodes alone", "recursive"],
    ["in memory", "recursive"],
    ["in memory", "Relata"],
    ["Relata", "one join"],
  ],
  contestants: {
    Relata:
      "`relationships.traverse`, `path`, `strongestPaths` and `commonConnections` between records of any entity, as an application calls them.",
    "nodes alone": "the same with `edges: false`: nodes and distances.",
    "in memory": "`crm.relationships.openGraph()`, read once.",
    recursive:
      "by hand: a recursive query over the same table and its covering indexes. It gives nodes and distances, no edges.",
    "recursive with edges": "by hand: the same with the edge and the node before of each step, as Relata gives them.",
    "one join": "by hand: the ten strongest common connections as a join of the relationships of the two.",
    "one-directional": "by hand: level by level from the start, one statement each, until the end is met.",
  },
  method: `Relationships of contacts and accounts, ten for each, with a first and a last day; one in ten is over on the day that is asked about, and one
in fifty leads to one of twenty hubs. Their strengths are from 0.01 to 1. Until 1989 two of them were related to half of all others each: paths from a
hub and its common connections are of a day in 1985. All answers are compared first. On SQLite the CPU time counts; on PostgreSQL all time, with
${Object.entries(SERVER_SETTINGS)
  .map(([name, value]) => `\`${name} = ${value}\``)
  .join(", ")}.`,
  versions: () => ({ SQLite: sqliteVersion(), PostgreSQL: serverVersion, pg: versionOf("pg") }),
  run,
};

async function run(bench: Bench): Promise<void> {
  const nodes = makeNodes(NODES[bench.mode]);
  await runOnSqlite(bench, nodes);
  await runOnPostgres(bench, nodes);
}

async function runOnSqlite(bench: Bench, nodes: readonly Node[]): Promise<void> {
  const filename = join(bench.folder, "relationships.db");
  const storage = sqlite({ filename, durability: "relaxed" });
  const writing = await openCrm(storage);
  await writeOne(writing);
  await writing.close();
  writeOnSqlite(filename, nodes);
  writeThingsOnSqlite(filename, askedIn(nodes));
  const crm = await openCrm(storage);
  const hand = openSqliteHand(filename);
  await compareOn(bench, { on: "SQLite", crm, hand, nodes });
  hand.close();
  await crm.close();
}

async function runOnPostgres(bench: Bench, nodes: readonly Node[]): Promise<void> {
  const databases = await startDatabases();
  try {
    serverVersion = await databases.version();
    await databases.createOriginal();
    const url = databases.originalUrl;
    const crm = await openCrm(postgres({ connectionString: url }));
    await writeOne(crm);
    await onClient(url, async (client) => {
      await writeOnPostgres(client, nodes);
      await writeThingsOnPostgres(client, askedIn(nodes));
    });
    await settle(url);
    await onClient(url, (client) => compareOn(bench, { on: "PostgreSQL", crm, hand: postgresHand(client), nodes }));
    await crm.close();
  } finally {
    await databases.stop();
  }
}

interface Side {
  readonly on: On;
  readonly crm: GraphCrm;
  readonly hand: HandDatabase;
  readonly nodes: readonly Node[];
}

async function compareOn(bench: Bench, { on, crm, hand, nodes }: Side): Promise<void> {
  const size = nodes.length * 10;
  const time = on === "SQLite" ? "cpu" : "wall";
  const compare = async (name: string, sides: Readonly<Record<string, Operation>>, step: number) => {
    const workload: Workload<Operation> = { name, what: "", time, step, prepare: (operation) => operation };
    const entrants = Object.entries(sides).map(([side, contestant]) => ({ name: side, contestant }));
    await bench.measure(workload, entrants, { size });
  };
  bench.say(`${size} relationships are read into memory`);
  const graph = await crm.relationships.openGraph();
  const starts = nodesOf(nodes, 20);
  for (const direction of ["along", "both"] as const) {
    const relata = relataNeighbours(crm, starts, direction);
    const alone = relataNodes(crm, starts, direction);
    const recursive = recursiveNeighbours(hand, starts, direction);
    const steps = recursiveSteps(hand, starts);
    const memory = graphNeighbours(graph, starts);
    for (let number = 0; number < 3; number++) {
      const expected = inOrder((await recursive(number)) as Distances);
      deepStrictEqual(inOrder(reachedBy(await relata(number))), expected);
      deepStrictEqual(inOrder(reachedBy(await alone(number))), expected);
      if (direction === "along") deepStrictEqual(sorted(stepsIn(await relata(number))), sorted(await steps(number)));
      if (direction === "both") deepStrictEqual(inOrder(foundBy(memory(number))), expected);
    }
    const sides = {
      Relata: relata,
      "nodes alone": alone,
      recursive,
      ...(direction === "both" ? { "in memory": memory } : { "recursive with edges": steps }),
    };
    await compare(hopsOn(direction, on), sides, starts.length);
  }
  const ends = nodesOf(nodes.toReversed(), 5);
  const pairs = ends.map((end, i): Pair => ({ start: starts[i]!, end }));
  const [relata, searched] = [relataPath(crm, pairs), searchedPath(hand, pairs)];
  for (const number of pairs.keys()) deepStrictEqual(await relata(number), await searched(number));
  await compare(pathOn(on), { Relata: relata, "one-directional": searched }, pairs.length);
  const [stored, inMemory] = [relataPaths(crm, DAY), graphPaths(graph)];
  const [hub, otherHub] = hubsOf(nodes);
  const fromHub = ends.map((end): Pair => ({ start: hub, end }));
  const ofHubDay = graphPaths(await crm.relationships.openGraph({ on: HUB_DAY }));
  for (const [name, asked, [one, other], count] of [
    [strongestOn(on), pairs, [stored, inMemory], 1],
    [tenOn(on), pairs, [stored, inMemory], 10],
    [hubPathOn(on), fromHub, [relataPaths(crm, HUB_DAY), ofHubDay], 1],
  ] as const) {
    const [storage, memory] = [strongest(one, asked, count), strongest(other, asked, count)];
    for (const number of asked.keys())
      deepStrictEqual(strengthsOf(await storage(number)), strengthsOf(await memory(number)));
    await compare(name, { Relata: storage, "in memory": memory }, asked.length);
  }
  const common = [...fromHub, { start: hub, end: otherHub }];
  const [connected, joined] = [relataCommon(crm, common), joinedCommon(hand, common)];
  for (const number of common.keys())
    deepStrictEqual(
      commonIn(await connected(number)),
      ((await joined(number)) as readonly unknown[][]).map(([type, id, strength]) => [type, id, Number(strength)]),
    );
  await compare(commonOn(on), { Relata: connected, "one join": joined }, common.length);
}

/** Of which paths and common connections are asked: they are to be there as records. */
function askedIn(nodes: readonly Node[]): readonly Node[] {
  return [...hubsOf(nodes), ...nodesOf(nodes, 20), ...nodesOf(nodes.toReversed(), 5)];
}

/** Some that are no hubs. */
function nodesOf(nodes: readonly Node[], count: number): readonly Node[] {
  const apart = Math.floor((nodes.length * 0.9) / count);
  return Array.from({ length: count }, (_, i) => nodes[Math.floor(nodes.length * 0.05) + i * apart]!);
}

function sorted(steps: unknown): readonly string[] {
  return (steps as readonly (readonly unknown[])[]).map((step) => step.join(" ")).toSorted();
}

function inOrder(distances: Distances): readonly string[] {
  return distances.map(([type, id, distance]) => `${distance} ${type} ${id}`).toSorted();
}
