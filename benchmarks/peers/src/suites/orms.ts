/** Libraries that are mapped onto the tables which Relata has made. */

import type { Suite } from "../../../src/suite.ts";
import { comparisonsOf, FILE_CONTESTANTS, type FilePeer, runOnFiles } from "../file-suite.ts";
import { mikroOrm } from "../mikro-orm.ts";
import { remult } from "../remult.ts";
import { typeorm } from "../typeorm.ts";
import { versionOf } from "../versions.ts";

const PEERS: readonly FilePeer[] = [
  { name: "typeorm", library: "better-sqlite3", open: typeorm },
  { name: "mikro-orm", library: "better-sqlite3", open: mikroOrm },
  { name: "remult", library: "node:sqlite", open: remult },
];

export const suite: Suite = {
  name: "orms",
  title: "SQLite, on the tables of Relata",
  storage: "sqlite",
  goals: [],
  comparisons: comparisonsOf(PEERS.map(({ name }) => name)),
  contestants: {
    ...FILE_CONTESTANTS,
    typeorm:
      "on better-sqlite3 with its cache of statements; `insert` and `update` rather than `save`, which reads first; entities with the columns as they are stored. Inserts of many go 100 at a time. It checks no input.",
    "mikro-orm":
      "on better-sqlite3; a fork of the entity manager for each operation; `insert` and `insertMany` to create, the unit of work (with its check of the version that was read) to move, cursors with no count and no identity map for pages. It checks no input.",
    remult:
      "on `node:sqlite`; one repository for each entity, written without reading back. It has no bulk insert of its own: many are inserted one by one. Pages are bounded by conditions. It checks types, and no reference.",
  },
  method:
    "All start from copies of one file with the rows that Relata writes, indexes and planner statistics included; write-ahead log, `synchronous = normal` (Relata's `durability: \"relaxed\"`, not its default), foreign keys enforced. The records that are compared are made of the peers' rows by the same code as raw's. Stages are kept in memory by all but Relata.",
  versions: () => ({
    "better-sqlite3": versionOf("better-sqlite3"),
    TypeORM: versionOf("typeorm"),
    MikroORM: versionOf("@mikro-orm/core"),
    Remult: versionOf("remult"),
  }),
  run: (bench) => runOnFiles(bench, { peers: PEERS, bulk: 2_000, turnMs: 60 }),
};
