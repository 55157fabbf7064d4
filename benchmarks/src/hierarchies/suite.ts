/** What trees whose paths are kept cost, on SQLite and PostgreSQL: figures of subtrees, and moves, beside what one writes by hand. */
import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import { postgres } from "@relata/postgres";
import { sqlite } from "@relata/sqlite";
import type { Operation, Workload } from "../measure/measure.ts";
import { onClient, SERVER_SETTINGS, settle, startDatabases } from "../postgres/database.ts";
import { copyLog, sqliteVersion, versionOf } from "../sqlite/database-file.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import {
  closureMove,
  closureRollUp,
  type HandDatabase,
  pathMove,
  pathRollUp,
  recursiveRollUp,
  relataMove,
  relataRollUp,
} from "./contestants.ts";
import { openSqliteHand, postgresHand, writePostgresHand, writeSqliteHand } from "./hand-databases.ts";
import { makeTree, type Node, openCrm, subtreesOf, type TreeCrm, writeTree } from "./tree-data.ts";

const NODES = { full: 100_000, quick: 10_000, smoke: 10_000, answers: 10_000 };
const ON = ["SQLite", "PostgreSQL"] as const;
type On = (typeof ON)[number];

const rollUpOf = (size: string, on: On) => `figures of ${size} accounts, ${on}`;
const moveOn = (on: On) => `move of 70 accounts, ${on}`;
const SIZES = [
  ["70", 70],
  ["700", 700],
  ["7,000", 7_000],
] as const;

/** What bounds a goal that is missed. */
const BOUND = {
  figures:
    "the call itself: a figure of 70 accounts takes the hand-written range a quarter of a millisecond, and Relata's own part is less than a tenth.",
  move: "70 paths of labels that are made of ids, 240 characters long, in a table and its index, and an update with its version in history; by hand, paths are four times as fast as a closure table.",
} as const;

function goalsOn(on: On): readonly Goal[] {
  return [
    ...SIZES.map(
      ([size]): Goal => ({ workload: rollUpOf(size, on), of: ["Relata", "paths"], atLeast: 0.9, bound: BOUND.figures }),
    ),
    ...(on === "SQLite"
      ? SIZES.map(
          ([size]): Goal => ({
            workload: rollUpOf(size, on),
            of: ["Relata", "recursive"],
            atLeast: 1.6,
            bound: BOUND.figures,
          }),
        )
      : []),
    { workload: moveOn(on), of: ["Relata", "closure"], atLeast: 5, bound: BOUND.move },
  ];
}

let serverVersion = "";

export const suite: Suite = {
  name: "hierarchies",
  title: "Hierarchies, on SQLite and PostgreSQL",
  storage: "sqlite",
  goals: ON.flatMap(goalsOn),
  comparisons: [
    ["Relata", "recursive"],
    ["Relata", "paths"],
    ["Relata", "closure"],
  ],
  contestants: {
    Relata: "`sales.aggregate` with `atOrUnder`, and `accounts.update` of `parentId`, as an application calls them.",
    paths: "by hand: a table of ids and paths of short labels, one range of its index; a move replaces the beginnings.",
    recursive: "by hand: a recursive query over the index of `parent_id`.",
    closure:
      "by hand: a row for each pair of an account and one above it, or itself; a move looks for a circle, deletes and inserts.",
  },
  method: `A tree of accounts, ten levels deep at most, with a sale of each: its figures are their count and sum. All answers are compared first.
A move is an update with its check for circles, its version in history and its event, beside a bare row in a table of two columns; subtrees
go to another place and back. On SQLite the CPU time counts, with \`durability: "relaxed"\`; on PostgreSQL all time, with
${Object.entries(SERVER_SETTINGS)
  .map(([name, value]) => `\`${name} = ${value}\``)
  .join(", ")}.`,
  versions: () => ({ SQLite: sqliteVersion(), PostgreSQL: serverVersion, pg: versionOf("pg") }),
  run,
};

async function run(bench: Bench): Promise<void> {
  const nodes = makeTree(NODES[bench.mode]);
  await runOnSqlite(bench, nodes);
  await runOnPostgres(bench, nodes);
}

async function runOnSqlite(bench: Bench, nodes: readonly Node[]): Promise<void> {
  const filename = join(bench.folder, "hierarchies.db");
  const storage = sqlite({ filename, durability: "relaxed" });
  const writing = await openCrm(storage);
  await writeTree(writing, nodes);
  await writing.close();
  writeSqliteHand(filename, nodes);
  const crm = await openCrm(storage);
  const hand = openSqliteHand(filename);
  await compareOn(bench, { on: "SQLite", crm, hand, nodes, settle: () => copyLog("node:sqlite", filename) });
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
    await writeTree(crm, nodes);
    await onClient(url, async (client) => {
      await writePostgresHand(client, nodes);
      await settle(url);
      const hand = postgresHand(client);
      await compareOn(bench, { on: "PostgreSQL", crm, hand, nodes, settle: () => {} });
    });
    await crm.close();
  } finally {
    await databases.stop();
  }
}

interface Side {
  readonly on: On;
  readonly crm: TreeCrm;
  readonly hand: HandDatabase;
  readonly nodes: readonly Node[];
  settle(): void;
}

async function compareOn(bench: Bench, { on, crm, hand, nodes, settle }: Side): Promise<void> {
  const time = on === "SQLite" ? "cpu" : "wall";
  const compare = async (name: string, sides: Readonly<Record<string, Operation>>, steps: number) => {
    const workload: Workload<Operation> = { name, what: "", time, step: steps, prepare: (operation) => operation };
    const entrants = Object.entries(sides).map(([side, contestant]) => ({ name: side, contestant, settle }));
    await bench.measure(workload, entrants, { size: nodes.length });
  };
  for (const [name, size] of SIZES) {
    if (size * 10 > nodes.length) continue;
    const tops = subtreesOf(nodes, size, 15);
    const sides = {
      Relata: relataRollUp(crm, tops),
      paths: pathRollUp(hand, tops),
      closure: closureRollUp(hand, tops),
      recursive: recursiveRollUp(hand, tops),
    };
    await sameAnswers(Object.values(sides), tops.length);
    await compare(rollUpOf(name, on), sides, tops.length);
  }
  const moves = { nodes: subtreesOf(nodes, 70, 10), places: [nodes[1]!.id, nodes[2]!.id] as const };
  const moving = { Relata: relataMove(crm, moves), closure: closureMove(hand, moves), paths: pathMove(hand, moves) };
  for (const move of Object.values(moving)) for (let i = 0; i < moves.nodes.length; i++) await move(i);
  const above = nodes.slice(0, 3);
  await sameAnswers([relataRollUp(crm, above), pathRollUp(hand, above), recursiveRollUp(hand, above)], above.length);
  await compare(moveOn(on), moving, moves.nodes.length);
}

async function sameAnswers(operations: readonly Operation[], count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const answers: unknown[] = [];
    for (const operation of operations) answers.push(await operation(number));
    for (const other of answers) deepStrictEqual(other, answers[0]);
  }
}
