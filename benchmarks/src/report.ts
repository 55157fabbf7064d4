/** Ratios, as a table in the terminal, as JSON, and as a page of the documentation. */
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { DatabaseSync } from "node:sqlite";
import type { Effort, Measurement } from "./measure.ts";
import type { Workload } from "./workloads.ts";

export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Report {
  readonly opportunities: number;
  readonly effort: Effort;
  readonly versions: { readonly node: string; readonly sqlite: string; readonly kysely: string };
  readonly machine: string;
  readonly workloads: readonly {
    readonly name: string;
    readonly what: string;
    /** Of each contestant in a round. */
    readonly operations: number;
    /** How many times as fast as the other: above 1 is faster. */
    readonly ratios: Readonly<Record<Comparison, Ratio>>;
  }[];
}

export const versions = { node: process.versions.node, sqlite: sqliteVersion(), kysely: kyselyVersion() };
export const machine = `${cpus().length} cores, ${Math.ceil(totalmem() / 2 ** 30)} GB of memory, ${process.platform} on ${process.arch}`;

const COMPARISONS = ["Relata / raw", "kysely / raw", "Relata / kysely"] as const;
type Comparison = (typeof COMPARISONS)[number];

export interface Results {
  readonly opportunities: number;
  readonly effort: Effort;
  readonly workloads: readonly Workload[];
  readonly measurements: readonly Measurement[];
}

export function reportOf({ opportunities, effort, workloads, measurements }: Results): Report {
  return {
    opportunities,
    effort,
    versions,
    machine,
    workloads: measurements.map(({ workload, operations, microseconds }) => ({
      name: workload,
      what: workloads.find(({ name }) => name === workload)!.what,
      operations,
      ratios: Object.fromEntries(
        COMPARISONS.map((comparison) => {
          const [one, other] = comparison.split(" / ") as [string, string];
          return [comparison, ratioOf(microseconds[one]!, microseconds[other]!)];
        }),
      ) as Record<Comparison, Ratio>,
    })),
  };
}

/** The ratio within each round; then the middle one of all rounds and the extremes. */
function ratioOf(costs: readonly number[], baseCosts: readonly number[]): Ratio {
  const ratios = costs.map((cost, round) => baseCosts[round]! / cost).sort((a, b) => a - b);
  const middle = (ratios.length - 1) / 2;
  const median = (ratios[Math.floor(middle)]! + ratios[Math.ceil(middle)]!) / 2;
  return { median, min: ratios[0]!, max: ratios.at(-1)! };
}

export function table({ workloads }: Report): string {
  const rows = [
    ["", ...COMPARISONS],
    ...workloads.map(({ name, ratios }) => [name, ...COMPARISONS.map((key) => cell(ratios[key]))]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join("   ")
        .trimEnd(),
    )
    .join("\n");
}

export function page(report: Report): string {
  const { versions, effort, opportunities, machine, workloads } = report;
  const rows = workloads.map(
    ({ name, what, ratios }) => `| **${name}**: ${what} | ${COMPARISONS.map((key) => cell(ratios[key])).join(" | ")} |`,
  );
  return `# Benchmarks

What Relata costs beside the SQL that one would write by hand. Written by \`pnpm bench --write\`; do not edit.

Each figure says how many times as fast the first is as the second: above 1 is faster. It is the median of the rounds, with the
least and the greatest. Only ratios of one run are compared: times depend on the machine, and differences within a tenth mean
nothing.

| SQLite file, ${opportunities.toLocaleString("en")} opportunities | ${COMPARISONS.join(" | ")} |
|---|${COMPARISONS.map(() => "---").join("|")}|
${rows.join("\n")}

## The contestants

- **Relata**: \`@relata/core\` on \`@relata/sqlite\`, as an application uses it, with everything it does: inputs checked, hooks run,
  references and moves checked by the rules, records and cursors made.
- **raw**: \`node:sqlite\` with statements prepared once and records made by hand. It checks the version but no input and no rule, keeps the stages in
  memory when it writes, its cursors are plain values, and a page after another is bounded by the key alone: the least that gives the same answer.
- **kysely**: queries built where they are used, on \`node:sqlite\` through Kysely's own SQLite dialect; the same records made by
  the same code as raw's.

## How it is measured

All start from copies of one file that Relata has written: the same tables, indexes and planner statistics; write-ahead log,
\`synchronous = normal\` (Relata's \`durability: "relaxed"\`, not its default), foreign keys enforced. Before anything is timed, the contestants do every workload a few times, and their answers
and all rows of the tables they write are compared. Then, workload by workload: all are warmed, and in each of ${effort.rounds} rounds,
in an order shuffled anew, each does the same operations. The ratio is taken inside of each round. What counts is the CPU
time of the process, user and system; garbage is collected and the log copied into the database before each turn, outside of the time.

Node ${versions.node}, SQLite ${versions.sqlite}, Kysely ${versions.kysely}; ${machine}.
`;
}

export function cell({ median, min, max }: Ratio): string {
  return `${figure(median)} [${figure(min)}–${figure(max)}]`;
}

function figure(ratio: number): string {
  return ratio.toFixed(ratio < 0.1 ? 3 : 2);
}

function sqliteVersion(): string {
  const database = new DatabaseSync(":memory:");
  const [row] = database.prepare("select sqlite_version() as version").all();
  database.close();
  return String(row!.version);
}

function kyselyVersion(): string {
  const manifest = new URL("../package.json", import.meta.resolve("kysely"));
  return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
}
