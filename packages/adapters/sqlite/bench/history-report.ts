/** The section of docs/benchmarks.md about history. */
import type { Time } from "./ratio-of.ts";
import { cell, machine, type Ratio, versions } from "./report.ts";

export interface Result {
  readonly name: string;
  readonly beside: string;
  readonly goal?: string;
  /** CPU time, unless said. */
  readonly time?: Time;
  readonly ratio: Ratio;
}

export function historySection(
  results: readonly Result[],
  { deals, rounds }: { readonly deals: number; readonly rounds: number },
): string {
  const rows = results.map(
    ({ name, beside, goal = "", ratio }) => `| **${name}** | ${beside} | ${cell(ratio)} | ${goal} |`,
  );
  return `What the past costs, on an SQLite file with ${deals.toLocaleString("en")} deals of ten versions each. Each figure says how many times the cost of
the other the first has: below 1 is cheaper. 1.67 times the cost is 0.6 of the speed.

| | beside | times the cost | goal |
|---|---|---|---|
${rows.join("\n")}

Written by \`pnpm bench history --write\` on ${new Date().toISOString().slice(0, 10)}; do not edit. All of it is Relata as an application uses it: an entity of a plugin that
names \`asOfIndexes: [["stage", "closeDate"]]\`, and another one that is the same but has \`history: false\` (and the index as a plain
one). Deals begin all along the first nine tenths of the time and are changed up to its end. A list is of one stage from a day on, in
the order of the day; a board is count, amount and weighted amount by stage. The list and the board of the past are \`asOf\` of the
same call. Updates are of deals far from one another, each a call and a transaction of its own, with \`durability: "relaxed"\`, which
makes the database's part of the cost the greatest; "fully durable" is the default. What counts is the CPU time of the process, and
for "fully durable" all the time, the disk's included. In each of ${rounds} rounds both do the same operations, in turns; the figure is the
median of the rounds' ratios, with the least and the greatest.

Node ${versions.node}, SQLite ${versions.sqlite}; ${machine}.
`;
}
