/** docs/benchmarks.md and the README's table, from what is recorded. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "../suite.ts";
import { type Figure, goalText, isReached, sizeText, spreadText } from "./figure.ts";
import type { Report } from "./recorded.ts";

const PAGE = join("docs", "benchmarks.md");
const README = "README.md";
const MARKED = /(<!-- benchmarks -->\n)[\s\S]*?(<!-- end of benchmarks -->)/;

interface Written {
  readonly suite: Suite;
  readonly report: Report;
}

/** In the order of the suites; one without a report is left out. */
export function writePages(suites: readonly Suite[], reports: Readonly<Record<string, Report>>): void {
  const written: readonly Written[] = suites.flatMap((suite) => {
    const report = reports[suite.name];
    return report === undefined ? [] : [{ suite, report }];
  });
  writeFileSync(PAGE, `${HEAD}${written.map(({ suite, report }) => section(suite, report)).join("\n")}`);
  const table = readmeTable(written);
  writeFileSync(
    README,
    readFileSync(README, "utf8").replace(MARKED, (_, begin, end) => `${begin}${table}\n${end}`),
  );
}

const HEAD = `# Benchmarks

What Relata costs beside the storage's own driver, and beside what one would take instead. Written by \`pnpm bench --write\`; do not
edit. How to run them: [CONTRIBUTING.md](../CONTRIBUTING.md).

Only ratios of one run are compared: times depend on the machine, and differences within a tenth (on PostgreSQL a fifth) mean nothing.
Two contestants' figure "one / other" says how many times as fast the first is: above 1 is faster. "The cost of one, of the other's" says how many
times the other's cost the first has: below 1 is cheaper. Each is the median of the rounds, with the least and the greatest. In each
round all do the same operations, in an order shuffled anew; the ratio is taken inside of the round. Garbage is collected before
each turn, outside of the time. What counts is the CPU time of the process, user and system, on PostgreSQL all time. Before anything
is timed, the answers of all, and all rows of the tables that they write, are compared. Relata does all that it does for an
application: inputs checked, hooks run, tenants kept apart, rules checked, history and events.

`;

function section(suite: Suite, report: Report): string {
  const { figures, versions, machine, mode, date, load } = report;
  const wanted = figures.filter(({ goal }) => goal);
  const others = figures.filter(({ goal }) => !goal);
  const bounds = wanted.filter((figure) => isReached(figure) === false && figure.goal!.bound !== undefined);
  const contestants = Object.entries(suite.contestants).map(([name, words]) => `- **${name}**: ${words}`);
  const listed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${suite.title}`,
    wanted.length > 0 ? goalTable(wanted) : "",
    bounds.length > 0
      ? `What bounds the goals that are not reached:\n\n${unique(bounds.map(boundLine)).join("\n")}`
      : "",
    others.length > 0 ? comparisonTable(others) : "",
    contestants.join("\n"),
    suite.method,
    `${listed.join(", ")}; ${machine}; load ${load}. Measured on ${date}${mode === "full" ? "" : ` (${mode})`}.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** What a workload is, stands in its first row. */
function goalTable(figures: readonly Figure[]): string {
  const named = new Set<string>();
  const rows = figures.map((figure) => {
    const { workload, what, size } = figure;
    const name = named.has(workload) || what === "" ? `**${workload}**` : `**${workload}**: ${what}`;
    named.add(workload);
    const reached = { true: "reached", false: "**not reached**", undefined: "" }[`${isReached(figure)}`];
    const cells = [name, sizeText(size), relation(figure), spreadText(figure), goalText(figure), reached];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| what | records | | measured | goal | |", "|---|---|---|---|---|---|", ...rows].join("\n");
}

function boundLine({ workload, of, goal }: Figure): string {
  return `- **${workload}** (${of.join(" / ")}): ${goal!.bound}`;
}

/** A row for each workload and size, a column for each pair. */
function comparisonTable(figures: readonly Figure[]): string {
  const pairs = unique(figures.map(({ of }) => of.join(" / ")));
  const rows = unique(figures.map(({ workload, size }) => JSON.stringify([workload, size ?? null]))).map((key) => {
    const [workload, size] = JSON.parse(key) as [string, number | null];
    const cells = pairs.map((pair) => {
      const figure = figures.find(
        (one) => one.workload === workload && (one.size ?? null) === size && one.of.join(" / ") === pair,
      );
      return figure === undefined ? "" : spreadText(figure);
    });
    return `| **${workload}** | ${sizeText(size ?? undefined)} | ${cells.join(" | ")} |`;
  });
  return [`| | records | ${pairs.join(" | ")} |`, `|---|---|${pairs.map(() => "---").join("|")}|`, ...rows].join("\n");
}

/** A row for each goal that has a headline, at its largest size. */
function readmeTable(written: readonly Written[]): string {
  const rows = written.flatMap(({ suite, report }) => {
    const figures = report.figures.filter(({ goal }) => goal?.headline);
    const largest = new Map(figures.map((figure) => [`${figure.workload} ${String(figure.of)}`, figure]));
    return [...largest.values()].map((figure) => {
      const cells = [suite.title, figure.goal!.headline, relation(figure), spreadText(figure), goalText(figure)];
      return `| ${cells.join(" | ")} |`;
    });
  });
  return ["| | | | measured | goal |", "|---|---|---|---|---|", ...rows].join("\n");
}

function relation({ of, kind }: Figure): string {
  return kind === "times the cost" ? `the cost of ${of[0]}, of ${of[1]}'s` : of.join(" / ");
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
