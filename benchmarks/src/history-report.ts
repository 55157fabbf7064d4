/** The section of docs/benchmarks.md about history. */
import { loadavg } from "node:os";
import { cell, machine, type Ratio, versions } from "./report.ts";

export interface Result {
  readonly name: string;
  readonly beside: string;
  readonly goal?: string;
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

Written by \`pnpm bench history --write\` on ${new Date().toISOString().slice(0, 10)}; do not edit. All of it is Relata as an application uses it: an
entity of a plugin, and another one that is the same but has \`history: false\`. Both have an index for the list; \`asOfIndexes\` is the
same index for lists of the past, which every list here was measured with. Deals begin all along the first nine tenths of the time and are changed up to its end. A list is of one stage from a day on, in
the order of the day; a board is count, amount and weighted amount by stage. The list and the board of the past are \`asOf\` of the
same call. Updates are of deals far from one another, each a call and a transaction of its own, with \`durability: "relaxed"\`, where
the disk hides nothing; "fully durable" is the default. What counts is the CPU time of the process, for "fully durable" all the time,
the disk's included. The write-ahead log is copied into the database before each turn, outside of the time, and for "with the log
copied" what a turn has written is copied at its end, inside of it. In each of ${rounds} rounds both do the same operations, in turns; the
figure is the median of the rounds' ratios, with the least and the greatest.

Node ${versions.node}, SQLite ${versions.sqlite}; ${machine}. The load of the machine when it was done: ${loadavg()[0]!.toFixed(1)}.
`;
}
