/** Two years of a small society: `pnpm start` in this folder. The clock is the example's own; yours is the system's. */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlite } from "@relata/sqlite";
import { liveThroughTwoYears } from "./two-years.ts";

const filename = join(tmpdir(), `society-${process.pid}.db`);
try {
  for (const line of await liveThroughTwoYears(sqlite({ filename }))) console.log(line);
} finally {
  for (const end of ["", "-wal", "-shm"]) rmSync(`${filename}${end}`, { force: true });
}
