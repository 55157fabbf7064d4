/** Frameworks that make their own tables from their own definitions, with hooks and access rules about every call. */

import type { Suite } from "../../../src/suite.ts";
import { comparisonsOf, FILE_CONTESTANTS, type FilePeer, runOnFiles } from "../file-suite.ts";
import { objectql, RENAMED } from "../objectql.ts";
import { payload } from "../payload.ts";
import { versionOf } from "../versions.ts";

const PEERS: readonly FilePeer[] = [
  { name: "payload", library: "libsql", ownTables: {}, open: payload },
  { name: "objectql", library: "better-sqlite3", ownTables: { renamed: RENAMED }, open: objectql },
];

export const suite: Suite = {
  name: "frameworks",
  title: "SQLite, on tables of their own",
  storage: "sqlite",
  goals: [
    {
      workload: "create",
      of: ["Relata", "payload"],
      atLeast: 30,
      bound:
        "the raw driver itself, if it does not reach it below. The opportunity has 11 indexes here and its stage entry 3, for which all pay alike; the trial that the goal comes from had 3.",
    },
  ],
  comparisons: comparisonsOf(PEERS.map(({ name }) => name)),
  contestants: {
    ...FILE_CONTESTANTS,
    payload:
      "its local API on its SQLite adapter (libSQL), in WAL mode, `depth: 0` and no count of pages, documents not locked, none of its timestamps; references are relationships, with as many indexes as Relata has. No transactions: the adapter has none by default, and its documentation advises against them on SQLite, so that a create or a move is not one. It has no bulk create: many are created one by one. It checks inputs; the database checks references.",
    objectql:
      "`@objectstack/objectql` on `@objectstack/driver-sql` (knex, better-sqlite3) with the same indexes; in its transactions. It stamps times of its own, beside which the benchmark's have columns of their own. It checks inputs, and references by queries of its own instead of foreign keys. Inserts of many go 100 at a time.",
  },
  method:
    "The peers make their tables from their own definitions of the same columns (but the tenant), and are filled with the rows of the file that the others start from; write-ahead log, `synchronous = normal`. The records that are compared are made of the peers' documents by the same code as raw's. Stages are kept in memory by all but Relata.",
  versions: () => ({
    "better-sqlite3": versionOf("better-sqlite3"),
    libSQL: versionOf("libsql"),
    Payload: versionOf("payload"),
    ObjectQL: versionOf("@objectstack/objectql"),
  }),
  run: (bench) => runOnFiles(bench, { peers: PEERS, bulk: 100, turnMs: 100 }),
};
