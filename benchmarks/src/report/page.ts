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

/** In the order of the suites; one without a report is left out. Goals and their words are those of the suites as they are now. */
export function writePages(suites: readonly Suite[], reports: Readonly<Record<string, Report>>): void {
  const written: readonly Written[] = suites.flatMap((suite) => {
    const report = reports[suite.name];
    return report === undefined ? [] : [{ suite, report: withGoalsOf(suite, report) }];
  });
  writeFileSync(PAGE, `${HEAD}${written.map(({ suite, report }) => section(suite, report)).join("\n")}`);
  const table = readmeTable(written);
  writeFileSync(
    README,
    readFileSync(README, "utf8").replace(MARKED, (_, begin, end) => `${begin}${table}\n${end}`),
  );
}

function withGoalsOf({ goals }: Suite, report: Report): Report {
  const goalOf = ({ workload, of }: Figure) =>
    goals.find((goal) => goal.workload === workload && String(goal.of) === String(of));
  return { ...report, figures: report.figures.map((figure) => ({ ...figure, goal: goalOf(figure) })) };
}

const HEAD = `# Benchmarks

What Relata costs beside the storage's own driver, and beside what one would take instead. Written by \`pnpm bench --write\`; do not
edit. How to run them: [CONTRIBUTING.md](../CONTRIBUTING.md).

**What a figure is.** "one / other" says how many times as fast the first is: above 1 is faster. "cost of one / other" says how many times the
other's cost the first has: below 1 is cheaper. It is the median of the rounds, with the least and the greatest; ✓ reaches the goal, ✗ does not, and
the number at the goal tells what bounds it. Only ratios of one run are compared: times depend on the machine, and differences within a tenth (on
PostgreSQL a fifth) mean nothing.

**How it is measured.** Before anything is timed, the answers of all are compared, and with 10,000 records all rows of the tables that they write. Then all
are warmed in turn, until none gets cheaper and each has done 2,000 operations, or what a bounded time allows. In each round all take a turn of tens
of milliseconds, in an order shuffled anew, and the ratio is taken inside of the round. Who writes does as many operations as the others, so that all storages stay
alike. Young garbage is collected between rounds, outside of the time, and each turn begins with a tenth of itself that does not count: a full
collection would throw away compiled code. What counts is the CPU time of the process, user and system; on PostgreSQL all time. Relata does all that
it does for an application: inputs checked, hooks run, tenants kept apart, rules checked, history and events.

`;

function section(suite: Suite, { figures, versions, machine, mode, date, load }: Report): string {
  const wanted = figures.filter(({ goal }) => goal);
  const others = figures.filter(({ goal }) => !goal);
  const bounds = unique(wanted.flatMap((figure) => boundOf(figure) ?? []));
  const whats = new Map(figures.filter(({ what }) => what !== "").map(({ workload, what }) => [workload, what]));
  const listed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${suite.title}`,
    wanted.length > 0 ? goalTable(wanted, bounds) : "",
    bounds.length > 0 ? `What bounds the goals that are not reached:\n\n${numbered(bounds)}` : "",
    others.length > 0 ? comparisonTable(others) : "",
    whats.size > 0 ? `What is done:\n\n${definitions([...whats])}` : "",
    definitions(Object.entries(suite.contestants)),
    suite.method,
    `${listed.join(", ")}; ${machine}; load ${load}. Measured on ${date}${mode === "full" ? "" : ` (${mode})`}.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** A row for each goal, a column for each size; `bounds` are referred to by their place. */
function goalTable(figures: readonly Figure[], bounds: readonly string[]): string {
  const sizes = unique(figures.map(({ size }) => size)).toSorted((a = 0, b = 0) => a - b);
  const rows = unique(figures.map(({ goal }) => goal!)).map((goal) => {
    const own = figures.filter((figure) => figure.goal === goal);
    const cells = sizes
      .map((wanted) => own.find(({ size }) => size === wanted))
      .map((figure) => figure && judged(figure));
    const numbers = unique(own.flatMap((figure) => boundOf(figure) ?? [])).map(
      (text) => ` (${bounds.indexOf(text) + 1})`,
    );
    const asked = goalText({ ...own[0]!, size: goal.from }) + (goal.from ? ` from ${sizeText(goal.from)} on` : "");
    return `| **${goal.workload}** | ${relation(own[0]!)} | ${cells.join(" | ")} | ${asked}${numbers.join("")} |`;
  });
  const head = sizes.map((size) => (size === undefined ? "measured" : sizeText(size)));
  return [`| | | ${head.join(" | ")} | goal |`, `|---|---|${head.map(() => "---|").join("")}---|`, ...rows].join("\n");
}

function judged(figure: Figure): string {
  return [spreadText(figure), { true: "✓", false: "✗", undefined: "" }[`${isReached(figure)}`]].join(" ").trim();
}

/** Of a goal that is not reached. */
function boundOf(figure: Figure): string | undefined {
  return isReached(figure) === false ? figure.goal?.bound : undefined;
}

function numbered(texts: readonly string[]): string {
  return texts.map((text, at) => `${at + 1}. ${text}`).join("\n");
}

function definitions(entries: readonly (readonly [name: string, words: string])[]): string {
  return entries.map(([name, words]) => `- **${name}**: ${words}`).join("\n");
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
      const cells = [suite.title, figure.goal!.headline, relation(figure), judged(figure), goalText(figure)];
      return `| ${cells.join(" | ")} |`;
    });
  });
  return ["| | | | measured | goal |", "|---|---|---|---|---|", ...rows].join("\n");
}

function relation({ of, kind }: Figure): string {
  return (kind === "times the cost" ? "cost of " : "") + of.join(" / ");
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
