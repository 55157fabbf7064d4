/** What an editor's completion costs in an application with 25 plugins, beside one with none. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Measurement } from "../measure/measure.ts";
import type { Bench } from "../suite.ts";

const ROUNDS = { full: 3, quick: 1, smoke: 1, answers: 0 };
const SCRIPT = join("scripts", "type-budget", "completion.mjs");

/** The application is the one of the type budget; the script compiles it from declaration files. */
export function measureCompletion(bench: Bench): readonly Measurement[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, [SCRIPT, String(ROUNDS[bench.mode])], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${SCRIPT} has failed: ${stderr}`);
  const { first, next } = JSON.parse(stdout) as Readonly<Record<"first" | "next", Measurement["costs"]>>;
  return [
    {
      workload: "completion, file just opened",
      what: "members of `crm.accounts.` and of a condition, with nothing known of the types yet",
      unit: "ms",
      costs: first,
    },
    {
      workload: "completion, while typing",
      what: "the same after another keystroke",
      unit: "ms",
      costs: next,
    },
  ];
}
