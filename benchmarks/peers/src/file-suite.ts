/** A suite on SQLite files, in which every entrant has a file of its own with the same records. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { compareAnswers } from "../../src/measure/compare-answers.ts";
import type { Answer, Entrant } from "../../src/measure/measure.ts";
import { raw } from "../../src/sqlite/raw.ts";
import { relata } from "../../src/sqlite/relata.ts";
import { writeFile } from "../../src/sqlite/write-file.ts";
import type { Bench } from "../../src/suite.ts";
import { copyLog, type SqliteLibrary } from "./connection.ts";
import { type OwnTablesOptions, ownRowsOf, type Renamed } from "./own-tables.ts";
import type { Peer } from "./peer.ts";
import { effortOf, peerWorkloads, SIZES } from "./peer-workloads.ts";

export interface FilePeer {
  readonly name: string;
  /** With which it has its file open. */
  readonly library: SqliteLibrary;
  /** Whether it makes tables of its own rather than use Relata's; with what it calls columns otherwise. */
  readonly ownTables?: { readonly renamed?: Renamed };
  open(options: OwnTablesOptions): Answer<Peer>;
}

const RAW: FilePeer = { name: "raw", library: "node:sqlite", open: (options) => raw("node:sqlite", options) };
const RELATA: FilePeer = { name: "Relata", library: "node:sqlite", open: (options) => relata("node:sqlite", options) };

export interface FileSuiteOptions {
  readonly peers: readonly FilePeer[];
  /** How many are created at once. */
  readonly bulk: number;
  /** How long a turn takes: the average of the entrants. */
  readonly turnMs: number;
}

/** At every size of the bench's mode, beside raw and Relata. */
export async function runOnFiles(bench: Bench, options: FileSuiteOptions): Promise<void> {
  for (const size of SIZES[bench.mode]) await runAt(bench, size, options);
}

async function runAt(bench: Bench, size: number, { peers, bulk, turnMs }: FileSuiteOptions): Promise<void> {
  const original = join(bench.folder, `original-${size}.db`);
  const data = await writeFile(original, size);
  const workloads = peerWorkloads(data, bulk);
  /** Stands still while answers are compared. */
  const time = { fixed: Date.now() as number | undefined };
  const clock = () => time.fixed ?? Date.now();

  const rows = new Map<string, () => unknown>();
  const entrants: Entrant<Peer>[] = [];
  for (const { name, library, ownTables, open } of [RAW, RELATA, ...peers]) {
    const filename = join(bench.folder, `${name}-${size}.db`);
    if (!ownTables) copyFileSync(original, filename);
    rows.set(name, () => ownRowsOf(filename, library, ownTables?.renamed));
    const contestant = await open({ filename, original, clock });
    entrants.push({ name, contestant, settle: () => copyLog(filename, library) });
  }
  await compareAnswers({ entrants, workloads, rows: ({ name }) => rows.get(name)!(), since: time.fixed! });
  time.fixed = undefined;
  for (const workload of workloads) {
    await bench.measure(workload, entrants, { size, effort: effortOf(bench, turnMs) });
  }
  for (const { contestant } of entrants) await contestant.close();
}

/** Relata beside each, and each beside the raw driver. */
export function comparisonsOf(names: readonly string[]): readonly (readonly [one: string, other: string])[] {
  return [
    ["Relata", "raw"],
    ...names.map((name) => ["Relata", name] as const),
    ...names.map((name) => [name, "raw"] as const),
  ];
}

export const FILE_CONTESTANTS = {
  Relata: "`@relata/core` on `@relata/sqlite` and `node:sqlite`, as an application uses it, with everything it does.",
  raw: "`node:sqlite` with statements prepared once and records made by hand. Like Relata, and unlike the peers, it keeps in a move the versions that end as history.",
} as const;
