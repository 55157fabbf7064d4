/** docs/benchmarks-peers.md, from the reports of a run. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Figure, goalText, isReached, sizeText, spreadText } from "../../src/report/figure.ts";
import type { Report } from "../../src/report/recorded.ts";
import type { Suite } from "../../src/suite.ts";

const PAGE = join("docs", "benchmarks-peers.md");

export function writePeersPage(suites: readonly Suite[], reports: Readonly<Record<string, Report>>): void {
  const sections = suites.flatMap((suite) => (reports[suite.name] ? [section(suite, reports[suite.name]!)] : []));
  writeFileSync(PAGE, [HEAD, ...sections].join("\n\n").concat("\n"));
}

const HEAD = `# Benchmarks: other libraries

What Relata costs beside other libraries that one would take instead. Written by \`pnpm bench:peers --write\`, which is run by hand;
do not edit. Kysely, Drizzle and the drivers are in [benchmarks.md](benchmarks.md).

Each figure says how many times as fast the first is as the second: above 1 is faster. It is the median of the rounds, with the least and the
greatest. Only ratios of one run are compared: times depend on the machine, and differences within a tenth mean nothing. In each
round all do the same operations, in an order shuffled anew; the ratio is taken inside of the round. All are warmed first, alike; young garbage is collected between rounds, and the log
copied into the database before each turn, outside of the time. What counts is the CPU time of the process, user and system. Before anything is
timed, the answers of all, and all rows that they write, are compared. Relata does all that it does for an application: inputs
checked, hooks run, tenants kept apart, rules checked, history and events. The peers do less; what, stands below the figures.`;

function section(suite: Suite, { figures, versions, machine, mode, date, load }: Report): string {
  const pairs = suite.comparisons.map((pair) => pair.join(" / "));
  const [own, others] = [
    pairs.filter((pair) => pair.startsWith("Relata")),
    pairs.filter((pair) => !pair.startsWith("Relata")),
  ];
  const contestants = Object.entries(suite.contestants).map(([name, words]) => `- **${name}**: ${words}`);
  const listed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${suite.title}`,
    table(own, figures),
    figures.flatMap(goalLine).join("\n"),
    others.length > 0 ? `The peers beside the raw driver:\n\n${table(others, figures)}` : "",
    contestants.join("\n"),
    suite.method,
    `${listed.join(", ")}; ${machine}; load ${load}. Measured on ${date}${mode === "full" ? "" : ` (${mode})`}.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** A row for each workload and size, a column for each pair. */
function table(pairs: readonly string[], figures: readonly Figure[]): string {
  const first = figures.filter((figure) => pairOf(figure) === pairs[0]);
  const lines = first.map(({ workload, what, size }) => {
    const row = figures.filter((figure) => figure.workload === workload && figure.size === size);
    const cells = pairs
      .map((pair) => row.find((figure) => pairOf(figure) === pair))
      .map((one) => one && spreadText(one));
    return `| **${workload}**: ${what} | ${sizeText(size)} | ${cells.join(" | ")} |`;
  });
  return [`| | records | ${pairs.join(" | ")} |`, `|---|---|${pairs.map(() => "---").join("|")}|`, ...lines].join("\n");
}

function goalLine(figure: Figure): readonly string[] {
  const { workload, size, goal } = figure;
  if (!goal) return [];
  const reached = isReached(figure);
  const verdict = reached ? "reached" : "**not reached**";
  const why = reached || !goal.bound ? "" : ` What bounds it: ${goal.bound}`;
  return [
    `- Goal for ${workload}, ${pairOf(figure)}, ${sizeText(size)} records: ${goalText(figure)}; ${verdict}.${why}`,
  ];
}

function pairOf({ of }: Figure): string {
  return of.join(" / ");
}
