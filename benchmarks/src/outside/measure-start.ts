/** From the start of a process to its first record, beyond what Node takes itself. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Measurement } from "../measure/measure.ts";
import type { Bench } from "../suite.ts";
import { bundle } from "./bundle.ts";

const ROUNDS = { full: 21, quick: 7, smoke: 3, answers: 0 };
/** Milliseconds since the process was started. */
const PRINT = "console.log(performance.now());";

export async function measureStart(bench: Bench): Promise<Measurement> {
  const empty = join(bench.folder, "empty.mjs");
  writeFileSync(empty, PRINT);
  const { entry, files } = await bundle({ end: PRINT, minify: true });
  const folder = join(bench.folder, "application");
  mkdirSync(folder, { recursive: true });
  for (const [name, code] of files) writeFileSync(join(folder, name), code);
  const application = join(folder, entry);
  const costs = Array.from({ length: ROUNDS[bench.mode] }, () => {
    const node = printed(empty);
    return printed(application) - node;
  });
  const what =
    "from the start of the process to the first record in memory, bundled and minified, beyond Node's own start";
  return { workload: "start", what, unit: "ms", costs: { Relata: costs } };
}

function printed(file: string): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${file} has failed: ${stderr}`);
  return Number(stdout);
}
