/** What a record takes of the heap. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Bench } from "../suite.ts";
import { RELATA } from "./contestants.ts";

export const ROW_BYTES = "bytes of a record";
const SCRIPT = fileURLToPath(new URL("row-bytes.ts", import.meta.url));

export function measureRowBytes(bench: Bench, size: number): void {
  if (!bench.measures(ROW_BYTES)) return;
  const flags = process.execArgv.includes("--expose-gc") ? process.execArgv : [...process.execArgv, "--expose-gc"];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, SCRIPT, String(size)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${SCRIPT} has failed: ${stderr}`);
  bench.add({
    workload: ROW_BYTES,
    what: "of the heap, for an opportunity with its stage entry, its texts and all indexes that are in use",
    size,
    unit: "bytes",
    costs: { [RELATA]: [Number(stdout)] },
  });
}
