/** Relata on an SQLite file beside its driver and what one would take instead. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant } from "../measure/measure.ts";
import type { Contestant } from "../sales/contestant.ts";
import { FIRST_DAY, writeSalesData } from "../sales/sales-data.ts";
import { workloadsOn } from "../sales/workloads.ts";
import type { Bench, Goal, Suite } from "../suite.ts";
import { copyLog, rowsOf, sqliteVersion, versionOf } from "./database-file.ts";
import { kysely } from "./kysely.ts";
import type { ContestantOptions } from "./open-database.ts";
import { raw } from "./raw.ts";
import { openFile, relata } from "./relata.ts";

const CONTESTANTS: readonly (readonly [string, (options: ContestantOptions) => Contestant | Promise<Contestant>])[] = [
  ["raw", raw],
  ["Relata", relata],
  ["kysely", kysely],
];

const SIZES = { full: [100_000], quick: [10_000], smoke: [10_000], answers: [10_000] };
const WRITTEN = ["opportunity", "opportunity_stage_entry"];

const onRaw = (workload: string, atLeast: number, more?: Partial<Goal>): Goal => ({
  workload,
  of: ["Relata", "raw"],
  atLeast,
  ...more,
});
const onKysely = (workload: string, atLeast: number): Goal => ({ workload, of: ["Relata", "kysely"], atLeast });

export const suite: Suite = {
  name: "sqlite",
  title: "SQLite",
  storage: "sqlite",
  goals: [
    onRaw("create", 0.8, { smoke: true, headline: "create a record" }),
    onKysely("create", 2.3),
    onRaw("get", 1, { smoke: true, headline: "get a record by id" }),
    onKysely("get", 5),
    onRaw("list of 50", 1.2, { smoke: true, headline: "list of 50" }),
    onRaw("list, five fields", 1.8),
    onRaw("stage move", 0.85, { headline: "move to another stage" }),
    onRaw("bulk create", 0.9),
    onRaw("board", 0.9),
  ],
  comparisons: [
    ["Relata", "raw"],
    ["Relata", "kysely"],
    ["kysely", "raw"],
  ],
  contestants: {
    Relata: "`@relata/core` on `@relata/sqlite`, as an application uses it, with everything it does.",
    raw: "`node:sqlite` with statements prepared once and records made by hand. It checks the version but no input and no rule, keeps the stages in memory when it writes, its cursors are plain values, and a page after another is bounded by the key alone: the least that gives the same answer.",
    kysely:
      "queries built where they are used, on `node:sqlite` through Kysely's own SQLite dialect; the same records made by the same code as raw's.",
  },
  method:
    'All start from copies of one file that Relata has written: the same tables, indexes and planner statistics; write-ahead log, `synchronous = normal` (Relata\'s `durability: "relaxed"`, not its default), foreign keys enforced. The log is copied into the database before each turn, outside of the time.',
  versions: () => ({ SQLite: sqliteVersion(), Kysely: versionOf("kysely") }),
  async run(bench) {
    for (const size of SIZES[bench.mode]) await runAt(bench, size);
  },
};

async function runAt(bench: Bench, size: number): Promise<void> {
  const original = join(bench.folder, `original-${size}.db`);
  const writer = await openFile(original, () => FIRST_DAY);
  const data = await writeSalesData(writer, size);
  await writer.close();
  const workloads = workloadsOn(data);
  /** Stands still while answers are compared. */
  const time = { fixed: Date.now() as number | undefined };
  const clock = () => time.fixed ?? Date.now();

  const files = new Map<string, string>();
  const entrants: Entrant<Contestant>[] = [];
  for (const [name, open] of CONTESTANTS) {
    const filename = join(bench.folder, `${name}-${size}.db`);
    copyFileSync(original, filename);
    files.set(name, filename);
    entrants.push({ name, contestant: await open({ filename, clock }), settle: () => copyLog(filename) });
  }
  const rows = ({ name }: Entrant<Contestant>) => rowsOf(files.get(name)!, WRITTEN);
  await compareAnswers({ entrants, workloads, rows, since: time.fixed! });
  time.fixed = undefined;
  for (const workload of workloads) await bench.measure(workload, entrants, { size });
  for (const { contestant } of entrants) await contestant.close();
}
